"""sinc x = sin(πx)/(πx) with all its derivatives right, also at and near 0.

sinc x = ∫₀¹ cos(πxt) dt, so its n-th derivative is ∫₀¹ (πt)ⁿ cos(πxt + nπ/2) dt: no division by x.
"""

import numpy as np

from adcourse.rules.kinds import elementwise, general


def sinc_slope(x, order):
    """The derivative of this order of np.sinc: Gauss's quadrature near 0, a recursion elsewhere."""
    x = np.asarray(x, dtype=np.result_type(x, 1.0))
    near = np.abs(x) < order / 2
    far = np.where(near, 1.0, x)
    z = np.sinc(far)
    for n in range(1, order + 1):  # x fⁿ + n fⁿ⁻¹ is the derivative of order n of sin(πx)/π
        z = (np.pi ** (n - 1) * np.sin(np.pi * far + n * np.pi / 2) - n * z) / far
    z = np.array(z)  # also where x has no axes
    nodes, weights = np.polynomial.legendre.leggauss(12 + 2 * order)
    t = np.pi * (nodes + 1) / 2
    angles = np.multiply.outer(x[near], t) + order * np.pi / 2
    z[near] = np.cos(angles) @ (t**order * weights / 2)
    return z.astype(x.dtype)[()]


def next_slope(x, order, bar_or_dot):
    return sinc_slope(x, order=order + 1) * bar_or_dot


elementwise(np.sinc, lambda x: sinc_slope(x, order=1), sympy="sinc(pi * x)")
sinc_slope = general(
    sinc_slope, jvp=next_slope, vjp=next_slope, params="order", entries="sinc_slope"
)
