"""Undoing broadcasting: what was copied on the way forward is summed on the way back."""

import numpy as np

from adcourse.core.primitive import shape_of


def unbroadcast(z_bar, shape):
    """Sum a cotangent of a broadcast result back to the shape of the argument.

    Broadcasting (shape) -> (z_bar.shape) copies entries; its transpose adds the copies up.

    >>> unbroadcast(np.ones((2, 3)), (3,))
    array([2., 2., 2.])
    >>> unbroadcast(np.ones((2, 3)), (2, 1))
    array([[3.],
           [3.]])
    """
    have = shape_of(z_bar)
    if have == shape:
        return z_bar
    new = len(have) - len(shape)
    stretched = tuple(new + i for i, n in enumerate(shape) if n == 1 and have[new + i] != 1)
    axes = (*range(new), *stretched)
    if not axes:
        return z_bar
    total = np.sum(z_bar, axis=axes)
    return np.reshape(total, shape) if stretched else total


def normalised(axis, n):
    """An axis counted from the front; one that is out of range is NumPy's own error."""
    if not -n <= axis < n:
        raise np.exceptions.AxisError(axis, n)
    return axis % n


def spread(z_bar, shape, axis, keepdims):
    """Copy the cotangent of a reduction over `axis` back to every entry that was reduced."""
    if axis is not None and not keepdims:
        axes = axis if isinstance(axis, tuple) else (axis,)
        axes = {a % len(shape) for a in axes}
        z_bar = np.reshape(z_bar, tuple(1 if i in axes else n for i, n in enumerate(shape)))
    return np.broadcast_to(z_bar, shape)
