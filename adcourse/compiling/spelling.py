"""Constants and indices as Python source, and the namespace that they need."""

import keyword

import numpy as np

from adcourse.core.tree import paths


class Name:
    """A name that prints without quotation marks inside tuples, lists and dicts."""

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name


class Space(dict):
    """The namespace in which the program of a graph runs; no name in it means two things.

    `title` and `arguments` are the names of the function and of its arguments, `inputs` says how
    each input is written: as an argument or a part of one. What a line needs besides NumPy gets a
    name by `named`.
    """

    def __init__(self, graph, **given):
        super().__init__(np=np, **given)
        self.taken = {"float", *[node.name for node in graph.nodes]}
        self.names = {}  # id of a thing -> its name
        self.title = self.free(graph.title)
        self.taken.discard(self.title)  # an argument may bear it
        self.arguments, self.inputs = [], {}
        nodes = iter(graph.inputs)
        for k, x in enumerate(graph.point, start=1):
            parts = [(next(nodes), path) for path in paths(x, "", self.key)]
            name = self.free(root(parts[0][0].name) if parts else f"x{k}")
            self.arguments.append(name)
            self.inputs |= {node: f"{name}{path}" for node, path in parts}
        self.taken.add(self.title)

    def free(self, name):
        """This name, or one like it that is not taken yet; it is taken from now on."""
        while name in self or name in self.taken or keyword.iskeyword(name):
            name += "_"
        self.taken.add(name)
        return name

    def named(self, thing, name):
        """The name of a thing in the namespace, if need be a new one like `name`."""
        if id(thing) not in self.names:
            self.names[id(thing)] = name = self.free(name)
            self[name] = thing
        return self.names[id(thing)]

    def numbered(self, thing, letter):
        """The name of a thing: the letter and a number."""
        used = sum(name[:1] == letter and name[1:].isdigit() for name in self)
        return self.named(thing, f"{letter}{used + 1}")

    def key(self, key):
        """A key of a dict among the arguments."""
        return repr(key) if type(key) in (str, int, bool) else self.named(key, "key")

    def written(self, a):
        """A node: an input as it is reached, any other one by its name."""
        return self.inputs.get(a, a.name)


def root(name):
    """The argument that an input belongs to: `params["w"][0]` belongs to `params`."""
    return name.split("[")[0].split(".")[0]


def argument(a, node, space):
    """A constant that a node takes.

    A NumPy number decides of which type the result is where nothing else is of its type. Elsewhere
    it is written as a plain one.
    """
    if isinstance(a, np.generic):
        others = [getattr(b, "value", b) for b in node.args if b is not a]
        if np.float64 not in [getattr(b, "dtype", None) for b in others]:
            return typed(a, space)
    return constant(a, space)


def result(value, space):
    """A constant that the program returns."""
    return typed(value, space) if isinstance(value, np.generic) else constant(value, space)


def typed(number, space):
    """A NumPy number as source that keeps its type."""
    if isinstance(number, np.longdouble):
        return space.numbered(number, "c")
    return f"np.{number.dtype.name}({spelled(number.item())})"


def constant(value, space):
    """A constant as source; a long array, a function or another object gets a name in `space`."""
    if callable(value):
        return space.named(value, "function")
    if type(value) is tuple:
        parts = [constant(part, space) for part in value]
        return f"({', '.join(parts)}{',' * (len(parts) == 1)})"
    if isinstance(value, np.ndarray):
        lost = not value.size  # [] says nothing of a shape (0, 3), or of whole numbers
        if value.size > SHORT or lost or value.dtype.kind not in "fiub":
            return space.numbered(value, "c")
        dtype = "" if value.dtype in PLAIN else f", dtype=np.{value.dtype.name}"
        return f"np.array({spelled(value.tolist())}{dtype})"
    if isinstance(value, np.floating) and not isinstance(value, float):
        return typed(value, space)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, np.dtype):
        return f"np.dtype({value.str!r})"
    if not isinstance(value, float | int | str | list | None):
        return space.named(value, "object")
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
        return ", ".join(parts) + ("," if len(index) == 1 else "") if index else "()"
    if isinstance(index, slice):
        ends = ["" if end is None else str(end) for end in (index.start, index.stop)]
        return ":".join(ends) + (f":{index.step}" if index.step is not None else "")
    if index is Ellipsis:
        return "..."
    return repr(index) if isinstance(index, Name) else constant(index, space)
