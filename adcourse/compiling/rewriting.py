"""The tool of every pass: a graph read once, node by node, into another graph.

A pass is a function from graph to graph. It changes no node, since the graph that it was given
stays as it is; what it leaves alone, both graphs share.
"""

import numpy as np

from adcourse.core.errors import AdcourseError
from adcourse.core.graph import Graph, Node
from adcourse.core.points import dtype_of, settled
from adcourse.core.primitive import shape_of, table
from adcourse.core.recording import name_nodes, reaching


def rewritten(graph, rules):
    """The graph with `rules[primitive](node, args, make)` in place of each node.

    `args` are the node's arguments in the new graph. A rule returns what stands for the node there:
    a node, a constant, or None where it has nothing better. `make(primitive, *args, **params)`
    adds a node. Raises AdcourseError when something of another shape or type is put in its place.
    """
    new, nodes = {}, []

    def make(primitive, *args, **params):
        values = [a.value if a.__class__ is Node else a for a in args]
        value = settled(primitive(*values, **params), values)
        if not any(a.__class__ is Node for a in args):
            return value
        nodes.append(Node("", primitive, args, params, value))
        return nodes[-1]

    for node in graph.nodes:
        args, moved = node.args, False
        if new:
            moved = any([a.__class__ is Node and a in new for a in args])
            if moved:
                args = tuple([new.get(a, a) if a.__class__ is Node else a for a in args])
        rule = rules.get(node.primitive)
        instead = None if rule is None else rule(node, args, make)
        if instead is None:
            instead = node
            if moved:
                instead = Node("", node.primitive, args, node.params, node.value)
            nodes.append(instead)
        elif instead is not node:
            fitting(instead, node)
        if instead is not node:
            new[node] = instead
    return with_nodes(graph, nodes, new) if new else graph


def reshaped(x, shape, make):
    """A node for x in another shape."""
    row = table[np.reshape]
    return make(row, x, **{row.signature[1]: shape})  # NumPy 2.0 calls the option newshape


def type_of(values):
    """The type of what a function makes of these values entry by entry, as NumPy promotes it."""
    return np.result_type(*[a if isinstance(a, float) else dtype_of(a) for a in values])


def fitting(instead, node):
    """Refuse a replacement that is not of the same shape and type."""
    value = instead.value if instead.__class__ is Node else instead
    if isinstance(node.value, tuple):
        return
    kinds = [
        (shape_of(a), dtype_of(a), a.__class__ is float, isinstance(a, np.ndarray))
        for a in (value, node.value)
    ]
    if kinds[0] != kinds[1]:
        raise AdcourseError(
            f"A pass put {instead!r} in the place of {node!r}, which is of another shape or type. "
            "This is a mistake in adcourse: please report it."
        )


def with_nodes(graph, nodes, new):
    """The graph with other nodes; `new` says what stands for a node that is gone."""

    def found(part):
        return new.get(part, part) if part.__class__ is Node else part

    outputs = [found(o) for o in graph.outputs]
    guards = [(found(node), answer) for node, answer in graph.guards]
    guards = [(node, answer) for node, answer in guards if node.__class__ is Node]
    return Graph(graph.title, graph.inputs, nodes, outputs, graph.result, guards, graph.point)


def needs(graph):
    """For each node, the nodes that need it, and None if it is a result or decides a branch.

    What no result needs, as passes leave it behind, needs nothing.
    """
    users = {node: [] for node in (*graph.inputs, *graph.nodes)}
    for node in reaching(graph.nodes, graph.outputs, graph.guards):
        for parent in node.parents:
            users[parent].append(node)
    for node in (*graph.outputs, *(node for node, _ in graph.guards)):
        if node.__class__ is Node:
            users[node].append(None)
    return users


def renamed(graph):
    """The same program with nodes of its own, named v1…vN in order."""
    new = {
        node: Node("", node.primitive, node.args, node.params, node.value) for node in graph.nodes
    }
    for node in new.values():
        node.args = tuple([new.get(a, a) if a.__class__ is Node else a for a in node.args])
    nodes = list(new.values())
    name_nodes(nodes, graph.inputs)
    return with_nodes(graph, nodes, new)
