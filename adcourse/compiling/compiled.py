"""compile: a function and the programs that were written for it."""

import sys
from functools import update_wrapper
from threading import RLock

from adcourse.compiling.explanation import Explanation
from adcourse.compiling.front import front_of, kind_of
from adcourse.compiling.passes import optimise
from adcourse.compiling.quick import Writer, uses_floats
from adcourse.compiling.running import function_from
from adcourse.compiling.twice import traced_twice
from adcourse.core.errors import AdcourseError, BranchChanged
from adcourse.core.points import own
from adcourse.core.primitive import Traced
from adcourse.core.recording import title_of, trace
from adcourse.core.tree import flatten

MOST_PROGRAMS = 16


def compile(f, *examples, check=False):
    """f as straight-line NumPy programs, one for each kind of arguments and path that it meets.

    The first call with arguments of new shapes, types or nesting, or on another branch, traces f
    and writes its program; later calls run that program. `examples`, the arguments of one call,
    make the first one at once. `.source` is the newest program's text. Traced arguments go to f
    itself, so a compiled function can be differentiated.

    f must be a function of its arguments alone: what else it does, such as drawing random numbers
    or filling a list, happens while it is traced and is not repeated. With `check=True` each
    trace is made twice, and a function that differs or changes something is refused. A cache may
    fill up in the first one.

    Results are those of f to the last few digits: sums of products may be added up in another
    order, a zero may have the other sign, and `.explain()` tells what was done. Where Python's
    floats would raise, as in 1 / 0.0, they are NumPy's inf or nan. Results share no memory with the
    arguments, nor with each other.

    Raises AdcourseError after 16 programs: then f is a new program for every call. Raises
    NotRepeatable as said, and what `trace` raises. Common subexpressions, dead code, liveness:
    Aho, Sethi & Ullman 1986, chapters 9 and 10.

    >>> square = compile(lambda x: x * x, 3.0)
    >>> square(4.0)
    16.0
    >>> print(square.source)
    def f(x):
        v1 = x * x
        return v1
    """
    compiled = Compiled(f, traced_twice if check else trace)
    if examples:
        compiled(*examples)
    return compiled


class Program:
    """One path through a function, for one kind of arguments, as quick source that runs."""

    def __init__(self, graph):
        self.graph = graph
        self.optimised, self.steps = optimise(graph)
        writer = Writer(self.optimised)
        self.source, self.memory = writer.text(), writer.memory
        self.run = function_from(self.source, writer.space.title, writer.space)
        self.guarded = bool(self.graph.guards)
        self.floats = uses_floats(self.optimised)

    def carefully(self, *args):
        """The result where Python's floats raise what NumPy answers with inf or nan."""
        leaves, rebuild = flatten(self.optimised(*args))
        return rebuild(own(leaves))


class Compiled:
    """A function and the programs that were written for it."""

    def __init__(self, f, tracing=trace):
        update_wrapper(self, f)  # first, since it copies attributes, too
        self.f = f
        self.tracing = tracing
        self.programs = {}
        self.newest = None
        self.quickly = self.otherwise  # the programs, behind the tests that choose one
        self.lock = RLock()

    @property
    def source(self):
        """The text of the newest program; empty before the first call."""
        return self.newest.source if self.newest else ""

    def explain(self):
        """What each pass did to the newest program and what it saved, as a table to print.

        Raises AdcourseError before the first call.
        """
        if self.newest is None:
            raise AdcourseError(
                f"{title_of(self.f)} has no program yet: call it, or give compile the arguments "
                "of one call."
            )
        return Explanation(self.newest)

    def __reduce__(self):
        """Pickled and copied as its function is; its programs are written again where it arrives.

        A decorated function is found by its name, as functions are.
        """
        name = getattr(self.f, "__qualname__", "")
        known = getattr(sys.modules.get(self.f.__module__), name, None)
        return name if known is self else (Compiled, (self.f, self.tracing))

    def __call__(self, *args, **named):
        if named:
            args = self.by_position(args, named)
        return self.quickly(*args)

    def by_position(self, args, named):
        """All arguments by position, as programs take them."""
        from inspect import signature  # slow to import, and few calls need it

        bound = signature(self.f).bind(*args, **named)
        if bound.kwargs:
            raise TypeError(
                f"{title_of(self.f)} takes {', '.join(bound.kwargs)} by name only, and a compiled "
                "program has arguments by position. Compile a function of the others, with "
                "functools.partial or a lambda."
            )
        return bound.args

    def otherwise(self, *args):
        """A call that no test in front has recognised."""
        leaves, rebuild = flatten(args)
        if any(isinstance(leaf, Traced) for leaf in leaves):
            return self.f(*args)
        if any(leaf.__class__ is int for leaf in leaves):  # a point is made of floats
            return self(*rebuild([float(x) if x.__class__ is int else x for x in leaves]))
        key, tried = kind_of(args), 0
        while True:
            for program in self.programs.get(key, ())[tried:]:
                tried += 1
                try:
                    return self.run(program, args)
                except BranchChanged:
                    continue
            with self.lock:  # two threads with the same arguments write one program
                if tried == len(self.programs.get(key, ())):
                    program = self.written(key, args)
                    break
        return self.f(*args) if program is None else self.run(program, args)

    def written(self, key, args):
        """A new program for these arguments; None where a traced constant is part of it."""
        if sum(map(len, self.programs.values())) >= MOST_PROGRAMS:
            raise AdcourseError(
                f"{title_of(self.f)} was compiled {MOST_PROGRAMS} times and takes yet another path "
                "or shape. Call the function itself, or compile the part that stays the same."
            )
        graph = self.tracing(self.f, *args)
        constants = [a for node in graph.nodes for a in node.args] + graph.outputs
        if any(isinstance(a, Traced) for a in constants):
            return None
        program = self.newest = Program(graph)
        self.programs.setdefault(key, []).append(program)
        self.quickly = front_of([p for ps in self.programs.values() for p in ps], self.otherwise)
        return program

    def run(self, program, args):
        if not program.floats:
            return program.run(*args)
        try:
            return program.run(*args)
        except (ArithmeticError, ValueError):
            return program.carefully(*args)
