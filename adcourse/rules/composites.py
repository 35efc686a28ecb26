"""NumPy functions spelled with rows of the table: no rule of their own, nothing to get wrong twice.

This file says how a spelling enters the table, and holds the questions about an array that need no
derivative at all: its shape, its size, an array of zeros like it.
"""

from math import prod

import numpy as np

from adcourse.core.errors import InPlaceWrite
from adcourse.core.primitive import Composite, shape_of, table


def composite(*functions):
    """Enter a spelling of a NumPy function, or of several that mean the same, into the table.

    The spelling is called with the arrays by position and the options by name. Options that it does
    not name are refused, unless they are set to NumPy's default.
    """

    def enter(spelling):
        for function in functions:
            Composite(function, spelling)
        return spelling

    return enter


def dtype_of(x):
    """The dtype of an array, a traced array or a number."""
    return x.dtype if hasattr(x, "dtype") else np.result_type(x)


def like(x, shape, dtype):
    """The shape and dtype of an array that is made like x."""
    shape = shape_of(x) if shape is None else shape
    return shape, dtype_of(x) if dtype is None else dtype


table[np.shape] = shape_of
table[np.ndim] = lambda x: len(shape_of(x))
table[np.iscomplexobj] = lambda x: False
table[np.isrealobj] = lambda x: True
table[np.result_type] = lambda *xs: np.result_type(
    *[dtype_of(x) if hasattr(x, "dtype") else x for x in xs]
)


@composite(np.size)
def size(x, axis=None):
    shape = shape_of(x)
    axes = range(len(shape)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    return prod(shape[a] for a in axes)


@composite(np.zeros_like)
def zeros_like(x, dtype=None, shape=None):
    return np.zeros(*like(x, shape, dtype))


@composite(np.ones_like)
def ones_like(x, dtype=None, shape=None):
    return np.ones(*like(x, shape, dtype))


@composite(np.empty_like)
def empty_like(x, dtype=None, shape=None):
    return np.empty(*like(x, shape, dtype))


@composite(np.full_like)
def full_like(x, fill_value, dtype=None, shape=None):
    shape, dtype = like(x, shape, dtype)
    return table["astype"](np.broadcast_to(fill_value, shape), dtype)


def refuse_to_write(function):
    """A row for a function that fills an array: a clear sentence."""

    def refusal(*args, **options):
        raise InPlaceWrite(
            f"np.{function.__name__} (which np.full calls, too) fills an array in place, and a "
            "trace needs every value that was computed. Write value * np.ones(shape), or build "
            "the array with np.where, np.stack or np.concatenate."
        )

    table[function] = refusal


for function in (np.copyto, np.put, np.place, np.putmask, np.put_along_axis, np.fill_diagonal):
    refuse_to_write(function)
