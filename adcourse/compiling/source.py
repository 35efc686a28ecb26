"""A graph as straight-line NumPy source code that a person can read and Python can run."""

import numpy as np

from adcourse.compiling.running import function_from
from adcourse.compiling.spelling import Name, Space, argument, constant, index_text, result
from adcourse.core.errors import BranchChanged
from adcourse.core.graph import Node
from adcourse.rules.structure import by_columns, filled, pick_at

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

    Guards appear as calls of `same_path`, which refuses to go on where the program would take
    another branch. Rows of the package's own and long constant arrays (c1, c2, …) are named, not
    spelled out; `program` gives them.

    >>> from adcourse.core.recording import trace
    >>> print(source(trace(lambda x, y: x * np.sin(y), 2.0, 0.0)))
    def f(x, y):
        v1 = np.sin(y)
        v2 = x * v1
        return v2
    """
    return program(graph)[0]


def program(graph):
    """Source text, and the namespace in which it runs."""
    space = Space(graph, same_path=same_path)
    guarded = {}
    for node, answer in graph.guards:
        guarded.setdefault(node, []).append(answer)
    lines = []
    for node in (*graph.inputs, *graph.nodes):
        if node.primitive is not None:
            args = [
                space.written(a) if isinstance(a, Node) else argument(a, node, space)
                for a in node.args
            ]
            lines.append(f"{node.name} = {expression(node, space, args)}")
        for answer in guarded.get(node, ()):
            lines.append(f"same_path({space.written(node)}, {answer})")
    leaves = [space.written(o) if isinstance(o, Node) else result(o, space) for o in graph.outputs]
    returned = result_of(graph, [Name(leaf) for leaf in leaves], space)
    body = [*noted(space), *lines, f"return {returned}"]
    return "\n".join([head(space), *(f"    {line}" for line in body)]), space


def head(space):
    """The line that begins a program."""
    return f"def {space.title}({', '.join(space.arguments)}):"


def noted(space):
    """A comment for each array that has a name in the namespace."""
    arrays = [(n, v) for n, v in space.items() if isinstance(v, np.ndarray) and v.ndim]
    return [f"# {name}: array of shape {value.shape}" for name, value in arrays]


def result_of(graph, leaves, space):
    """What the program returns: these leaves, nested as the program nests its result."""
    if not is_plain(graph.result):
        return f"{space.named(graph.rebuild, 'nested')}([{', '.join(map(repr, leaves))}])"
    nest = graph.rebuild(leaves)
    text = repr(nest)
    return text[1:-1] if isinstance(nest, tuple) and len(nest) > 1 and text[0] == "(" else text


def is_plain(nest):
    """Whether nested tuples, lists and dicts print as they are written."""
    if type(nest) is dict:
        return all(type(key) in (str, int) and is_plain(nest[key]) for key in nest)
    if type(nest) in (tuple, list):
        return all(map(is_plain, nest))
    return nest is None or type(nest) is int  # the number of a leaf


def same_path(found, recorded):
    """Refuse to go on where the program would take another branch than the recorded one."""
    if bool(found != recorded):
        raise BranchChanged(
            f"This program was recorded where a condition is {recorded}, and here it is {found}. "
            "Trace it again at this point."
        )


def function_of(graph):
    """The graph as a Python function; its source is shown in tracebacks and as `.source`."""
    text, space = program(graph)
    return function_from(text, space.title, space)


def expression(node, space, args):
    """One node as a Python expression of `args`, the texts of its arguments.

    What it needs besides NumPy goes into `space`.
    """
    function, args = node.primitive.numpy, list(args)
    if node.primitive.name == "x[index]":
        return f"{args[0]}[{index_text(node.params['index'], space)}]"
    if node.primitive.kind == "pick":
        return f"{args[0]}[{node.params['place']}]"
    if function in INFIX:
        return INFIX[function].format(*args)
    if node.primitive is pick_at:  # the computed parts of the index are arguments
        index = filled(node.params["index"], map(Name, args[1:]))
        return f"{args[0]}[{index_text(index, space)}]"
    if node.primitive is by_columns:
        return f"np.asfortranarray({args[0]})"
    if node.primitive.name == "np.einsum":
        return f"np.einsum({node.params['subscripts']!r}, {', '.join(args)})"
    for name, value in node.params.items():
        text = constant(value, space) if name != "index" else f"np.s_[{index_text(value, space)}]"
        args.append(text if function in BY_POSITION else f"{name}={text}")
    if node.primitive.arity is None and node.primitive.name.startswith("np."):
        # NumPy takes any number of arrays as one list
        n = len(node.args)
        args = [f"[{', '.join(args[:n])}]", *args[n:]]
    return f"{called(node.primitive, space)}({', '.join(args)})"


def called(row, space):
    """The name under which a program calls a row; one that is not NumPy's stands in `space`."""
    if row.name.startswith("np."):
        return row.name
    name = row.name.rpartition(".")[2]
    return space.named(row, name if name.isidentifier() else "function")
