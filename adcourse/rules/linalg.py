"""Linear algebra: rules that share work between arguments, each with its source."""

import numpy as np

from adcourse.core.primitive import shape_of
from adcourse.rules.kinds import general
from adcourse.rules.products import column, mT
from adcourse.rules.shapes import unbroadcast


def solve_jvp(z, x, x_dot, y_dot):
    """ẋ = A⁻¹ (ḃ - Ȧ x) for A x = b."""
    return np.linalg.solve(x, y_dot - np.matmul(x_dot, z))


def solve_vjp(z, x, y_shape, z_bar):
    """b̄ = A⁻ᵀ x̄ and Ā = -b̄ xᵀ for A x = b."""
    y_bar = np.linalg.solve(mT(x), z_bar)
    if len(y_shape) == 1:
        x_bar = -np.matmul(column(y_bar), np.reshape(z, (*shape_of(z)[:-1], 1, shape_of(z)[-1])))
    else:
        x_bar = -np.matmul(y_bar, mT(z))
    return unbroadcast(x_bar, shape_of(x)), unbroadcast(y_bar, y_shape)


general(np.linalg.solve, arity=2, jvp=solve_jvp, vjp=solve_vjp, source="Giles 2008, section 2.3.1")
general(
    np.linalg.inv,
    jvp=lambda z, x_dot: -np.matmul(z, np.matmul(x_dot, z)),
    vjp=lambda z, z_bar: -np.matmul(mT(z), np.matmul(z_bar, mT(z))),
    source="Giles 2008, section 2.2.3",
)
