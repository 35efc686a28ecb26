"""Discrete Fourier transforms entry by entry, with cosines and sines as exact numbers.

An array of complex numbers is [real parts, imaginary parts].
"""

from math import prod

import numpy as np
import sympy


def rotated(x, axis, inverse):
    """Σ exp(∓2πi jk/n) xⱼ for each k along one axis."""
    real, imag = (np.moveaxis(part, axis, -1) for part in x)
    n = real.shape[-1]
    angles = [[2 * sympy.pi * (j * k % n) / n for k in range(n)] for j in range(n)]
    c, s = (np.frompyfunc(f, 1, 1)(np.array(angles, object)) for f in (sympy.cos, sympy.sin))
    s = s if inverse else -s
    parts = real @ c - imag @ s, real @ s + imag @ c
    return np.stack([np.moveaxis(part, -1, axis) for part in parts])


def spectrum(x, share, axes, norm=None, inverse=False):
    n = prod(x.shape[1:][a] for a in axes)
    for axis in axes:
        x = rotated(x, axis, inverse)
    scale = {"ortho": sympy.sqrt(n), ("forward", "backward")[inverse]: sympy.Integer(n)}
    return x / scale.get(norm or "backward", sympy.S.One)


def half_spectrum(x, share, axes, norm=None):
    """The last axis without the half that mirrors the other."""
    z = spectrum(np.stack([x, 0 * x]), share, axes, norm)
    last = axes[-1] % x.ndim + 1
    return np.take(z, range(x.shape[axes[-1]] // 2 + 1), last)


def from_half(y, share, size, axes, norm=None):
    """The inverse along all axes but the last; there the mirrored half is the conjugate."""
    last = axes[-1] % (y.ndim - 1) + 1
    n = prod(y.shape[1:][a] for a in axes[:-1]) * size
    for axis in axes[:-1]:
        y = rotated(y, axis, inverse=True)
    mirrored = np.take(y, [size - k for k in range(y.shape[last], size)], last)
    y = np.concatenate([y, mirrored * np.reshape([1, -1], (2, *(1,) * (y.ndim - 1)))], axis=last)
    y[(1, *[slice(None)] * (last - 1), 0)] = 0  # NumPy takes these as real
    if size % 2 == 0:
        y[(1, *[slice(None)] * (last - 1), size // 2)] = 0
    scale = {"ortho": sympy.sqrt(n), "backward": sympy.Integer(n)}.get(norm or "backward", 1)
    return rotated(y, last - 1, inverse=True)[0] / scale
