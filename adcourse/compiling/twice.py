"""Is a function repeatable? Traced twice at one point, it must give one program and change nothing.

A trace sees what is computed from the arguments. Random numbers that f draws are constants to it,
and a list that f fills is out of its sight; both would be done once and never again.
"""

import operator
import random
import sys
from collections import deque
from types import CodeType, GeneratorType, ModuleType

import numpy as np

from adcourse.compiling.passes.common import key
from adcourse.core.errors import NotRepeatable
from adcourse.core.graph import Node
from adcourse.core.recording import title_of, trace

DEEP = 8  # containers within containers, or functions within functions, that are looked into
NUMBERS = (int, float, str, bool, complex)


def traced_twice(f, *point):
    """The graph of f at this point, if a second trace finds the same one and changes nothing.

    Looked at are the random generators, and whatever f and the functions that it uses hold: their
    closures, defaults, the module's names that they mention, attributes of their objects. What the
    first trace changes and the second one leaves is a cache that was filled, and is no change.
    Raises NotRepeatable.
    """
    first = trace(f, *point)
    before = surroundings(f)
    second = trace(f, *point)
    title = title_of(f)
    for name, state in surroundings(f).items():
        if before.get(name) != state:
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
    if isinstance(thing, NUMBERS) or thing is None:
        found[name] = key(thing)
    elif id(thing) not in seen and depth >= 0:
        seen.add(id(thing))
        found |= own_state(thing, name)
        for label, part in parts_of(thing, name):
            visit(part, label, found, seen, depth - 1)


def own_state(thing, name):
    """Name → state of a thing itself, without what it holds."""
    if isinstance(thing, np.random.Generator):
        return {f"the generator {name}": str(thing.bit_generator.state)}
    if isinstance(thing, np.ndarray):
        return {f"the array {name}": key(thing) if thing.dtype.kind != "O" else thing.shape}
    if isinstance(thing, list | set | dict | deque):
        return {f"the {type(thing).__name__} {name}": len(thing)}
    if isinstance(thing, GeneratorType):
        return {f"the iterator {name}": thing.gi_frame and thing.gi_frame.f_lasti}
    if hasattr(thing, "__next__"):
        return {f"the iterator {name}": (repr(thing), operator.length_hint(thing, -1))}
    return {}


def parts_of(thing, name):
    """(name, value) of what a thing holds."""
    if isinstance(thing, dict):
        return [(f"{name}[{label!r}]", part) for label, part in thing.items()]
    if isinstance(thing, list | tuple | deque):
        return [(f"{name}[{k}]", part) for k, part in enumerate(thing)]
    if isinstance(thing, GeneratorType):
        return [(name, part) for part in thing.gi_frame.f_locals.values()] if thing.gi_frame else []
    if hasattr(thing, "__self__"):  # a method
        return [(name, thing.__self__), (name, getattr(thing, "__func__", None))]
    if hasattr(thing, "__code__"):
        return held_by(thing, name)
    if hasattr(thing, "func") and hasattr(thing, "keywords"):  # functools.partial
        given = (*enumerate(thing.args), *thing.keywords.items())
        return [(name, thing.func), *[(f"argument {k} of {name}", part) for k, part in given]]
    if hasattr(thing, "__wrapped__"):
        return [(name, thing.__wrapped__)]
    kind = thing if isinstance(thing, type) else type(thing)
    if is_library(kind.__module__):
        return []
    held = {}
    for each in reversed(kind.__mro__):
        if not is_library(each.__module__):
            held |= {n: v for n, v in vars(each).items() if not n.startswith("__")}
            slots = each.__dict__.get("__slots__", ())
            slots = (slots,) if isinstance(slots, str) else slots
            held |= {n: getattr(thing, n) for n in slots if hasattr(thing, n)}
    held |= getattr(thing, "__dict__", {}) if thing is not kind else {}
    held |= {"__call__": vars(kind).get("__call__")}
    return [(f"{name}.{n}", part) for n, part in held.items()]


def held_by(function, name):
    """(name, value) of what a Python function reaches: closure, defaults, names of its module."""
    code = function.__code__
    for label, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
        try:
            yield label, cell.cell_contents
        except ValueError:  # not set yet
            continue
    last = code.co_varnames[: code.co_argcount][::-1]
    yield from zip(last, (function.__defaults__ or ())[::-1], strict=False)
    yield from (function.__kwdefaults__ or {}).items()
    yield from [(f"{name}.{label}", part) for label, part in vars(function).items()]
    if is_library(function.__module__):
        return
    for label in names_in(code):
        thing = function.__globals__.get(label)
        if isinstance(thing, ModuleType) and not is_library(thing.__name__):
            found = [(n, vars(thing)[n]) for n in names_in(code) if n in vars(thing)]
            yield from [(f"{label}.{n}", part) for n, part in found]
        else:
            yield label, thing


def is_library(module):
    """Whether a module came with Python, was installed, or is adcourse itself."""
    name = (module or "builtins").partition(".")[0]
    file = getattr(sys.modules.get(name), "__file__", None) or ""
    return name in (*sys.stdlib_module_names, "adcourse") or "site-packages" in file


def names_in(code):
    """The names that a function and the functions written in it mention."""
    inner = [names_in(c) for c in code.co_consts if isinstance(c, CodeType)]
    return sorted(set(code.co_names).union(*inner))
