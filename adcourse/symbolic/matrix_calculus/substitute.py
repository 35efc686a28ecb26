"""A part of an expression replaced by another, and the whole built up again in plain form."""

import sympy

from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.entries import formula_of
from adcourse.symbolic.matrix_calculus.forms import add, inverse, mul, scale, transpose
from adcourse.symbolic.matrix_calculus.rates import applied
from adcourse.symbolic.matrix_calculus.scalars import Atom


def put(whole, old, new):
    """`whole` with every `old`, a matrix or a number, replaced by `new`."""
    if whole == old:
        return new
    if not isinstance(whole, e.Expression):
        return in_number(sympy.sympify(whole), old, new)
    operands = [put(operand, old, new) for operand in whole.operands]
    if isinstance(whole, e.Scale):
        return scale(put(whole.number, old, new), operands[0])
    if isinstance(whole, e.Ew):
        slots = e.slots(len(operands))
        found = {}
        inside = [formula_of(operand, found, deep=True) for operand in operands]
        formula = in_number(whole.formula, old, new)
        return applied(formula.xreplace(dict(zip(slots, inside, strict=True))), list(found))
    plain = {e.Sum: add, e.Product: mul, e.T: transpose, e.Inv: inverse}.get(type(whole))
    if plain is not None:
        return plain(*operands)
    return whole.with_operands(operands) if operands else whole


def in_number(s, old, new):
    """The same for a number: old may be a symbol of it, or stand inside of its atoms."""
    found = {}
    for symbol in s.free_symbols:
        if symbol == old:
            found[symbol] = new
        elif isinstance(symbol, Atom):
            inside = put(symbol.argument, old, new)
            if inside is not symbol.argument:
                found[symbol] = Atom(symbol.operator, inside)
    return s.xreplace(found)
