"""A program as data: the nodes v1…vN that a run of it computed, in the order of computation.

A graph holds one path through the program: where the program asked `if x > 0`, the graph keeps the
comparison and its answer as a guard. Everything that is written down from a program (source code,
SymPy, a drawing) is a fold over its graph.
"""

import numpy as np

from adcourse.core.errors import BranchChanged, WrongStructure
from adcourse.core.points import matching_leaves, settled
from adcourse.core.primitive import shape_of
from adcourse.core.tree import flatten


class Node:
    """One value of the program: an input (`primitive` is None) or the result of one row.

    `args` are nodes and plain constants in the order of the row's arguments, `params` its options,
    `value` what was computed at the traced point.
    """

    __slots__ = ("name", "primitive", "args", "params", "value")

    def __init__(self, name, primitive, args, params, value):
        self.name = name
        self.primitive = primitive
        self.args = args
        self.params = params
        self.value = value

    @property
    def parents(self):
        """The nodes among the arguments, in order, with repetitions."""
        return [a for a in self.args if isinstance(a, Node)]

    @property
    def shape(self):
        if isinstance(self.value, tuple):  # a row with several outputs
            return tuple(map(shape_of, self.value))
        return shape_of(self.value)

    def __repr__(self):
        if self.primitive is None:
            return f"{self.name}: input = {short(self.value)}"
        words = [a.name if isinstance(a, Node) else short(a) for a in self.args]
        words += [f"{name}={value!r}" for name, value in self.params.items()]
        return f"{self.name} = {self.primitive.name}({', '.join(words)}) = {short(self.value)}"


def short(value):
    """A value in few digits and one line; a long array by its shape."""
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, np.ndarray):
        if value.size > 8:
            return f"array of shape {value.shape}"
        return " ".join(np.array2string(value, precision=6).split())
    return repr(value)


class Place(int):
    """Where a node stands in a pickled graph."""


class Graph:
    """A recorded program: `inputs`, `nodes` (v1…vN), `outputs`, and the `guards` of its branches.

    `outputs` lists a node, or a constant that does not depend on the inputs, per leaf of the
    result; `rebuild` nests such a list as the program nested its result. `guards` lists
    (node, answer): the path is the program's own wherever each of these nodes has that answer;
    `point` holds the traced arguments. Calling a graph evaluates it: `graph(*arguments)`.

    >>> from adcourse import trace
    >>> graph = trace(lambda x, y: x * np.sin(y), 2.0, 0.5)
    >>> [node.name for node in graph.inputs], [node.name for node in graph.nodes]
    (['x', 'y'], ['v1', 'v2'])
    >>> graph(3.0, 0.0)
    0.0
    """

    def __init__(self, title, inputs, nodes, outputs, result, guards, point):
        self.title = title
        self.inputs = inputs
        self.nodes = nodes
        self.outputs = outputs
        self.result = result
        self.guards = guards
        self.point = point

    def rebuild(self, leaves):
        """A list with one entry per output, nested as the program nested its result."""
        return flatten(self.result)[1](leaves)

    def fold(self, inputs, meaning):
        """Read the graph once: `meaning(node, args)` for each node, from meanings of the inputs.

        Returns the meanings of all nodes, as a dict from node to meaning.
        """
        meanings = dict(zip(self.inputs, inputs, strict=True))
        for node in self.nodes:
            args = [meanings[a] if isinstance(a, Node) else a for a in node.args]
            meanings[node] = meaning(node, args)
        return meanings

    def __call__(self, *arguments):
        """The program's result at another point, nested and shaped like the traced one.

        Raises WrongStructure at another kind of point, BranchChanged on another branch.
        """
        if len(arguments) != len(self.point):
            raise WrongStructure(
                f"{self.title} was traced with {len(self.point)} arguments, not {len(arguments)}."
            )
        leaves = matching_leaves(arguments, self.point, "The arguments", "the traced point")
        values = self.fold(
            leaves, lambda node, args: settled(node.primitive(*args, **node.params), args)
        )
        for node, answer in self.guards:
            if bool(values[node] != answer):
                raise BranchChanged(
                    f"{self.title} was traced where {node.name} is {answer}, and here it is not: "
                    "the program takes another path. Trace it again at this point."
                )
        return self.rebuild([values.get(o, o) if isinstance(o, Node) else o for o in self.outputs])

    def users(self):
        """For each node, the nodes that use it, in order, with repetitions."""
        users = {node: [] for node in (*self.inputs, *self.nodes)}
        for node in self.nodes:
            for parent in node.parents:
                users[parent].append(node)
        return users

    def __repr__(self):
        lines = [f"graph of {self.title}({', '.join(node.name for node in self.inputs)})"]
        lines += [f"  {node!r}" for node in (*self.inputs, *self.nodes)]
        lines += [f"  taken where {node.name} is {answer!r}" for node, answer in self.guards]
        names = [o.name if isinstance(o, Node) else repr(o) for o in self.outputs]
        return "\n".join([*lines, f"  returns {', '.join(names)}"])

    # Pickled and copied node by node: a long program is a deep chain of references.

    def __getstate__(self):
        place = {node: Place(i) for i, node in enumerate((*self.inputs, *self.nodes))}

        def placed(parts):
            return [place[part] if isinstance(part, Node) else part for part in parts]

        cells = [(n.name, n.primitive, placed(n.args), n.params, n.value) for n in place]
        guards = [(place[node], answer) for node, answer in self.guards]
        rest = (self.title, len(self.inputs), placed(self.outputs), self.result, self.point)
        return cells, guards, rest

    def __setstate__(self, state):
        cells, guards, (self.title, count, outputs, self.result, self.point) = state
        nodes = []

        def found(parts):
            return [nodes[part] if isinstance(part, Place) else part for part in parts]

        for name, primitive, args, params, value in cells:
            nodes.append(Node(name, primitive, tuple(found(args)), params, value))
        self.inputs, self.nodes, self.outputs = nodes[:count], nodes[count:], found(outputs)
        self.guards = [(nodes[place], answer) for place, answer in guards]

    # The floors above open only when someone looks.

    def source(self):
        """The program as straight-line NumPy source code."""
        from adcourse.compiling import source

        return source(self)

    def step(self, mode="reverse", seed=None, key=""):
        """A picture that steps through the program by arrow keys; see `adcourse.draw`."""
        from adcourse.drawing import step

        return step(self, mode=mode, seed=seed, key=key)

    def _repr_html_(self):
        from adcourse.drawing import draw

        return draw(self)._repr_html_()
