"""Functions that move entries without changing them: all linear, each transposed by moving back.

Where moving back has a name of its own, the row says it. All others are told by what they do to the
numbers of the entries: `moving(np.tile)` runs np.tile on the array of entry numbers 1…n, which says
where each entry of the result came from (0: from nowhere), and cotangents go back there.
"""

import operator
from math import prod

import numpy as np

from adcourse.core.primitive import Traced, shape_of, table
from adcourse.core.tracer import is_computed
from adcourse.rules import batching, dependence
from adcourse.rules.dependence import numbers
from adcourse.rules.kinds import linear
from adcourse.rules.shapes import unbroadcast


def inverse(axes):
    """The permutation that undoes np.transpose(x, axes)."""
    if axes is None:
        return None
    return tuple(int(i) for i in np.argsort([a % len(axes) for a in axes]))


def bring_back(z_bar, source, shape):
    """Add each entry of z_bar up at the entry number that `source` says, 0 being nowhere."""
    flat, source = np.reshape(z_bar, (prod(shape_of(z_bar)),)), np.ravel(source)
    if not np.all(source):
        flat, source = flat[source > 0], source[source > 0]
    return np.reshape(scatter(flat, shape=(prod(shape),), index=source - 1), shape)


def moving(function, params="", **facts):
    """A row for a function that moves, copies or drops entries, or fills in zeros."""

    def transpose(x_shape, params, z_bar):
        return bring_back(z_bar, function(numbers(x_shape), **params), x_shape)

    return linear(function, transpose, params=params, depends=dependence.moved, **facts)


# fmt: off
#      NumPy            transpose
linear(np.reshape,      lambda x_shape, order, z_bar: np.reshape(z_bar, x_shape, order or "C"),
       params="shape newshape order")
linear(np.transpose,    lambda axes, z_bar: np.transpose(z_bar, inverse(axes)),     params="axes")
linear(np.broadcast_to, lambda x_shape, z_bar: unbroadcast(z_bar, x_shape),         params="shape")
linear(np.flip,         lambda axis, z_bar: np.flip(z_bar, axis),                   params="axis")
linear(np.roll,         lambda shift, axis, z_bar: np.roll(z_bar, np.negative(shift), axis),
       params="shift axis")
linear(np.tril,         lambda params, z_bar: np.tril(z_bar, **params),             params="k")
linear(np.triu,         lambda params, z_bar: np.triu(z_bar, **params),             params="k")

moving(np.rot90,    "k axes")
moving(np.repeat,   "repeats axis")
moving(np.tile,     "reps")
moving(np.resize,   "new_shape")
moving(np.delete,   "obj axis")
moving(np.diag,     "k")
moving(np.diagflat, "k")
moving(np.diagonal, "offset axis1 axis2")
# fmt: on


def by_columns(x):
    """x, laid out in memory in Fortran's order, for programs that are written by a compiler."""
    return np.asfortranarray(x)


by_columns = linear(by_columns, lambda z_bar: z_bar)


# Indexing. An index that was computed from traced values travels among the arguments.

HOLE = object()  # where such an index stands in the brackets


def pick(x, index):
    """x[index], with the index as an option of the row."""
    return x[index]


def scatter(x, shape, index):
    """Zeros of this shape with x added at `index`: the transpose of indexing.

    An entry that was read twice receives both cotangents.
    """
    x = np.asarray(x)
    z = np.zeros(shape, dtype=x.dtype)
    if reads_once(index):
        z[index] = x[()]
    else:
        np.add.at(z, index, x)
    return z


def reads_once(index):
    """Whether an index is made of slices, numbers and new axes, and so reads no entry twice."""
    parts = index if isinstance(index, tuple) else (index,)
    return all(i is None or i is Ellipsis or isinstance(i, slice | int) for i in parts)


def filled(index, computed):
    """An index with the computed parts in its holes."""
    computed = iter(computed)
    parts = tuple(next(computed) if i is HOLE else i for i in index)
    return parts if len(parts) > 1 else parts[0]


def pick_at(x, *computed, index):
    """x[index], where parts of the index are computed by the program."""
    return pick(x, filled(index, computed))


def scatter_at(x, *computed, shape, index):
    """The transpose of `pick_at`."""
    return scatter.numpy(x, shape, filled(index, computed))


linear(
    pick,
    lambda x_shape, index, z_bar: scatter(z_bar, shape=x_shape, index=index),
    name="x[index]",
    params="index",
)
table[operator.getitem] = table[pick]
scatter = linear(
    scatter,
    lambda index, z_bar: z_bar[index],
    params="shape index",
    batch=batching.scatter,
)
pick_at = linear(
    pick_at,
    lambda x_shape, others, index, z_bar: scatter_at(z_bar, *others, shape=x_shape, index=index),
    None,
    arity=None,
    params="index",
    entries=False,
)
scatter_at = linear(
    scatter_at,
    lambda others, index, z_bar: pick_at(z_bar, *others, index=index),
    None,
    arity=None,
    params="shape index",
    entries=False,
)


def pick_computed(x, index):
    """x[index] for an index with traced parts."""
    parts = [plain_ends(i) for i in (index if isinstance(index, tuple) else (index,))]
    computed = [i for i in parts if isinstance(i, Traced)]
    if not computed:
        return x[tuple(parts)]
    return pick_at(x, *computed, index=tuple(HOLE if isinstance(i, Traced) else i for i in parts))


def at(x, index):
    """x[index] for an index that may be traced, and an x that may be plain."""
    return pick_computed(x, index) if is_computed(index) else x[index]


def plain_ends(part):
    """A slice whose ends are plain numbers; a trace notes which numbers they were."""
    if not isinstance(part, slice):
        return part
    ends = [e if e is None else operator.index(e) for e in (part.start, part.stop)]
    return slice(*ends, part.step)


table[operator.itemgetter] = pick_computed


def add_up(x, shape, index):
    """`scatter` for an index that may be traced."""
    if isinstance(index, Traced):
        return scatter_at(x, index, shape=shape, index=(HOLE,))
    return scatter(x, shape=shape, index=index)
