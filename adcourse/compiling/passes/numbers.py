"""Constant arrays that repeat one number.

The cotangent that a sum sends back is an array of ones. As a factor it may be the number 1.0:
NumPy broadcasts it, and nothing is read from memory.
"""

import numpy as np

from adcourse.compiling.rewriting import rewritten, type_of
from adcourse.core.graph import Node
from adcourse.core.points import dtype_of
from adcourse.core.primitive import shape_of


def numbers(graph):
    """Write one number where an array repeats it."""
    rules = {n.primitive: smaller for n in graph.nodes if n.primitive.kind == "elementwise"}
    return rewritten(graph, rules)


def smaller(node, args, make):
    """The node with numbers in place of constant arrays, where the result stays as it is."""
    if not any(isinstance(a, np.ndarray) for a in args):
        return None
    repeated = [number_in(a) if isinstance(a, np.ndarray) else a for a in args]
    if all(a is b for a, b in zip(args, repeated, strict=True)):
        return None
    kept = [a.value if a.__class__ is Node else a for a in repeated]
    shapes = np.broadcast_shapes(*map(shape_of, kept))
    if shapes != shape_of(node.value) or type_of(kept) != dtype_of(node.value):
        return None
    if all(a.__class__ is float for a in kept):  # the result would be one, too
        return None
    return make(node.primitive, *repeated, **node.params)


def number_in(array):
    """The number that a float array repeats, or the array."""
    if array.dtype.kind != "f" or not array.size:
        return array
    first = array.flat[0]
    same = array == first
    if not same.all() or (first == 0 and np.signbit(array).any()):
        return array
    return float(first)
