"""The tape: what reverse mode remembers of a run, one edge per active argument of each operation.

An edge is `(slot, parent, pull, saved)`: the cotangent of `slot`, pulled back along this edge, is
added to the cotangent of `parent`. `pull(z_bar, saved)` does it; where pull is None the cotangent
passes as it is. Slots are numbered by the length of the tape at the moment of the operation, so the
tape is sorted by construction and the backward walk is one loop from its end to its start. An edge
keeps what the local derivative needs and nothing else: tanh its output, a sum only a shape.

Griewank & Walther 2008, section 3.2 (the reverse mode), section 4.1 (the trace as a tape).
"""

from itertools import islice
from weakref import ref

import numpy as np

from adcourse.core.errors import EscapedTracer
from adcourse.core.points import settled
from adcourse.core.primitive import Traced
from adcourse.core.scope import Scope
from adcourse.core.tracer import Tracer

SMALL = 1000  # entries; copying so few costs about as much as an operation on them
waiting = []  # views that were made read-only, whose bases another tape holds
shortcuts = {}  # ufunc -> the shorter way through its row (adcourse/core/shortcuts.py)


class Closed:
    """Stands where the edges were when a tape's scope has ended: any use of it is a mistake."""

    def __init__(self, maker):
        self.maker = maker

    def __len__(self):
        raise EscapedTracer(self.maker)


class Tape(Scope):
    """The scope of one reverse-mode run: a list of edges after a placeholder for each input."""

    __slots__ = ("edges", "n_inputs", "protects", "frozen")

    def __init__(self, maker, n_inputs, protects=False):
        super().__init__(maker)
        self.protects = protects  # constants against the user; rules do not change them
        self.n_inputs = n_inputs
        self.edges = [None] * max(1, n_inputs)
        self.frozen = []

    def inputs(self, leaves):
        return [Taped(leaf, self, slot) for slot, leaf in enumerate(leaves)]

    def constant(self, a):
        """An array from outside that an edge may keep, safe from later changes in place.

        A small array is copied. A large one is made read-only until the tape is done with, so that
        a change, which would silently change the derivative, fails instead.
        """
        if not self.protects or a.__class__ is float:
            return a
        if isinstance(a, tuple):
            return tuple([self.constant(part) for part in a])
        if not isinstance(a, np.ndarray):
            return a
        if a.size <= SMALL:
            return a.copy()
        owner = a
        while isinstance(owner, np.ndarray):
            if owner.flags.writeable:
                owner.flags.writeable = False
                self.frozen.append(owner)
            owner = owner.base
        return a

    def __exit__(self, *exception):
        self.open = False
        self.edges = Closed(self.maker)


def thaw(frozen):
    """Let large constant arrays be written to again.

    A view can be set free only after its base. Where another tape still holds the base, the view
    waits for that tape.
    """
    arrays = [a for a in (wait() for wait in waiting) if a is not None]
    while frozen:
        arrays.append(frozen.pop())
    waiting.clear()
    for a in sorted(arrays, key=bases):
        try:
            a.flags.writeable = True
        except ValueError:
            waiting.append(ref(a))


def bases(a):
    """How many arrays stand between a view and the array that owns the memory."""
    return 0 if not isinstance(a.base, np.ndarray) else 1 + bases(a.base)


class Taped(Tracer):
    """A value and its slot on the tape."""

    __slots__ = ("value", "scope", "slot")

    def __init__(self, value, scope, slot):
        self.value = value
        self.scope = scope
        self.slot = slot

    def __array_ufunc__(self, ufunc, method, *args, **kwargs):
        short = shortcuts.get(ufunc)
        if short is not None and method == "__call__" and not kwargs:
            return short(*args)
        return super().__array_ufunc__(ufunc, method, *args, **kwargs)

    def interpret(self, primitive, args, params):
        scope = self.scope
        active = [isinstance(a, Traced) and a.scope is scope for a in args]
        values = [a.value if on else scope.constant(a) for a, on in zip(args, active, strict=True)]
        params = {name: scope.constant(value) for name, value in params.items()}
        z = settled(primitive(*values, **params), values)
        return record(scope, primitive, z, args, values, active, params)


def record(tape, primitive, z, args, values, active, params):
    """Append the edges of one operation and return its traced result."""
    edges = tape.edges
    slot = len(edges)
    for k, pull, saved in primitive.edges(z, values, active, params):
        edges.append((slot, args[k].slot, pull, saved))
    return Taped(z, tape, slot) if len(edges) > slot else z


class One(float):
    """The exact 1 that grad starts from: multiplying a scalar or a traced array by it is free."""

    __slots__ = ()

    def __mul__(self, other):
        if other.__class__ in (float, np.float64) or isinstance(other, Traced):
            return other
        return 1.0 * other  # an array of its own, and a number that counts like a real one

    __rmul__ = __mul__


def pull_back(edges, n_inputs, seeds):
    """Cotangents of the inputs, given cotangents of outputs: `seeds` lists (slot, cotangent).

    `edges` yields edges from the last to the first. A cotangent is dropped as soon as it has been
    pulled back along all edges of its operation.
    """
    bars = [None] * (1 + max([n_inputs - 1, *[slot for slot, _ in seeds]]))
    for slot, bar in seeds:
        bars[slot] = bar if bars[slot] is None else bars[slot] + bar
    last, bar = len(bars), None
    for slot, parent, pull, saved in edges:
        if slot != last:
            if slot >= len(bars):  # computed after every output: it has no influence
                continue
            bar, bars[slot], last = bars[slot], None, slot
        if bar is None:
            continue
        share = bar if pull is None else pull(bar, saved)
        before = bars[parent]
        bars[parent] = share if before is None else before + share
    return bars[:n_inputs]


def replay(edges, n_inputs):
    """Edges from last to first; the tape stays for the next pullback."""
    return islice(reversed(edges), len(edges) - max(1, n_inputs))


def consume(edges):
    """Edges from last to first; each is forgotten when it has been used. Placeholders end it."""
    return iter(edges.pop, None)
