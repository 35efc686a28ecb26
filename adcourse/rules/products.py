"""Products of vectors and matrices: linear in each argument, one transpose for each."""

import numpy as np

from adcourse.core.primitive import shape_of, table
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
    if len(x_shape) == 1:
        return unbroadcast(uncolumn(np.matmul(y, column(z_bar))), x_shape)
    return unbroadcast(np.matmul(z_bar, mT(y)), x_shape)


def matmul_transpose_y(x, y_shape, z_bar):
    """ȳ = xᵀ z̄; a vector stands for a matrix of one row (x) or one column (y)."""
    if len(shape_of(x)) == 1:
        if len(y_shape) == 1:
            return np.multiply(z_bar, x)
        return unbroadcast(np.multiply(column(x), row(z_bar)), y_shape)
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


def dot(x, y):
    """np.dot for numbers, vectors and matrices: a product, or `@`."""
    if not shape_of(x) or not shape_of(y):
        return np.multiply(x, y)
    return np.matmul(x, y)


def outer(x, y):
    """The matrix of all products xᵢ yⱼ."""
    return np.reshape(x, (-1, 1)) * np.reshape(y, (1, -1))


table[np.dot] = dot
table[np.outer] = outer
