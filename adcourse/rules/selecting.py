"""Entries chosen by an index, a condition or a place, spelled with x[index] and np.where."""

import numpy as np

from adcourse.core.errors import MissingRule
from adcourse.core.primitive import shape_of
from adcourse.rules.composites import composite, dtype_of, size
from adcourse.rules.structure import moving

PADDINGS = ("constant", "edge", "reflect", "symmetric", "wrap", "empty")


@composite(np.take)
def take(x, indices, axis=None, mode="raise"):
    x, axis = (np.ravel(x), 0) if axis is None else (x, axis % len(shape_of(x)))
    n = shape_of(x)[axis]
    if isinstance(indices, list | tuple):
        indices = np.asarray(indices)
    if mode == "clip":
        indices = np.clip(indices, 0, n - 1)
    elif mode == "wrap":
        indices = indices % n
    return x[(*[slice(None)] * axis, indices)]


@composite(np.take_along_axis)
def take_along_axis(x, indices, axis=-1):
    if axis is None:
        return np.ravel(x)[indices]
    shape = list(shape_of(x))
    axis %= len(shape)
    index = list(np.ogrid[tuple(slice(n) for n in shape)])
    index[axis] = indices
    return x[tuple(index)]


@composite(np.compress)
def compress(condition, x, axis=None):
    return np.take(x, np.flatnonzero(condition), axis=axis)


@composite(np.extract)
def extract(condition, x):
    return np.ravel(x)[np.flatnonzero(condition)]


@composite(np.choose)
def choose(which, choices, mode="raise"):
    """Entry by entry the choice of this number."""
    n = len(choices)
    if mode == "clip":
        which = np.clip(which, 0, n - 1)
    elif mode == "wrap":
        which = which % n
    shape = np.broadcast_shapes(shape_of(which), *map(shape_of, choices))
    stacked = np.stack([np.broadcast_to(choice, shape) for choice in choices])
    return stacked[(np.broadcast_to(which, shape), *np.ogrid[tuple(map(slice, shape))])]


@composite(np.select)
def select(conditions, choices, default=0):
    """Entry by entry the first choice whose condition holds."""
    z = default
    for condition, choice in zip(reversed(conditions), reversed(choices), strict=True):
        z = np.where(condition, choice, z)
    return z


def framed(x, pad_width, mode="constant"):
    """np.pad for the modes that copy entries, or put zeros."""
    if mode == "empty":  # anything may stand there, and zeros say where they come from: nowhere
        mode = "constant"
    return np.pad(x, pad_width, mode=mode)


framed = moving(framed, "pad_width mode", name="np.pad")


@composite(np.pad)
def pad(x, pad_width, mode="constant", constant_values=0, reflect_type="even"):
    if mode not in PADDINGS or reflect_type != "even":
        what = f"mode={mode!r}" if reflect_type == "even" else f"reflect_type={reflect_type!r}"
        raise MissingRule(
            f"np.pad with {what} has no derivative rule in adcourse. "
            f"There are {', '.join(PADDINGS)}; or join the parts with np.concatenate."
        )
    z = framed(x, pad_width=pad_width, mode=mode)
    if mode == "constant" and np.any(constant_values):
        zeros = np.zeros(shape_of(x), dtype_of(x))
        z = z + np.pad(zeros, pad_width, constant_values=constant_values)
    return z


@composite(np.trim_zeros)
def trim_zeros(x, trim="fb"):
    kept = np.flatnonzero(x)
    if not size(kept):
        return x[:0]
    start = kept[0] if "f" in trim.lower() else 0
    end = kept[-1] + 1 if "b" in trim.lower() else shape_of(x)[0]
    return x[start:end]
