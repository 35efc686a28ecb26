"""Difference quotients and the complex step: derivatives that only evaluate the function."""

from functools import cache

import numpy as np

UNIT = np.finfo(float).eps / 2  # unit round-off u of float64, 2⁻⁵³

# scheme: default step, and the two points of the quotient as multiples of it; the step balances
# truncation against rounding
SCHEMES = {
    "forward": (2 * UNIT**0.5, 1, 0),
    "backward": (2 * UNIT**0.5, 0, -1),
    "central": ((3 * UNIT) ** (1 / 3), 1, -1),
}


def finite_difference(f, x, scheme="central", h=None):
    """Derivative of f at x by difference quotients along each coordinate.

    x is a number or a float array; f returns a number or an array. The result has shape
    f(x).shape + x.shape: the gradient for a scalar f. `scheme` is "forward" (error O(h)),
    "backward" (O(h)) or "central" (O(h²)); `h` is the absolute step, by default about √u for the
    one-sided schemes and ∛(3u) for the central one, where u = 2⁻⁵³ is the unit round-off.

    Cost for d coordinates: d + 1 evaluations (one-sided, the value at x is shared) or 2d (central).
    Best error at scale 1: about 1e-8 (one-sided) and 1e-10 (central).
    Nocedal & Wright 2006, section 8.1.

    >>> finite_difference(lambda x: x**2, 3.0).round(6)
    np.float64(6.0)
    """
    if scheme not in SCHEMES:
        raise ValueError(f"scheme must be one of {', '.join(SCHEMES)}, not {scheme!r}.")
    default, right, left = SCHEMES[scheme]
    h = default if h is None else h
    base = cache(lambda: f(np.array(x, dtype=float)[()]))  # for all coordinates, once if at all

    def quotient(x, e):
        ends = [f(x + k * h * e) if k else base() for k in (right, left)]
        return (ends[0] - ends[1]) / ((right - left) * h)

    return along_coordinates(x, quotient)


def complex_step(f, x, h=1e-20):
    """Derivative of f at x as Im f(x + ih)/h: no subtraction, so no cancellation.

    f must be real-analytic and written so that it accepts complex numbers (no abs, no maximum, no
    comparison). Shapes as in `finite_difference`. Error: O(h²) truncation, so h = 1e-20 leaves only
    the rounding of f itself. Squire & Trapp 1998; Martins, Sturdza & Alonso 2003.

    >>> complex_step(np.sin, 0.0)
    np.float64(1.0)
    """
    return along_coordinates(x, lambda x, e: np.imag(f(x + 1j * h * e)) / h)


def along_coordinates(x, directional):
    """Stack `directional(x, eᵢ)` over the coordinates of x as trailing axes."""
    x = np.asarray(x, dtype=float)
    columns = []
    for i in range(x.size):
        e = np.zeros(x.size)
        e[i] = 1.0
        columns.append(np.asarray(directional(x[()], e.reshape(x.shape)[()])))
    if not columns:
        return np.zeros(x.shape)
    return np.stack(columns, axis=-1).reshape(columns[0].shape + x.shape)[()]
