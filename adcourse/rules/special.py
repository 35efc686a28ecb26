"""Functions of scipy.special. This table is opened when a program first calls one of them."""

import numpy as np
import scipy.special as sp

from adcourse.rules.batching import entry_by_entry
from adcourse.rules.kinds import elementwise, general

SLOPE = 2 / np.pi**0.5  # of erf at 0
DENSITY = 1 / (2 * np.pi) ** 0.5  # of the normal distribution at 0


def polygamma(x, order):
    """The derivative of this order of the digamma function."""
    return sp.polygamma(order, x)[()]


def next_polygamma(x, order, bar_or_dot):
    return polygamma(x, order=order + 1) * bar_or_dot


polygamma = general(polygamma, jvp=next_polygamma, vjp=next_polygamma, params="order")

# fmt: off
SPECIAL = [
    #           SciPy         ∂z/∂x                                          ∂z/∂y           SymPy
    elementwise(sp.erf,       lambda x: SLOPE * np.exp(-x * x),                             sympy="erf(x)", name="scipy.special.erf"),
    elementwise(sp.erfc,      lambda x: -SLOPE * np.exp(-x * x),                           sympy="erfc(x)", name="scipy.special.erfc"),
    elementwise(sp.ndtr,      lambda x: DENSITY * np.exp(-x * x / 2),                        sympy="erfc(-x / sqrt(2)) / 2", name="scipy.special.ndtr"),
    elementwise(sp.expit,     lambda z, x: z * sp.expit(-x),                                 sympy="1 / (1 + exp(-x))", name="scipy.special.expit"),
    elementwise(sp.log_expit, lambda x: sp.expit(-x),                                        sympy="-log(1 + exp(-x))", name="scipy.special.log_expit"),
    elementwise(sp.logit,     lambda x: 1 / (x * (1 - x)),                                   sympy="log(x / (1 - x))", name="scipy.special.logit"),
    elementwise(sp.gamma,     lambda z, x: z * sp.digamma(x),                                sympy="gamma(x)", name="scipy.special.gamma"),
    elementwise(sp.gammaln,   lambda x: sp.digamma(x),                                       sympy="log(Abs(gamma(x)))", name="scipy.special.gammaln"),
    elementwise(sp.digamma,   lambda x: polygamma(x, order=1),                                  sympy="digamma(x)", name="scipy.special.digamma"),
]
# fmt: on

for row in SPECIAL:
    row.batch = entry_by_entry
