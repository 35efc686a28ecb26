"""QR: X = Q R with QᵀQ = I and R upper triangular.

Only the first min(m, n) columns of X decide Q; they must be independent. The columns that a
complete Q adds are any basis of what is left: only losses of their projector have derivatives.

Walter & Lehmann 2010; Seeger et al. 2017.
"""

import numpy as np

from adcourse.core.errors import DegenerateSpectrumError, MissingRule
from adcourse.core.primitive import shape_of
from adcourse.rules.batching import whole_stack
from adcourse.rules.composites import composite
from adcourse.rules.decompositions import with_null_space, without_null_space
from adcourse.rules.kinds import general
from adcourse.rules.products import mT
from adcourse.rules.several import several


def with_full_rank(R):
    """R itself, refused where a diagonal entry is zero beside its column, to rounding."""
    entries = np.abs(np.diagonal(R, axis1=-2, axis2=-1))
    bad = entries <= 100 * np.finfo(R.dtype).eps * np.linalg.norm(R, axis=-2)
    if bad.any():
        i = int(np.nonzero(bad)[-1][0])
        raise DegenerateSpectrumError(
            f"R[{i}, {i}] is {float(entries[bad][0]):.3g}: column {i} of the matrix depends on the "
            "columns before it, and there np.linalg.qr has no derivative. Leave the column out, or "
            "use np.linalg.svdvals or np.linalg.pinv."
        )
    return R


with_full_rank = general(
    with_full_rank, jvp=lambda x_dot: x_dot, vjp=lambda z_bar: z_bar, batch=whole_stack
)


def below(a):
    """The strict lower triangle of each matrix."""
    return a * np.tri(*shape_of(a)[-2:], -1)


def qr_jvp(z, x_dot):
    """Q̇ = Q Ω + (I - QQᵀ) Ẋ R⁻¹ and Ṙ = QᵀẊ - Ω R, with Ω below the diagonal like QᵀẊR⁻¹."""
    Q, R, R1 = leading(z)
    k = shape_of(R1)[-1]
    R1 = with_full_rank(R1)
    along = np.matmul(mT(Q), x_dot)
    whole = over(np.concatenate([along[..., :, :k], x_dot[..., :, :k]], axis=-2), R1)
    turn = below(whole[..., :k, :])
    turn = turn - mT(turn)
    Q_dot = np.matmul(Q, turn - whole[..., :k, :]) + whole[..., k:, :]
    R_dot = along - np.matmul(turn, R)
    if shape_of(z[1])[-2] > k:
        zeros = np.zeros((*shape_of(z[1])[:-2], shape_of(z[1])[-2] - k, shape_of(z[1])[-1]))
        R_dot = np.concatenate([R_dot, zeros], axis=-2)
    return with_null_space(z[0], Q, Q_dot), R_dot


def qr_vjp(z, z_bar):
    """X̄ = (Q̄ + Q copyltu(M)) R⁻ᵀ with M = R R̄ᵀ - Q̄ᵀQ; copyltu mirrors the lower triangle."""
    Q, R, R1 = leading(z)
    k, n = shape_of(R)[-2:]
    R1 = with_full_rank(R1)
    Q_bar, R_bar = z_bar
    Q_bar = np.zeros(shape_of(Q)) if Q_bar is None else without_null_space(z[0], Q, Q_bar)
    R_bar = np.zeros(shape_of(R)) if R_bar is None else R_bar[..., :k, :]
    if n > k:  # R = [R₁ QᵀX₂]: the further columns are products
        rest_bar = R_bar[..., :, k:]
        Q_bar = Q_bar + np.matmul(Q, np.matmul(R[..., :, k:], mT(rest_bar)))
        R_bar = R_bar[..., :, :k]
    M = np.matmul(R1, mT(R_bar)) - np.matmul(mT(Q_bar), Q)
    mirrored = M * np.tri(k) + mT(below(M))
    x_bar = over(Q_bar + np.matmul(Q, mirrored), mT(R1))
    return np.concatenate([x_bar, np.matmul(Q, rest_bar)], axis=-1) if n > k else x_bar


def over(a, R):
    """a R⁻¹."""
    return mT(np.linalg.solve(mT(R), mT(a)))


def leading(z):
    """The reduced factors Q and R, and the square R₁ that the first columns of X have."""
    Q, R = z
    k = min(shape_of(Q)[-2], shape_of(R)[-1])
    Q = Q if shape_of(Q)[-1] == k else Q[..., :, :k]
    R = R if shape_of(R)[-2] == k else R[..., :k, :]
    return Q, R, (R if shape_of(R)[-1] == k else R[..., :, :k])


def factors(x, mode="reduced"):
    return np.linalg.qr(x, mode)


qr_row = several(
    factors,
    name="np.linalg.qr",
    jvp=qr_jvp,
    vjp=qr_vjp,
    params="mode",
    source="Walter & Lehmann 2010; Seeger et al. 2017",
    batch=whole_stack,
)


@composite(np.linalg.qr)
def qr(x, mode="reduced"):
    """Q and R, or R alone; the raw Householder vectors are refused."""
    if mode == "r":
        return qr_row.output(1, x, mode="reduced")
    if mode not in ("reduced", "complete"):
        raise MissingRule(
            f"The option mode={mode!r} of np.linalg.qr has no derivative rule in adcourse. "
            "Write mode='reduced', 'complete' or 'r'."
        )
    return qr_row(x, mode=mode)
