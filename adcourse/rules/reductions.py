"""Sums and products over axes. What was summed is spread back; what was copied is summed back."""

import numpy as np

from adcourse.core.primitive import table
from adcourse.rules.kinds import linear
from adcourse.rules.shapes import spread

linear(
    np.sum,
    lambda x_shape, axis, keepdims, z_bar: spread(z_bar, x_shape, axis, keepdims),
    params="axis keepdims",
)


def mean(x, axis=None, keepdims=False):
    """The sum over the axes divided by the number of entries."""
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    count = 1
    for a in axes:
        count *= x.shape[a]
    return np.sum(x, axis=axis, keepdims=keepdims) / count


table[np.mean] = mean
