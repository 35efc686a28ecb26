"""The normal form that decides equality by form: products multiplied out, transposes at symbols.

Two matrices with the same normal form are equal; with different ones they may still be.
"""

from functools import lru_cache

import sympy

from adcourse.symbolic.matrix_calculus import entries
from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.forms import (
    add,
    expanded,
    inverse,
    linear_terms,
    mul,
    scale,
    transpose,
)
from adcourse.symbolic.matrix_calculus.numbers import determinant, log_determinant, trace
from adcourse.symbolic.matrix_calculus.scalars import atoms
from adcourse.symbolic.matrix_calculus.tidy import TIDY, size


@lru_cache(maxsize=8192)
def normal(a):
    """The normal form of a matrix, or of a number."""
    if not isinstance(a, e.Expression):
        return normal_number(sympy.sympify(a))
    operands = [normal(operand) for operand in a.operands]
    if isinstance(a, e.Scale):
        return expanded(scale(normal_number(a.number), operands[0]))
    if isinstance(a, e.Sum):
        return add(*operands)
    if isinstance(a, e.Product):
        return expanded(mul(*operands))
    if isinstance(a, e.T):
        return expanded(transpose(operands[0]))
    if isinstance(a, e.Inv):
        return inverse(operands[0])
    if isinstance(a, e.Solution):
        return expanded(mul(inverse(operands[0]), operands[1]))
    if isinstance(a, e.Softmax):
        return normal(quotient_of_exponentials(operands[0], a.axis))
    if isinstance(a, e.Ew | e.Diag | e.DiagPart):
        return TIDY[type(a)](a, operands)
    return a.with_operands(operands) if operands else a


def quotient_of_exponentials(z, axis):
    """exp(Z) divided by its sums."""
    t = e.slots(1)[0]
    powers = e.Ew(z, sympy.exp(t))
    if axis == 1:
        return mul(e.Diag(e.Ew(mul(powers, e.Ones(z.shape[1], 1)), 1 / t)), powers)
    sums = mul(transpose(powers), e.Ones(z.shape[0], 1))
    return mul(powers, e.Diag(e.Ew(sums, 1 / t)))


def normal_number(s):
    """A number with its atoms in normal form, as one fraction multiplied out."""
    rules = {"tr": trace, "det": determinant, "logdet": log_determinant}
    found = {
        atom: rules[atom.operator](normal(atom.argument))
        for atom in atoms(s)
        if atom.operator in rules
    }
    s = s.xreplace(found)
    return sympy.expand(s) if s.count_ops() < 200 else s


def same(a, b):
    """Whether two matrices, or two numbers, have the same normal form."""
    if isinstance(a, e.Expression) != isinstance(b, e.Expression):
        return False
    if not isinstance(a, e.Expression):
        difference = normal_number(sympy.sympify(a) - sympy.sympify(b))
        return difference == 0 or (difference.count_ops() < 100 and sympy.cancel(difference) == 0)
    if a.shape != b.shape:
        return False
    difference = add(normal(a), scale(-1, normal(b)))
    if isinstance(difference, e.Zero):
        return True
    if not isinstance(difference, e.Sum):
        return False
    return isinstance(entries.fused(linear_terms(difference), size), e.Zero)
