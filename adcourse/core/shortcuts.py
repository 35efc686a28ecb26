"""The shorter way of elementwise rows onto the tape.

Rows of one or two arguments do not need all of `interpret`. Their shorter way is built from the
row when it enters the table: scalars save the number ∂z/∂x at once, arrays what it is made of.
"""

import operator

import numpy as np

from adcourse.core.tape import Taped, shortcuts
from adcourse.core.tracer import BINARY, UNARY

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
            elif y.__class__ in NUMBERS:
                b, on_y = y, False
            elif y.__class__ is np.ndarray and y.dtype.kind in "fiub":
                b, on_y = tape.constant(y), False
            else:
                return primitive(x, y)
        elif x.__class__ in NUMBERS:
            tape, a, b, on_x, on_y = y.scope, x, y.value, False, True
        elif x.__class__ is np.ndarray and x.dtype.kind in "fiub":
            tape = y.scope
            a, b, on_x, on_y = tape.constant(x), y.value, False, True
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
