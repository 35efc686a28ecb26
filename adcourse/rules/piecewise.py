"""Functions with kinks or jumps, and what is taken as their derivative there.

At a kink the symmetric choice is taken: abs has derivative 0 at 0, and where two arguments of
maximum or minimum tie, each gets one half, the mean of the one-sided derivatives. Comparisons
and steps are constant between their jumps: derivative zero.
"""

import numpy as np

from adcourse.rules.kinds import constant, elementwise, linear
from adcourse.rules.shapes import unbroadcast

# fmt: off
#           NumPy          ∂z/∂x                      ∂z/∂y                      SymPy
elementwise(np.absolute,   lambda x: np.sign(x),                                 sympy="Abs(x)")
elementwise(np.maximum,    lambda x, y: share(x, y),  lambda x, y: share(y, x),  sympy="Max(x, y)")
elementwise(np.minimum,    lambda x, y: share(y, x),  lambda x, y: share(x, y),  sympy="Min(x, y)")

constant(np.sign,          sympy="sign(x)")
constant(np.floor,         sympy="floor(x)")
constant(np.ceil,          sympy="ceiling(x)")
constant(np.greater,       arity=2, sympy="Gt(x, y)")
constant(np.greater_equal, arity=2, sympy="Ge(x, y)")
constant(np.less,          arity=2, sympy="Lt(x, y)")
constant(np.less_equal,    arity=2, sympy="Le(x, y)")
constant(np.equal,         arity=2, sympy="Eq(x, y)")
constant(np.not_equal,     arity=2, sympy="Ne(x, y)")
constant(np.logical_not,   sympy="Not(x)")
constant(np.logical_and,   arity=2, sympy="And(x, y)")
constant(np.logical_or,    arity=2, sympy="Or(x, y)")
constant(np.isfinite,      sympy="true")
constant(np.isnan,         sympy="false")
# fmt: on


def share(x, y):
    """The share of x in max(x, y): 1 where it wins, 0 where it loses, 1/2 at a tie."""
    return np.where(x > y, 1.0, np.where(x == y, 0.5, 0.0))


linear(
    np.where,  # linear in the two branches, given the condition; 0·∞ is never formed
    None,
    lambda x, y_shape, z_bar: unbroadcast(np.where(x, z_bar, 0.0), y_shape),
    lambda x, w_shape, z_bar: unbroadcast(np.where(x, 0.0, z_bar), w_shape),
    sympy="Piecewise((y, x), (w, True))",
)

share = constant(
    share, arity=2, sympy="Piecewise((1, x > y), (Rational(1, 2), Eq(x, y)), (0, True))"
)

constant(np.argmax, params="axis keepdims")
constant(np.argmin, params="axis keepdims")
