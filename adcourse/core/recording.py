"""Recording a run of a program as a graph: `trace(f, *point)` runs f once with recording arrays."""

import operator

import numpy as np

from adcourse.core.errors import EscapedTracer
from adcourse.core.graph import Graph, Node
from adcourse.core.points import own, real_points, result_leaves, settled
from adcourse.core.scope import Scope
from adcourse.core.tracer import Tracer
from adcourse.core.tree import paths


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
        parts = tuple(a.node if on else frozen(a) for a, on in zip(args, mine, strict=True))
        params = {name: frozen(value) for name, value in params.items()}
        return scope.record(primitive, parts, params, z)

    def __bool__(self):
        if self.dtype.kind != "b":  # `if x` of a number asks whether it is 0
            return bool(self != 0)
        return self.scope.guard(self.node, bool(self.value))

    def __index__(self):
        return self.scope.guard(self.node, operator.index(self.value))


def again(x):
    """x itself. Its row marks a value from which a program computes something once more."""
    return x


def frozen(a):
    """A constant of the program as it is now: arrays are copied, also inside an index."""
    if isinstance(a, tuple):
        return tuple([frozen(part) for part in a])
    return a.copy() if isinstance(a, np.ndarray) else a


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
      x: input = 2
      y: input = 0
      v1 = np.sin(y) = 0
      v2 = np.multiply(x, v1) = 0
      returns v2
    """
    points, rebuild_inputs = real_points(point, "an argument of trace")
    points = own(points)
    names = list(unique(input_names(f, point)))
    inputs = [Node(name, None, (), {}, x) for name, x in zip(names, points, strict=True)]
    with Recording() as recording:
        out = f(*rebuild_inputs([Recorded(recording, node) for node in inputs]))
        leaves, rebuild = result_leaves(out)
    owned = [isinstance(leaf, Recorded) and leaf.scope is recording for leaf in leaves]
    outputs = [leaf.node if on else leaf for leaf, on in zip(leaves, owned, strict=True)]
    nodes, guards = recording.nodes, recording.guards
    nodes = reaching(nodes, outputs, guards) if prune else nodes
    name_nodes(nodes, inputs)
    result = rebuild(list(range(len(outputs))))
    return Graph(title_of(f), inputs, nodes, outputs, result, guards, rebuild_inputs(points))


def name_nodes(nodes, inputs):
    """Name nodes v1…vN in order; another letter where an input has such a name."""
    taken = [node.name for node in inputs]
    prefix = next(p for p in ("v", "t", "node", "u_") if not any(numbered(p, n) for n in taken))
    for i, node in enumerate(nodes, start=1):
        node.name = f"{prefix}{i}"


def numbered(prefix, name):
    """Whether an input has a name that a node might get."""
    return name.startswith(prefix) and name[len(prefix) :].isdigit()


def unique(names):
    """The names, with a line under each that stood before."""
    seen = set()
    for name in names:
        while name in seen:
            name += "_"
        seen.add(name)
        yield name


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
