"""Eigenvalues of matrices that need not be symmetric, where they are real.

X V = V diag(w), with columns of V of length 1. Complex eigenvalues are refused as all complex
numbers are. Where eigenvalues tie, a small change of X may make them complex: losses that treat
them alike, like their sum, have a derivative, and others none. (Forward mode cannot see the loss:
its tangents of tied eigenvalues mean something only together.)
Boeddeker et al. 2017; Giles 2008, section 3.1; Lancaster 1964.
"""

import numpy as np

from adcourse.core.errors import DegenerateSpectrumError
from adcourse.rules.batching import first_unchanged, whole_stack
from adcourse.rules.decompositions import EIGENVALUES, diagonal
from adcourse.rules.gaps import apart, gaps, is_close, over_gaps, size_of
from adcourse.rules.kinds import general, spelled
from adcourse.rules.products import mT, row
from adcourse.rules.several import several


def independent(V):
    """The eigenvectors themselves, refused where they are dependent to half the digits."""
    if V.size and (worst := np.max(np.linalg.cond(V))) > 0.1 / np.sqrt(np.finfo(V.dtype).eps):
        raise DegenerateSpectrumError(
            f"The matrix has too few independent eigenvectors: cond(V) = {worst:.2g}. Eigenvalues "
            "of such a (nearly) defective matrix move by √ε when it moves by ε and have no "
            "derivative there. Write the loss with np.trace, np.linalg.det or np.linalg.norm."
        )
    return V


independent = general(
    independent, jvp=lambda x_dot: x_dot, vjp=lambda z_bar: z_bar, batch=whole_stack
)


def alike(w_bar, w):
    """A cotangent of eigenvalues, refused where it parts two that are equal."""
    gap = w[..., None, :] - w[..., :, None]
    ties = is_close(gap, size_of.numpy(w))
    parted = np.abs(w_bar[..., None, :] - w_bar[..., :, None])
    bad = ties & (parted > 1e-8 * np.abs(w_bar).max(axis=-1, initial=0.0)[..., None, None])
    if bad.any():
        *_, i, j = (int(place[0]) for place in np.nonzero(bad))
        raise DegenerateSpectrumError(
            f"The loss tells eigenvalues {min(i, j)} and {max(i, j)} apart, whose gap is "
            f"{abs(float(gap[bad][0])):.3g}: where eigenvalues of np.linalg.eig tie, none of them "
            "has a derivative by itself. Write the loss with np.trace, np.linalg.det or "
            "np.linalg.norm, or use np.linalg.eigvalsh if the matrix is symmetric, or move the "
            "matrix by about 1e-6."
        )
    return w_bar


alike = general(
    alike,
    arity=2,
    jvp=lambda x_dot, y_dot: x_dot,
    vjp=lambda y_shape, z_bar: (z_bar, np.zeros(y_shape)),
    batch=first_unchanged,
)


def eig_jvp(z, x_dot):
    """ẇ = diag(C) with C = V⁻¹ Ẋ V; V̇ = V (F∘C) without what would change the columns' length."""
    w, V = z[0], independent(z[1])
    inside = np.linalg.solve(V, np.matmul(x_dot, V))

    def V_dot():
        dot = np.matmul(V, over_gaps(inside, gaps(w), size_of(w), what=EIGENVALUES))
        return dot - V * np.sum(V * dot, axis=-2, keepdims=True)

    return diagonal(inside), V_dot


def eig_vjp(z, z_bar):
    """X̄ = V⁻ᵀ (diag(w̄) + F∘Vᵀ(V̄ - V diag(VᵀV̄))) Vᵀ."""
    (w, V), (w_bar, V_bar) = z, z_bar
    V = independent(V)
    inner = 0.0 if w_bar is None else row(alike(w_bar, w)) * np.eye(w.shape[-1])
    if V_bar is not None:
        V_bar = apart(V_bar, row(w), what=EIGENVALUES)
        V_bar = V_bar - V * np.sum(V * V_bar, axis=-2, keepdims=True)
        turn = np.matmul(mT(V), V_bar)
        inner = inner + over_gaps(turn, gaps(w), size_of(w), what=EIGENVALUES)
    return np.linalg.solve(mT(V), np.matmul(inner, mT(V)))


eig = several(
    np.linalg.eig,
    jvp=eig_jvp,
    vjp=eig_vjp,
    source="Boeddeker et al. 2017, section 4.2",
    batch=whole_stack,
)
spelled(np.linalg.eigvals, lambda x: eig.output(0, x), batch=whole_stack)
