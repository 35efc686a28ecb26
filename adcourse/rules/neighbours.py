"""Functions of neighbouring entries: differences, finite-difference gradients, interpolation."""

import numpy as np

from adcourse.core.errors import MissingRule
from adcourse.core.primitive import shape_of
from adcourse.rules.composites import composite, dtype_of
from adcourse.rules.piecewise import astype


@composite(np.diff)
def diff(x, n=1, axis=-1, prepend=None, append=None):
    x = np.moveaxis(x, axis, -1)
    ends = []
    for end in (prepend, append):
        if end is not None and shape_of(end) == ():
            end = np.broadcast_to(end, (*shape_of(x)[:-1], 1))
        elif end is not None:
            end = np.moveaxis(end, axis, -1)
        ends.append(end)
    parts = [part for part in (ends[0], x, ends[1]) if part is not None]
    x = np.concatenate(parts, axis=-1) if len(parts) > 1 else x
    for _ in range(n):
        x = x[..., 1:] - x[..., :-1]
    return np.moveaxis(x, -1, axis)


@composite(np.ediff1d)
def ediff1d(x, to_end=None, to_begin=None):
    x = np.ravel(x)
    parts = [to_begin, x[1:] - x[:-1], to_end]
    return np.concatenate([astype(np.ravel(p), dtype_of(x)) for p in parts if p is not None])


@composite(np.gradient)
def gradient(x, *spacing, axis=None, edge_order=1):
    """Central differences inside, one-sided ones at the ends; a list for several axes."""
    n = len(shape_of(x))
    axes = range(n) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if len(spacing) < 2:
        spacing = (spacing or (1.0,)) * len(axes)
    if len(spacing) != len(axes):
        raise TypeError(f"np.gradient takes one spacing or one per axis, not {len(spacing)}.")
    slopes = tuple(slope(x, h, a, edge_order) for h, a in zip(spacing, axes, strict=True))
    return slopes if len(slopes) > 1 else slopes[0]


def slope(x, h, axis, edge_order):
    """Differences along one axis, for one spacing or the coordinates of the entries."""
    x = np.moveaxis(x, axis, -1)
    if shape_of(x)[-1] <= edge_order:
        raise ValueError(f"np.gradient needs at least {edge_order + 1} entries along the axis.")
    h = h * np.ones(shape_of(x)[-1] - 1) if shape_of(h) == () else np.diff(h)
    left, right = h[:-1], h[1:]
    step = (x[..., 1:] - x[..., :-1]) / h
    inside = (right * step[..., :-1] + left * step[..., 1:]) / (left + right)
    first, last = step[..., :1], step[..., -1:]
    if edge_order == 2:  # the parabola through three points
        first = first + (first - step[..., 1:2]) * h[0] / (h[0] + h[1])
        last = last + (last - step[..., -2:-1]) * h[-1] / (h[-1] + h[-2])
    slopes = np.concatenate([first, inside, last], axis=-1)
    return np.moveaxis(astype(slopes, dtype_of(x)), -1, axis)


@composite(np.interp)
def interp(x, xp, fp, left=None, right=None, period=None):
    """The polygon through (xp, fp) at x; at a corner its derivative is the one to the right."""
    if period is not None:
        raise MissingRule(
            "np.interp with period= has no derivative rule in adcourse. "
            "Repeat the first point behind the last one and take x % period."
        )
    n = shape_of(xp)[0]
    i = np.clip(np.searchsorted(xp, x, side="right") - 1, 0, max(n - 2, 0))
    if n == 1:
        xp, fp = np.concatenate([xp, xp + 1.0]), np.concatenate([fp, fp])
    xp, fp = np.ravel(xp), np.ravel(fp)
    slopes = (fp[1:] - fp[:-1]) / (xp[1:] - xp[:-1])
    z = slopes[i] * (x - xp[i]) + fp[i]
    z = np.where(x > xp[-1], fp[-1] if right is None else right, z)
    return astype(np.where(x < xp[0], fp[0] if left is None else left, z), np.float64)
