"""A graph as straight-line NumPy source code that a person can read and Python can run."""

import numpy as np

from adcourse.core.graph import Node
from adcourse.rules.structure import filled, pick_at

INFIX = {
    np.add: "{} + {}",
    np.subtract: "{} - {}",
    np.multiply: "{} * {}",
    np.divide: "{} / {}",
    np.power: "{} ** {}",
    np.matmul: "{} @ {}",
    np.negative: "-{}",
    np.greater: "{} > {}",
    np.greater_equal: "{} >= {}",
    np.less: "{} < {}",
    np.less_equal: "{} <= {}",
    np.equal: "{} == {}",
    np.not_equal: "{} != {}",
}
BY_POSITION = {np.reshape, np.transpose, np.broadcast_to}  # np.reshape(x, shape) reads better


def source(graph):
    """NumPy source of the recorded path: one line per node, named as in the graph.

    Guards appear as checks, so that the code refuses to answer for another branch. Functions of
    the package's own and large constant arrays are named, not spelled out.

    >>> from adcourse.core.recording import trace
    >>> print(source(trace(lambda x, y: x * np.sin(y), 2.0, 0.0)))
    def f(x, y):
        v1 = np.sin(y)
        v2 = x * v1
        return v2
    """
    inputs = list(dict.fromkeys(root(node.name) for node in graph.inputs))
    guarded = {}
    for node, answer in graph.guards:
        guarded.setdefault(node, []).append(answer)
    lines = [f"def {graph.title}({', '.join(inputs)}):"]
    for node in (*graph.inputs, *graph.nodes):
        if node.primitive is not None:
            lines.append(f"    {node.name} = {expression(node)}")
        for answer in guarded.get(node, ()):
            lines.append(f"    assert {node.name} == {answer}  # this path of the program only")
    results = graph.rebuild(
        [Name(o.name if isinstance(o, Node) else constant(o)) for o in graph.outputs]
    )
    returned = ", ".join(map(repr, results)) if type(results) is tuple else repr(results)
    return "\n".join([*lines, f"    return {returned}"])


class Name:
    """A name that prints without quotation marks inside tuples, lists and dicts."""

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name


def root(name):
    """The argument that an input belongs to: `params["w"][0]` belongs to `params`."""
    return name.split("[")[0].split(".")[0]


def expression(node):
    """One node as a Python expression of names."""
    function = node.primitive.numpy
    args = [a.name if isinstance(a, Node) else constant(a) for a in node.args]
    if node.primitive.name == "x[index]":
        return f"{args[0]}[{index_text(node.params['index'])}]"
    if node.primitive.kind == "pick":
        return f"{args[0]}[{node.params['place']}]"
    if function in INFIX:
        return INFIX[function].format(*args)
    if node.primitive is pick_at:  # the computed parts of the index are arguments
        index = filled(node.params["index"], map(Name, args[1:]))
        return f"{args[0]}[{index_text(index)}]"
    if node.primitive.name == "np.einsum":
        return f"np.einsum({node.params['subscripts']!r}, {', '.join(args)})"
    for name, value in node.params.items():
        args.append(repr(value) if function in BY_POSITION else f"{name}={value!r}")
    if node.primitive.arity is None:  # a row of any number of arrays takes them as one list
        n = len(node.args)
        args = [f"[{', '.join(args[:n])}]", *args[n:]]
    return f"{node.primitive.name}({', '.join(args)})"


def constant(value):
    """A constant as source: numbers as they are, negative ones in brackets, arrays as np.array."""
    if isinstance(value, np.ndarray):
        text = np.array2string(value, separator=", ", threshold=8).replace("\n", "")
        return f"np.array({text})"
    if isinstance(value, float | np.floating):
        text = repr(float(value))
        return f"({text})" if text.startswith("-") else text
    return f"({value})" if isinstance(value, int) and value < 0 else repr(value)


def index_text(index):
    """An index as it stands between brackets: `(slice(None), 0)` is `:, 0`."""
    if isinstance(index, tuple):
        return ", ".join(map(index_text, index)) + ("," if len(index) == 1 else "")
    if isinstance(index, slice):
        ends = ["" if end is None else str(end) for end in (index.start, index.stop)]
        return ":".join(ends) + (f":{index.step}" if index.step is not None else "")
    if index is Ellipsis:
        return "..."
    return constant(index) if isinstance(index, np.ndarray) else repr(index)
