"""Functions of scipy.special. This table is opened when a program first calls one of them."""

import numpy as np
import scipy.special as sp

from adcourse.rules import dependence
from adcourse.rules.batching import entry_by_entry
from adcourse.rules.kinds import elementwise, general

SLOPE = 2 / np.pi**0.5  # of erf at 0
DENSITY = 1 / (2 * np.pi) ** 0.5  # of the normal distribution at 0


def polygamma(x, order):
    """The derivative of this order of the digamma function."""
    return sp.polygamma(order, x)[()]


def next_polygamma(x, order, bar_or_dot):
    return polygamma(x, order=order + 1) * bar_or_dot


polygamma = general(
    polygamma,
    jvp=next_polygamma,
    vjp=next_polygamma,
    params="order",
    entries="polygamma",
    depends=dependence.unmoved,
)

# fmt: off
SPECIAL = {
    #                    ∂z/∂x                               SymPy
    sp.erf:       (lambda x: SLOPE * np.exp(-x * x),         "erf(x)"),
    sp.erfc:      (lambda x: -SLOPE * np.exp(-x * x),        "erfc(x)"),
    sp.ndtr:      (lambda x: DENSITY * np.exp(-x * x / 2),   "erfc(-x / sqrt(2)) / 2"),
    sp.expit:     (lambda z, x: z * sp.expit(-x),            "1 / (1 + exp(-x))"),
    sp.log_expit: (lambda x: sp.expit(-x),                   "-log(1 + exp(-x))"),
    sp.logit:     (lambda x: 1 / (x * (1 - x)),              "log(x / (1 - x))"),
    sp.gamma:     (lambda z, x: z * sp.digamma(x),           "gamma(x)"),
    sp.gammaln:   (lambda x: sp.digamma(x),                  "log(Abs(gamma(x)))"),
    sp.digamma:   (lambda x: polygamma(x, order=1),          "digamma(x)"),
}
# fmt: on

for function, (slope, form) in SPECIAL.items():
    name = "digamma" if function is sp.digamma else function.__name__
    row = elementwise(function, slope, sympy=form, name=f"scipy.special.{name}")
    row.batch = entry_by_entry
