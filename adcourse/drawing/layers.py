"""The columns of a drawing: which layer a node stands in, and the order within each layer.

Layers by the longest path from the inputs; then an input, and a node with no more arguments than
users, moves next to its first user. An edge over several layers passes through a waypoint in each
layer between, so that it runs behind no card. The order within layers is improved by barycentre
sweeps (Sugiyama, Tagawa & Toda 1981).
"""

from bisect import bisect_left, insort
from functools import partial

from adcourse.core.graph import Node

SWEEPS = 12


class Place:
    """A node, or a waypoint of an edge (`node` is None), in one layer."""

    __slots__ = ("node", "layer", "before", "after", "rank", "height", "y")

    def __init__(self, node, layer):
        self.node = node
        self.layer = layer
        self.before = []  # neighbours one layer to the left
        self.after = []  # and to the right
        self.rank = 0
        self.height = 0.0
        self.y = 0.0  # of the centre


def layers_of(graph):
    """The layer of each node, counted from 0."""
    layer = {node: 0 for node in graph.inputs}
    for node in graph.nodes:
        layer[node] = 1 + max(layer[parent] for parent in node.parents)
    users = graph.users()
    for node in (*reversed(graph.nodes), *graph.inputs):
        if len(users[node]) >= max(1, len(node.parents)):  # no arrow gets longer in sum
            layer[node] = min(layer[user] for user in users[node]) - 1
    return layer


def places(graph):
    """Columns of places, and for each edge (node, k) its chain of places from source to node."""
    layer = layers_of(graph)
    columns = [[] for _ in range(1 + max(layer.values(), default=0))]
    at = {}

    def stand(node, where):
        place = Place(node, where)
        columns[where].append(place)
        return place

    for node in (*graph.inputs, *graph.nodes):
        at[node] = stand(node, layer[node])
    chains = {}
    for node in graph.nodes:
        for k, parent in enumerate(node.args):
            if isinstance(parent, Node):
                between = [stand(None, i) for i in range(layer[parent] + 1, layer[node])]
                chain = [at[parent], *between, at[node]]
                for left, right in zip(chain, chain[1:], strict=False):
                    left.after.append(right)
                    right.before.append(left)
                chains[node, k] = chain
    return columns, chains


def number(columns):
    for column in columns:
        for rank, place in enumerate(column):
            place.rank = rank


def crossings(columns):
    """How many pairs of edges cross between neighbouring layers."""
    total = 0
    for column in columns:
        ends = []
        for place in column:
            ranks = sorted(right.rank for right in place.after)
            total += sum(len(ends) - bisect_left(ends, rank + 1) for rank in ranks)
            for rank in ranks:
                insort(ends, rank)
    return total


def centre(side, place):
    """The mean rank of the neighbours on one side."""
    near = [other.rank for other in getattr(place, side)]
    return sum(near) / len(near) if near else place.rank


def ordered(columns):
    """The columns with few crossings: sweeps to the right and to the left, the best is kept."""
    number(columns)
    best, fewest = [list(column) for column in columns], crossings(columns)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        side = "before" if sweep % 2 == 0 else "after"
        for column in columns if side == "before" else reversed(columns):
            column.sort(key=partial(centre, side))
            number([column])
        crossed = crossings(columns)
        if crossed < fewest:
            best, fewest = [list(column) for column in columns], crossed
    number(best)
    return best
