"""NumPy functions spelled with primitives: no rule of their own, so nothing to get wrong twice."""

from math import prod

import numpy as np

from adcourse.core.primitive import shape_of, table
from adcourse.rules.kinds import linear


def join(*arrays, axis=0):
    """np.concatenate with the arrays as arguments, as a row of the table wants them."""
    return np.concatenate(arrays, axis=axis)


def part(k, shapes, axis, z_bar):
    """The piece of a joined array that came from the k-th argument."""
    axis = (axis or 0) % len(shapes[k])
    start = sum(shape[axis] for shape in shapes[:k])
    return z_bar[(*[slice(None)] * axis, slice(start, start + shapes[k][axis]))]


join = linear(join, part, arity=None, name="np.concatenate", params="axis")


def composite(function):
    """Enter a spelling of a NumPy function into the table."""

    def enter(spelling):
        table[function] = spelling
        return spelling

    return enter


@composite(np.concatenate)
def concatenate(arrays, axis=0):
    return join(*arrays, axis=axis)


@composite(np.stack)
def stack(arrays, axis=0):
    axis %= len(shape_of(arrays[0])) + 1
    return join(*[np.expand_dims(x, axis) for x in arrays], axis=axis)


@composite(np.expand_dims)
def expand_dims(x, axis):
    shape = list(shape_of(x))
    shape.insert(axis % (len(shape) + 1), 1)
    return np.reshape(x, tuple(shape))


@composite(np.ravel)
def ravel(x):
    return np.reshape(x, (-1,))


@composite(np.trace)
def trace(x):
    diagonal = np.arange(min(x.shape))
    return np.sum(x[diagonal, diagonal])


table[np.shape] = lambda x: x.shape
table[np.ndim] = lambda x: x.ndim
table[np.size] = lambda x: prod(x.shape)
table[np.zeros_like] = lambda x: np.zeros(x.shape, x.dtype)
table[np.ones_like] = lambda x: np.ones(x.shape, x.dtype)
table[np.result_type] = lambda *xs: np.result_type(
    *[x.dtype if hasattr(x, "dtype") else x for x in xs]
)
