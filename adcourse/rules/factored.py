"""A matrix that remembers how it was factorised, so that solving again costs little.

`factored(A)` is A itself to every derivative: tangents and cotangents are plain matrices and pass
unchanged. On the tape and in a graph it stands where A stood, and whoever solves with it, forward,
backward or transposed, shares one factorisation.
"""

import numpy as np

from adcourse.rules.batching import whole_stack
from adcourse.rules.kinds import general


class Factored:
    """A matrix or a stack of matrices, with LAPACK's LU factors of the transpose of a single one.

    SciPy is opened when the first factors are wanted; without it, and for stacks, NumPy solves
    from the matrix each time.
    """

    __slots__ = ("matrix", "lu", "pivots")
    ndim = property(lambda self: self.matrix.ndim)
    shape = property(lambda self: self.matrix.shape)
    dtype = property(lambda self: self.matrix.dtype)

    def __init__(self, matrix):
        self.matrix = np.asarray(matrix)
        self.lu = None
        lapack = lapack_or_none() if suits_lapack(self.matrix) else None
        if lapack is not None:
            factorise = lapack.sgetrf if self.dtype == np.float32 else lapack.dgetrf
            # LAPACK reads columns first: the transpose of a NumPy array needs no reordering.
            self.lu, self.pivots, info = factorise(self.matrix.T)
            if info > 0:
                raise np.linalg.LinAlgError("Singular matrix")

    def solve(self, b, trans):
        """The x of A x = b, or of Aᵀ x = b; b is a matrix or a stack of matrices."""
        b = np.asarray(b)
        if self.lu is None or b.dtype != self.dtype or not b.size:
            A = np.swapaxes(self.matrix, -1, -2) if trans else self.matrix
            return np.linalg.solve(A, b)
        lapack = lapack_or_none()
        substitute = lapack.sgetrs if self.dtype == np.float32 else lapack.dgetrs
        columns = b if b.ndim == 2 else np.moveaxis(b, -2, 0).reshape(b.shape[-2], -1)
        if columns.shape[0] != self.shape[0]:
            return np.linalg.solve(self.matrix, b)  # says what does not fit
        x, _ = substitute(self.lu, self.pivots, columns, trans=int(not trans))
        if b.ndim > 2:
            x = np.moveaxis(x.reshape(b.shape[-2], *b.shape[:-2], b.shape[-1]), 0, -2)
        return x

    def reshape(self, shape, order="C"):
        return Factored(self.matrix.reshape(shape, order=order))

    def __getitem__(self, index):
        return Factored(self.matrix[index])

    def __repr__(self):
        return f"factored({self.matrix!r})"


def suits_lapack(A):
    return A.ndim == 2 and A.shape[0] == A.shape[1] > 0 and A.dtype in (np.float64, np.float32)


def lapack_or_none():
    try:
        from scipy.linalg import lapack
    except ImportError:
        return None
    return lapack


def factored(A):
    """A, ready to be solved with many times."""
    return Factored(A)


factored = general(
    factored,
    jvp=lambda x_dot: x_dot,
    vjp=lambda z_bar: z_bar,
    entries=lambda x: x,
    batch=whole_stack,
)
