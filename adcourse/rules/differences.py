"""Divided differences h[a, b, …], as exact where points almost meet as where they are far apart.

h[a] = h(a) and h[a, …, b] = (h[…, b] - h[a, …]) / (b - a), which loses the digits that h(a) and
h(b) share. Where points meet, h[a, …, b] is the mean of the k-th derivative over the simplex that
they span, divided by k! (Hermite and Genocchi; de Boor 2005, section 9), which loses none, but asks
h to be smooth in between. Both are computed. The mean is taken where it agrees with the quotient to
the quotient's own rounding error: there it can only be better. Kinks and steps stay exact, too.
"""

import numpy as np

from adcourse.core.dual import Dual
from adcourse.core.scope import Scope

NODES = 8  # of Gauss's quadrature along each axis of the simplex


def derivative(h, order):
    """The derivative of an elementwise function, by tangents of tangents."""
    if order == 0:
        return h

    def slope(x):
        with Scope("a function of values") as scope:
            z = h(Dual(x, np.ones(x.shape, x.dtype), scope))
        own = isinstance(z, Dual) and z.scope is scope
        return z.tangent if own else np.zeros(x.shape, x.dtype)

    return derivative(slope, order - 1)


def simplex(k):
    """Barycentric nodes and weights of a quadrature over the simplex of k + 1 points."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    nodes, weights = (nodes + 1) / 2, weights / 2
    t, w = np.ones((1, 1)), np.ones(1)
    for j in range(k):
        nearer = (1 - nodes)[:, None, None] * t
        further = np.broadcast_to(nodes[:, None, None], (NODES, len(t), 1))
        t = np.concatenate([nearer, further], axis=-1).reshape(-1, j + 2)
        w = np.outer(weights * (1 - nodes) ** j, w).ravel()
    return t, w


def divided(h, points):
    """h[points[…, 0], …, points[…, k]] for points in ascending order, and a bound of its error."""
    k, eps = points.shape[-1] - 1, np.finfo(points.dtype).eps
    if not k:
        z = h(points[..., 0])
        return z, eps * np.abs(z)
    (low, low_error), (high, high_error) = divided(h, points[..., :-1]), divided(h, points[..., 1:])
    gap = points[..., -1] - points[..., 0]
    tied = gap == 0
    safe = np.where(tied, 1, gap).astype(gap.dtype)
    quotient = (high - low) / safe
    error = (low_error + high_error) / safe + eps * np.abs(quotient)
    t, weights = simplex(k)
    mean = derivative(h, k)(points @ t.T.astype(points.dtype)) @ weights.astype(points.dtype)
    taken = tied | (np.abs(mean - quotient) <= 8 * error)
    value = np.where(taken, mean, quotient)
    return value, np.where(taken, np.minimum(error, 8 * eps * np.abs(mean)), error)


def divided_differences(h, w, k):
    """The table of h[w_a, w_b, …] for all k + 1 indices, with an axis for each in the end."""
    if not k:
        return h(w)
    n = w.shape[-1]
    indices = np.sort(np.indices((n,) * (k + 1)).reshape(k + 1, -1), axis=0)  # it is symmetric
    chosen, place = np.unique(np.ravel_multi_index(indices, (n,) * (k + 1)), return_inverse=True)
    points = w[..., np.stack(np.unravel_index(chosen, (n,) * (k + 1)), axis=-1)]
    with np.errstate(all="ignore"):
        values = divided(h, np.sort(points, axis=-1))[0]
    return values[..., place.ravel()].reshape(*w.shape[:-1], *(n,) * (k + 1))
