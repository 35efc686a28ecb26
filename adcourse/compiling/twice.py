"""Is a function repeatable? Traced twice at one point, it must give one program and change nothing.

A trace sees what is computed from the arguments. Random numbers that f draws are constants to it,
and a list that f fills is out of its sight; both would be done once and never again.
"""

import random

import numpy as np

from adcourse.compiling.passes.common import key
from adcourse.core.errors import NotRepeatable
from adcourse.core.graph import Node
from adcourse.core.recording import title_of, trace

DEEP = 4  # containers within containers, or functions within functions, that are looked into


def traced_twice(f, *point):
    """The graph of f at this point, if a second trace finds the same one and nothing changed.

    Looked at are the random generators, and whatever f and the functions that it uses hold: their
    closures, defaults, the module's names that they mention, attributes of their objects.
    Raises NotRepeatable.
    """
    before = surroundings(f)
    first = trace(f, *point)
    second = trace(f, *point)
    title = title_of(f)
    for name, state in surroundings(f).items():
        if before.get(name, state) != state:
            raise NotRepeatable(
                f"{title} changes {name} when it runs. A compiled function would do that only "
                "while it is traced. Let it return what it found, or take it as an argument."
            )
    difference = differing(first, second)
    if difference:
        raise NotRepeatable(
            f"{title} computed something else when it ran a second time at the same point: "
            f"{difference}. A compiled function would repeat the first run for ever. Draw random "
            "numbers outside and pass them as arguments."
        )
    return first


def differing(first, second):
    """Where two graphs of one function differ, in words; empty if nowhere."""
    place = {node: k for k, node in enumerate((*first.inputs, *first.nodes))}
    other = {node: k for k, node in enumerate((*second.inputs, *second.nodes))}

    def mark(parts, numbers):
        return [("node", numbers[p]) if p.__class__ is Node else key(p) for p in parts]

    for a, b in zip(first.nodes, second.nodes, strict=False):
        if a.primitive is not b.primitive:
            return f"{a.name} is {a.primitive.name} first and {b.primitive.name} then"
        if mark(a.args, place) != mark(b.args, other) or key(a.params) != key(b.params):
            return f"the constants of {a.name} = {a.primitive.name}(…) differ"
    if len(first.nodes) != len(second.nodes):
        return f"it took {len(first.nodes)} steps first and {len(second.nodes)} then"
    if mark(first.outputs, place) != mark(second.outputs, other):
        return "the constants that it returns differ"
    return ""


def surroundings(f):
    """Name → state of all that f can reach without being given it."""
    found = {
        "the random state of NumPy": key(np.random.get_state()),
        "the random state of Python": random.getstate(),
    }
    visit(f, getattr(f, "__name__", "f"), found, set(), DEEP)
    return found


def visit(thing, name, found, seen, depth):
    """Add the state of a thing, and of what it holds, to `found`."""
    if id(thing) in seen or depth < 0 or isinstance(thing, type):
        return
    seen.add(id(thing))
    if isinstance(thing, np.random.Generator):
        found[f"the generator {name}"] = str(thing.bit_generator.state)
    elif isinstance(thing, np.ndarray):
        found[f"the array {name}"] = key(thing) if thing.dtype.kind != "O" else thing.shape
    elif isinstance(thing, list | tuple | set | dict):
        if not isinstance(thing, tuple):
            found[f"the {type(thing).__name__} {name}"] = len(thing)
        parts = thing.items() if isinstance(thing, dict) else enumerate(thing)
        for label, part in parts:
            if isinstance(part, int | float | str | bool) and isinstance(thing, dict | list):
                found[f"{name}[{label!r}]"] = part
            visit(part, f"{name}[{label!r}]", found, seen, depth - 1)
    elif hasattr(thing, "__code__"):
        for label, part in held_by(thing):
            if isinstance(part, int | float | str | bool):
                found[label] = part
            visit(part, label, found, seen, depth - 1)
    elif hasattr(thing, "__self__"):
        visit(thing.__self__, name, found, seen, depth)
    elif hasattr(thing, "func"):  # functools.partial
        visit(thing.func, name, found, seen, depth)
        visit(list(thing.args), f"the arguments of {name}", found, seen, depth)
    elif type(thing).__module__.split(".")[0] not in LIBRARIES and hasattr(thing, "__dict__"):
        visit(vars(thing), name, found, seen, depth - 1)


LIBRARIES = ("builtins", "numpy", "scipy", "sympy", "matplotlib", "adcourse")


def held_by(function):
    """(name, value) of what a Python function reaches: closure, defaults, names of its module."""
    code = function.__code__
    cells = zip(code.co_freevars, function.__closure__ or (), strict=True)
    for name, cell in cells:
        try:
            yield name, cell.cell_contents
        except ValueError:  # not set yet
            continue
    yield from enumerate(function.__defaults__ or ())
    if not function.__module__ or function.__module__.split(".")[0] in LIBRARIES:
        return
    for name in code.co_names:
        if name in function.__globals__:
            yield name, function.__globals__[name]
