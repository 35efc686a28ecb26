"""Functions that move entries without changing them: all linear, each transposed by moving back."""

import operator

import numpy as np

from adcourse.core.primitive import table
from adcourse.rules.kinds import linear
from adcourse.rules.shapes import unbroadcast


def pick(x, index):
    """x[index], with the index as an option of the row."""
    return x[index]


def scatter(x, shape, index):
    """Zeros of this shape with x added at `index`: the transpose of indexing.

    An entry that was read twice receives both cotangents.
    """
    z = np.zeros(shape, dtype=np.asarray(x).dtype)
    np.add.at(z, index, x)
    return z


def inverse(axes):
    """The permutation that undoes np.transpose(x, axes)."""
    return None if axes is None else tuple(int(i) for i in np.argsort(axes))


linear(np.reshape, lambda x_shape, z_bar: np.reshape(z_bar, x_shape), params="shape newshape order")
linear(np.transpose, lambda axes, z_bar: np.transpose(z_bar, inverse(axes)), params="axes")
linear(np.broadcast_to, lambda x_shape, z_bar: unbroadcast(z_bar, x_shape), params="shape")
linear(
    pick,
    lambda x_shape, index, z_bar: scatter(z_bar, shape=x_shape, index=index),
    name="x[index]",
    params="index",
)
table[operator.getitem] = table[pick]
scatter = linear(scatter, lambda index, z_bar: z_bar[index], params="shape index")
