"""Polynomials and convolutions: products of sequences."""

import numpy as np

from adcourse.core.primitive import shape_of
from adcourse.rules.composites import composite, dtype_of
from adcourse.rules.kinds import bilinear
from adcourse.rules.piecewise import astype


def full_convolution(x, y):
    """zₖ = Σᵢ xᵢ yₖ₋ᵢ wherever there is a term."""
    return np.convolve(x, y)


full_convolution = bilinear(
    full_convolution,
    lambda y, x_shape, z_bar: middle(np.flip(y), z_bar, x_shape[0]),
    lambda x, y_shape, z_bar: middle(np.flip(x), z_bar, y_shape[0]),
    name="np.convolve",
)


def middle(x, y, n):
    """The n terms of a convolution where all of the shorter sequence takes part."""
    start = min(shape_of(x)[0], shape_of(y)[0]) - 1
    return full_convolution(x, y)[start : start + n]


@composite(np.convolve)
def convolve(x, y, mode="full"):
    x, y = np.atleast_1d(x), np.atleast_1d(y)
    z, n, m = full_convolution(x, y), shape_of(x)[0], shape_of(y)[0]
    if mode == "full":
        return z
    longer, shorter = max(n, m), min(n, m)
    size = longer if mode == "same" else longer - shorter + 1
    start = (n + m - 1 - size) // 2
    return z[start : start + size]


@composite(np.correlate)
def correlate(x, y, mode="valid"):
    return np.convolve(x, np.flip(y), mode)


@composite(np.polyval)
def polyval(p, x):
    """Horner's scheme."""
    p = np.asarray(p) if isinstance(p, list | tuple) else p
    y = np.zeros(shape_of(x), dtype_of(x))
    for k in range(shape_of(p)[0]):
        y = y * x + p[k]
    return y


@composite(np.vander)
def vander(x, N=None, increasing=False):
    powers = range(shape_of(x)[0] if N is None else N)
    x = astype(x, np.promote_types(dtype_of(x), int))
    return np.stack([x**k for k in (powers if increasing else reversed(powers))], axis=1)
