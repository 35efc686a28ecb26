"""The shorter way through elementwise rows, for the tape and for dual numbers.

Rows of one or two arguments do not need all of `interpret`. Their shorter way is built from the
row when it enters the table. On the tape, scalars save the number ∂z/∂x at once, arrays what it is
made of.
"""

import operator

import numpy as np

from adcourse.core.dual import Dual, dual_shortcuts
from adcourse.core.operators import BINARY, UNARY
from adcourse.core.primitive import shape_of
from adcourse.core.tape import Taped, shortcuts

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
    """Give `Taped` and `Dual` the short way through an elementwise row of one or two arguments."""
    taped = {1: unary, 2: binary}[primitive.arity](primitive)
    dual = {1: dual_unary, 2: dual_binary}[primitive.arity](primitive)
    shortcuts[primitive.numpy], dual_shortcuts[primitive.numpy] = taped, dual
    for cls, short in ((Taped, taped), (Dual, dual)):
        if primitive.numpy in UNARY:
            setattr(cls, f"__{UNARY[primitive.numpy]}__", short)
        if primitive.numpy in BINARY:
            name = BINARY[primitive.numpy]
            setattr(cls, f"__{name}__", short)
            setattr(cls, f"__r{name}__", lambda y, x, short=short: short(x, y))


def dual_unary(primitive):
    """z = f(x) and ż = ∂z/∂x ẋ."""
    numpy = primitive.numpy
    f = PYTHON.get(numpy, numpy)
    (dx,) = primitive.partials

    def short(x):
        scope, a = x.scope, x.value
        if not scope.open or dx is None:
            return primitive(x)
        z = f(a)
        if a.__class__ is float:
            z = float(z)
        return Dual(z, dx.times(x.tangent, z, (a,)), scope)

    return short


def dual_binary(primitive):
    """z = f(x, y) and ż = ∂z/∂x ẋ + ∂z/∂y ẏ."""
    numpy = primitive.numpy
    f = PYTHON.get(numpy, numpy)
    dx, dy = primitive.partials

    def short(x, y):
        on_x, on_y = x.__class__ is Dual, y.__class__ is Dual
        if on_x and on_y:
            scope, a, b = x.scope, x.value, y.value
            plain = y.scope is scope
        elif on_x:
            scope, a, b = x.scope, x.value, y
            plain = b.__class__ in NUMBERS or b.__class__ is np.ndarray and b.dtype.kind in "fiub"
        else:
            scope, a, b = y.scope, x, y.value
            plain = a.__class__ in NUMBERS or a.__class__ is np.ndarray and a.dtype.kind in "fiub"
        if not plain or not scope.open:
            return primitive(x, y)
        try:
            z = f(a, b)
        except ArithmeticError:  # Python floats raise where NumPy gives inf or nan
            z = float(numpy(a, b))
        if z.__class__ is complex:  # (-8.0) ** (1 / 3) of Python floats
            z = float(numpy(a, b))
        z_dot = dx.times(x.tangent, z, (a, b)) if on_x else None
        if on_y:
            share = dy.times(y.tangent, z, (a, b))
            z_dot = share if z_dot is None else z_dot + share
        if z.__class__ is not float and shape_of(z_dot) != z.shape:
            z_dot = np.broadcast_to(z_dot, z.shape)
        return Dual(z, z_dot, scope)

    return short


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
