"""Dead code: what no result and no branch needs."""

from adcourse.compiling.rewriting import with_nodes
from adcourse.core.recording import reaching


def dead(graph):
    """Leave out what no result and no branch needs."""
    nodes = reaching(graph.nodes, graph.outputs, graph.guards)
    return graph if len(nodes) == len(graph.nodes) else with_nodes(graph, nodes, {})
