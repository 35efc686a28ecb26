"""The result of a derivation as a NumPy function with its source."""

from functools import wraps

import numpy as np

from adcourse.compiling import function_from as executed
from adcourse.core.errors import WrongStructure
from adcourse.core.tree import flatten
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
    """The program as a function; its source stands in tracebacks and in `.source`.

    Sizes that are numbers are part of the formula (a mean divides by n), so that arrays of other
    shapes are refused, and points on another branch too. Raises WrongStructure, BranchChanged.
    """
    text, values = written(derivation)
    program = executed(text, derivation.kind.split()[0], {"np": np, **values})

    @wraps(program)
    def run(*given):
        for symbol, value in zip(derivation.arguments, given, strict=False):
            check_shape(symbol, np.shape(value))
        for path in derivation.paths:  # raises BranchChanged where the program takes another
            path(*flatten(path.point)[1](list(given[: len(path.inputs)])))
        return program(*given)

    return run


def check_shape(symbol, shape):
    """Refuse an array that has another shape than the symbol that it stands for."""
    wanted = getattr(symbol, "shape", None)
    if not isinstance(symbol, e.Sym) or not all(isinstance(n, int) for n in wanted):
        return
    flat = tuple(n for n in wanted if n != 1)  # rows and columns are 1-d
    if shape not in (wanted, flat):
        raise WrongStructure(
            f"{symbol.name} has shape {shape}, and was derived for {flat}, which the formula "
            "may depend on. Derive it again at this shape, or from symbols with named sizes."
        )
