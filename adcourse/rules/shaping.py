"""Other shapes for the same entries, spelled with reshape, transpose and broadcast_to."""

import numpy as np

from adcourse.core.primitive import shape_of, table
from adcourse.rules.composites import composite, dtype_of, size
from adcourse.rules.shapes import normalised


@composite(np.copy)
def copy(x):
    return x  # a traced array never changes: it is as good as a copy


@composite(np.ravel)
def ravel(x, order="C"):
    return np.reshape(x, (size(x),), order=order)


@composite(np.squeeze)
def squeeze(x, axis=None):
    shape = shape_of(x)
    if axis is None:
        axes = {i for i, n in enumerate(shape) if n == 1}
    else:
        axes = {a % len(shape) for a in (axis if isinstance(axis, tuple) else (axis,))}
        if any(shape[a] != 1 for a in axes):
            raise ValueError(f"np.squeeze of shape {shape}: axis {axis} is not of length 1.")
    return np.reshape(x, tuple(n for i, n in enumerate(shape) if i not in axes))


@composite(np.expand_dims)
def expand_dims(x, axis):
    axes = axis if isinstance(axis, tuple | list) else (axis,)
    n = len(shape_of(x)) + len(axes)
    axes = {normalised(a, n) for a in axes}
    old = iter(shape_of(x))
    return np.reshape(x, tuple(1 if i in axes else next(old) for i in range(n)))


@composite(np.moveaxis)
def moveaxis(x, source, destination):
    n = len(shape_of(x))
    source = [a % n for a in np.atleast_1d(source).tolist()]
    destination = [a % n for a in np.atleast_1d(destination).tolist()]
    order = [a for a in range(n) if a not in source]
    for place, a in sorted(zip(destination, source, strict=True)):
        order.insert(place, a)
    return np.transpose(x, tuple(order)) if order != list(range(n)) else x


@composite(np.swapaxes)
def swapaxes(x, axis1, axis2):
    order = list(range(len(shape_of(x))))
    order[axis1], order[axis2] = order[axis2], order[axis1]
    return np.transpose(x, tuple(order))


@composite(np.rollaxis)
def rollaxis(x, axis, start=0):
    n = len(shape_of(x))
    axis, start = axis % n, start + n * (start < 0)
    return np.moveaxis(x, axis, start - (axis < start))


@composite(np.matrix_transpose, np.linalg.matrix_transpose)
def matrix_transpose(x):
    return np.swapaxes(x, -1, -2)


@composite(np.fliplr)
def fliplr(x):
    return np.flip(x, 1)


@composite(np.flipud)
def flipud(x):
    return np.flip(x, 0)


def at_least(n, place):
    """Arrays with at least n axes; `place(shape)` says the shape of one that has fewer."""

    def spelling(*arrays):
        made = [np.reshape(x, place(shape_of(x))) if len(shape_of(x)) < n else x for x in arrays]
        return made[0] if len(made) == 1 else tuple(made)

    return spelling


composite(np.atleast_1d)(at_least(1, lambda shape: (1,)))
composite(np.atleast_2d)(at_least(2, lambda shape: (1,) * (2 - len(shape)) + shape))
composite(np.atleast_3d)(at_least(3, lambda shape: (*(1,) * (len(shape) < 2), *(shape or (1,)), 1)))


@composite(np.broadcast_arrays)
def broadcast_arrays(*arrays):
    shape = np.broadcast_shapes(*map(shape_of, arrays))
    return tuple(np.broadcast_to(x, shape) for x in arrays)


@composite(np.meshgrid)
def meshgrid(*arrays, copy=True, sparse=False, indexing="xy"):
    n = len(arrays)
    places = list(range(n))
    if indexing == "xy" and n > 1:
        places[:2] = [1, 0]
    grid = [
        np.reshape(x, [-1 if i == place else 1 for i in range(n)])
        for x, place in zip(arrays, places, strict=True)
    ]
    return tuple(grid) if sparse else np.broadcast_arrays(*grid)


table[np.permute_dims] = table[np.transpose]


@composite(np.linspace)
def linspace(start, stop, num=50, endpoint=True, axis=0):
    """Equal steps from start to stop, both of which may be traced."""
    distance = stop - start
    t = (np.arange(num) / max(num - bool(endpoint), 1)).astype(dtype_of(distance))
    t = np.reshape(t, (num, *(1,) * len(shape_of(distance))))
    return np.moveaxis(start + t * distance, 0, axis)
