"""Arrays put together and taken apart: one linear row, concatenate, and spellings of it."""

import numpy as np

from adcourse.core.primitive import shape_of
from adcourse.rules.composites import composite
from adcourse.rules.dependence import numbers
from adcourse.rules.kinds import linear
from adcourse.rules.shapes import normalised
from adcourse.rules.structure import bring_back


def join(*arrays, axis=0):
    """np.concatenate with the arrays as arguments, as a row of the table wants them."""
    return np.concatenate(arrays, axis=axis)


def part(k, shapes, axis, z_bar):
    """The piece of a joined array that came from the k-th argument."""
    axis = (axis or 0) % len(shapes[k])
    start = sum(shape[axis] for shape in shapes[:k])
    return z_bar[(*[slice(None)] * axis, slice(start, start + shapes[k][axis]))]


join = linear(join, part, arity=None, name="np.concatenate", params="axis")


@composite(np.concatenate)
def concatenate(arrays, axis=0):
    if axis is None:
        return join(*[np.ravel(x) for x in arrays], axis=0)
    return join(*arrays, axis=axis)


@composite(np.stack)
def stack(arrays, axis=0):
    axis = normalised(axis, len(shape_of(arrays[0])) + 1)
    return join(*[np.expand_dims(x, axis) for x in arrays], axis=axis)


@composite(np.vstack)
def vstack(arrays):
    return join(*[np.atleast_2d(x) for x in arrays], axis=0)


@composite(np.hstack)
def hstack(arrays):
    arrays = [np.atleast_1d(x) for x in arrays]
    return join(*arrays, axis=0 if len(shape_of(arrays[0])) == 1 else 1)


@composite(np.dstack)
def dstack(arrays):
    return join(*[np.atleast_3d(x) for x in arrays], axis=2)


@composite(np.column_stack)
def column_stack(arrays):
    columns = [np.reshape(x, (-1, 1)) if len(shape_of(x)) < 2 else x for x in arrays]
    return join(*columns, axis=1)


@composite(np.append)
def append(x, values, axis=None):
    return np.concatenate([x, values], axis=axis)


@composite(np.block)
def block(arrays):
    """Nested lists: the innermost are joined along the last axis, the outermost along the first."""

    def leaves(nest):
        return [leaf for n in nest for leaf in leaves(n)] if isinstance(nest, list) else [nest]

    def depth_of(nest):
        return 1 + depth_of(nest[0]) if isinstance(nest, list) else 0

    ndim = max(depth_of(arrays), *[len(shape_of(leaf)) for leaf in leaves(arrays)], 0)

    def joined(nest, depth):
        if isinstance(nest, list):
            return join(*[joined(n, depth - 1) for n in nest], axis=-depth)
        shape = shape_of(nest)
        return np.reshape(nest, (1,) * (ndim - len(shape)) + shape)

    return joined(arrays, depth_of(arrays)) if isinstance(arrays, list) else arrays


@composite(np.array_split)
def array_split(x, indices_or_sections, axis=0):
    n, cuts = shape_of(x)[axis], indices_or_sections
    if np.ndim(cuts) == 0:
        each, longer = divmod(n, cuts)  # the first pieces are longer by one
        cuts = [i * each + min(i, longer) for i in range(1, cuts)]
    x = np.moveaxis(x, axis, 0)
    bounds = zip([None, *cuts], [*cuts, None], strict=True)
    return [np.moveaxis(x[start:end], 0, axis) for start, end in bounds]


@composite(np.split)
def split(x, indices_or_sections, axis=0):
    n, sections = shape_of(x)[axis], indices_or_sections
    if np.ndim(sections) == 0 and n % sections:
        raise ValueError(f"np.split: {n} entries do not divide into {sections} equal parts.")
    return np.array_split(x, sections, axis=axis)


@composite(np.vsplit)
def vsplit(x, indices_or_sections):
    return np.split(x, indices_or_sections, axis=0)


@composite(np.hsplit)
def hsplit(x, indices_or_sections):
    return np.split(x, indices_or_sections, axis=0 if len(shape_of(x)) == 1 else 1)


@composite(np.dsplit)
def dsplit(x, indices_or_sections):
    return np.split(x, indices_or_sections, axis=2)


def unstack(x, axis=0):
    return tuple(np.moveaxis(x, axis, 0))


if hasattr(np, "unstack"):  # NumPy 2.1
    composite(np.unstack)(unstack)


def put_between(x, values, obj, axis=None):
    """np.insert with the arrays first."""
    return np.insert(x, obj, values, axis=axis)


def origin(k, shapes, obj, axis, z_bar):
    """The entries of x and of the values are numbered on; cotangents go back by these numbers."""
    x, values = map(numbers, shapes)
    source = np.insert(x, obj, values + x.size, axis=axis)
    mine = source > x.size if k else source <= x.size
    return bring_back(z_bar, np.where(mine, source - k * x.size, 0), shapes[k])


put_between = linear(put_between, origin, origin, params="obj axis")


@composite(np.insert)
def insert(x, obj, values, axis=None):
    return put_between(x, values, obj=obj, axis=axis)
