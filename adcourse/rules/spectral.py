"""U h(s) Vᵀ and V h(w) Vᵀ as functions of the matrix: exact where values tie, to any order.

The factors have no derivative at a tie, and these products do. With S = V diag(w) Vᵀ the derivative
of f(S) = V h(w) Vᵀ along E is V (H ∘ VᵀEV) Vᵀ, where H_ij = h[w_i, w_j] is a divided difference:
(h(w_i) - h(w_j)) / (w_i - w_j), and h'(w_i) at a tie (Daleckii & Krein 1965). The k-th derivative
sums h[w_a, w_b, …] over paths a, b, … of k steps, one per direction, and over the orders of the
directions (Higham 2008, section 3.2). It is symmetric in its directions, so one row gives the
function with all of its derivatives, forward and reverse.

U h(s) Vᵀ is a block of such a function: [[0, X], [Xᵀ, 0]] has the eigenvalues ±s and zeros, and h
continued as an odd function maps it to [[0, U h(s) Vᵀ], [V h(s) Uᵀ, 0]]. (Noferini 2017.)
"""

from itertools import permutations

import numpy as np

from adcourse.core.errors import DegenerateSpectrumError, LosesDerivative, MissingRule
from adcourse.core.primitive import Traced
from adcourse.rules.differences import derivative, divided_differences
from adcourse.rules.orders import every_order, no_directions
from adcourse.rules.products import mT


def paths(w, V, y, table):
    """V R Vᵀ with R_az = Σ table[a, b, …, z] E_ab … E_yz over the inner indices and all orders.

    The directions E stand in the basis V of eigenvectors; without any, R is diag(table).
    """
    count = y.shape[-3]
    if not count:
        return (V * table[..., None, :]) @ mT(V)
    turned = mT(V)[..., None, :, :] @ y @ V[..., None, :, :]
    letters = "abcdefghijklm"[: count + 1]
    steps = [f"...{letters[i]}{letters[i + 1]}" for i in range(count)]
    total = f"...{letters},{','.join(steps)}->...{letters[0]}{letters[-1]}"
    inner = sum(
        np.einsum(total, table, *[turned[..., i, :, :] for i in order], optimize=True)
        for order in permutations(range(count))
    )
    return V @ inner @ mT(V)


def eigh_along(x, y, h):
    """The derivative of V h(w) Vᵀ along the k directions y[…, i, :, :]; for k = 0 the value."""
    w, V = np.linalg.eigh(x)
    by_itself(h, w)
    table = divided_differences(h, w, y.shape[-3])
    return paths(w, V, (y + mT(y)) / 2, finite(table, w, y))


def svd_along(x, y, h):
    """The derivative of U h(s) Vᵀ along the k directions y[…, i, :, :]; for k = 0 the value."""
    U, s, Vt = np.linalg.svd(x)
    by_itself(h, s)
    m, n, k = *x.shape[-2:], s.shape[-1]
    deficient = without_jump(h, s, max(m, n), y.shape[-3])
    if not y.shape[-3]:
        return (U[..., :, :k] * h(s)[..., None, :]) @ Vt[..., :k, :]
    # Eigenvectors of [[0, X], [Xᵀ, 0]]: (u, v)/√2 of s, (u, -v)/√2 of -s, the null spaces of 0.
    W = np.zeros((*x.shape[:-2], m + n, m + n), x.dtype)
    U1, V1 = (
        U[..., :, :k] / np.sqrt(2).astype(x.dtype),
        mT(Vt)[..., :, :k] / np.sqrt(2).astype(x.dtype),
    )
    W[..., :m, :k], W[..., m:, :k] = U1, V1
    W[..., :m, k : 2 * k], W[..., m:, k : 2 * k] = U1, -V1
    W[..., :m, 2 * k : m + k], W[..., m:, m + k :] = U[..., :, k:], mT(Vt)[..., :, k:]
    w = np.concatenate(
        [s, -s, np.zeros((*s.shape[:-1], 1), s.dtype)], axis=-1
    )  # one zero stands for all
    table = finite(divided_differences(odd(h, deficient), w, y.shape[-3]), np.abs(w), y)
    place = np.minimum(np.arange(m + n), 2 * k)
    for axis in range(-y.shape[-3] - 1, 0):
        table = np.take(table, place, axis=axis)
    E = np.zeros((*y.shape[:-2], m + n, m + n), y.dtype)
    E[..., :m, m:], E[..., m:, :m] = y, mT(y)
    return paths(w, W, E, table)[..., :m, m:]


def odd(h, deficient):
    """h continued to the negative numbers. Where all s > 0 its slope at 0 does not matter."""

    def both_signs(x):
        sign = np.where(x < 0, x.dtype.type(-1), x.dtype.type(1))
        return sign * h(sign * x) if deficient else np.where(x == 0, 0 * x, sign * h(sign * x))

    return both_signs


def without_jump(h, s, size, count):
    """Whether a singular value is zero; an error where odd h or its derivatives jump there."""
    eps = np.finfo(s.dtype).eps
    zero = s <= size * eps * s.max(axis=-1, keepdims=True, initial=0.0)
    if not zero.any():
        return False
    for order in range(0, count + 1, 2):
        with np.errstate(all="ignore"):
            jump = plain(derivative(h, order)(np.zeros(1, s.dtype)))[0]
        if not abs(jump) <= 100 * eps * max(1.0, np.abs(plain(h(s))).max()):
            i = int(np.nonzero(zero)[-1][0])
            name = "h" + "'" * order
            raise DegenerateSpectrumError(
                f"Singular value {i} is {s[zero][0]:.3g}, zero to rounding, and {name}(0) is "
                f"{jump:.3g}: as a function of the matrix, U h(s) Vᵀ "
                f"{'jumps' if order == 0 else 'is not smooth enough'} there, because the signs of "
                "the vectors of a zero singular value are free. Use an h with h(0) = 0 (an odd "
                "one is smooth), or move the matrix by about 1e-6."
            )
    return True


def plain(z):
    """What h returned, refused if it is traced: then h used more than its argument."""
    if isinstance(z, Traced):
        raise LosesDerivative(
            "The function h of singular values or eigenvalues uses a traced value besides its "
            "argument, whose derivative would be lost. Let h depend on its argument alone, and "
            "multiply or add the other value outside."
        )
    return z


def by_itself(h, w):
    """Refuse an h that does not act entry by entry: s / s.sum() mixes the values."""
    flat = np.ravel(w)
    beside = np.append(flat, 1 + 1.25 * np.max(np.abs(flat), initial=0.0)).astype(w.dtype)
    with np.errstate(all="ignore"):
        alone, together = plain(h(flat)), plain(h(beside))
    close = np.sqrt(np.finfo(w.dtype).eps)
    if np.shape(alone) != flat.shape or not np.allclose(
        alone, np.asarray(together)[..., :-1], rtol=close, atol=0, equal_nan=True
    ):
        raise MissingRule(
            "The function h of singular values or eigenvalues must act on each value by itself "
            "and return an array of the same shape, as np.exp does. A sum or a maximum over all "
            "values is a factor: multiply by it outside, computed with np.linalg.svdvals."
        )


def finite(table, w, y):
    """The table itself, refused where h has no derivative at one of the values."""
    if y.shape[-3] and not np.isfinite(table).all():
        bad = np.sum(~np.isfinite(table).reshape(*w.shape, -1), axis=-1)
        worst = float(w.flat[np.argmax(bad)])
        raise DegenerateSpectrumError(
            f"h has no finite derivative of order {y.shape[-3]} at the value {worst:.3g} of the "
            "matrix. Use an h that is smooth there, or move the matrix by about 1e-6."
        )
    return table


eigh_along = every_order(
    eigh_along, params="h", source="Daleckii & Krein 1965; Higham 2008, theorem 3.11"
)
svd_along = every_order(svd_along, params="h", source="Hawkins & Ben-Israel 1973; Noferini 2017")


def eigh_function(x, h):
    """V h(w) Vᵀ for a symmetric matrix, or each of a stack, with w, V = np.linalg.eigh(x).

    h takes and returns an array of values and acts on each by itself; it is plain NumPy and may be
    a step. Derivatives are exact also where eigenvalues tie, and to rounding where they almost do;
    as those of np.linalg.eigh they take the matrix as symmetric. The trace of the result is the
    sum of h(w), a smooth function to every order.

    Raises MissingRule for an h that mixes the values, LosesDerivative for one that uses another
    traced value, DegenerateSpectrumError where h has no derivative at an eigenvalue.
    The k-th derivative costs k! nᵏ⁺¹. Daleckii & Krein 1965; Higham 2008, section 3.2.

    >>> from adcourse import grad
    >>> grad(lambda x: np.sum(eigh_function(x, np.square)))(np.eye(2))
    array([[2., 2.],
           [2., 2.]])
    """
    x = x if isinstance(x, Traced) else np.asarray(x)
    return eigh_along(x, no_directions(x), h=h)


def svd_function(x, h):
    """U h(s) Vᵀ for a matrix of any shape, or each of a stack, with U, s, Vᵀ its reduced factors.

    h takes and returns an array of singular values and acts on each by itself: `np.ones_like`
    gives the orthogonal polar factor, `lambda s: np.maximum(s - 1, 0)` soft thresholding.
    Derivatives are exact also where singular values tie, and to rounding where they almost do.

    Raises DegenerateSpectrumError at a zero singular value unless h(0) = 0, and at the derivatives
    of order two and more unless h is odd to that order; else as `eigh_function`.
    The k-th derivative costs k! (m+n)ᵏ⁺¹. Hawkins & Ben-Israel 1973; Noferini 2017.

    >>> from adcourse import grad
    >>> grad(lambda x: np.linalg.norm(svd_function(x, lambda s: s)))(np.diag([2.0, 2.0, 1.0]))
    array([[0.66666667, 0.        , 0.        ],
           [0.        , 0.66666667, 0.        ],
           [0.        , 0.        , 0.33333333]])
    """
    x = x if isinstance(x, Traced) else np.asarray(x)
    return svd_along(x, no_directions(x), h=h)
