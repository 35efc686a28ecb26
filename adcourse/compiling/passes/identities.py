"""Identities that hold to the last bit: 1·x = x, -(-x) = x, x² = x·x, x + (-y) = x - y.

0·x is not 0 where x is infinite or nan, and x + 0 is not x where x is -0: both stay.
"""

import numpy as np

from adcourse.compiling.rewriting import rewritten
from adcourse.core.graph import Node
from adcourse.core.points import dtype_of
from adcourse.core.primitive import shape_of, table


def identities(graph):
    """Leave out what changes nothing, and write the cheaper of two equal things."""
    return rewritten(graph, {table[function]: rule for function, rule in RULES.items()})


def is_number(a, number):
    return a.__class__ in (int, float) and a == number


def same(a, node):
    """Argument a where it is the result of the node as it stands."""
    if a.__class__ is Node and a.value.__class__ is node.value.__class__:
        if shape_of(a.value) == shape_of(node.value) and dtype_of(a.value) == dtype_of(node.value):
            return a
    return None


def inner(a, function):
    """The argument of a where a is function(argument)."""
    if a.__class__ is Node and a.primitive is table[function]:
        return a.args[0]
    return None


def times(node, args, make):
    x, y = args
    if is_number(x, 1):
        return same(y, node)
    if is_number(y, 1):
        return same(x, node)
    if is_number(x, -1) and same(y, node):
        return make(table[np.negative], y)
    if is_number(y, -1) and same(x, node):
        return make(table[np.negative], x)
    return None


def over(node, args, make):
    return same(args[0], node) if is_number(args[1], 1) else None


def plus(node, args, make):
    x, y = args
    negative = inner(y, np.negative)
    if negative is not None:
        return make(table[np.subtract], x, negative)
    negative = inner(x, np.negative)
    return None if negative is None else make(table[np.subtract], y, negative)


def minus(node, args, make):
    negative = inner(args[1], np.negative)
    return None if negative is None else make(table[np.add], args[0], negative)


def negative(node, args, make):
    return inner(args[0], np.negative)


def power(node, args, make):
    x, y = args
    if is_number(y, 1):
        return same(x, node)
    if is_number(y, 2) and same(x, node):
        return make(table[np.multiply], x, x)
    return None


def reshape(node, args, make):
    """Entries in the same order: of two reshapings the second one counts."""
    (x,) = args
    if node.params.get("order") not in (None, "C"):
        return None
    shape = shape_of(node.value)
    before = inner(x, np.reshape)
    if before is not None and x.params.get("order") in (None, "C"):
        x = before
    if shape_of(getattr(x, "value", x)) == shape:
        return x
    if x is args[0] and node.params == {"shape": shape}:
        return None
    return make(node.primitive, x, shape=shape)


def transpose(node, args, make):
    (x,) = args
    n = len(shape_of(node.value))
    order = axes_of(node, n)
    before = inner(x, np.transpose)
    if before is not None:
        inside = axes_of(x, n)
        order, x = tuple(inside[a] for a in order), before
    if order == tuple(range(n)):
        return x
    return None if x is args[0] else make(node.primitive, x, axes=order)


def axes_of(node, n):
    axes = node.params.get("axes")
    return tuple(range(n))[::-1] if axes is None else tuple(a % n for a in axes)


def broadcast(node, args, make):
    return same(args[0], node)


def total(node, args, make):
    """A sum over no axis, or of a negative: the sign comes last, where there is less of it."""
    (x,) = args
    if node.params.get("axis") == ():
        return same(x, node)
    negative = inner(x, np.negative)
    if negative is None:
        return None
    return make(table[np.negative], make(node.primitive, negative, **node.params))


RULES = {
    np.multiply: times,
    np.divide: over,
    np.add: plus,
    np.subtract: minus,
    np.negative: negative,
    np.power: power,
    np.reshape: reshape,
    np.transpose: transpose,
    np.broadcast_to: broadcast,
    np.sum: total,
}
