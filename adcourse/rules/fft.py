"""Discrete Fourier transforms. Each is linear, and its transpose is the transform back.

Under the pairing of real and imaginary parts, the transpose of a transform with factor c is the
inverse transform with the same factor: NumPy's `norm` "backward" and "forward" change places. A
spectrum is kept as one real array with the real part at [0] and the imaginary part at [1].
"""

import numpy as np

from adcourse.core.primitive import shape_of
from adcourse.rules.complexes import Complex
from adcourse.rules.composites import composite
from adcourse.rules.kinds import linear

SWAPPED = {None: "forward", "backward": "forward", "forward": "backward", "ortho": "ortho"}


def parts(z):
    return np.stack([z.real, z.imag])


def spectrum(x, axes, norm=None, inverse=False):
    """The transform of x[0] + i x[1]."""
    transform = np.fft.ifftn if inverse else np.fft.fftn
    return parts(transform(x[0] + 1j * x[1], axes=axes, norm=norm))


def half_spectrum(x, axes, norm=None):
    """The transform of a real x, without the half of the last axis that mirrors the other."""
    return parts(np.fft.rfftn(x, axes=axes, norm=norm))


def from_half(y, size, axes, norm=None):
    """The real array of which y is the half spectrum; `size` is its length along the last axis."""
    sizes = [*(y.shape[1:][a] for a in axes[:-1]), size]
    return np.fft.irfftn(y[0] + 1j * y[1], s=sizes, axes=axes, norm=norm)


def interior(shape, axis, size, weight):
    """1 for frequencies that stand once in a spectrum of this size, `weight` for mirrored ones."""
    n = shape[axis]
    weights = np.full(n, weight)
    weights[0] = 1.0
    if size % 2 == 0:
        weights[size // 2 :] = 1.0
    return np.reshape(weights, [n if a == axis % len(shape) else 1 for a in range(len(shape))])


spectrum = linear(
    spectrum,
    lambda axes, norm, inverse, z_bar: spectrum(
        z_bar, axes=axes, norm=SWAPPED[norm], inverse=not inverse
    ),
    params="axes norm inverse",
    entries="spectrum",
)
half_spectrum = linear(
    half_spectrum,
    lambda x_shape, axes, norm, z_bar: from_half(
        z_bar * interior(shape_of(z_bar)[1:], axes[-1], x_shape[axes[-1]], 0.5),
        size=x_shape[axes[-1]],
        axes=axes,
        norm=SWAPPED[norm],
    ),
    params="axes norm",
    entries="half_spectrum",
)
from_half = linear(
    from_half,
    lambda x_shape, size, axes, norm, z_bar: (
        half_spectrum(z_bar, axes=axes, norm=SWAPPED[norm])
        * interior(x_shape[1:], axes[-1], size, 2.0)
    ),
    params="size axes norm",
    entries="from_half",
)


def resized(x, sizes, axes):
    """x cut or filled up with zeros at the end of each axis."""
    for axis, n in zip(axes, sizes, strict=True):
        have = shape_of(x)[axis]
        if n < have:
            x = x[(*[slice(None)] * axis, slice(n))]
        elif n > have:
            shape = list(shape_of(x))
            shape[axis] = n - have
            x = np.concatenate([x, np.zeros(shape)], axis=axis)
    return x


def arranged(x, s, axes):
    """Axes counted from 0, and the sizes along them."""
    n = len(shape_of(x))
    if axes is None:
        axes = range(n) if s is None else range(n - len(s), n)
    axes = tuple(a % n for a in axes)
    default = [shape_of(x)[a] for a in axes]
    pairs = zip(default if s is None else s, default, strict=True)
    return axes, [have if size in (None, -1) else size for size, have in pairs]


def complex_transform(inverse):
    def transform(x, s=None, axes=None, norm=None):
        axes, sizes = arranged(x, s, axes)
        x = resized(x, sizes, axes)
        real, imag = (x.real, x.imag) if isinstance(x, Complex) else (x, np.zeros(shape_of(x)))
        z = spectrum(np.stack([real, imag]), axes=axes, norm=norm, inverse=inverse)
        return Complex(z[0], z[1])

    return transform


def from_real(x, s=None, axes=None, norm=None):
    if isinstance(x, Complex):
        raise TypeError("np.fft.rfft takes a real array; np.fft.fft takes a complex one.")
    axes, sizes = arranged(x, s, axes)
    z = half_spectrum(resized(x, sizes, axes), axes=axes, norm=norm)
    return Complex(z[0], z[1])


def to_real(x, s=None, axes=None, norm=None):
    axes, sizes = arranged(x, s, axes)
    if s is None or s[-1] in (None, -1):
        sizes[-1] = 2 * (shape_of(x)[axes[-1]] - 1)
    x = resized(x, [*sizes[:-1], sizes[-1] // 2 + 1], axes)
    real, imag = (x.real, x.imag) if isinstance(x, Complex) else (x, np.zeros(shape_of(x)))
    return from_half(np.stack([real, imag]), size=int(sizes[-1]), axes=axes, norm=norm)


def along_one_axis(transform):
    def one(x, n=None, axis=-1, norm=None):
        return transform(x, None if n is None else (n,), (axis,), norm)

    return one


def along_two_axes(transform):
    def two(x, s=None, axes=(-2, -1), norm=None):
        return transform(x, s, axes, norm)

    return two


for name, transform in {
    "fft": complex_transform(inverse=False),
    "ifft": complex_transform(inverse=True),
    "rfft": from_real,
    "irfft": to_real,
}.items():
    composite(getattr(np.fft, name))(along_one_axis(transform))
    composite(getattr(np.fft, name + "2"))(along_two_axes(transform))
    composite(getattr(np.fft, name + "n"))(transform)


def rolled(sign):
    """np.fft.fftshift and its inverse: zero frequency to the middle, and back."""

    def shift(x, axes=None):
        n = len(shape_of(x))
        axes = range(n) if axes is None else (axes,) if isinstance(axes, int) else axes
        for axis in axes:
            size = shape_of(x)[axis]
            order = np.roll(np.arange(size), sign * (size // 2))
            x = x[(*[slice(None)] * (axis % n), order)]
        return x

    return shift


composite(np.fft.fftshift)(rolled(1))
composite(np.fft.ifftshift)(rolled(-1))
