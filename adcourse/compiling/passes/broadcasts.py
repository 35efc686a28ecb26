"""Copies that NumPy makes by itself.

The pullback of a sum copies its cotangent back to every entry. Where a function of entries takes
the copy together with something of the full shape, it may take the original: NumPy broadcasts it.
"""

import numpy as np

from adcourse.compiling.rewriting import rewritten, type_of
from adcourse.core.graph import Node
from adcourse.core.primitive import shape_of, table


def broadcasts(graph):
    """Let NumPy broadcast where the program copies."""
    if not any(node.primitive is table[np.broadcast_to] for node in graph.nodes):
        return graph
    rules = {n.primitive: uncopied for n in graph.nodes if n.primitive.kind == "elementwise"}
    return rewritten(graph, rules)


def uncopied(node, args, make):
    """The node with originals in place of copies, as far as the others give the full shape."""
    shape, best = shape_of(node.value), list(args)
    for k, a in enumerate(args):
        if a.__class__ is Node and a.primitive is table[np.broadcast_to]:
            instead = [*best[:k], a.args[0], *best[k + 1 :]]
            values = [b.value if b.__class__ is Node else b for b in instead]
            others = [b.value if b.__class__ is Node else b for b in best]
            same_shape = np.broadcast_shapes(*map(shape_of, values)) == shape
            if shape and same_shape and type_of(values) == type_of(others):
                best = instead
    if all(a is b for a, b in zip(args, best, strict=True)):
        return None
    return make(node.primitive, *best, **node.params)
