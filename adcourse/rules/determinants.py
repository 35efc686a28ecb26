"""Determinants: the matrix of cofactors is the derivative, also where the matrix is singular.

det X is a polynomial, and so are all its derivatives. Far from singular matrices they are written
with X⁻¹; elsewhere with X = U diag(s) Vᵀ and products of singular values, without division.
"""

from itertools import permutations

import numpy as np

from adcourse.core.primitive import shape_of
from adcourse.rules.batching import whole_stack
from adcourse.rules.kinds import general
from adcourse.rules.orders import every_order, no_directions
from adcourse.rules.products import mT
from adcourse.rules.several import several


def beside(z_bar):
    """One number per matrix, with two axes to stand beside the matrices."""
    return np.reshape(z_bar, (*shape_of(z_bar), 1, 1))


def inverse_or_none(x, power):
    """The inverses where all matrices are so far from singular that a product of them is exact."""
    try:
        inverse = np.linalg.inv(x)
    except np.linalg.LinAlgError:
        return None
    lengths = np.linalg.norm(x, axis=(-2, -1)) * np.linalg.norm(inverse, axis=(-2, -1))
    return inverse if np.all(lengths**power < 1e6) else None


def cofactors_along(x, y):
    """The derivative of the cofactors along the directions y[…, i, :, :]; without any, themselves.

    det(X + Σ tᵢ Eᵢ) has the coefficient Σ ± Π tr(X⁻¹Eᵢ X⁻¹Eⱼ …) det X of t₁t₂…, over all ways to
    part the directions into cycles, with the sign of the permutation. The cofactors leave one
    direction out: its cycle stays open and is a matrix.
    """
    inverse = inverse_or_none(x, y.shape[-3] + 1)
    if inverse is None:
        return by_singular_values(x, y)
    steps = [inverse @ y[..., i, :, :] for i in range(y.shape[-3])]
    return beside(np.linalg.det(x)) * mT(open_cycles(steps, inverse))


def open_cycles(steps, end):
    """Σ ± M_a M_b … end · (closed cycles of the other steps M)."""
    total = beside(closed_cycles(steps, end.shape[:-2])) * end
    for i, step in enumerate(steps):
        total = total - step @ open_cycles(steps[:i] + steps[i + 1 :], end)
    return total


def closed_cycles(steps, stack):
    """Σ ± Π of the traces of cycles, over all permutations of the steps."""
    if not steps:
        return np.ones(stack)
    # the cycle of the first step, from there on open, is closed by the trace
    return np.trace(open_cycles(steps[1:], steps[0]), axis1=-2, axis2=-1)


def products_of_others(s, count):
    """For each choice of `count` different indices the product of the other s; 0 for equal ones."""
    zero = s == 0
    safe = np.where(zero, s.dtype.type(1), s)
    same = np.eye(s.shape[-1], dtype=bool)
    taken, zeros, different = s.dtype.type(1), 0, True
    for i in range(count):
        along = [1] * count
        along[i] = -1
        taken = taken * np.reshape(safe, (*s.shape[:-1], *along))
        zeros = zeros + np.reshape(zero, (*s.shape[:-1], *along)).astype(int)
        for j in range(i):
            pair = [1] * count
            pair[j] = pair[i] = s.shape[-1]
            different = different & ~np.reshape(same, pair)
    aside = (..., *[None] * count)
    all_taken = zeros == np.sum(zero, axis=-1)[aside]
    return np.where(different & all_taken, np.prod(safe, axis=-1)[aside] / taken, 0)


def by_singular_values(x, y):
    """The same sums in the bases of the singular vectors, where X is diagonal.

    A term takes k + 1 different indices, one per direction and one for the cofactor, and the
    product of the singular values of all other indices.
    """
    U, s, Vt = np.linalg.svd(x)
    sign = beside(np.sign(np.linalg.det(U) * np.linalg.det(Vt)))
    count, n = y.shape[-3], s.shape[-1]
    E = mT(U)[..., None, :, :] @ y @ mT(Vt)[..., None, :, :]
    letters = "abcdefghijklm"[: count + 1]
    others = products_of_others(s, count + 1)
    total = np.zeros(x.shape, x.dtype)
    for order in permutations(range(count + 1)):
        words = [f"...{letters[i]}{letters[order[i]]}" for i in range(1, count + 1)]
        free = letters[0] + letters[order[0]] if order[0] else letters[0]
        directions = [E[..., i, :, :] for i in range(count)]
        term = np.einsum(
            f"...{letters},{','.join(words)}".rstrip(",") + f"->...{free}",
            others,
            *directions,
            optimize=True,
        )
        term = term if order[0] else term[..., None] * np.eye(n, dtype=s.dtype)
        total = total + np.linalg.det(np.eye(count + 1)[list(order)]).round() * term
    return sign * (U @ total @ Vt)


cofactors_along = every_order(cofactors_along, entries="cofactors_along")


def cofactors(x):
    """The matrix of cofactors, det(X) X⁻ᵀ where X is regular."""
    return cofactors_along(x, no_directions(x))


general(
    np.linalg.det,
    jvp=lambda x, x_dot: np.sum(cofactors(x) * x_dot, axis=(-2, -1)),
    vjp=lambda x, z_bar: beside(z_bar) * cofactors(x),
    entries="det",
    source="Magnus & Neudecker 2019, section 8.3 (Jacobi's formula)",
    batch=whole_stack,
)
several(
    np.linalg.slogdet,
    jvp=lambda x, x_dot: (None, np.sum(mT(np.linalg.inv(x)) * x_dot, axis=(-2, -1))),
    vjp=lambda x, z_bar: slogdet_vjp(x, *z_bar),
    entries="slogdet",
    source="Giles 2008, section 2.2.4",
    batch=whole_stack,
)


def slogdet_vjp(x, sign_bar, log_bar):
    """X̄ = z̄ X⁻ᵀ for log|det X|; the sign is constant."""
    if log_bar is None:
        return np.zeros(shape_of(x))
    return beside(log_bar) * mT(np.linalg.inv(x))
