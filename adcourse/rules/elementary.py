"""Arithmetic, exponentials and logarithms, trigonometric and hyperbolic functions: *the* table.

Read a row as: NumPy name, ∂z/∂x, ∂z/∂y, SymPy form. A rule names what it needs; z is the output,
so that `lambda z: z` in the row of exp says ∂eˣ/∂x = eˣ. All rules are school calculus
(Griewank & Walther 2008, table 2.3).
"""

import numpy as np

from adcourse.rules.kinds import elementwise

LN2, LN10 = np.log(2.0).item(), np.log(10.0).item()
DEGREE = np.pi / 180


def by_base(x, y):
    """∂xʸ/∂x = y xʸ⁻¹, written as at school where the exponent is a plain number."""
    if isinstance(y, (int, float)):
        return 0.0 * x if y == 0 else 1 if y == 1 else 2 * x if y == 2 else y * x ** (y - 1)
    return slope(x, y)


# fmt: off
#           NumPy          ∂z/∂x                       ∂z/∂y                     SymPy
elementwise(np.add,        1,                          1,                        sympy="x + y")
elementwise(np.subtract,   1,                          -1,                       sympy="x - y")
elementwise(np.multiply,   lambda y: y,                lambda x: x,              sympy="x * y")
elementwise(np.divide,     lambda y: 1 / y,            lambda z, y: -z / y,      sympy="x / y")
elementwise(np.power,      lambda x, y: by_base(x, y), lambda z, x: xlogy(z, x), sympy="x ** y")
elementwise(np.negative,   -1,                                        sympy="-x")
elementwise(np.positive,   1,                                         sympy="x")
elementwise(np.conjugate,  1,                                         sympy="x")
elementwise(np.square,     lambda x: 2 * x,                           sympy="x**2")
elementwise(np.reciprocal, lambda z: -z * z,                          sympy="1 / x")
elementwise(np.sqrt,       lambda z: 0.5 / z,                         sympy="sqrt(x)")
elementwise(np.cbrt,       lambda z: 1 / (3 * z * z),                 sympy="sign(x)*cbrt(Abs(x))")
elementwise(np.hypot,      lambda z, x: x * inverse(z),
                                                       lambda z, y: y * inverse(z),
                                                                     sympy="sqrt(x**2 + y**2)")
elementwise(np.deg2rad,    lambda: DEGREE,                            sympy="x * pi / 180")
elementwise(np.radians,    lambda: DEGREE,                            sympy="x * pi / 180")
elementwise(np.rad2deg,    lambda: 1 / DEGREE,                        sympy="x * 180 / pi")
elementwise(np.degrees,    lambda: 1 / DEGREE,                        sympy="x * 180 / pi")

elementwise(np.exp,        lambda z: z,                               sympy="exp(x)")
elementwise(np.exp2,       lambda z: LN2 * z,                         sympy="2**x")
elementwise(np.expm1,      lambda z: z + 1,                           sympy="exp(x) - 1")
elementwise(np.log,        lambda x: 1 / x,                           sympy="log(x)")
elementwise(np.log2,       lambda x: 1 / (LN2 * x),                   sympy="log(x) / log(2)")
elementwise(np.log10,      lambda x: 1 / (LN10 * x),                  sympy="log(x) / log(10)")
elementwise(np.log1p,      lambda x: 1 / (1 + x),                     sympy="log(1 + x)")
elementwise(np.logaddexp,  lambda z, x: np.exp(x - z), lambda z, y: np.exp(y - z),
                                                                     sympy="log(exp(x) + exp(y))")
elementwise(np.logaddexp2, lambda z, x: np.exp2(x - z), lambda z, y: np.exp2(y - z),
                                                              sympy="log(2**x + 2**y) / log(2)")

elementwise(np.sin,        lambda x: np.cos(x),                       sympy="sin(x)")
elementwise(np.cos,        lambda x: -np.sin(x),                      sympy="cos(x)")
elementwise(np.tan,        lambda z: 1 + z * z,                       sympy="tan(x)")
elementwise(np.arcsin,     lambda x: 1 / np.sqrt((1 - x) * (1 + x)),  sympy="asin(x)")
elementwise(np.arccos,     lambda x: -1 / np.sqrt((1 - x) * (1 + x)), sympy="acos(x)")
elementwise(np.arctan,     lambda x: 1 / (1 + x * x),                 sympy="atan(x)")
elementwise(np.arctan2,    lambda x, y: y / (x * x + y * y),
                                                       lambda x, y: -x / (x * x + y * y),
                                                                     sympy="atan2(x, y)")
elementwise(np.sinh,       lambda x: np.cosh(x),                      sympy="sinh(x)")
elementwise(np.cosh,       lambda x: np.sinh(x),                      sympy="cosh(x)")
elementwise(np.tanh,       lambda z: 1 - z * z,                       sympy="tanh(x)")
elementwise(np.arcsinh,    lambda x: 1 / np.sqrt(1 + x * x),          sympy="asinh(x)")
elementwise(np.arccosh,    lambda x: 1 / np.sqrt((x - 1) * (x + 1)),  sympy="acosh(x)")
elementwise(np.arctanh,    lambda x: 1 / ((1 - x) * (1 + x)),         sympy="atanh(x)")


# Functions of our own make derivatives right at zero: of powers where x = 0 or y = 0, and of a
# norm at 0, where the subgradient of least norm is 0. Its second derivative there is infinite, and
# the rows of `inverse` say so: infinite or nan, with NumPy's warning.

def slope(x, y):
    """y xʸ⁻¹, and 0 where y = 0, also at x = 0."""
    return y * x ** np.where(y == 0, 1.0, y - 1)


def xlogy(x, y):
    """x log y, and 0 where x = 0, also at y = 0."""
    return np.where(x == 0, 0.0, x * np.log(np.where(x == 0, 1.0, y)))


def inverse(x):
    """1/x, and 0 where x = 0: the pseudoinverse of a number."""
    return np.where(x == 0, 0.0, 1 / np.where(x == 0, 1.0, x))


def root(x):
    """√x with slope 0 at x = 0: the root that ends a norm or a standard deviation."""
    return np.sqrt(x)


def bend(x, y):
    """y (y-1) xʸ⁻², and 0 where y is 0 or 1, also at x = 0."""
    factor = y * (y - 1)
    return factor * x ** np.where(factor == 0, 1.0, y - 2)


slope = elementwise(
    slope,
    lambda x, y: bend(x, y),
    lambda x, y: x ** (y - 1) + xlogy(slope(x, y), x),
    sympy="y * x**(y - 1)",
)
bend = elementwise(
    bend,
    lambda x, y: y * (y - 1) * slope(x, y - 2),
    lambda x, y: (2 * y - 1) * x ** (y - 2) + xlogy(bend(x, y), x),
    sympy="y * (y - 1) * x**(y - 2)",
)
xlogy = elementwise(
    xlogy,
    lambda x, y: np.log(np.where(np.logical_and(x == 0, y == 0), 1.0, y)),  # 0 log 0 = 0 all along
    lambda x, y: x / y,
    sympy="x * log(y)",
)
inverse = elementwise(
    inverse, lambda x: -1 / (x * x), sympy="Piecewise((1 / x, Ne(x, 0)), (0, True))"
)
root = elementwise(root, lambda z: 0.5 * inverse(z), sympy="sqrt(x)")
# fmt: on
