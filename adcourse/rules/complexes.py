"""Complex numbers between real ones: what np.fft.rfft of a traced array is.

A `Complex` holds two traced real arrays. It is an interpreter as every traced array is one: a row
that is called with it is spelled with the same row on real and imaginary parts. So derivatives stay
those of real functions, and no rule needs a convention for complex ones. A function may begin and
end with real arrays and pass through complex ones; functions without a meaning here are refused.
"""

from dataclasses import dataclass, field
from math import inf

import numpy as np

from adcourse.core.errors import NotReal
from adcourse.core.primitive import shape_of
from adcourse.core.tracer import Tracer
from adcourse.core.tree import leaf_types


class Everywhere:
    """The scope of complex numbers: inside all others, and never closed."""

    level = inf
    open = True
    maker = "complex numbers"


@dataclass(frozen=True, eq=False, slots=True)
class Complex(Tracer):
    """real + i imag, two real arrays of one shape; a container of two to every transformation."""

    real: object = field()  # slots, for a traced array has properties of these names
    imag: object = field()
    keeps_names = True
    scope = Everywhere

    @property
    def shape(self):
        return shape_of(self.real)

    @property
    def dtype(self):
        return np.result_type(self.real.dtype, 1j)

    @property
    def value(self):
        raise NotReal("A traced complex number has no single value. Use its .real and .imag.")

    def interpret(self, row, args, params):
        if row.numpy in MEANINGS:
            return MEANINGS[row.numpy](*map(split, args), **params)
        if row.kind == "linear":
            return part_by_part(row, args, params)
        if row.kind == "bilinear":
            return product(row, *map(split, args), **params)
        raise NotReal(
            f"{row.name} of a complex number has no derivative rule in adcourse. Between real "
            "arrays, complex ones may be added, multiplied, divided, indexed, moved, summed and "
            "transformed, and np.abs, np.conj, np.exp, x.real, x.imag lead on. Use real and "
            "imaginary parts for the rest."
        )

    def __bool__(self):
        raise NotReal("A complex number is neither true nor false. Compare its parts or np.abs.")


leaf_types.discard(Complex)


def split(x):
    """Real and imaginary part of anything; the imaginary part of a real array is None."""
    if isinstance(x, Complex):
        return x.real, x.imag
    if not isinstance(x, Tracer) and np.iscomplexobj(x):
        return np.real(x), np.imag(x)
    return x, None


def part_by_part(row, args, params):
    """Linear rows act on real and imaginary parts alike; conditions and indices stay."""
    reals, imags = [], []
    for k, a in enumerate(args):
        real, imag = split(a)
        fixed = row.transpose_of(k) is None
        reals.append(a if fixed else real)
        imags.append(a if fixed else np.zeros(shape_of(a)) if imag is None else imag)
    return Complex(row(*reals, **params), row(*imags, **params))


def product(row, x, y, **params):
    """(a + ib)(c + id) for any product of two arrays."""
    (a, b), (c, d) = x, y
    if b is None:
        return Complex(row(a, c, **params), row(a, d, **params))
    if d is None:
        return Complex(row(a, c, **params), row(b, c, **params))
    return Complex(
        row(a, c, **params) - row(b, d, **params), row(a, d, **params) + row(b, c, **params)
    )


def total(x, y, sign=1):
    """x + y, or x - y."""
    (a, b), (c, d) = x, y
    real = a + sign * c
    zero = 0.0 * real
    return Complex(real, zero + (0.0 if b is None else b) + (0.0 if d is None else sign * d))


def quotient(x, y):
    """x / y by the conjugate of y."""
    (a, b), (c, d) = x, y
    if d is None:
        return Complex(a / c, b / c)
    size = c * c + d * d
    b = 0.0 if b is None else b
    return Complex((a * c + b * d) / size, (b * c - a * d) / size)


def power(x, y):
    """Whole powers, by repeated multiplication."""
    (a, b), (n, imag) = x, y
    if imag is not None or isinstance(n, Tracer) or b is None or n != int(n) or not 1 <= n <= 8:
        raise NotReal(
            "A traced complex number can be raised to whole powers from 1 to 8, and to no others. "
            "Write x = r exp(i t) with np.abs and np.angle, and raise r."
        )
    base = z = Complex(a, b)
    for _ in range(int(n) - 1):
        z = z * base
    return z


MEANINGS = {
    np.add: total,
    np.subtract: lambda x, y: total(x, y, sign=-1),
    np.multiply: lambda x, y: product(np.multiply, x, y),
    np.divide: quotient,
    np.negative: lambda x: Complex(-x[0], -x[1]),
    np.positive: lambda x: Complex(*x),
    np.conjugate: lambda x: Complex(x[0], -x[1]),
    np.square: lambda x: product(np.multiply, x, x),
    np.power: power,
    np.exp: lambda x: Complex(np.exp(x[0]) * np.cos(x[1]), np.exp(x[0]) * np.sin(x[1])),
    np.absolute: lambda x: np.linalg.vector_norm(np.stack(x), axis=0),
}
