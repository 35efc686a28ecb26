"""Division by gaps between eigenvalues or singular values, and refusal where a gap is too small.

Derivatives of eigenvectors and singular vectors hold quotients m_ij / (w_j - w_i). Where two values
agree the vectors can be rotated into each other: a loss that feels the rotation has no derivative,
and for one that does not, the quotient 0/0 is not determined by m. So a tie is an error wherever
one of its vectors is used, and no quotient is formed where m_ij is zero. Losses that use the
factors only through U h(s) Vᵀ or V h(w) Vᵀ have a derivative at ties: adcourse/rules/spectral.py.
"""

import numpy as np

from adcourse.core.errors import DegenerateSpectrumError
from adcourse.core.primitive import shape_of
from adcourse.rules.batching import entry_by_entry, first_unchanged, whole_stack
from adcourse.rules.kinds import constant, general
from adcourse.rules.shapes import unbroadcast

CURES = (
    "Use the values only (np.linalg.eigvalsh, np.linalg.svdvals), or write products of the factors "
    "as one function of the matrix: U h(s) Vᵀ is ad.svd_function(x, h), V h(w) Vᵀ is "
    "ad.eigh_function(x, h), exact at ties, too. Or write the loss with np.trace or "
    "np.linalg.norm, or move the matrix by about 1e-6."
)


NULL = "the vectors of singular value {j} and of the null space"


def size_of(w):
    """The largest |w| of each spectrum, with two axes to stand beside a matrix of gaps."""
    return np.max(np.abs(w), axis=-1, initial=0.0)[..., None, None]


def is_close(gap, size):
    """Whether two values cannot be told apart, beside the largest of their spectrum."""
    return np.abs(gap) <= max(1e-8, np.sqrt(np.finfo(gap.dtype).eps) / 2) * size


def refuse(bad, gap, what):
    """Name the first of the pairs that are too close."""
    *stack, i, j = (int(place[0]) for place in np.nonzero(bad))
    where = f" of matrix {tuple(stack)} in the stack" if stack else ""
    names = what.format(i=min(i, j), j=max(i, j)) if "{i}" in what else what.format(j=j)
    raise DegenerateSpectrumError(
        f"The derivative needs {names}{where}, whose gap is {abs(float(gap[*stack, i, j])):.3g}: "
        "vectors that belong to equal values can be rotated into each other and have no "
        f"derivative. {CURES}"
    )


def over_gaps(m, gap, size, what):
    """m / gap entry by entry, 0 where m is 0; an error where a gap below 1e-8·size meets m ≠ 0.

    It is an error too where the diagonal of m would part two values that are equal: their order
    would change, and with it the order of their vectors.
    """
    close = is_close(gap, size)
    if not close.any():
        return m / gap
    m, gap, close = np.broadcast_arrays(m, gap, close)
    meets = m != 0
    if m.shape[-1] == m.shape[-2]:
        d = np.diagonal(m, axis1=-2, axis2=-1)
        parted = np.abs(d[..., None, :] - d[..., :, None])
        meets = meets | (parted > 1e-8 * np.abs(m).max(axis=(-2, -1), keepdims=True))
    if (bad := close & meets).any():
        refuse(bad, gap, what)
    return m / np.where(close, 1.0, gap).astype(gap.dtype)


def apart(bar, w, what, null=False):
    """The cotangent of vectors, refused where a vector that it moves has no value of its own.

    w holds the values in a row, shape (…, 1, n), beside the vectors in the columns of `bar`. With
    `null` the value 0 belongs to further vectors, those of the null space.
    """
    w = w[..., 0, :]
    size = size_of.numpy(w)
    in_order = np.sort(w)[..., None, :]
    steps = in_order[..., 1:] - in_order[..., :-1]
    if not (is_close(steps, size).any() or (null and is_close(w[..., None, :], size).any())):
        return bar
    used = (bar != 0).any(axis=-2)
    gap = w[..., None, :] - w[..., :, None]
    ties = is_close(gap, size) & ~np.eye(w.shape[-1], dtype=bool)
    if (bad := ties & (used[..., None, :] | used[..., :, None])).any():
        refuse(bad, gap, what)
    if null and (bad := is_close(w[..., None, :], size) & used[..., None, :]).any():
        refuse(bad, w[..., None, :], NULL)
    return bar


over_gaps = general(
    over_gaps,
    arity=3,
    jvp=lambda z, y, w, what, x_dot, y_dot, w_dot: over_gaps(x_dot - z * y_dot, y, w, what=what),
    vjp=lambda z, x_shape, y, w, what, z_bar: over_gaps_vjp(z, x_shape, y, w, what, z_bar),
    params="what",
    sympy="x / y",
    batch=entry_by_entry,
)
size_of = constant(size_of, entries="size_of", batch=whole_stack)


apart = general(
    apart,
    arity=2,
    jvp=lambda x_dot, y_dot: x_dot,
    vjp=lambda y_shape, z_bar: (z_bar, np.zeros(y_shape)),
    params="what null",
    batch=first_unchanged,
)


def over_gaps_vjp(z, x_shape, y, w, what, z_bar):
    """m̄ = z̄ / gap, and the gap's cotangent is -m̄ z. The size is only compared with."""
    x_bar = over_gaps(z_bar, y, w, what=what)
    return unbroadcast(x_bar, x_shape), unbroadcast(-x_bar * z, shape_of(y)), np.zeros(shape_of(w))


def gaps(w):
    """w_j - w_i for each pair, and ∞ on the diagonal, where nothing is divided."""
    n = shape_of(w)[-1]
    return np.where(np.eye(n, dtype=bool), np.inf, w[..., None, :] - w[..., :, None])


def rotation_free(rest_bar, rest, what):
    """A cotangent of basis vectors U₂, refused unless U₂ᵀŪ₂ is symmetric: no rotation is felt."""
    a = np.matmul(np.swapaxes(rest, -1, -2), rest_bar)
    skew = np.abs(a - np.swapaxes(a, -1, -2)).max(initial=0.0)
    if skew > np.sqrt(np.finfo(a.dtype).eps) / 10 * np.abs(rest_bar).max(initial=0.0):
        raise DegenerateSpectrumError(
            f"The loss depends on which basis {what} happen to form, and any rotation of them is "
            "as good: there is no derivative. Use them through the projector U2 @ U2.T only, or "
            "ask for the reduced factors."
        )
    return rest_bar


rotation_free = general(
    rotation_free,
    arity=2,
    jvp=lambda x_dot, y_dot: x_dot,
    vjp=lambda y_shape, z_bar: (z_bar, np.zeros(y_shape)),
    params="what",
    batch=first_unchanged,
)
