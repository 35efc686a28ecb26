"""Common subexpressions: the same function of the same arguments is computed once.

What a checkpointed program computes again on purpose stands behind a mark and stays, since keeping
it would need the memory that was to be saved; the marks themselves go.
Aho, Sethi & Ullman 1986, section 9.4 (value numbering).
"""

import numpy as np

from adcourse.compiling.rewriting import rewritten, with_nodes
from adcourse.core.graph import Node
from adcourse.rules.again import again

COMMUTE = {np.add, np.multiply}  # x + y and y + x are equal to the last bit


def common(graph):
    """Compute once what is computed twice."""
    seen, new, nodes = {}, {}, []
    for node in graph.nodes:
        args = node.args
        if new and any([a.__class__ is Node and a in new for a in args]):
            args = tuple([new.get(a, a) if a.__class__ is Node else a for a in args])
        parts = [id(a) if a.__class__ is Node else key(a) for a in args]
        if node.primitive.numpy in COMMUTE:
            parts.sort(key=str)
        mark = (node.primitive, tuple(parts), key(node.params) if node.params else None)
        first = None if node.primitive is again else seen.get(mark)
        if first is None:
            if args is not node.args:
                new[node] = Node("", node.primitive, args, node.params, node.value)
            seen[mark] = new.get(node, node)
            nodes.append(seen[mark])
        else:
            new[node] = first
    if len(nodes) < len(graph.nodes):
        graph = with_nodes(graph, nodes, new)
    return rewritten(graph, {again: lambda node, args, make: args[0]})


def key(value):
    """Something hashable that is equal for equal constants only: 1, 1.0 and True differ."""
    kind = value.__class__
    if kind is dict:
        return tuple([(name, key(part)) for name, part in value.items()])
    if kind is tuple or kind is list:
        return (kind, *map(key, value))
    if kind is slice:
        return (kind, key(value.start), key(value.stop), key(value.step))
    if isinstance(value, np.ndarray | np.generic):
        return (kind, value.shape, value.dtype.str, value.tobytes())
    if kind in (int, float, bool, str, type(None)):
        return (kind, repr(value))
    return id(value)
