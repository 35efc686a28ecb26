"""Constants and indices as Python source."""

import numpy as np


class Name:
    """A name that prints without quotation marks inside tuples, lists and dicts."""

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name


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
    if isinstance(index, tuple) and not index:
        return "()"
    if isinstance(index, tuple):
        parts = [index_text(part, space) for part in index]
        return ", ".join(parts) + ("," if len(index) == 1 else "")
    if isinstance(index, slice):
        ends = ["" if end is None else str(end) for end in (index.start, index.stop)]
        return ":".join(ends) + (f":{index.step}" if index.step is not None else "")
    if index is Ellipsis:
        return "..."
    return repr(index) if isinstance(index, Name) else constant(index, space)
