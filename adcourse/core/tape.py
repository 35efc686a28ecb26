"""The tape: what reverse mode remembers of a run, one edge per active argument of each operation.

An edge is `(slot, parent, pull, saved)`: the cotangent of `slot`, pulled back along this edge, is
added to the cotangent of `parent`. `pull(z_bar, saved)` does it; where pull is None the cotangent
passes as it is. Slots are numbered by the length of the tape at the moment of the operation, so the
tape is sorted by construction and the backward walk is one loop from its end to its start. An edge
keeps what the local derivative needs and nothing else: tanh its output, a sum only a shape.

Griewank & Walther 2008, section 3.2 (the reverse mode), section 4.1 (the trace as a tape).
"""

import operator
from itertools import islice

import numpy as np

from adcourse.core.errors import EscapedTracer
from adcourse.core.primitive import Traced, settled
from adcourse.core.scope import Scope
from adcourse.core.tracer import BINARY, UNARY, Tracer


class Closed:
    """Stands where the edges were when a tape's scope has ended: any use of it is a mistake."""

    def __init__(self, maker):
        self.maker = maker

    def __len__(self):
        raise EscapedTracer(self.maker)


class Tape(Scope):
    """The scope of one reverse-mode run: a list of edges, after one placeholder per input."""

    __slots__ = ("edges", "n_inputs")

    def __init__(self, maker, n_inputs):
        super().__init__(maker)
        self.n_inputs = n_inputs
        self.edges = [None] * n_inputs

    def inputs(self, leaves):
        return [Taped(leaf, self, slot) for slot, leaf in enumerate(leaves)]

    def __exit__(self, *exception):
        self.open = False
        self.edges = Closed(self.maker)


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
        values = [a.value if on else a for a, on in zip(args, active, strict=True)]
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
        return 1.0 * other if isinstance(other, np.ndarray) else other

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
    return islice(reversed(edges), len(edges) - n_inputs)


def consume(edges):
    """Edges from last to first; each is forgotten when it has been used. Placeholders end it."""
    return iter(edges.pop, None)


# Elementwise rows of one or two arguments take a shorter way than `interpret`. It is built from the
# row when it enters the table: scalars save the number ∂z/∂x at once, arrays what it is made of.

shortcuts = {}  # NumPy function -> the shorter way through its row
NUMBERS = {float, int, np.float64, np.float32}
PYTHON = {  # the same function, quicker for floats
    np.add: operator.add,
    np.subtract: operator.sub,
    np.multiply: operator.mul,
    np.true_divide: operator.truediv,
    np.power: operator.pow,
    np.negative: operator.neg,
}


def install(primitive):
    """Give `Taped` the short way through an elementwise row with one or two arguments."""
    shortcuts[primitive.numpy] = short = {1: unary, 2: binary}[primitive.arity](primitive)
    if primitive.numpy in UNARY:
        setattr(Taped, f"__{UNARY[primitive.numpy]}__", short)
    if primitive.numpy in BINARY:
        name = BINARY[primitive.numpy]
        setattr(Taped, f"__{name}__", short)
        setattr(Taped, f"__r{name}__", lambda y, x: short(x, y))


def unary(primitive):
    """z = f(x) with one edge."""
    numpy = primitive.numpy
    f = PYTHON.get(numpy, numpy)
    (dx,) = primitive.partials

    def short(x):
        tape, a = x.scope, x.value
        z = f(a)
        edges = tape.edges
        slot = len(edges)
        if a.__class__ is float:
            z = float(z)
            edges.append((slot, x.slot, dx.pull_scalar, dx.number(z, a)))
        else:
            edges.append((slot, x.slot, dx.pull, dx.keep(z, a)))
        return Taped(z, tape, slot)

    return short


def binary(primitive):
    """z = f(x, y) with an edge for each argument that is on the tape."""
    numpy = primitive.numpy
    f = PYTHON.get(numpy, numpy)
    dx, dy = primitive.partials

    def short(x, y):
        if x.__class__ is Taped:
            tape, a, on_x = x.scope, x.value, True
            if y.__class__ is Taped:
                if y.scope is not tape:
                    return primitive(x, y)
                b, on_y = y.value, True
            elif y.__class__ in NUMBERS or (y.__class__ is np.ndarray and y.dtype.kind != "c"):
                b, on_y = y, False
            else:
                return primitive(x, y)
        elif x.__class__ in NUMBERS or (x.__class__ is np.ndarray and x.dtype.kind != "c"):
            tape, a, b, on_x, on_y = y.scope, x, y.value, False, True
        else:
            return primitive(x, y)
        edges = tape.edges
        slot = len(edges)
        try:
            z = f(a, b)
        except ArithmeticError:  # Python floats raise where NumPy gives inf or nan
            z = float(numpy(a, b))
        if z.__class__ is float:
            if on_x:
                if dx.is_one and not on_y:  # x + constant: no edge, the slot of x
                    return Taped(z, tape, x.slot)
                edges.append((slot, x.slot, dx.pull_scalar, dx.number(z, a, b)))
            if on_y:
                if dy.is_one and not on_x:
                    return Taped(z, tape, y.slot)
                edges.append((slot, y.slot, dy.pull_scalar, dy.number(z, a, b)))
            return Taped(z, tape, slot)
        if z.__class__ is complex:  # (-8.0) ** (1 / 3) of Python floats
            z = np.float64(numpy(a, b))
        shape = z.shape
        if on_x:
            if a.__class__ is float or a.shape != shape:
                edges.append((slot, x.slot, *dx.edge(shape, z, (a, b))))
            elif dx.is_one and not on_y:
                return Taped(z, tape, x.slot)
            else:
                edges.append((slot, x.slot, dx.pull, dx.keep(z, a, b)))
        if on_y:
            if b.__class__ is float or b.shape != shape:
                edges.append((slot, y.slot, *dy.edge(shape, z, (a, b))))
            elif dy.is_one and not on_x:
                return Taped(z, tape, y.slot)
            else:
                edges.append((slot, y.slot, dy.pull, dy.keep(z, a, b)))
        return Taped(z, tape, slot)

    return short
