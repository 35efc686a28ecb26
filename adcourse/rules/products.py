"""Products of vectors and matrices: linear in each argument, one transpose for each."""

from math import prod

import numpy as np

from adcourse.core.errors import MissingRule
from adcourse.core.primitive import shape_of
from adcourse.rules.composites import composite, dtype_of
from adcourse.rules.kinds import bilinear
from adcourse.rules.shapes import unbroadcast


def mT(x):
    """The transpose of each matrix in a stack."""
    n = len(shape_of(x))
    return np.transpose(x, (*range(n - 2), n - 1, n - 2))


def matmul_transpose_x(y, x_shape, z_bar):
    """x̄ = z̄ yᵀ; a vector stands for a matrix of one row (x) or one column (y)."""
    if len(shape_of(y)) == 1:
        return np.multiply(z_bar if len(x_shape) == 1 else column(z_bar), y)
    if len(x_shape) == 1 and len(shape_of(y)) == 2:
        return np.matmul(y, z_bar)
    if len(x_shape) == 1:
        return unbroadcast(uncolumn(np.matmul(y, column(z_bar))), x_shape)
    return unbroadcast(np.matmul(z_bar, mT(y)), x_shape)


def matmul_transpose_y(x, y_shape, z_bar):
    """ȳ = xᵀ z̄; a vector stands for a matrix of one row (x) or one column (y)."""
    if len(shape_of(x)) == 1:
        if len(y_shape) == 1:
            return np.multiply(z_bar, x)
        return unbroadcast(np.multiply(column(x), row(z_bar)), y_shape)
    if len(y_shape) == 1 and len(shape_of(x)) == 2:
        return np.matmul(z_bar, x)
    if len(y_shape) == 1:
        return unbroadcast(uncolumn(np.matmul(mT(x), column(z_bar))), y_shape)
    return unbroadcast(np.matmul(mT(x), z_bar), y_shape)


def column(x):
    return np.reshape(x, (*shape_of(x), 1))


def uncolumn(x):
    return np.reshape(x, shape_of(x)[:-1])


def row(x):
    return np.reshape(x, (*shape_of(x)[:-1], 1, shape_of(x)[-1]))


bilinear(np.matmul, matmul_transpose_x, matmul_transpose_y)


@composite(np.dot)
def dot(x, y):
    if not shape_of(x) or not shape_of(y):
        return np.multiply(x, y)
    if len(shape_of(y)) > 2:
        return np.tensordot(x, y, axes=((-1,), (-2,)))
    return np.matmul(x, y)


@composite(np.vdot)
def vdot(x, y):
    return np.matmul(np.ravel(x), np.ravel(y))


@composite(np.vecdot, np.linalg.vecdot)
def vecdot(x, y, axis=-1):
    return np.sum(np.moveaxis(x, axis, -1) * np.moveaxis(y, axis, -1), axis=-1)


@composite(np.inner)
def inner(x, y):
    if not shape_of(x) or not shape_of(y):
        return np.multiply(x, y)
    return np.tensordot(x, y, axes=((-1,), (-1,)))


@composite(np.outer, np.linalg.outer)
def outer(x, y):
    """The matrix of all products xᵢ yⱼ."""
    return np.reshape(x, (-1, 1)) * np.reshape(y, (1, -1))


@composite(np.tensordot, np.linalg.tensordot)
def tensordot(x, y, axes=2):
    """The axes that are summed over go to the end of x and the start of y; then it is `@`."""
    x_shape, y_shape = shape_of(x), shape_of(y)
    if isinstance(axes, int):
        axes = range(len(x_shape) - axes, len(x_shape)), range(axes)
    x_sum, y_sum = ([a] if isinstance(a, int) else a for a in axes)
    x_sum, y_sum = [a % len(x_shape) for a in x_sum], [a % len(y_shape) for a in y_sum]
    x_kept = [a for a in range(len(x_shape)) if a not in x_sum]
    y_kept = [a for a in range(len(y_shape)) if a not in y_sum]
    rows, columns = [x_shape[a] for a in x_kept], [y_shape[a] for a in y_kept]
    n, m = prod(x_shape[a] for a in x_sum), prod(y_shape[a] for a in y_sum)
    x = np.reshape(np.transpose(x, (*x_kept, *x_sum)), (prod(rows), n))
    y = np.reshape(np.transpose(y, (*y_sum, *y_kept)), (m, prod(columns)))
    return np.reshape(np.matmul(x, y), (*rows, *columns))


@composite(np.kron)
def kron(x, y):
    n = max(len(shape_of(x)), len(shape_of(y)))
    p, q = ((1,) * (n - len(shape_of(a))) + shape_of(a) for a in (x, y))
    x = np.reshape(x, [m for pair in zip(p, (1,) * n, strict=True) for m in pair])
    y = np.reshape(y, [m for pair in zip((1,) * n, q, strict=True) for m in pair])
    return np.reshape(x * y, tuple(i * j for i, j in zip(p, q, strict=True)))


def cross(x, y, axisa=-1, axisb=-1, axisc=-1, axis=None):
    if axis is not None:
        axisa = axisb = axisc = axis
    x, y = np.moveaxis(x, axisa, -1), np.moveaxis(y, axisb, -1)
    if shape_of(x)[-1] != 3 or shape_of(y)[-1] != 3:
        raise MissingRule(
            "np.cross of vectors in the plane has no derivative rule in adcourse. "
            "Write x[0] * y[1] - x[1] * y[0]."
        )
    after, before = [1, 2, 0], [2, 0, 1]
    z = x[..., after] * y[..., before] - x[..., before] * y[..., after]
    return np.moveaxis(z, -1, axisc)


composite(np.cross)(cross)
composite(np.linalg.cross)(lambda x, y, axis=-1: cross(x, y, axis=axis))


@composite(np.trace)
def trace(x, offset=0, axis1=0, axis2=1):
    return np.sum(np.diagonal(x, offset, axis1, axis2), axis=-1)


@composite(np.linalg.diagonal)
def diagonal(x, offset=0):
    return np.diagonal(x, offset, -2, -1)


@composite(np.linalg.trace)
def linalg_trace(x, offset=0):
    return np.sum(np.diagonal(x, offset, -2, -1), axis=-1)


@composite(np.linalg.matmul)
def linalg_matmul(x, y):
    return np.matmul(x, y)


@composite(np.linalg.matrix_power)
def matrix_power(x, n):
    """Repeated squaring: xⁿ is made of x², x⁴, x⁸, …"""
    if n < 0:
        x, n = np.linalg.inv(x), -n
    shape, z = shape_of(x), None
    while n:
        if n % 2:
            z = x if z is None else np.matmul(z, x)
        n //= 2
        x = np.matmul(x, x) if n else x
    return np.broadcast_to(np.eye(shape[-1], dtype=dtype_of(x)), shape) if z is None else z


@composite(np.linalg.multi_dot)
def multi_dot(arrays):
    """The product in the cheapest order: cost[i, j] is the least for the factors i…j."""
    ends = [shape_of(a)[0] if len(shape_of(a)) == 2 else 1 for a in arrays]
    ends.append(shape_of(arrays[-1])[1] if len(shape_of(arrays[-1])) == 2 else 1)
    if len(shape_of(arrays[0])) == 1:
        ends[:2] = [1, shape_of(arrays[0])[0]]
    n = len(arrays)
    best = {(i, i): (0, i) for i in range(n)}
    for length in range(1, n):
        for i in range(n - length):
            j = i + length
            best[i, j] = min(
                (best[i, k][0] + best[k + 1, j][0] + ends[i] * ends[k + 1] * ends[j + 1], k)
                for k in range(i, j)
            )

    def product(i, j):
        k = best[i, j][1]
        return arrays[i] if i == j else np.matmul(product(i, k), product(k + 1, j))

    return product(0, n - 1)
