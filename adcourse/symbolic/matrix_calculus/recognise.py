"""What a formula is called: quotients, squared lengths ‖A‖² = tr(AᵀA), the logistic function σ."""

import sympy

from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.forms import mul, transpose
from adcourse.symbolic.matrix_calculus.scalars import Atom


def quotient(s):
    """Numerator and denominator; a power of e stays above, and σ(u) is no quotient."""
    up, down = [], []
    for factor in sympy.Mul.make_args(s):
        base, exponent = factor.as_base_exp()
        if factor.is_Rational:
            up.append(sympy.Integer(factor.p))
            down.append(sympy.Integer(factor.q))
        elif exponent.could_extract_minus_sign() and base is not sympy.E:
            down.append(1 / factor)
        else:
            up.append(factor)
    down = sympy.Mul(*down)
    if not down.free_symbols:  # numbers alone stay in front as they are
        return s, sympy.S.One
    return sympy.Mul(*up), down


def inner_square(s):
    """The A of tr(AᵀA), or None."""
    if isinstance(s, Atom) and s.operator == "tr" and isinstance(s.argument, e.Product):
        factors = s.argument.operands
        if len(factors) % 2 == 0:
            half = factors[len(factors) // 2 :]
            right = half[0] if len(half) == 1 else mul(*half)
            if transpose(right) is (factors[0] if len(half) == 1 else mul(*factors[: len(half)])):
                return right
    return None


def as_sigmoid(s):
    """σ(u) where s is 1/(1 + e⁻ᵘ) or eᵘ/(1 + eᵘ), as SymPy writes them; else None."""
    up, down = sympy.fraction(s)
    if down.is_Add and len(down.args) == 2 and sympy.S.One in down.args:
        (power,) = (t for t in down.args if t != 1)
        if isinstance(power, sympy.exp) or (power.is_Pow and power.base is sympy.E):
            u = power.args[-1]
            if up == 1:
                return sigmoid(-u)
            if up == power:
                return sigmoid(u)
    return None


class sigmoid(sympy.Function):
    """σ(t) = 1/(1 + e⁻ᵗ), a name for what exp says."""

    def _eval_rewrite_as_exp(self, t, **hints):
        return 1 / (1 + sympy.exp(-t))

    def doit(self, **hints):
        return self.rewrite(sympy.exp)

    def fdiff(self, argindex=1):
        return self * (1 - self)
