"""Pseudoinverse and least squares. Where the rank is not full, derivatives say what holds there.

The pseudoinverse jumps where the rank jumps. Its derivative exists only along changes of the matrix
that keep the rank, and a deficient rank brings a warning with the value. Golub & Pereyra 1973.
"""

import warnings

import numpy as np

from adcourse.core.primitive import shape_of
from adcourse.rules.batching import first_unchanged, whole_stack
from adcourse.rules.kinds import general
from adcourse.rules.products import column, mT, row, uncolumn
from adcourse.rules.several import several


def of_full_rank(P, x, name):
    """The pseudoinverse P itself; a warning where its rank, the trace of P X, is not full."""
    ranks = np.rint(np.sum(P * np.swapaxes(x, -1, -2), axis=(-2, -1)))
    full = min(x.shape[-2:])
    if np.any(ranks < full):
        warnings.warn(
            f"{name} of a matrix of rank {int(ranks.min())}, which could be {full}: the derivative "
            "holds only along changes of the matrix that keep its rank.",
            RuntimeWarning,
            stacklevel=2,
        )
    return P


of_full_rank = general(
    of_full_rank,
    arity=2,
    jvp=lambda x_dot, y_dot: x_dot,
    vjp=lambda y_shape, z_bar: (z_bar, np.zeros(y_shape)),
    params="name",
    entries=lambda P, x, name: P,
    batch=first_unchanged,
)


def pinv_jvp(z, x, x_dot):
    """Ṗ = -P Ẋ P + P Pᵀ Ẋᵀ (I - X P) + (I - P X) Ẋᵀ Pᵀ P."""
    P = of_full_rank(z, x, name="np.linalg.pinv")
    left, right = np.matmul(mT(x_dot), mT(P)), np.matmul(mT(P), mT(x_dot))
    inner = np.matmul(np.matmul(P, x_dot), P)
    range_part = np.matmul(P, right)
    null_part = np.matmul(left, P)
    return (
        -inner
        + range_part
        - np.matmul(np.matmul(range_part, x), P)
        + null_part
        - np.matmul(P, np.matmul(x, null_part))
    )


def pinv_vjp(z, x, z_bar):
    """X̄ = -Pᵀ P̄ Pᵀ + (I - X P) P̄ᵀ P Pᵀ + Pᵀ P P̄ᵀ (I - P X)."""
    P = of_full_rank(z, x, name="np.linalg.pinv")
    range_part = np.matmul(np.matmul(mT(z_bar), P), mT(P))
    null_part = np.matmul(mT(P), np.matmul(P, mT(z_bar)))
    return (
        -np.matmul(mT(P), np.matmul(z_bar, mT(P)))
        + range_part
        - np.matmul(x, np.matmul(P, range_part))
        + null_part
        - np.matmul(np.matmul(null_part, P), x)
    )


general(
    np.linalg.pinv,
    jvp=pinv_jvp,
    vjp=pinv_vjp,
    params="rcond rtol",
    entries="pinv",
    source="Golub & Pereyra 1973, theorem 4.3",
    batch=whole_stack,
)


def prepared(z, x, y, rcond):
    """P, the solution and the residual b - A x, the last two with a column axis."""
    eps = float(np.finfo(z[3].dtype).eps)
    cut = eps * max(shape_of(x)) if rcond is None else eps if rcond < 0 else rcond
    P = of_full_rank(np.linalg.pinv(x, rcond=cut), x, name="np.linalg.lstsq")
    vector = len(shape_of(y)) == 1
    solution, b = (column(z[0]), column(y)) if vector else (z[0], y)
    return P, solution, b - np.matmul(x, solution), vector


def lstsq_jvp(z, x, y, rcond, x_dot, y_dot):
    """ẋ = P (ḃ - Ȧ x) + P Pᵀ Ȧᵀ r + (I - P A) Ȧᵀ Pᵀ x, with r = b - A x."""
    P, solution, r, vector = prepared(z, x, y, rcond)
    b_dot = column(y_dot) if vector else y_dot
    change = b_dot - np.matmul(x_dot, solution)

    def solution_dot():
        null_part = np.matmul(mT(x_dot), np.matmul(mT(P), solution))
        dot = np.matmul(P, change + np.matmul(mT(P), np.matmul(mT(x_dot), r)))
        dot = dot + null_part - np.matmul(P, np.matmul(x, null_part))
        return uncolumn(dot) if vector else dot

    def singular_dot():
        U, _, Vt = np.linalg.svd(x, full_matrices=False)
        return np.sum(U * np.matmul(x_dot, mT(Vt)), axis=-2)

    residual_dot = 2 * np.sum(r * change, axis=0) if shape_of(z[1])[0] else None
    return solution_dot, residual_dot, None, singular_dot


def lstsq_vjp(z, x, y, rcond, z_bar):
    """b̄ = Pᵀ x̄ and Ā = -b̄ xᵀ + r (P b̄)ᵀ + Pᵀ x ((I - P A) x̄)ᵀ; |r|² adds 2 r to b̄."""
    solution_bar, residual_bar, _, singular_bar = z_bar
    P, solution, r, vector = prepared(z, x, y, rcond)
    x_bar, b_bar = np.zeros(shape_of(x)), np.zeros(shape_of(r))
    if solution_bar is not None:
        bar = column(solution_bar) if vector else solution_bar
        b_bar = np.matmul(mT(P), bar)
        null_part = bar - np.matmul(P, np.matmul(x, bar))
        x_bar = np.matmul(r, mT(np.matmul(P, b_bar)))
        x_bar = x_bar + np.matmul(np.matmul(mT(P), solution), mT(null_part))
    if residual_bar is not None and shape_of(residual_bar)[0]:
        b_bar = b_bar + 2 * r * residual_bar
    x_bar = x_bar - np.matmul(b_bar, mT(solution))
    if singular_bar is not None:
        U, _, Vt = np.linalg.svd(x, full_matrices=False)
        x_bar = x_bar + np.matmul(U * row(singular_bar), Vt)
    return x_bar, (uncolumn(b_bar) if vector else b_bar)


several(
    np.linalg.lstsq,
    arity=2,
    jvp=lstsq_jvp,
    vjp=lstsq_vjp,
    params="rcond",
    entries="lstsq",
    source="Golub & Pereyra 1973, section 4",
)
