"""Identities: 1·x = x, -(-x) = x, x² = x·x, x + (-y) = x - y, c·(d·x) = (c d)·x, I A = A.

All but the products of two numbers hold to the last bit, but for the sign of a zero where a sign
goes through a sum, and for I A, which has no nan where an infinite entry of A meets a zero. 0·x is
not 0 where x is infinite or nan, and x + 0 is not x where x is -0: both stay.
"""

import operator

import numpy as np

from adcourse.compiling.rewriting import reshaped, rewritten
from adcourse.core.graph import Node
from adcourse.core.points import dtype_of
from adcourse.core.primitive import shape_of, table
from adcourse.rules.structure import scatter


def identities(graph):
    """Leave out what changes nothing, and write the cheaper of two equal things."""
    rules = {table[function]: rule for function, rule in RULES.items()}
    return rewritten(graph, rules | {table[operator.getitem]: pick, scatter: scattered})


def number(a):
    """The constant a as a float that takes the type of what it meets, or None."""
    return float(a) if isinstance(a, int | float) and not isinstance(a, np.generic | bool) else None


def same(a, node):
    """Argument a where it is of the node's shape and type, so that it can stand for it."""
    if a.__class__ is Node and a.value.__class__ is node.value.__class__:
        if shape_of(a.value) == shape_of(node.value) and dtype_of(a.value) == dtype_of(node.value):
            return a
    return None


def inner(a, function):
    """The argument of a where a is function(argument)."""
    if a.__class__ is Node and a.primitive is table[function]:
        return a.args[0]
    return None


def factored(a):
    """(x, c) where a is x times the number c, entry by entry, else None. -x is x times -1.

    c is a float, so that arrays of whole numbers stay as they are.
    """
    if a.__class__ is Node and np.dtype(dtype_of(a.value)).kind == "f":
        if a.primitive is table[np.negative] and same(a.args[0], a):
            return a.args[0], -1.0
        if a.primitive is table[np.multiply]:
            for x, y in (a.args, a.args[::-1]):
                c = number(y)
                if c is not None and same(x, a):
                    return x, c
    return None


def scaled(x, c, make):
    """x times the number c."""
    if c == 1:
        return x
    return make(table[np.negative], x) if c == -1 else make(table[np.multiply], x, c)


def normal(c, node):
    """Whether c is a number of the node's type that is not so large or small that digits go."""
    dtype = np.dtype(dtype_of(node.value))
    tiny = 1e-30 if dtype == np.float32 else 1e-300
    return dtype.kind == "f" and dtype.itemsize > 2 and tiny < abs(c) < 1 / tiny


def times(node, args, make):
    """1·x = x, c·(d·x) = (c d)·x, and a sign goes outward, where it may meet another one."""
    for x, y in (args, args[::-1]):
        c = number(y)
        if c is not None:
            if abs(c) == 1 and same(x, node):
                return scaled(x, c, make)
            inside = factored(x)
            if inside and same(inside[0], node) and normal(c * inside[1], node):
                return scaled(inside[0], c * inside[1], make)
            return None
    for x, y in (args, args[::-1]):
        opposite, inside = inner(x, np.negative), factored(x)
        if opposite is not None and same(x, node):
            return make(table[np.negative], make(table[np.multiply], opposite, y))
        if inside and isinstance(y, np.ndarray) and np.all(np.isfinite(y)):
            with np.errstate(all="ignore"):
                product = y * inside[1]
            dtypes = {np.dtype(dtype_of(a.value)) for a in (x, node)}
            sizes = np.abs(product[y != 0])
            ends = float(sizes.min(initial=1)), float(sizes.max(initial=1))
            if dtypes == {y.dtype, product.dtype} and all(normal(c, node) for c in ends):
                return make(table[np.multiply], inside[0], product)
    return None


def over(node, args, make):
    x, y = args
    if number(y) == 1:
        return same(x, node)
    opposite = inner(x, np.negative)
    if opposite is not None and same(x, node):
        return make(table[np.negative], make(table[np.divide], opposite, y))
    return None


def plus(node, args, make):
    x, y = args
    opposite = inner(y, np.negative)
    if opposite is not None:
        return make(table[np.subtract], x, opposite)
    opposite = inner(x, np.negative)
    return None if opposite is None else make(table[np.subtract], y, opposite)


def minus(node, args, make):
    opposite = inner(args[1], np.negative)
    return None if opposite is None else make(table[np.add], args[0], opposite)


def minus_sign(node, args, make):
    """-(c·x) = (-c)·x."""
    inside = factored(args[0])
    return None if inside is None else scaled(inside[0], -inside[1], make)


def power(node, args, make):
    x, y = args
    if number(y) == 1:
        return same(x, node)
    if number(y) == 2 and same(x, node):
        return make(table[np.multiply], x, x)
    return None


def product(node, args, make):
    """I A = A and A I = A."""
    for x, y in (args, args[::-1]):
        if isinstance(x, np.ndarray) and same(y, node) and is_identity(x):
            return y
    return None


def is_identity(x):
    return x.ndim == 2 and x.shape[0] == x.shape[1] and np.array_equal(x, np.eye(len(x)))


def reshape(node, args, make):
    """Entries in the same order: of two reshapings the second one counts."""
    (x,) = args
    if node.params.get("order") not in (None, "C"):
        return None
    shape = shape_of(node.value)
    before = inner(x, np.reshape)
    if before is not None and x.params.get("order") in (None, "C"):
        x = before
    if shape_of(x.value) == shape:
        return same(x, node)
    return None if x is args[0] else reshaped(x, shape, make)


def transpose(node, args, make):
    (x,) = args
    n = len(shape_of(node.value))
    order = axes_of(node, n)
    before = inner(x, np.transpose)
    if before is not None:
        inside = axes_of(x, n)
        order, x = tuple(inside[a] for a in order), before
    if order == tuple(range(n)):
        return same(x, node)
    return None if x is args[0] else make(node.primitive, x, axes=order)


def axes_of(node, n):
    axes = node.params.get("axes")
    return tuple(range(n))[::-1] if axes is None else tuple(int(a) % n for a in axes)


def broadcast(node, args, make):
    return same(args[0], node)


def pick(node, args, make):
    """x[()] and x[0:n] are x."""
    (x,) = args
    index = node.params["index"]
    parts = index if isinstance(index, tuple) else (index,)
    if not same(x, node) or not all(i is Ellipsis or isinstance(i, slice) for i in parts):
        return None
    # The result has every axis in its full length, so a step of 1 leaves nothing to choose.
    return x if all(i is Ellipsis or i.step in (None, 1) for i in parts) else None


def total(node, args, make):
    """A sum over no axis, or of a negative: the sign comes last, where there is less of it."""
    (x,) = args
    if node.params.get("axis") == ():
        return same(x, node)
    opposite = inner(x, np.negative)
    if opposite is None:
        return None
    return make(table[np.negative], make(node.primitive, opposite, **node.params))


def scattered(node, args, make):
    """The sign of a scattered array comes last, where it may meet another one."""
    opposite = inner(args[0], np.negative)
    if opposite is None:
        return None
    return make(table[np.negative], make(node.primitive, opposite, **node.params))


RULES = {
    np.multiply: times,
    np.divide: over,
    np.add: plus,
    np.subtract: minus,
    np.negative: minus_sign,
    np.power: power,
    np.reshape: reshape,
    np.transpose: transpose,
    np.broadcast_to: broadcast,
    np.sum: total,
    np.matmul: product,
}
