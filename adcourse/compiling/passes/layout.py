"""Where a short last axis lies in memory: outermost, so that loops run along a long axis.

Differences of points, X[:, None, :] - Y[None, :, :], have a last axis of two or three, and NumPy
begins a loop anew for each of so few entries. But its results lie in memory as its arguments do
(order "K"): it is enough to lay the small arguments out in Fortran's order, and what is computed
entry by entry follows. Each entry is the same to the last bit.

A result that leaves the program, or goes where the usual order matters (a matrix product, a
reshaping), stays as it is, with all that it is made of.
"""

import operator
from math import prod

import numpy as np

from adcourse.compiling.rewriting import needs, rewritten
from adcourse.core.graph import Node
from adcourse.core.primitive import shape_of, table
from adcourse.rules.einsum import contract
from adcourse.rules.structure import by_columns

SHORT = 8  # the most entries of a short axis
MANY = 512  # the fewest entries of a result that is worth it
SMALL = 4  # an argument has so many times fewer
ENDS = {table[np.sum], table[np.max], table[np.min], contract}


def layout(graph):
    """Lay short last axes outermost in memory, so that loops run along long ones."""
    starts = {node for node in graph.nodes if spreads(node)}
    if not starts:
        return graph
    users = needs(graph)
    while True:
        laid, refused = followers(graph, starts, users)
        if not refused:
            break
        starts = starts - refused

    def again(node, args, make):
        if node not in laid:
            return None
        if node in starts:
            args = [make(by_columns, a) if has_rows(a, node) else a for a in args]
        return make(node.primitive, *args, **node.params)

    return rewritten(graph, {node.primitive: again for node in laid})


def spreads(node):
    """Whether small arrays with a short last axis are spread over a large one."""
    shape = shape_of(node.value) if node.primitive.kind == "elementwise" else ()
    if len(shape) < 2 or not 2 <= shape[-1] <= SHORT or node.value.size < MANY:
        return False
    shapes = [shape_of(a) for a in node.args if has_rows(a, node)]
    return bool(shapes) and all(
        sum(n != 1 for n in rows[:-1]) == 1 and prod(rows) * SMALL <= node.value.size
        for rows in shapes
    )


def has_rows(a, node):
    """Whether an argument has the last axis of a node and another one that is longer than 1."""
    shape = shape_of(a)
    return shape[-1:] == shape_of(node.value)[-1:] and any(n != 1 for n in shape[:-1])


def followers(graph, starts, users):
    """The nodes that lie as the starts do, and the starts that lead where they must not."""
    origins = {}
    for node in graph.nodes:
        if node in starts:
            origins[node] = {node}
        elif node.primitive.kind == "elementwise":
            found = [origins[a] for a in node.parents if a in origins]
            if found:
                origins[node] = set().union(*found)
    refused = set()
    for node, mine in origins.items():
        if not all(user is not None and suits(user, node, origins) for user in users[node]):
            refused |= mine
    return origins, refused


def suits(user, node, laid):
    """Whether a use of a laid out node is as quick as before, or quicker."""
    if user.primitive in ENDS:
        return True
    if user.primitive is table[operator.getitem]:
        index = user.params["index"]
        return isinstance(index, tuple) and index[0] is Ellipsis and isinstance(index[-1], int)
    if user.primitive.kind != "elementwise" or shape_of(user.value) != shape_of(node.value):
        return False
    return all((a.__class__ is Node and a in laid) or not has_rows(a, user) for a in user.args)
