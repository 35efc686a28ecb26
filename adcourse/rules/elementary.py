"""Arithmetic, exponentials and logarithms, trigonometric and hyperbolic functions: *the* table.

Read a row as: NumPy name, ∂z/∂x, ∂z/∂y, SymPy form. A rule names what it needs; z is the output,
so that `lambda z: z` in the row of exp says ∂eˣ/∂x = eˣ. All rules are school calculus
(Griewank & Walther 2008, table 2.3).
"""

import numpy as np

from adcourse.rules.kinds import elementwise


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
elementwise(np.negative,   -1,                                                   sympy="-x")
elementwise(np.positive,   1,                                                    sympy="x")
elementwise(np.square,     lambda x: 2 * x,                                      sympy="x**2")
elementwise(np.reciprocal, lambda z: -z * z,                                     sympy="1 / x")
elementwise(np.sqrt,       lambda z: 0.5 / z,                                    sympy="sqrt(x)")
elementwise(np.exp,        lambda z: z,                                          sympy="exp(x)")
elementwise(np.expm1,      lambda z: z + 1,                                      sympy="exp(x) - 1")
elementwise(np.log,        lambda x: 1 / x,                                      sympy="log(x)")
elementwise(np.log1p,      lambda x: 1 / (1 + x),                                sympy="log(1 + x)")
elementwise(np.sin,        lambda x: np.cos(x),                                  sympy="sin(x)")
elementwise(np.cos,        lambda x: -np.sin(x),                                 sympy="cos(x)")
elementwise(np.tan,        lambda z: 1 + z * z,                                  sympy="tan(x)")
elementwise(np.arcsin,     lambda x: 1 / np.sqrt(1 - x * x),                     sympy="asin(x)")
elementwise(np.arccos,     lambda x: -1 / np.sqrt(1 - x * x),                    sympy="acos(x)")
elementwise(np.arctan,     lambda x: 1 / (1 + x * x),                            sympy="atan(x)")
elementwise(np.sinh,       lambda x: np.cosh(x),                                 sympy="sinh(x)")
elementwise(np.cosh,       lambda x: np.sinh(x),                                 sympy="cosh(x)")
elementwise(np.tanh,       lambda z: 1 - z * z,                                  sympy="tanh(x)")


# Two functions of our own make the derivatives of a power right where x = 0 or y = 0.

def slope(x, y):
    """y xʸ⁻¹, and 0 where y = 0, also at x = 0."""
    return y * x ** np.where(y == 0, 1.0, y - 1)


def xlogy(x, y):
    """x log y, and 0 where x = 0, also at y = 0."""
    return np.where(x == 0, 0.0, x * np.log(np.where(x == 0, 1.0, y)))


slope = elementwise(
    slope,
    lambda x, y: y * slope(x, y - 1),
    lambda x, y: x ** (y - 1) + xlogy(slope(x, y), x),
    sympy="y * x**(y - 1)",
)
xlogy = elementwise(xlogy, lambda y: np.log(y), lambda x, y: x / y, sympy="x * log(y)")
# fmt: on
