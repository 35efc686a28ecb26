"""Partial derivatives of formulas, by SymPy, and formulas put over the matrices they are about."""

import sympy

from adcourse.core.errors import NotLowerable
from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.forms import scale


def applied(formula, operands):
    """A formula of slots on the operands that it names; a single slot is its operand."""
    formula = sympy.sympify(formula)
    slots = e.slots(len(operands))
    used = [k for k, slot in enumerate(slots) if slot in formula.free_symbols]
    if not used:
        return scale(formula, e.Ones(*operands[0].shape))
    number, rest = formula.as_independent(*slots, as_Add=False)
    if len(used) == 1 and rest == slots[used[0]]:
        return scale(number, operands[used[0]])
    renamed = dict(zip([slots[k] for k in used], e.slots(len(used)), strict=True))
    return scale(number, e.Ew(*[operands[k] for k in used], rest.xreplace(renamed)))


def slope(s, symbol):
    """∂s/∂symbol by SymPy, with what has no slope (steps, signs, roundings) counted as flat."""
    s = sympy.sympify(s)
    flat = {part: sympy.Dummy(real=True) for part in s.atoms(sympy.floor, sympy.ceiling)}
    rate = sympy.diff(s.xreplace(flat), symbol)
    if rate.has(sympy.Derivative, sympy.Subs):
        raise NotLowerable(f"SymPy has no derivative of {s} by {symbol}.")
    rate = rate.replace(sympy.DiracDelta, lambda *_: sympy.S.Zero)
    return rate.xreplace({dummy: part for part, dummy in flat.items()})
