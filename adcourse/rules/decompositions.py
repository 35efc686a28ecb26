"""Eigenvalues of symmetric matrices, singular values, QR: several outputs, and one rule for all.

Write dU = U Ω with Ω skew; Ω follows from the equation that defines the factors. A cotangent that
is None adds no term, so that a loss of the values alone never divides by a gap. At ties such a
gradient is right for losses that treat the tied values alike, and for others one of the generalised
gradients, in the basis that LAPACK found (Lewis 1996). Forward mode cannot see the loss: tangents
of the last columns of a full U or a complete Q are those of one basis, right in projectors.

Giles 2008, sections 3.1 and 3.2; Townsend 2016; Seeger et al. 2017 (QR).
"""

import numpy as np

from adcourse.core.errors import MissingRule
from adcourse.core.primitive import shape_of, table
from adcourse.rules.batching import whole_stack
from adcourse.rules.composites import composite
from adcourse.rules.gaps import NULL, apart, gaps, over_gaps, rotation_free, size_of
from adcourse.rules.kinds import spelled
from adcourse.rules.products import mT, row
from adcourse.rules.several import several

EIGENVALUES = "the eigenvectors of eigenvalues {i} and {j}"
SINGULAR = "the singular vectors of singular values {i} and {j}"


def diagonal(a):
    """The diagonal of each matrix in a stack."""
    return np.sum(a * np.eye(shape_of(a)[-1]), axis=-1)


def symmetric(a):
    return (a + mT(a)) / 2


# Symmetric matrices. NumPy reads one triangle; derivatives take the matrix as symmetric, and so is
# the cotangent.


def eigh_jvp(z, x_dot):
    """ẇ = diag(Vᵀ Ẋ V) and V̇ = V (F∘VᵀẊV) with F_ij = 1/(w_j - w_i)."""
    w, V = z
    inside = np.matmul(mT(V), np.matmul(symmetric(x_dot), V))
    return diagonal(inside), lambda: np.matmul(
        V, over_gaps(inside, gaps(w), size_of(w), what=EIGENVALUES)
    )


def eigh_vjp(z, z_bar):
    """X̄ = V (diag(w̄) + F∘VᵀV̄) Vᵀ, made symmetric."""
    (w, V), (w_bar, V_bar) = z, z_bar
    left = 0.0 if w_bar is None else V * row(w_bar)
    if V_bar is not None:
        V_bar = apart(V_bar, row(w), what=EIGENVALUES)
        turn = over_gaps(np.matmul(mT(V), V_bar), gaps(w), size_of(w), what=EIGENVALUES)
        left = left + np.matmul(V, turn)
    return symmetric(np.matmul(left, mT(V)))


eigh = several(
    np.linalg.eigh,
    jvp=eigh_jvp,
    vjp=eigh_vjp,
    params="UPLO",
    source="Giles 2008, section 3.1",
    batch=whole_stack,
)
spelled(
    np.linalg.eigvalsh,
    lambda x, UPLO="L": eigh.output(0, x, UPLO=UPLO),
    params="UPLO",
    batch=whole_stack,
)


# Singular values: X = U diag(s) Vᵀ. With UᵀU̇ = Ω and VᵀV̇ = Ψ, both skew, the sum Ω + Ψ meets the
# gaps s_j - s_i and the difference Ω - Ψ only the sums s_j + s_i.


def factors(x, full_matrices=True):
    return np.linalg.svd(x, full_matrices)


def positive_sums(s):
    """s_j + s_i, and 1 where both are zero: the numerator is zero there, or refused before."""
    sums = row(s) + s[..., :, None]
    return np.where(sums == 0, 1.0, sums)


def svd_jvp(z, x_dot):
    """ṡ = diag(UᵀẊV); U̇ = U Ω + (I - UUᵀ) Ẋ V diag(s)⁻¹, and V̇ alike."""
    U, s, Vt = thin(z)
    inside = np.matmul(mT(U), np.matmul(x_dot, mT(Vt)))

    def turns():
        plus = over_gaps(inside + mT(inside), gaps(s), size_of(s), what=SINGULAR)
        minus = (inside - mT(inside)) / positive_sums(s)
        return (plus + minus) / 2, (plus - minus) / 2

    def U_dot():
        dot = np.matmul(U, turns()[0])
        if shape_of(U)[-2] > shape_of(s)[-1]:
            beside = np.matmul(x_dot, mT(Vt)) - np.matmul(U, inside)
            dot = dot + over_gaps(beside, row(s), size_of(s), what=NULL)
        return with_null_space(z[0], U, dot)

    def Vt_dot():
        V, dot = mT(Vt), np.matmul(mT(Vt), turns()[1])
        if shape_of(Vt)[-1] > shape_of(s)[-1]:
            beside = np.matmul(mT(x_dot), U) - np.matmul(V, mT(inside))
            dot = dot + over_gaps(beside, row(s), size_of(s), what=NULL)
        return mT(with_null_space(mT(z[2]), V, dot))

    return U_dot, diagonal(inside), Vt_dot


def svd_vjp(z, z_bar):
    """X̄ = U (diag(s̄) + M) Vᵀ + (I - UUᵀ) Ū diag(s)⁻¹ Vᵀ + U diag(s)⁻¹ V̄ᵀ (I - VVᵀ).

    With a, b the skew parts of UᵀŪ and VᵀV̄: M_ij = (a+b)_ij/(s_j-s_i) + (a-b)_ij/(s_j+s_i).
    """
    U, s, Vt = thin(z)
    V, (U_bar, s_bar, Vt_bar) = mT(Vt), z_bar
    left = 0.0 if s_bar is None else U * row(s_bar)
    if U_bar is None and Vt_bar is None:
        return np.matmul(left, Vt)
    a = b = 0.0
    over = right = None
    if U_bar is not None:
        rest = shape_of(U)[-2] > shape_of(s)[-1]
        U_bar = without_null_space(z[0], U, U_bar)
        U_bar = apart(U_bar, row(s), what=SINGULAR, null=rest)
        a = np.matmul(mT(U), U_bar)
        if rest:
            over = over_gaps(U_bar - np.matmul(U, a), row(s), size_of(s), what=NULL)
    if Vt_bar is not None:
        rest = shape_of(V)[-2] > shape_of(s)[-1]
        V_bar = without_null_space(mT(z[2]), V, mT(Vt_bar))
        V_bar = apart(V_bar, row(s), what=SINGULAR, null=rest)
        b = np.matmul(Vt, V_bar)
        if rest:
            right = over_gaps(V_bar - np.matmul(V, b), row(s), size_of(s), what=NULL)
    turned, unturned = over_gaps(a + b, gaps(s), size_of(s), what=SINGULAR), a - b
    inner = (turned + mT(turned) + (unturned - mT(unturned)) / positive_sums(s)) / 2
    left = left + np.matmul(U, inner)
    x_bar = np.matmul(left if over is None else left + over, Vt)
    return x_bar if right is None else x_bar + np.matmul(U, mT(right))


def thin(z):
    """The reduced factors among the full ones."""
    U, s, Vt = z
    k = shape_of(s)[-1]
    U = U if shape_of(U)[-1] == k else U[..., :, :k]
    return U, s, (Vt if shape_of(Vt)[-2] == k else Vt[..., :k, :])


def with_null_space(full, U, U_dot):
    """The tangent of [U U₂], whose last columns stay orthogonal to U: U̇₂ = -U U̇ᵀ U₂."""
    k = shape_of(U)[-1]
    if shape_of(full)[-1] == k:
        return U_dot
    rest = full[..., :, k:]
    return np.concatenate([U_dot, -np.matmul(U, np.matmul(mT(U_dot), rest))], axis=-1)


def without_null_space(full, U, full_bar):
    """The transpose: the cotangent of U₂ adds -U₂ Ū₂ᵀ U to that of U."""
    k = shape_of(U)[-1]
    if shape_of(full)[-1] == k:
        return full_bar
    rest, rest_bar = full[..., :, k:], full_bar[..., :, k:]
    rest_bar = rotation_free(rest_bar, rest, what="the last columns of U, V or Q")
    return full_bar[..., :, :k] - np.matmul(rest, np.matmul(mT(rest_bar), U))


svd_row = several(
    factors,
    name="np.linalg.svd",
    jvp=svd_jvp,
    vjp=svd_vjp,
    params="full_matrices",
    source="Giles 2008, section 3.2; Townsend 2016",
    batch=whole_stack,
)
spelled(
    np.linalg.svdvals,
    lambda x: svd_row.output(1, x, full_matrices=False),
    batch=whole_stack,
)


@composite(np.linalg.svd)
def svd(x, full_matrices=True, compute_uv=True, hermitian=False):
    """The factors, or the singular values alone, as NumPy's options say."""
    if hermitian:
        raise MissingRule(
            "The option hermitian= of np.linalg.svd has no derivative rule in adcourse. "
            "Call it without, or use np.linalg.eigh."
        )
    if not compute_uv:
        return table[np.linalg.svdvals](x)
    return svd_row(x, full_matrices=bool(full_matrices))
