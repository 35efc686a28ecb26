"""A graph as straight-line NumPy source code that a person can read and Python can run."""

import builtins
import linecache
from functools import update_wrapper
from itertools import count

import numpy as np

from adcourse.core.errors import AdcourseError, BranchChanged
from adcourse.core.graph import Node
from adcourse.core.primitive import Traced, shape_of
from adcourse.core.recording import title_of, trace
from adcourse.core.tree import flatten, paths
from adcourse.rules.structure import filled, pick_at

numbers = count(1)  # of the programs that were written, for their names in tracebacks
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
    space = {"np": np, "same_path": same_path}
    inputs = list(dict.fromkeys(root(node.name) for node in graph.inputs))
    guarded = {}
    for node, answer in graph.guards:
        guarded.setdefault(node, []).append(answer)
    lines = []
    for node in (*graph.inputs, *graph.nodes):
        if node.primitive is not None:
            lines.append(f"    {node.name} = {expression(node, space)}")
        for answer in guarded.get(node, ()):
            lines.append(f"    same_path({node.name}, {answer})")
    leaves = [Name(o.name if isinstance(o, Node) else constant(o, space)) for o in graph.outputs]
    result = repr(graph.rebuild(leaves))
    if result.startswith("(") and len(leaves) > 1 and isinstance(graph.rebuild(leaves), tuple):
        result = result[1:-1]  # return a, b
    notes = [
        f"    # {name}: array of shape {value.shape}"
        for name, value in space.items()
        if isinstance(value, np.ndarray)
    ]
    head = f"def {graph.title}({', '.join(inputs)}):"
    return "\n".join([head, *notes, *lines, f"    return {result}"]), space


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
    return function_from(text, graph.title, space)


def function_from(text, title, space):
    """The function of this name that a source text defines, run in the namespace `space`."""
    name = f"<adcourse {title} {next(numbers)}>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    exec(builtins.compile(text, name, "exec"), space)
    function = space[title]
    function.source = text
    return function


MOST_PROGRAMS = 16


def compile(f, *examples):
    """f as straight-line NumPy programs, one for each kind of arguments and path that it meets.

    The first call with arguments of new shapes, types or nesting, or on another branch, traces f
    and writes its program; later calls run that program. `examples`, the arguments of one call,
    make the first one at once. `.source` is the newest program's text. Traced arguments go to f
    itself, so a compiled function can be differentiated.

    f must be a function of its arguments alone: what else it does, such as drawing random numbers
    or filling a list, happens while it is traced and is not repeated.

    Raises AdcourseError after 16 programs: then f is a new program for every call.

    >>> square = compile(lambda x: x * x, 3.0)
    >>> square(4.0)
    16.0
    >>> print(square.source)
    def f(x):
        v1 = x * x
        return v1
    """
    compiled = Compiled(f)
    if examples:
        compiled(*examples)
    return compiled


class Compiled:
    """A function and the programs that were written for it."""

    def __init__(self, f):
        self.f = f
        self.programs = {}
        self.source = ""
        update_wrapper(self, f)

    def __call__(self, *args):
        leaves = flatten(args)[0]
        if any(isinstance(leaf, Traced) for leaf in leaves):
            return self.f(*args)
        kinds = [(shape_of(x), getattr(x, "dtype", x.__class__)) for x in leaves]
        key = (tuple(paths(args, "")), tuple(kinds))
        for run in self.programs.get(key, ()):
            try:
                return run(*args)
            except BranchChanged:
                continue
        if sum(map(len, self.programs.values())) >= MOST_PROGRAMS:
            raise AdcourseError(
                f"{title_of(self.f)} was compiled {MOST_PROGRAMS} times and takes yet another path "
                "or shape. Call the function itself, or compile the part that stays the same."
            )
        run = function_of(trace(self.f, *args))
        self.programs.setdefault(key, []).append(run)
        self.source = run.source
        return run(*args)


class Name:
    """A name that prints without quotation marks inside tuples, lists and dicts."""

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name


def root(name):
    """The argument that an input belongs to: `params["w"][0]` belongs to `params`."""
    return name.split("[")[0].split(".")[0]


def expression(node, space):
    """One node as a Python expression of names; what it needs besides NumPy goes into `space`."""
    function = node.primitive.numpy
    args = [a.name if isinstance(a, Node) else constant(a, space) for a in node.args]
    if node.primitive.name == "x[index]":
        return f"{args[0]}[{index_text(node.params['index'], space)}]"
    if node.primitive.kind == "pick":
        return f"{args[0]}[{node.params['place']}]"
    if function in INFIX:
        return INFIX[function].format(*args)
    if node.primitive is pick_at:  # the computed parts of the index are arguments
        index = filled(node.params["index"], map(Name, args[1:]))
        return f"{args[0]}[{index_text(index, space)}]"
    if node.primitive.name == "np.einsum":
        return f"np.einsum({node.params['subscripts']!r}, {', '.join(args)})"
    for name, value in node.params.items():
        text = constant(value, space) if name != "index" else f"np.s_[{index_text(value, space)}]"
        args.append(text if function in BY_POSITION else f"{name}={text}")
    if node.primitive.arity is None:  # a row of any number of arrays takes them as one list
        n = len(node.args)
        args = [f"[{', '.join(args[:n])}]", *args[n:]]
    if node.primitive.name.isidentifier():  # a row of the package's own
        space[node.primitive.name] = node.primitive
    return f"{node.primitive.name}({', '.join(args)})"


def constant(value, space):
    """A constant as source; a long array or a function gets a name in `space`."""
    if callable(value):
        name = f"function{sum(map(callable, space.values()))}"
        space[name] = value
        return name
    if isinstance(value, np.ndarray):
        lost = not value.size and value.shape != (0,)  # [] says nothing of a shape (0, 3)
        if value.size > SHORT or lost or value.dtype.kind not in "fiub":
            name = f"c{1 + sum(isinstance(v, np.ndarray) for v in space.values())}"
            space[name] = value
            return name
        dtype = "" if value.dtype in PLAIN else f", dtype=np.{value.dtype.name}"
        return f"np.array({spelled(value.tolist())}{dtype})"
    if isinstance(value, np.floating) and not isinstance(value, float):
        return f"np.{value.dtype.name}({spelled(float(value))})"
    if isinstance(value, np.generic):
        value = value.item()
    text = spelled(value)
    return f"({text})" if isinstance(value, float | int) and text.startswith("-") else text


SHORT = 8  # entries of an array that is spelled out
PLAIN = (np.dtype(float), np.dtype(int), np.dtype(bool))


def spelled(value):
    """A number, or nested lists and tuples of numbers, as source."""
    if isinstance(value, list):
        return f"[{', '.join(map(spelled, value))}]"
    if isinstance(value, float):
        return repr(value).replace("inf", "np.inf").replace("nan", "np.nan")
    return repr(value)


def index_text(index, space):
    """An index as it stands between brackets: `(slice(None), 0)` is `:, 0`."""
    if isinstance(index, tuple):
        parts = [index_text(part, space) for part in index]
        return ", ".join(parts) + ("," if len(index) == 1 else "")
    if isinstance(index, slice):
        ends = ["" if end is None else str(end) for end in (index.start, index.stop)]
        return ":".join(ends) + (f":{index.step}" if index.step is not None else "")
    if index is Ellipsis:
        return "..."
    return repr(index) if isinstance(index, Name) else constant(index, space)
