"""Random straight-line array programs as data, and how one runs on NumPy or on JAX.

A program is a few input shapes and a list of steps `(name, places, option)`. Step k computes value
number `len(shapes) + k` from the values at `places`. Every row of `ROWS` is spelled once, with the
library as an argument. Arguments of roots, logarithms and quotients are moved into safe domains,
and comparisons are shifted by odd constants, so that no rounding decides a branch.
"""

from dataclasses import dataclass
from itertools import combinations
from math import prod
from random import Random
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

SHIFT = 0.12345
SHAPES = ((), (3,), (2, 3), (3, 1), (2, 2), (2, 1, 3))
LARGEST = 24  # entries of a value
STEEPEST = 30.0  # a larger value is squashed before the program goes on


class Library(NamedTuple):
    """Where a program takes its functions from."""

    np: object
    grad: object
    jvp: object
    vmap: object
    choose: object


class Row(NamedTuple):
    """What a step may do: `run(library, *values, option)`, the shapes that fit, the options."""

    run: object
    arity: int
    fits: object
    options: object


@dataclass(frozen=True)
class Program:
    """Shapes of the inputs, steps, and the seed of the points and directions of a test."""

    shapes: tuple
    steps: tuple
    seed: int = 0

    def __call__(self, library, *inputs):
        """All values that no later step uses, as a tuple."""
        values = list(inputs)
        for name, places, option in self.steps:
            values.append(ROWS[name].run(library, *[values[p] for p in places], option))
        used = {p for _, places, _ in self.steps for p in places}
        return tuple(v for k, v in enumerate(values) if k not in used and k >= len(self.shapes))

    @property
    def branches(self):
        return any(name == "branch" for name, _, _ in self.steps)

    def points(self, rng):
        """One entry per input: a float or an array, in ±1.5."""
        return tuple(rng.uniform(-1.5, 1.5, shape) for shape in self.shapes)


ELEMENTWISE = {
    "sin": lambda np, x: np.sin(x),
    "cos": lambda np, x: np.cos(x),
    "tanh": lambda np, x: np.tanh(x),
    "negative": lambda np, x: -x,
    "cube": lambda np, x: x**3,
    "square": lambda np, x: np.square(x),
    "bell": lambda np, x: np.exp(-(x**2)),
    "log": lambda np, x: np.log(x**2 + 1.5),
    "log1p": lambda np, x: np.log1p(x * x),
    "sqrt": lambda np, x: np.sqrt(1.5 + x**2),
    "power": lambda np, x: (1.5 + x * x) ** 0.7,
    "to the power": lambda np, x: 1.7 ** np.sin(x),
    "quotient": lambda np, x: 2.0 / (3.0 + np.cos(x)),
    "reciprocal": lambda np, x: np.reciprocal(2.5 - np.sin(x)),
    "expm1": lambda np, x: np.expm1(np.sin(x)),
    "sinh": lambda np, x: np.sinh(np.tanh(x)),
    "arctan": lambda np, x: np.arctan(x),
    "arcsinh": lambda np, x: np.arcsinh(x),
    "arcsin": lambda np, x: np.arcsin(0.8 * np.sin(x)),
    "softplus": lambda np, x: np.logaddexp(x, 0.3),
    "abs": lambda np, x: abs(x - SHIFT),
    "relu": lambda np, x: np.maximum(x, SHIFT),
    "clip": lambda np, x: np.clip(x, -0.98765, 0.87654),
    "where": lambda np, x: np.where(x > SHIFT, np.sin(x), x * x),
}
SMOOTH = ("sin", "tanh", "cube", "bell", "log", "power", "quotient", "softplus", "where")

PAIRS = {
    "add": lambda np, x, y: x + y,
    "subtract": lambda np, x, y: x - y,
    "multiply": lambda np, x, y: x * y,
    "divide": lambda np, x, y: x / (1.5 + y**2),
    "pair power": lambda np, x, y: (1.5 + x**2) ** np.sin(y),
    "arctan2": lambda np, x, y: np.arctan2(x, 1.5 + y**2),
    "hypot": lambda np, x, y: np.hypot(x, 1.5 + y**2),
    "logaddexp": lambda np, x, y: np.logaddexp(x, y),
    "larger": lambda np, x, y: np.maximum(x, y + SHIFT),
    "choose": lambda np, x, y: np.where(x < y + SHIFT, np.tanh(x), y),
}

REDUCTIONS = {
    "sum": lambda np, x, **kw: np.sum(x, **kw),
    "mean": lambda np, x, **kw: np.mean(x, **kw),
    "var": lambda np, x, **kw: np.var(x, **kw),
    "prod": lambda np, x, **kw: np.prod(x, **kw),
}

ALONG = {
    "cumsum": lambda np, x, k: np.cumsum(x, axis=k),
    "flip": lambda np, x, k: np.flip(x, axis=k),
    "roll": lambda np, x, k: np.roll(x, 1, axis=k),
    "repeat": lambda np, x, k: np.repeat(x, 2, axis=k),
    "expand": lambda np, x, k: np.expand_dims(x, k),
    "swap": lambda np, x, k: np.swapaxes(x, k, 0),
    "move": lambda np, x, k: np.moveaxis(x, 0, k),
    "differences": lambda np, x, k: np.diff(np.concatenate([x, np.sin(x)], axis=k), axis=k),
}

PRODUCTS = {
    "gram": lambda np, x: x @ x.T,
    "einsum": lambda np, x: np.einsum("ij,kj->ik", x, np.sin(x)),
    "tensordot": lambda np, x: np.tensordot(x, np.cos(x), axes=([0], [0])),
    "solve": lambda np, x: np.linalg.solve(x @ x.T + 2.0 * np.eye(x.shape[0]), x),
    "inv": lambda np, x: np.linalg.inv(x.T @ x + 2.0 * np.eye(x.shape[1])),
    "logdet": lambda np, x: np.linalg.slogdet(x @ x.T + 2.0 * np.eye(x.shape[0]))[1],
    "triangle": lambda np, x: np.tril(x) - np.diagonal(x)[0],
}


def broadcast(a, b):
    """Whether the shapes go together."""
    return all(m == n or 1 in (m, n) for m, n in zip(a[::-1], b[::-1], strict=False))


def chains(a, b):
    """Whether a @ b is defined, for shapes of at most two axes."""
    return 1 <= len(a) <= 2 and 1 <= len(b) <= 2 and a[-1] == b[0 if len(b) == 1 else -2]


def nothing(rng, shape):
    return None


def axes(rng, shape):
    """One axis, from either end."""
    return rng.randrange(-len(shape), len(shape))


def orders(rng, shape):
    """A permutation of the axes."""
    return tuple(rng.sample(range(len(shape)), len(shape)))


def reductions(rng, shape):
    """Options of a sum: all axes, one, or two, kept or dropped."""
    n = len(shape)
    chosen = [None, *range(-n, n), *combinations(range(n), 2)]
    return rng.choice(chosen), rng.random() < 0.5


def reshapings(rng, shape):
    """Shapes of as many entries."""
    n = prod(shape)
    return rng.choice([(n,), (-1, 1), *[(d, n // d) for d in range(1, n + 1) if n % d == 0]])


def indices(rng, shape):
    """A basic index, an integer array whose entries may repeat, or a mask of the first axis."""
    n = shape[0]
    basic = [0, -1, slice(None, None, -1), slice(0, 1), (Ellipsis, 0), (slice(None), None)]
    array = Picks(tuple(rng.randrange(-n, n) for _ in range(rng.randint(1, 3))))
    mask = Picks((True, *[rng.random() < 0.5 for _ in range(n - 1)]))
    return rng.choice([rng.choice(basic), array, mask])


def masks(rng, shape):
    """A fixed choice along the last axis."""
    return tuple(rng.random() < 0.5 for _ in range(shape[-1] if shape else 1))


def thresholds(rng, shape):
    return rng.choice([SHIFT, -0.54321])


def smooth(rng, shape):
    return rng.choice(SMOOTH)


class Picks(NamedTuple):
    """An integer array or a mask as an index; it prints and compares as plain data."""

    entries: tuple


def indexed(library, x, index):
    return x[np.array(index.entries)] if isinstance(index, Picks) else x[index]


def masked(library, x, mask):
    mask = np.array(mask) if np.shape(x) else mask[0]
    return library.np.where(mask, np.pi * x, library.np.sin(x))


def branch(library, x, threshold):
    """A program that takes one of two paths, by an `if` where the library has values."""
    answer = library.np.sum(library.np.sin(x)) > threshold
    return library.choose(
        answer, lambda x: library.np.cos(x) * x, lambda x: library.np.tanh(x) - 2.0, x
    )


def nested_grad(library, x, y, name):
    """∇ of a scalar function of x that also depends on y, an outer variable."""
    f = ELEMENTWISE[name]
    return library.grad(lambda u: library.np.sum(f(library.np, u) * y + u * u * x))(x)


def nested_jvp(library, x, y, name):
    """A derivative in a direction that the outer variable moves."""
    f, np = ELEMENTWISE[name], library.np
    return library.jvp(lambda u: f(np, u * y) + u * x, (x,), (np.cos(x),))[1]


def nested_vmap(library, x, name):
    f, np = ELEMENTWISE[name], library.np
    return library.vmap(lambda row: np.sum(f(np, row)) * row + x[0])(x)


def build():
    """The table: name -> Row."""
    rows = {}
    anything = lambda *shapes: True
    some_axis = lambda a: len(a) >= 1
    for name, f in ELEMENTWISE.items():
        rows[name] = Row(lambda lib, x, _, f=f: f(lib.np, x), 1, anything, nothing)
    for name, f in PAIRS.items():
        rows[name] = Row(lambda lib, x, y, _, f=f: f(lib.np, x, y), 2, broadcast, nothing)
    for name, f in REDUCTIONS.items():
        run = lambda lib, x, o, f=f: f(lib.np, x, axis=o[0], keepdims=o[1])
        rows[name] = Row(run, 1, some_axis, reductions)
    for name, f in ALONG.items():
        rows[name] = Row(lambda lib, x, k, f=f: f(lib.np, x, k), 1, some_axis, axes)
    for name, f in PRODUCTS.items():
        run = lambda lib, x, _, f=f: f(lib.np, x)
        rows[name] = Row(run, 1, lambda a: len(a) == 2, nothing)
    same = lambda a, b: a == b
    joined = lambda a, b: a == b and len(a) >= 1
    rows |= {
        "reshape": Row(lambda lib, x, s: lib.np.reshape(x, s), 1, anything, reshapings),
        "transpose": Row(lambda lib, x, order: lib.np.transpose(x, order), 1, some_axis, orders),
        "index": Row(indexed, 1, some_axis, indices),
        "mask": Row(masked, 1, anything, masks),
        "concatenate": Row(
            lambda lib, x, y, k: lib.np.concatenate([x, y], axis=k), 2, joined, axes
        ),
        "stack": Row(lambda lib, x, y, _: lib.np.stack([x, y, x]), 2, same, nothing),
        "stack last": Row(lambda lib, x, y, _: lib.np.stack([y, x], -1), 2, same, nothing),
        "matmul": Row(lambda lib, x, y, _: x @ y, 2, chains, nothing),
        "outer": Row(lambda lib, x, y, _: lib.np.outer(x, y), 2, anything, nothing),
        "branch": Row(branch, 1, anything, thresholds),
        "nested grad": Row(nested_grad, 2, same, smooth),
        "nested jvp": Row(nested_jvp, 2, same, smooth),
        "nested vmap": Row(nested_vmap, 1, some_axis, smooth),
    }
    return rows


ROWS = build()
DERIVATIVES = ("branch", "nested grad", "nested jvp", "nested vmap")
FAMILIES = [*map(tuple, (ELEMENTWISE, PAIRS, REDUCTIONS, ALONG, PRODUCTS)), DERIVATIVES]
FAMILIES.append(tuple(name for name in ROWS if not any(name in family for family in FAMILIES)))


def fitting(values, p):
    """For each family, the rows that accept value p; for rows of two, with the other values."""
    shape = np.shape(values[p])
    found = []
    for family in FAMILIES:
        names = {}
        for name in family:
            row = ROWS[name]
            if row.arity == 2:
                names[name] = [(p, q) for q, y in enumerate(values) if row.fits(shape, np.shape(y))]
            else:
                names[name] = [(p,)] if row.fits(shape) else []
        found.append([(name, places) for name, places in names.items() if places])
    return [family for family in found if family]


@st.composite
def programs(draw, library):
    """Programs of one to three inputs and three to twelve steps, none of which explodes.

    A seed makes all choices, so that a hundred programs reach every row; a failing program is
    shortened step by step from its end. Each value is computed as the program grows: its shape
    says what fits next, and a large or steep value is summed or squashed before the next step.
    """
    seed = draw(st.integers(0, 2**32 - 1))
    rng = Random(seed)
    length = draw(st.integers(3, 12))
    shapes = tuple(rng.choices(SHAPES, k=rng.randint(1, 3)))
    values = list(Program(shapes, ()).points(np.random.default_rng(seed)))
    steps = []

    def append(name, places, option):
        steps.append((name, places, option))
        values.append(ROWS[name].run(library, *[values[p] for p in places], option))

    while len(steps) < length:
        p = rng.randrange(max(0, len(values) - 5), len(values))
        name, places = rng.choice(rng.choice(fitting(values, p)))
        append(name, rng.choice(places), ROWS[name].options(rng, np.shape(values[p])))
        if np.size(values[-1]) > LARGEST:
            append("sum", (len(values) - 1,), (0, False))
        if np.max(np.abs(values[-1])) > STEEPEST:
            append("log1p", (len(values) - 1,), None)
    return Program(shapes, tuple(steps), seed)
