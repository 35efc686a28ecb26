"""Sorting: the order is constant between ties, and entries that tie share the derivative evenly."""

import numpy as np

from adcourse.core.primitive import shape_of
from adcourse.rules.composites import composite, size
from adcourse.rules.kinds import constant, general
from adcourse.rules.structure import add_up, at


def last_axis(x, axis):
    """x as rows that are sorted each for itself."""
    x = np.moveaxis(x, axis, -1)
    shape = shape_of(x)
    return np.reshape(x, (int(np.prod(shape[:-1])), shape[-1]))


def back(rows, shape, axis):
    """The inverse of `last_axis`, for a result of this shape."""
    n = len(shape)
    moved = (*shape[: axis % n], *shape[axis % n + 1 :], shape[axis])
    return np.moveaxis(np.reshape(rows, moved), -1, axis)


def in_order(rows, order):
    """Each row in its own order."""
    return at(rows, (np.arange(shape_of(rows)[0])[:, None], order))


def tied_mean(rows, z):
    """Each entry replaced by the mean over the entries that tie with it in the sorted rows z."""
    if not size(z):
        return rows
    starts = np.concatenate([np.ones((shape_of(z)[0], 1), bool), z[:, 1:] != z[:, :-1]], axis=1)
    group = np.reshape(np.cumsum(starts), shape_of(z)) - 1
    n = (size(z),)
    total, members = add_up(rows, n, group), add_up(np.ones(shape_of(z)), n, group)
    return at(total, group) / at(members, group)


def sort_jvp(z, x, axis, x_dot):
    """The tangents in the order of the values; where entries tie, the mean of theirs."""
    order = np.argsort(last_axis(x, axis), axis=-1, kind="stable")
    dots = tied_mean(in_order(last_axis(x_dot, axis), order), last_axis(z, axis))
    return back(dots, shape_of(z), axis)


def sort_vjp(z, x, axis, z_bar):
    """The transpose of `sort_jvp`."""
    order = np.argsort(last_axis(x, axis), axis=-1, kind="stable")
    bars = tied_mean(last_axis(z_bar, axis), last_axis(z, axis))
    return back(in_order(bars, np.argsort(order, axis=-1)), shape_of(x), axis)


def sort_along(x, axis, kind=None):
    return np.sort(x, axis=axis, kind=kind)


def ranks(x, axis, kth, kind):
    """Where each entry of np.partition stands among the sorted ones."""
    z = np.partition(x, kth, axis=axis, kind=kind)
    return np.argsort(np.argsort(z, axis=axis), axis=axis)


# fmt: off
sort_along = general(sort_along, jvp=sort_jvp, vjp=sort_vjp, params="axis kind", name="np.sort",
                     entries="sort")
ranks = constant(ranks, params="axis kth kind")

constant(np.argsort,      params="axis kind stable")
constant(np.argpartition, params="axis kth kind")
constant(np.searchsorted, arity=2, params="side sorter")
constant(np.digitize,     arity=2, params="right")
constant(np.argwhere)
constant(np.flatnonzero)
# fmt: on


@composite(np.sort)
def sort(x, axis=-1, kind=None, stable=None):
    x = np.ravel(x) if axis is None else x
    return sort_along(x, axis=-1 if axis is None else axis, kind="stable" if stable else kind)


@composite(np.partition)
def partition(x, kth, axis=-1, kind="introselect"):
    x, axis = (np.ravel(x), -1) if axis is None else (x, axis)
    order = ranks(x, axis=axis, kth=kth, kind=kind)
    return np.take_along_axis(np.sort(x, axis=axis), order, axis=axis)


def nonzero_along(x, axis):
    """The places along one axis where x is not zero."""
    return np.nonzero(x)[axis]


nonzero_along = constant(nonzero_along, params="axis")


@composite(np.nonzero)
def nonzero(x):
    return tuple(nonzero_along(x, axis=a) for a in range(len(shape_of(x))))
