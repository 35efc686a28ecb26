"""Sums, products and extrema over axes. What was reduced is spread back over the axes.

Ties of max and min share the derivative evenly. A product's derivative is made of the products of
the *other* factors, so that zeros among them do no harm.
"""

from math import prod as product

import numpy as np

from adcourse.core.primitive import shape_of, table
from adcourse.rules.composites import composite
from adcourse.rules.kinds import constant, general, linear
from adcourse.rules.shapes import spread


def axes_of(x, axis):
    """The axes that `axis=` means for x: a tuple of numbers from 0."""
    n = len(shape_of(x))
    if axis is None:
        return tuple(range(n))
    return tuple(a % n for a in (axis if isinstance(axis, tuple) else (axis,)))


def count(x, axis):
    """How many entries of x each entry of a reduction over these axes is made of."""
    return product(shape_of(x)[a] for a in axes_of(x, axis))


def others(x, axis):
    """For each entry the product of all *other* entries along the axes."""
    shape, axes = shape_of(x), axes_of(x, axis)
    order = (*[a for a in range(len(shape)) if a not in axes], *axes)
    moved = np.transpose(x, order)
    rows = np.reshape(moved, (*shape_of(moved)[: len(shape) - len(axes)], count(x, axis)))
    return np.transpose(np.reshape(others_last(rows), shape_of(moved)), np.argsort(order))


def others_last(x):
    """`others` along the last axis, by pairs: others of a pair times the partner."""
    shape = shape_of(x)
    half = shape[-1] // 2
    if not half:
        return np.ones(shape)
    a, b, rest = x[..., :half], x[..., half : 2 * half], x[..., 2 * half :]
    outside = others_last(np.concatenate([a * b, rest], axis=-1))
    both = outside[..., :half]
    return np.concatenate([both * b, both * a, outside[..., half:]], axis=-1)


def winners(z, x, axis, keepdims):
    """The share of each entry in a maximum z; where the maximum is nan, the nans share it."""
    ties = np.logical_or(x == spread(z, shape_of(x), axis, keepdims), np.isnan(x))
    return ties / np.sum(ties, axis=axis, keepdims=True)


def prod_jvp(x, axis, keepdims, x_dot):
    return np.sum(others(x, axis) * x_dot, axis=axis, keepdims=bool(keepdims))


def prod_vjp(x, axis, keepdims, z_bar):
    return others(x, axis) * spread(z_bar, shape_of(x), axis, keepdims)


def extremum_jvp(z, x, axis, keepdims, x_dot):
    return np.sum(winners(z, x, axis, keepdims) * x_dot, axis=axis, keepdims=bool(keepdims))


def extremum_vjp(z, x, axis, keepdims, z_bar):
    return winners(z, x, axis, keepdims) * spread(z_bar, shape_of(x), axis, keepdims)


def log_sum_exp(x, axis=None, keepdims=False):
    """log Σ exp x over the axes, without overflow."""
    top = np.max(x, axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0).astype(top.dtype)
    z = np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True)) + top
    return z if keepdims else np.squeeze(z, axes_of(x, axis))[()]


def softmax(z, x, axis, keepdims):
    """The gradient of z = log Σ exp x; the division removes the rounding of z."""
    e = np.exp(x - spread(z, shape_of(x), axis, keepdims))
    return e / np.sum(e, axis=axis, keepdims=True)


def logsumexp_jvp(z, x, axis, keepdims, x_dot):
    return np.sum(softmax(z, x, axis, keepdims) * x_dot, axis=axis, keepdims=bool(keepdims))


def logsumexp_vjp(z, x, axis, keepdims, z_bar):
    return softmax(z, x, axis, keepdims) * spread(z_bar, shape_of(x), axis, keepdims)


def cumsum_transpose(x_shape, axis, z_bar):
    """What is summed from the start on is summed from the end back."""
    total = np.flip(np.cumsum(np.flip(z_bar, axis or 0), axis=axis or 0), axis or 0)
    return np.reshape(total, x_shape)


# fmt: off
linear(np.sum,    lambda x_shape, axis, keepdims, z_bar: spread(z_bar, x_shape, axis, keepdims),
       params="axis keepdims", entries="sum")
linear(np.cumsum, cumsum_transpose, params="axis", entries="cumsum")
general(np.prod, jvp=prod_jvp, vjp=prod_vjp, params="axis keepdims", entries="prod")
general(np.max,  jvp=extremum_jvp, vjp=extremum_vjp, params="axis keepdims",
        entries="max")
general(np.min,  jvp=extremum_jvp, vjp=extremum_vjp, params="axis keepdims",
        entries="min")
table[np.amax], table[np.amin] = table[np.max], table[np.min]

log_sum_exp = general(log_sum_exp, jvp=logsumexp_jvp, vjp=logsumexp_vjp, entries="logsumexp",
                      params="axis keepdims", name="ad.logsumexp")

constant(np.argmax,        params="axis keepdims")
constant(np.argmin,        params="axis keepdims")
constant(np.any,           params="axis keepdims", entries="any")
constant(np.all,           params="axis keepdims", entries="all")
constant(np.count_nonzero, params="axis keepdims", entries="count_nonzero")
# fmt: on


@composite(np.ptp)
def ptp(x, axis=None, keepdims=False):
    return np.max(x, axis=axis, keepdims=keepdims) - np.min(x, axis=axis, keepdims=keepdims)


@composite(np.cumprod)
def cumprod(x, axis=None):
    """Products over 1, 2, 4, … entries back: no division, so zeros do no harm."""
    x = np.ravel(x) if axis is None else x
    x = np.moveaxis(x, axis or 0, -1)
    back, n = 1, shape_of(x)[-1]
    while back < n:
        x = np.concatenate([x[..., :back], x[..., back:] * x[..., :-back]], axis=-1)
        back *= 2
    return np.moveaxis(x, -1, axis or 0)


def logsumexp(x, axis=None, keepdims=False):
    """log Σ exp x over the axes, without overflow; scipy.special.logsumexp for traced arrays.

    Takes and returns arrays, traced or plain; axis and keepdims as in np.sum. The gradient is the
    softmax.

    >>> from adcourse import grad
    >>> grad(logsumexp)(np.array([1000.0, 1000.0]))
    array([0.5, 0.5])
    """
    return log_sum_exp(x, axis=axis, keepdims=keepdims)
