"""Means, spreads and other statistics, spelled with sums, roots and sorting."""

import numpy as np

from adcourse.core.primitive import shape_of
from adcourse.rules.composites import composite, dtype_of
from adcourse.rules.elementary import root
from adcourse.rules.piecewise import astype
from adcourse.rules.reductions import axes_of, count


@composite(np.mean)
def mean(x, axis=None, keepdims=False):
    return np.sum(x, axis=axis, keepdims=keepdims) / count(x, axis)


@composite(np.var)
def var(x, axis=None, ddof=0, keepdims=False, mean=None, correction=None):
    center = np.mean(x, axis=axis, keepdims=True) if mean is None else mean
    n = count(x, axis) - (ddof if correction is None else correction)
    return np.sum(np.square(x - center), axis=axis, keepdims=keepdims) / max(n, 0)


@composite(np.std)
def std(x, axis=None, ddof=0, keepdims=False, mean=None, correction=None):
    """The root of the variance; at a constant the subgradient of least norm, which is 0."""
    return root(var(x, axis, ddof, keepdims, mean, correction))


@composite(np.average)
def average(x, axis=None, weights=None, returned=False, keepdims=False):
    if weights is None:
        z = np.mean(x, axis=axis, keepdims=keepdims)
        return (z, np.full(shape_of(z), float(count(x, axis)))) if returned else z
    if shape_of(weights) != shape_of(x):  # one weight for each place along the axes
        axes = axes_of(x, axis)
        order = tuple(sorted(range(len(axes)), key=axes.__getitem__))
        shape = tuple(n if i in axes else 1 for i, n in enumerate(shape_of(x)))
        weights = np.reshape(np.transpose(weights, order), shape)
    weights = np.broadcast_to(weights, shape_of(x))
    total = np.sum(weights, axis=axis, keepdims=keepdims)
    z = np.sum(x * weights, axis=axis, keepdims=keepdims) / total
    return (z, total) if returned else z


@composite(np.median)
def median(x, axis=None, overwrite_input=False, keepdims=False):
    """The middle of the sorted entries, or the mean of the two middle ones; nan if one is nan."""
    shape, axes = shape_of(x), axes_of(x, axis)
    kept = [a for a in range(len(shape)) if a not in axes]
    rows = np.transpose(x, (*kept, *axes))
    n = count(x, axis)
    rows = np.sort(np.reshape(rows, (*[shape[a] for a in kept], n)), axis=-1)
    last, middle = rows[..., -1], rows[..., n // 2]
    middle = middle if n % 2 else (rows[..., n // 2 - 1] + middle) / 2
    middle = np.where(np.isnan(last), last, middle)
    return np.expand_dims(middle, axes) if keepdims else middle


@composite(np.nansum)
def nansum(x, axis=None, keepdims=False):
    return np.sum(np.where(np.isnan(x), 0.0, x), axis=axis, keepdims=keepdims)


@composite(np.nanprod)
def nanprod(x, axis=None, keepdims=False):
    return np.prod(np.where(np.isnan(x), 1.0, x), axis=axis, keepdims=keepdims)


@composite(np.nanmean)
def nanmean(x, axis=None, keepdims=False):
    counted = np.logical_not(np.isnan(x))
    total = np.sum(np.where(counted, x, 0.0), axis=axis, keepdims=keepdims)
    number = np.sum(np.where(counted, 1.0, 0.0), axis=axis, keepdims=keepdims)
    return total / astype(number, dtype_of(x))


@composite(np.trapezoid)
def trapezoid(y, x=None, dx=1.0, axis=-1):
    """The area under the polygon through the points (x, y)."""
    y = np.moveaxis(y, axis, -1)
    if x is not None:
        dx = np.diff(x) if len(shape_of(x)) == 1 else np.diff(np.moveaxis(x, axis, -1))
    return np.sum(dx * (y[..., 1:] + y[..., :-1]) / 2, axis=-1)


def cumulative(scan, start):
    """np.cumulative_sum and np.cumulative_prod: a scan that may begin with its empty value."""

    def spelling(x, axis=None, include_initial=False):
        axis = 0 if axis is None else axis
        z = scan(x, axis=axis)
        if not include_initial:
            return z
        shape = list(shape_of(z))
        shape[axis] = 1
        return np.concatenate([np.full(shape, start, dtype_of(x)), z], axis=axis)

    return spelling


if hasattr(np, "cumulative_sum"):  # NumPy 2.1
    composite(np.cumulative_sum)(cumulative(np.cumsum, 0))
    composite(np.cumulative_prod)(cumulative(np.cumprod, 1))
