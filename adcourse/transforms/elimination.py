"""Jacobians by eliminating vertices: the multiplications that each order of elimination costs.

On every edge x → v of a graph of numbers stands the local partial ∂v/∂x. To eliminate an
intermediate vertex v, each predecessor p is joined to each successor s: the product of the partials
on p → v and v → s is added to the partial on p → s. When no intermediate vertex is left, the edges
from inputs to outputs hold the Jacobian. Eliminating v costs one multiplication per pair (p, s), so
the order matters. To eliminate in the order of computation is forward mode, in the opposite one
reverse mode. The cheapest way to accumulate a Jacobian is NP-complete to find (Naumann 2008).
Griewank & Walther 2008, chapters 9 and 10.
"""

from typing import NamedTuple

import numpy as np

from adcourse.core.errors import WrongStructure
from adcourse.core.graph import Node
from adcourse.transforms.linearised import local_edges, scalar_partial

MOST_SEARCHED = 16  # intermediate vertices: the search visits 2 to this power sets


class Elimination(NamedTuple):
    """The Jacobian (outputs × inputs), the multiplications in all, and those of each vertex."""

    jacobian: np.ndarray
    cost: int
    costs: list


class Linearised:
    """The edges of a graph of numbers with their partials, changed by each elimination.

    `partials[p, s]` is the number on the edge p → s; vertices have the names of their nodes. An
    output that others use, too, or that is an input, has a copy with the name "output i".
    """

    def __init__(self, graph):
        for node in (*graph.inputs, *graph.nodes):
            if node.shape:
                raise WrongStructure(
                    f"Vertices are eliminated from graphs of numbers, but {node.name} has the "
                    f"shape {node.shape}. Trace the program with one argument per number."
                )
        edges, _ = local_edges(graph)
        self.partials = {}
        for node in graph.nodes:
            for k, _, _ in edges[node]:
                edge = node.args[k].name, node.name
                self.partials[edge] = self.partials.get(edge, 0.0) + scalar_partial(node, k)
        self.inputs = [node.name for node in graph.inputs]
        self.outputs, self.copies = [], set()
        used = {p for p, _ in self.partials}
        for i, node in enumerate(graph.outputs, start=1):
            name = node.name if isinstance(node, Node) else None
            if name in used or name in self.inputs or name in self.outputs:
                copy = f"output {i}"
                self.partials[name, copy] = 1.0
                self.copies.add((name, copy))
                name = copy
            self.outputs.append(name)
        self.drop_dead_ends()

    def drop_dead_ends(self):
        """Forget edges that lead to no output."""
        needed = set(self.outputs)
        for p, s in reversed(self.partials):  # users come after what they use
            if s in needed:
                needed.add(p)
        self.partials = {edge: x for edge, x in self.partials.items() if edge[1] in needed}

    @property
    def vertices(self):
        """The names of the intermediate vertices that are left, in the order of computation."""
        ends = {*self.inputs, *self.outputs}
        return list(dict.fromkeys(s for _, s in self.partials if s not in ends))

    def neighbours(self, vertex):
        before = [p for p, s in self.partials if s == vertex]
        return before, [s for p, s in self.partials if p == vertex]

    def eliminate(self, vertex):
        """Join the neighbours of a vertex, remove it, and return the multiplications.

        An edge to a copy bears the constant 1: nothing is multiplied.
        """
        before, after = self.neighbours(vertex)
        count = 0
        for p in before:
            for s in after:
                count += (vertex, s) not in self.copies
                product = self.partials[p, vertex] * self.partials[vertex, s]
                self.partials[p, s] = self.partials.get((p, s), 0.0) + product
        self.partials = {edge: x for edge, x in self.partials.items() if vertex not in edge}
        return count

    def jacobian(self):
        return np.array([[self.partials.get((x, y), 0.0) for x in self.inputs]
                         for y in self.outputs])  # fmt: skip


def vertices(graph):
    """The names of the intermediate vertices of a graph of numbers, in the order of computation.

    >>> from adcourse import trace
    >>> vertices(trace(lambda x: np.exp(np.sin(x) * x), 2.0))
    ['v1', 'v2']
    """
    return Linearised(graph).vertices


def eliminate(graph, order="reverse"):
    """The Jacobian of a traced program of numbers, accumulated by eliminating vertices in an order.

    `order` is "forward", "reverse", or a list of all names of `vertices(graph)`. Returns an
    `Elimination(jacobian, cost, costs)`: the cost counts multiplications of partials.

    Raises WrongStructure if a node is no number, or the order does not name each vertex once.

    >>> from adcourse import trace
    >>> def f(x, y):  # two inputs, one output: reverse mode is cheaper
    ...     v = np.sin(x * y)
    ...     return np.exp(v * v)
    >>> graph = trace(f, 1.0, 2.0)
    >>> eliminate(graph, "forward").cost, eliminate(graph, "reverse").cost
    (6, 4)
    """
    linearised = Linearised(graph)
    names = in_order(linearised.vertices, order)
    costs = [linearised.eliminate(name) for name in names]
    return Elimination(linearised.jacobian(), sum(costs), costs)


def in_order(names, order):
    """The vertices in an order given by word or as a list."""
    if isinstance(order, str):
        if order not in ("forward", "reverse"):
            raise WrongStructure(f'order is {order!r}: write "forward", "reverse" or a list.')
        return names if order == "forward" else names[::-1]
    if sorted(order) != sorted(names):
        raise WrongStructure(f"order must name each of {', '.join(names)} once, not {order}.")
    return list(order)


def best_order(graph):
    """An order of elimination with the fewest multiplications, and their number.

    Search over all orders: which edges are left depends on the set that was eliminated and not on
    its order, so 2ⁿ sets are visited instead of n! orders. Refused above 16 vertices.

    >>> from adcourse import trace
    >>> best_order(trace(lambda x, y: np.exp(np.sin(x * y)), 1.0, 2.0))
    (['v2', 'v1'], 3)
    """
    start = Linearised(graph)
    names = start.vertices
    if len(names) > MOST_SEARCHED:
        raise WrongStructure(
            f"{graph.title} has {len(names)} intermediate vertices: the best of all orders is "
            f"searched for up to {MOST_SEARCHED}. Trace a smaller part."
        )
    known = {frozenset(): (0, [])}
    for _ in names:  # sets of one vertex, of two, …
        larger = {}
        for gone, (cost, order) in known.items():
            left = Linearised(graph)
            for name in order:
                left.eliminate(name)
            for name in names:
                if name not in gone:
                    before, after = left.neighbours(name)
                    price = cost + sum((name, s) not in left.copies for s in after) * len(before)
                    found = larger.get(gone | {name})
                    if found is None or price < found[0]:
                        larger[gone | {name}] = price, [*order, name]
        known = larger
    ((cost, order),) = known.values()
    return order, cost
