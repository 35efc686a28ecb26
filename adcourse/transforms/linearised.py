"""The linearised graph: which arguments of a node carry a derivative, and its local partials."""

from adcourse.core.graph import Node


def values_of(args):
    return [a.value if isinstance(a, Node) else a for a in args]


def local_edges(graph):
    """For each node, its edges (k, pull, kept) to arguments that depend on an input smoothly."""
    moving = set(graph.inputs)
    edges = {}
    for node in graph.nodes:
        active = [isinstance(a, Node) and a in moving for a in node.args]
        found = []
        if any(active):
            args = values_of(node.args)
            found = list(node.primitive.edges(node.value, args, active, node.params))
        if found:
            moving.add(node)
        edges[node] = found
    return edges, moving


def scalar_partial(node, k):
    """∂z/∂x for numbers z and x: the cotangent 1 pulled back."""
    active = [i == k for i in range(len(node.args))]
    ((_, pull, kept),) = node.primitive.edges(node.value, values_of(node.args), active, node.params)
    return 1.0 if pull is None else float(pull(1.0, kept))
