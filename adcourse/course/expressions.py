"""SymPy answers as values at seeded rational points: equal expressions give equal text."""

import random

import sympy
from sympy.matrices.expressions import MatrixExpr

from .canonical import number

POINTS = 3


def values_of(expression, digits, symbols, seed):
    """The values of an expression or matrix at rational points that its symbols' names decide."""
    unknown = _unknown(expression, symbols)
    if unknown:
        allowed = ", ".join(_names(symbols))
        return f"an expression in the unknown symbol {unknown[0]}; known: {allowed}"
    if not isinstance(expression, sympy.Expr | sympy.MatrixBase | MatrixExpr):
        return f"a {type(expression).__name__}, which is not an expression with a value"
    values = [_value(expression, digits, random.Random(f"{seed}/{k}")) for k in range(POINTS)]
    return values[0] if len(set(values)) == 1 else " | ".join(values)


def _names(symbols):
    if isinstance(symbols, str):
        return symbols.replace(",", " ").split()
    return [str(symbol) for symbol in symbols]


def _unknown(expression, symbols):
    if symbols is None:
        return []
    return sorted({s.name for s in _atoms(expression)} - set(_names(symbols)))


def _atoms(expression):
    return expression.atoms(sympy.Symbol, sympy.MatrixSymbol)


def _value(expression, digits, draw):
    # A name decides its numbers: neither the order of symbols nor their assumptions matter.
    salt = draw.random()
    scalars, matrices = {}, {}
    for atom in _atoms(expression):
        own = random.Random(f"{salt}/{atom.name}")
        if isinstance(atom, sympy.MatrixSymbol):
            if not all(n.is_Integer for n in atom.shape):
                return f"an expression in the matrix {atom.name} without a numeric shape"
            entries = [_rational(own) for _ in range(int(atom.rows) * int(atom.cols))]
            matrices[atom] = sympy.ImmutableMatrix(*atom.shape, entries)
        else:
            scalars[atom] = _rational(own)
    for name in {atom.name for atom in matrices}:
        # A matrix symbol keeps its name as a symbol inside; it must not be replaced twice.
        scalars = {s: v for s, v in scalars.items() if s.name != name}
    value = expression.subs(matrices).subs(scalars).doit() if matrices else expression.subs(scalars)
    if isinstance(value, MatrixExpr):
        value = value.as_explicit()
    if isinstance(value, sympy.MatrixBase):
        entries = ", ".join(_number(entry, digits) for entry in value)
        return f"shape {value.shape}: {entries}"
    return _number(value, digits)


def _rational(draw):
    """A rational in (0, 2), one in two of them below 1."""
    return sympy.Rational(draw.randint(1, 96), draw.choice([97, 49]))


def _number(value, digits):
    value = sympy.sympify(value).evalf(digits + 10, chop=True)
    if value.is_number and value.is_finite is not False:
        try:
            return number(complex(value), digits)
        except TypeError:
            pass  # an unevaluated derivative, integral or function
    return f"not a finite number ({str(value)[:80]})"
