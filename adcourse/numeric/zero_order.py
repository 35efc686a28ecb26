"""Gradients estimated from values along random directions instead of coordinates."""

import numpy as np

from adcourse.numeric.differences import UNIT


def two_point_gradient(f, x, rng, epsilon=None, directions=1, distribution="sphere"):
    """A random estimate of the gradient of a scalar f at x, of the shape of x.

    For a random direction v it is

        G = c (f(x + εv) − f(x − εv)) / (2ε) v,

    the mean of it for several `directions`. With v uniform on the unit "sphere" of all d entries
    the factor c is d; for a "gaussian" v, standard normal, c is 1: in both cases E[c v vᵀ] = I.
    On the sphere G is unbiased for the gradient of f averaged over the ball of radius ε, not of f
    itself. As ε → 0, E‖G‖² = d ‖∇f‖² on the sphere and (d + 2) ‖∇f‖² for a Gaussian v, so one
    direction is a noisy estimate. `epsilon` is ∛(3u) by default, `rng` a numpy.random.Generator.

    Cost: 2 evaluations per direction, whatever d is.
    Flaxman, Kalai & McMahan 2005; Nesterov & Spokoiny 2017.

    Raises ValueError for another distribution and for fewer than one direction.

    >>> rng = np.random.default_rng(0)
    >>> two_point_gradient(lambda x: x @ x, np.array([1.0, 2.0]), rng, directions=10_000).round(1)
    array([2., 4.])
    """
    if distribution not in ("sphere", "gaussian"):
        raise ValueError(f'distribution must be "sphere" or "gaussian", not {distribution!r}.')
    if directions < 1:
        raise ValueError(f"directions must be at least 1, not {directions}.")
    x = np.asarray(x, dtype=float)
    epsilon = (3 * UNIT) ** (1 / 3) if epsilon is None else epsilon
    total = np.zeros(x.shape)
    for _ in range(directions):
        v = rng.standard_normal(x.shape)
        factor = 1
        if distribution == "sphere":  # a Gaussian has no preferred direction
            v, factor = v / np.sqrt(np.sum(v * v)), x.size
        slope = (f((x + epsilon * v)[()]) - f((x - epsilon * v)[()])) / (2 * epsilon)
        total += factor * slope * v
    return (total / directions)[()]
