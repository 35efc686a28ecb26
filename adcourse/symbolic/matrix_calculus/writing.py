"""The result of a derivation as a NumPy function with its source."""

import numpy as np

from adcourse.compile import function_from as executed
from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.code import Writer
from adcourse.symbolic.matrix_calculus.scalars import Atom


def written(derivation):
    """Source text, and the constants that it names."""
    name = derivation.kind.split()[0]
    changes = [
        e.D(x) if isinstance(x, e.Sym) else Atom("d", x)
        for x in derivation.targets
        if derivation.kind == "differential"
    ]
    writer = Writer((*derivation.arguments, *changes), derivation.results)
    results = ", ".join(writer.outermost(r) for r in derivation.results)
    head = f"def {name}({', '.join(writer.names[a] for a in writer.arguments)}):"
    notes = [f"# {n}: constant of shape {value.shape}" for n, value in writer.values.items()]
    lines = [*notes, *writer.imports, *writer.lines, f"return {results}"]
    return "\n".join([head, *(f"    {line}" for line in lines)]), writer.values


def source_of(derivation):
    return written(derivation)[0]


def function_from(derivation):
    """The program as a function; its source stands in tracebacks and in `.source`."""
    text, values = written(derivation)
    return executed(text, derivation.kind.split()[0], {"np": np, **values})
