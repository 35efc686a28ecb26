"""The tests in front of compiled programs: which of them, if any, is meant for these arguments.

They are written out as source too, since for a short program a test costs as much as the program.
Arguments of rare kinds (namedtuples, dataclasses, other types) go to a slower test.
"""

import numpy as np

from adcourse.compiling.running import function_from
from adcourse.core.errors import BranchChanged
from adcourse.core.primitive import shape_of
from adcourse.core.tree import split


def front_of(programs, otherwise):
    """A function that runs the first program whose arguments are of these kinds."""
    space = {"otherwise": otherwise, "ndarray": np.ndarray, "BranchChanged": BranchChanged}
    lines = ["def front(*args):"]
    for n in {len(p.graph.point) for p in programs}:
        names = [f"a{k}" for k in range(n)]
        lines += [f"    if len(args) == {n}:", f"        [{', '.join(names)}] = args"]
        for k, program in enumerate(programs):
            if len(program.graph.point) != n:
                continue
            pairs = zip(program.graph.point, names, strict=True)
            tests = [test(x, name, space) for x, name in pairs]
            if all(tests):
                space[f"run{k}"], space[f"carefully{k}"] = program.run, program.carefully
                lines += [f"        {line}" for line in chosen(program, k, tests, names)]
    return function_from("\n".join([*lines, "    return otherwise(*args)"]), "front", space)


def chosen(program, k, tests, names):
    """The lines that run program k where all tests hold."""
    call = f"return run{k}({', '.join(names)})"
    lines = [f"if {' and '.join(tests) or 'True'}:"]
    if not (program.guarded or program.floats):
        return [*lines, f"    {call}"]
    lines += ["    try:", f"        {call}"]
    if program.guarded:
        lines += ["    except BranchChanged:", "        pass"]
    if program.floats:
        lines.append("    except (ArithmeticError, ValueError):")
        careful = f"return carefully{k}({', '.join(names)})"
        if program.guarded:
            lines += ["        try:", f"            {careful}"]
            lines += ["        except BranchChanged:", "            pass"]
        else:
            lines.append(f"        {careful}")
    return lines


def kind_of(x):
    """Something hashable that is equal for arguments of one kind: nesting, types, shapes."""
    children, make = split(x)
    if make is None:
        return x.__class__, shape_of(x), getattr(x, "dtype", None)
    labels = tuple(x) if isinstance(x, dict) else None
    return x.__class__, labels, *map(kind_of, children)


def test(x, name, space):
    """Source of the test for one argument like x, or None where only the slower test knows."""
    kind = x.__class__
    if kind is float:
        return f"{name}.__class__ is float"
    if kind is np.ndarray and x.dtype.isnative:
        space[x.dtype.name] = x.dtype
        whole = f"{name}.__class__ is ndarray and {name}.dtype is {x.dtype.name}"
        return f"{whole} and {name}.shape == {x.shape}"
    if kind in (np.float64, np.float32):
        space[f"{kind.__name__}_"] = kind
        return f"{name}.__class__ is {kind.__name__}_"
    if kind in (tuple, list):
        parts = [test(part, f"{name}[{k}]", space) for k, part in enumerate(x)]
        return joined([f"{name}.__class__ is {kind.__name__} and len({name}) == {len(x)}", *parts])
    if kind is dict and all(isinstance(label, str) for label in x):
        parts = [test(part, f"{name}[{label!r}]", space) for label, part in x.items()]
        labels = f"[*{name}] == {list(x)!r}"
        return joined([f"{name}.__class__ is dict and {labels}", *parts])
    return None


def joined(tests):
    return " and ".join(tests) if all(tests) else None
