"""SciPy's expm and solve_triangular, as functions of the package.

SciPy's own functions cannot be traced: they ask for a plain array. These take the same arguments
and call them; SciPy is opened on the first call.
"""

import numpy as np

from adcourse.core.primitive import shape_of
from adcourse.rules.batching import whole_stack
from adcourse.rules.kinds import general
from adcourse.rules.products import column, mT, row


def expm(x):
    """The matrix exponential of a matrix or of each matrix in a stack.

    The derivative along Ẋ is the upper right block of exp([[X, Ẋ], [0, X]]).

    >>> from adcourse import grad
    >>> grad(lambda t: np.trace(expm(t * np.array([[0.0, 1.0], [-1.0, 0.0]]))))(0.0)
    0.0
    """
    from scipy.linalg import expm

    return expm(x)


def along(x, x_dot):
    """The derivative of expm at X along Ẋ."""
    n = shape_of(x)[-1]
    upper = np.concatenate([x, x_dot], axis=-1)
    lower = np.concatenate([np.zeros(shape_of(x)), x], axis=-1)
    return expm(np.concatenate([upper, lower], axis=-2))[..., :n, n:]


expm = general(
    expm,
    name="expm",
    jvp=along,
    vjp=lambda x, z_bar: along(mT(x), z_bar),
    source="Higham 2008, theorem 3.6",
    batch=whole_stack,
)


def substitute(a, b, trans=False, lower=False, unit_diagonal=False):
    from scipy.linalg import solve_triangular

    return solve_triangular(a, b, trans=int(trans), lower=lower, unit_diagonal=unit_diagonal)


def triangle(a, lower, unit_diagonal):
    """The triangle of A that is read."""
    n = shape_of(a)[-1]
    below = np.tri(n, k=-1 if unit_diagonal else 0)
    return a * (below if lower else np.transpose(below))


def substitute_jvp(z, x, y_shape, trans, lower, unit_diagonal, x_dot, y_dot):
    """ẋ = A⁻¹ (ḃ - Ȧ x)."""
    A_dot = triangle(x_dot, lower, unit_diagonal)
    change = y_dot - np.matmul(mT(A_dot) if trans else A_dot, z)
    return substitute(x, change, trans=trans, lower=lower, unit_diagonal=unit_diagonal)


def substitute_vjp(z, x, y_shape, trans, lower, unit_diagonal, z_bar):
    """b̄ = A⁻ᵀ x̄ and Ā = -b̄ xᵀ, of which one triangle is kept."""
    y_bar = substitute(x, z_bar, trans=not trans, lower=lower, unit_diagonal=unit_diagonal)
    vector = len(y_shape) == 1
    x_bar = -np.matmul(column(y_bar), row(z)) if vector else -np.matmul(y_bar, mT(z))
    return triangle(mT(x_bar) if trans else x_bar, lower, unit_diagonal), y_bar


substitute = general(
    substitute,
    name="solve_triangular",
    arity=2,
    jvp=substitute_jvp,
    vjp=substitute_vjp,
    params="trans lower unit_diagonal",
    entries="solve_triangular",
    source="Giles 2008, section 2.3.1",
)


def solve_triangular(a, b, trans=0, lower=False, unit_diagonal=False):
    """The solution of A x = b for a triangular matrix A, of which one triangle is read.

    `trans` is 0 or "N" for A, 1 or "T" for its transpose; b is a vector or a matrix. Raises
    LinAlgError for a zero on the diagonal.

    >>> solve_triangular(np.array([[2.0, 1.0], [0.0, 4.0]]), np.array([3.0, 4.0]))
    array([1., 1.])
    """
    if trans not in (0, 1, "N", "T"):
        raise ValueError(f"trans is 0, 1, 'N' or 'T', not {trans!r}.")
    return substitute(
        a,
        b,
        trans=trans in (1, "T"),
        lower=bool(lower),
        unit_diagonal=bool(unit_diagonal),
    )
