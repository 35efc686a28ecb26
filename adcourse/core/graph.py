"""A program as data: the nodes v1…vN that a run of it computed, in the order of computation.

`trace(f, *point)` runs f once with recording arrays. The graph holds one path through the program:
where the program asked `if x > 0`, the graph keeps the comparison and its answer as a guard.
Everything that is written down from a program (source code, SymPy, a drawing) is a fold over it.
"""

import operator

from adcourse.core.errors import BranchChanged, EscapedTracer, WrongStructure
from adcourse.core.points import real_points
from adcourse.core.primitive import Traced, settled, shape_of
from adcourse.core.scope import Scope
from adcourse.core.tracer import Tracer
from adcourse.core.tree import flatten, paths


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
            return f"{self.name}: input = {self.value!r}"
        words = [a.name if isinstance(a, Node) else repr(a) for a in self.args]
        words += [f"{name}={value!r}" for name, value in self.params.items()]
        return f"{self.name} = {self.primitive.name}({', '.join(words)}) = {self.value!r}"


class Graph:
    """A recorded program: `inputs`, `nodes` (v1…vN), `outputs`, and the `guards` of its branches.

    `outputs` lists a node, or a constant that does not depend on the inputs, per leaf of the
    result; `rebuild` nests such a list as the program nested its result. `guards` lists
    (node, answer): the path is the program's own wherever each of these nodes has that answer.
    Calling a graph evaluates it: `graph(*arguments)`.
    """

    def __init__(self, title, inputs, nodes, outputs, rebuild, guards, rebuild_inputs):
        self.title = title
        self.inputs = inputs
        self.nodes = nodes
        self.outputs = outputs
        self.rebuild = rebuild
        self.guards = guards
        self.rebuild_inputs = rebuild_inputs

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
        """The program's result at another point; raises BranchChanged on another branch."""
        leaves = flatten(arguments)[0]
        if len(leaves) != len(self.inputs):
            raise WrongStructure(
                f"{self.title} was traced with {len(self.inputs)} inputs, not {len(leaves)}."
            )
        values = self.fold(leaves, lambda node, args: node.primitive(*args, **node.params))
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

    # The floors above open only when someone looks.

    def source(self):
        """The program as straight-line NumPy source code."""
        from adcourse.compile import source

        return source(self)

    def step(self, mode="reverse", seed=None, key=""):
        """A picture that steps through the program by arrow keys; see `adcourse.draw`."""
        from adcourse.drawing import step

        return step(self, mode=mode, seed=seed, key=key)

    def _repr_html_(self):
        from adcourse.drawing import draw

        return draw(self)._repr_html_()


class Recorded(Tracer):
    """A value whose history is a node."""

    __slots__ = ("value", "scope", "node")
    keeps_names = True

    def __init__(self, scope, node):
        self.value = node.value
        self.scope = scope
        self.node = node

    def interpret(self, primitive, args, params):
        scope = self.scope
        mine = [isinstance(a, Recorded) and a.scope is scope for a in args]
        values = [a.value if on else a for a, on in zip(args, mine, strict=True)]
        z = settled(primitive(*values, **params), values)
        parts = tuple(a.node if on else a for a, on in zip(args, mine, strict=True))
        return scope.record(primitive, parts, params, z)

    def __bool__(self):
        return self.scope.guard(self.node, bool(self.value))

    def __index__(self):
        return self.scope.guard(self.node, operator.index(self.value))


class Recording(Scope):
    """The scope of one trace."""

    __slots__ = ("nodes", "guards")

    def __init__(self):
        super().__init__("trace")
        self.nodes = []
        self.guards = []

    def record(self, primitive, args, params, value):
        node = Node("", primitive, args, params, value)
        self.nodes.append(node)
        return Recorded(self, node)

    def guard(self, node, answer):
        if not self.open:
            raise EscapedTracer(self.maker)
        if (node, answer) not in self.guards:
            self.guards.append((node, answer))
        return answer


def trace(f, *point, prune=True):
    """The computational graph of f, recorded while f runs at this point.

    `point` holds one entry per argument of f, nested as f wants it. Inputs bear the names that f
    gives them, all other nodes are v1…vN in the order of computation. What reaches neither a result
    nor a branch is left out, unless `prune=False`.

    Raises MissingRule for a NumPy function without a row, NotReal for a point of whole-number
    arrays.

    >>> import numpy as np
    >>> trace(lambda x, y: x * np.sin(y), 2.0, 0.0)
    graph of f(x, y)
      x: input = 2.0
      y: input = 0.0
      v1 = np.sin(y) = 0.0
      v2 = np.multiply(x, v1) = 0.0
      returns v2
    """
    points, rebuild_inputs = real_points(point, "an argument of trace")
    names = input_names(f, point)
    inputs = [Node(name, None, (), {}, x) for name, x in zip(names, points, strict=True)]
    with Recording() as recording:
        out = f(*rebuild_inputs([Recorded(recording, node) for node in inputs]))
        leaves, rebuild = flatten(out)
        for leaf in leaves:
            if isinstance(leaf, Traced) and not leaf.scope.open:
                raise EscapedTracer(leaf.scope.maker)
    owned = [isinstance(leaf, Recorded) and leaf.scope is recording for leaf in leaves]
    outputs = [leaf.node if on else leaf for leaf, on in zip(leaves, owned, strict=True)]
    nodes, guards = recording.nodes, recording.guards
    nodes = reaching(nodes, outputs, guards) if prune else nodes
    taken = {node.name for node in inputs}
    prefix = "v" if not any(name.startswith("v") and name[1:].isdigit() for name in taken) else "t"
    for i, node in enumerate(nodes, start=1):
        node.name = f"{prefix}{i}"
    return Graph(title_of(f), inputs, nodes, outputs, rebuild, guards, rebuild_inputs)


def reaching(nodes, outputs, guards):
    """The nodes that an output or a guard depends on."""
    live = {o for o in outputs if isinstance(o, Node)} | {node for node, _ in guards}
    for node in reversed(nodes):
        if node in live:
            live.update(node.parents)
    return [node for node in nodes if node in live]


def title_of(f):
    """The name of f as it is printed; a lambda is called f."""
    name = getattr(f, "__name__", type(f).__name__)
    return name if name.isidentifier() else "f"


def input_names(f, point):
    """Names of the leaves of each argument, from the signature of f: `w1`, `x`, `params["b"]`."""
    from inspect import Parameter, signature  # slow to import, and only a trace needs it

    try:
        parameters = list(signature(f).parameters.values())
    except (TypeError, ValueError):  # some functions written in C have none
        parameters = []
    names = []
    for parameter in parameters:
        if parameter.kind is Parameter.VAR_POSITIONAL:
            names += [f"{parameter.name}{i}" for i in range(1, len(point) - len(names) + 1)]
        elif parameter.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD):
            names.append(parameter.name)
    if len(names) < len(point):
        names += [f"x{i}" for i in range(len(names) + 1, len(point) + 1)]
    return [leaf for name, x in zip(names, point, strict=False) for leaf in paths(x, name)]
