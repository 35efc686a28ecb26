"""What is differentiated by what: a program at a point, or a formula and symbols, checked."""

import sympy

from adcourse.core.errors import WrongStructure
from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.exchange import from_matrix_expression
from adcourse.symbolic.matrix_calculus.reading import read
from adcourse.symbolic.matrix_calculus.scalars import Atom
from adcourse.symbolic.matrix_calculus.symbol import properties


def problem(f, args, argnums, assume):
    """What to differentiate, by which symbols, all arguments, and conditions of the path."""
    if callable(f) and not isinstance(f, e.Expression | sympy.Basic):
        program = read(f, args, assume)
        picked = (argnums,) if isinstance(argnums, int) else tuple(argnums)
        count = len(program.arguments)
        if not all(-count <= k < count for k in picked):
            raise WrongStructure(f"argnums is {argnums}, but there are {count} arguments.")
        targets = [program.arguments[k] for k in picked]
        return program.result, targets, program.arguments, program.conditions
    if not args:
        raise WrongStructure("Say by which symbols to differentiate: gradient(f, x).")
    f, args = translated(f, assume), [translated(x, assume) for x in args]
    symbols = symbols_of(f, *args)
    if unknown := set(assume or {}) - {s.name for s in symbols}:
        raise WrongStructure(f"Nothing is called {unknown.pop()}: {', '.join(names(symbols))}.")
    for s in symbols:
        if assume and s.name in assume and s.properties != properties(assume[s.name]):
            raise WrongStructure(f"{s.name} has its properties already: give them to matrix(…).")
    return f, check_targets(args), symbols, ()


def translated(a, assume):
    """An expression or number of SymPy as one of the engine."""
    return a if isinstance(a, e.Expression) else from_matrix_expression(a, assume)


def check_targets(targets):
    for x in targets:
        if not isinstance(x, e.Sym | sympy.Symbol) or isinstance(x, Atom):
            raise WrongStructure(f"Only a named matrix, vector or number is differentiated by: {x}")
    return list(targets)


def symbols_of(*parts):
    """All symbols of some matrices and numbers, by name; one name is one symbol."""
    found = [a.symbols if isinstance(a, e.Expression) else e.scalar_symbols(a) for a in parts]
    symbols = sorted(frozenset().union(*found), key=lambda s: s.name)
    for s, other in zip(symbols, symbols[1:], strict=False):
        if s.name == other.name:
            raise WrongStructure(
                f"Two different symbols are called {s.name}: {described(s)}, {described(other)}. "
                "Make it once and use it everywhere."
            )
    return tuple(symbols)


def described(s):
    if isinstance(s, e.Sym):
        return " ".join(["a matrix of shape", str(s.shape), *sorted(s.properties)])
    return "a positive number" if s.is_positive else "a number"


def names(symbols):
    return [s.name for s in symbols]
