"""Norms, condition numbers and ranks.

The Euclidean norm has no derivative at 0 and takes 0 there, the shortest of its subgradients; so
do the other vector norms of finite order. The maximum norm, the spectral and the nuclear norm take
one of many subgradients where they have a kink: at 0, at ties, and at singular values that are 0
(Watson 1992). Second derivatives of the norm at 0 are infinite or nan, as they should be.
"""

import numpy as np

from adcourse.core.primitive import shape_of
from adcourse.rules.batching import over_axes
from adcourse.rules.composites import composite
from adcourse.rules.kinds import constant, elementwise, general
from adcourse.rules.shapes import spread


def direction(x, y):
    """x / y, and 0 where y = 0: the derivative of a length y by x."""
    return np.where(y == 0, 0.0 * x, x / np.where(y == 0, 1.0, y))


direction = elementwise(
    direction,
    lambda y: 1 / y,
    lambda z, y: -z / y,
    sympy="Piecewise((0, Eq(y, 0)), (x / y, True))",
)


def euclidean(x, axis=None, keepdims=False):
    """The root of the sum of squares over some axes."""
    return np.linalg.vector_norm(x, axis=axis, keepdims=keepdims)


def along(z, x, axis, keepdims):
    """x / z, the gradient of the norm, shaped like x."""
    return direction(x, spread(z, shape_of(x), axis, keepdims))


euclidean = general(
    euclidean,
    name="np.linalg.vector_norm",
    jvp=lambda z, x, axis, keepdims, x_dot: np.sum(
        along(z, x, axis, keepdims) * x_dot, axis=axis, keepdims=bool(keepdims)
    ),
    vjp=lambda z, x, axis, keepdims, z_bar: (
        along(z, x, axis, keepdims) * spread(z_bar, shape_of(x), axis, keepdims)
    ),
    params="axis keepdims",
    entries="norm",
    batch=over_axes,
)


@composite(np.linalg.norm)
def norm(x, ord=None, axis=None, keepdims=False):
    """A vector norm over one axis or a matrix norm over two; over all entries by default."""
    shape = shape_of(x)
    if axis is None and (ord is None or (len(shape), ord) in ((1, 2), (2, "fro"))):
        return euclidean(x, axis=None, keepdims=bool(keepdims))
    axes = tuple(range(len(shape))) if axis is None else axis
    axes = axes if isinstance(axes, tuple) else (axes,)
    axes = tuple(a % len(shape) for a in axes)
    if len(axes) == 1:
        return of_vectors(x, ord, axes, bool(keepdims))
    if len(axes) == 2:
        return of_matrices(x, ord, axes, bool(keepdims))
    raise ValueError("np.linalg.norm takes one axis, for vectors, or two, for matrices.")


def of_vectors(x, ord, axis, keepdims):
    """(Σ |xᵢ|ᵖ)^(1/p) over some axes, and its limits at p = ∞, -∞ and 0."""
    over = {"axis": axis, "keepdims": keepdims}
    if ord is None or ord == 2:
        return euclidean(x, **over)
    if isinstance(ord, str):
        raise ValueError(f"A vector has no norm of order {ord!r}.")
    if ord == np.inf:
        return np.max(np.abs(x), **over)
    if ord == -np.inf:
        return np.min(np.abs(x), **over)
    if ord == 0:
        return np.sum(np.where(x != 0, x.dtype.type(1), x.dtype.type(0)), **over)
    if ord == 1:
        return np.sum(np.abs(x), **over)
    total = np.sum(np.abs(x) ** ord, **over)
    return np.where(total == 0, 0.0 * total, np.where(total == 0, 1.0, total) ** (1 / ord))


def of_matrices(x, ord, axes, keepdims):
    """Largest or smallest sums of columns and rows, and functions of the singular values."""
    rows, columns = axes
    if rows == columns:
        raise ValueError("np.linalg.norm of matrices needs two different axes.")
    over = {"axis": axes, "keepdims": True}
    if ord is None or ord == "fro":
        z = euclidean(x, **over)
    elif ord in ("nuc", 2, -2):
        s = np.linalg.svdvals(np.moveaxis(x, axes, (-2, -1)))
        z = np.sum(s, -1) if ord == "nuc" else np.max(s, -1) if ord == 2 else np.min(s, -1)
    elif ord in (1, -1, np.inf, -np.inf):
        inner, outer = (rows, columns) if ord in (1, -1) else (columns, rows)
        sums = np.sum(np.abs(x), axis=inner, keepdims=True)
        pick = np.max if ord in (1, np.inf) else np.min
        z = pick(sums, axis=outer, keepdims=True)
    else:
        raise ValueError(f"A matrix has no norm of order {ord!r}.")
    return np.reshape(
        z,
        tuple(
            1 if a in axes else n for a, n in enumerate(shape_of(x)) if keepdims or a not in axes
        ),
    )


@composite(np.linalg.vector_norm)
def vector_norm(x, axis=None, keepdims=False, ord=2):
    """The vector norm over any number of axes, all by default."""
    axes = tuple(range(len(shape_of(x)))) if axis is None else axis
    return of_vectors(x, ord, axes if isinstance(axes, tuple) else (axes,), bool(keepdims))


@composite(np.linalg.matrix_norm)
def matrix_norm(x, keepdims=False, ord="fro"):
    """The matrix norm over the last two axes."""
    n = len(shape_of(x))
    return of_matrices(x, ord, (n - 2, n - 1), bool(keepdims))


@composite(np.linalg.cond)
def cond(x, p=None):
    """‖X‖ ‖X⁻¹‖: the largest over the smallest singular value, or by any other matrix norm."""
    if p is None or p in (2, -2):
        s = np.linalg.svdvals(x)
        return s[..., -1] / s[..., 0] if p == -2 else s[..., 0] / s[..., -1]
    return matrix_norm(x, ord=p) * matrix_norm(np.linalg.inv(x), ord=p)


constant(np.linalg.matrix_rank, params="tol hermitian rtol")
