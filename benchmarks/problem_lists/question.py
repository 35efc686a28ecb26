"""A question: a NumPy function of named arrays, and what is asked of it."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.problem_lists.points import drawn, parsed

questions = {}  # key -> Question, in the order of the tables


@dataclass(frozen=True)
class Question:
    """One derivative that is asked for.

    collection: the list that it stands on. title: f in mathematics. f: the function, as a student
    writes it. arguments: name -> Argument. wrt: the argument to differentiate by.
    asked: "gradient" (f is a number), "hessian" (f is a number: a matrix for a vector, the map
    V ↦ H[V] for a matrix), or "jacobian" (f is an array: a matrix when f and the argument are
    vectors or numbers, the map V ↦ df[V] otherwise).
    by_hand: the closed form of the literature, a function of the same arguments, and of V after
    them when a map is asked for; cites: where it stands. sympy: what a student types in SymPy, each
    an expression in names of the arguments. source: where the question stands.
    """

    key: str
    collection: str
    title: str
    f: Callable
    arguments: dict
    wrt: str
    asked: str
    by_hand: Callable | None = None
    cites: str = ""
    sympy: tuple = ()
    source: str = ""
    variant: Callable | None = None

    @property
    def argnum(self):
        return list(self.arguments).index(self.wrt)

    @property
    def is_map(self):
        """Whether the answer is a map of a direction V, since it would need three indices."""
        rank = len(self.arguments[self.wrt].axes)
        if self.asked == "jacobian":
            return rank == 2 or (rank == 1 and self.f_rank == 2)
        return self.asked == "hessian" and rank == 2

    @property
    def f_rank(self):
        """Axes of the value of f: 0 a number, 1 a vector, 2 a matrix."""
        return np.ndim(self.f(*self.point(0, 0)))

    @property
    def name(self):
        """The title with the derivative that is asked for."""
        sign = {"gradient": "∇", "hessian": "∇²", "jacobian": "∂/∂"}[self.asked]
        return f"{sign}{self.wrt} of {self.title}"

    def point(self, size, seed):
        """Random arguments from the domain of f: `size` 0 or 1, the same ones for the same seed."""
        rng = np.random.default_rng([seed, size])
        return [drawn(argument, size, rng) for argument in self.arguments.values()]

    def direction(self, size, seed):
        """A random V, of the structure of the argument."""
        rng = np.random.default_rng([seed, size, 1])
        argument = self.arguments[self.wrt]
        return argument.project(np.asarray(rng.uniform(-1, 1, argument.shape(size))))


@dataclass(frozen=True)
class Asked:
    """One of the derivatives of a function; made by `gradient`, `hessian` and `jacobian`."""

    what: str
    wrt: str
    by_hand: Callable | None = None
    cites: str = ""
    collection: str | None = None


def gradient(wrt, by_hand=None, cites="", collection=None):
    return Asked("gradient", wrt, by_hand, cites, collection)


def hessian(wrt, by_hand=None, cites="", collection=None):
    return Asked("hessian", wrt, by_hand, cites, collection)


def jacobian(wrt, by_hand=None, cites="", collection=None):
    return Asked("jacobian", wrt, by_hand, cites, collection)


def ask(collection, key, title, f, arguments, *asked, sympy=(), source="", variant=None):
    """Enter the derivatives of one function into the table of questions.

    arguments: "A m×n, x n, c scalar, S n×n symmetric", in the order of f. A derivative with its own
    `collection` is counted there.
    """
    known = parsed(arguments)
    assert list(known) == list(inspect.signature(f).parameters), (key, arguments)
    for one in asked:
        assert one.wrt in known, (key, one)
        whole = f"{one.collection or collection}/{key}/{one.what}-{one.wrt}"
        assert whole not in questions, whole
        questions[whole] = Question(
            key=whole,
            collection=one.collection or collection,
            title=title,
            f=f,
            arguments=known,
            wrt=one.wrt,
            asked=one.what,
            by_hand=one.by_hand,
            cites=one.cites or (source if one.by_hand else ""),
            sympy=(sympy,) if isinstance(sympy, str) else tuple(sympy),
            source=source,
            variant=variant,
        )
