"""Sums along a last axis of two or three: x[..., 0] + x[..., 1], component by component.

NumPy's loops run along the last axis and begin anew for each row of so few. The components are
views, and a sum of them is one loop along the rows.
"""

import operator

import numpy as np

from adcourse.compiling.rewriting import needs, reshaped, rewritten
from adcourse.core.graph import Node
from adcourse.core.points import dtype_of
from adcourse.core.primitive import shape_of, table
from adcourse.rules.reductions import axes_of

FEW = (2, 3)
FLOATS = (np.float64, np.float32)


def components(graph):
    """Add up a short last axis component by component."""
    if not any(map(has_few_components, graph.nodes)):
        return graph
    users = needs(graph)
    return rewritten(graph, {table[np.sum]: lambda *parts: added(users, *parts)})


def has_few_components(node):
    """Whether a node is the sum of floats along a last axis of two or three, and no other."""
    if node.primitive is not table[np.sum] or dtype_of(node.value) not in FLOATS:
        return False
    shape, axis = shape_of(node.args[0]), node.params.get("axis")
    return (
        len(shape) > 1
        and shape[-1] in FEW
        and axes_of(node.args[0], axis) == (len(shape) - 1,)
        and 0 not in shape
    )


def added(users, node, args, make):
    """The sum of the components; those of a product are products, where no one else needs it."""
    if not has_few_components(node):
        return None
    (x,) = args
    is_product = x.__class__ is Node and x.primitive is table[np.multiply]
    alone = is_product and len(users[node.args[0]]) == 1 and all(map(shape_of, x.args))
    total = None
    for j in range(shape_of(x)[-1]):
        if alone:
            part = make(x.primitive, *[component(a, j, make) for a in x.args])
        else:
            part = component(x, j, make)
        total = part if total is None else make(table[np.add], total, part)
    if shape_of(total) != shape_of(node.value):  # keepdims
        total = reshaped(total, shape_of(node.value), make)
    return total


def component(a, j, make):
    """Component j of an array, or of one that is copied along the last axis."""
    j = j if shape_of(a)[-1] > 1 else 0
    index = (Ellipsis, j) if len(shape_of(a)) > 1 else j
    return make(table[operator.getitem], a, index=index)
