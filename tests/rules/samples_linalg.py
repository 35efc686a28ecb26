"""Points for the rows of linear algebra, and the programs that make some rows smooth functions.

Factors are decided up to signs, or up to a rotation of the null space, and symmetric matrices must
stay symmetric: `PROGRAMS` says, by the row's name, the function of free arguments that the laws
are tested on.
"""

from importlib import import_module

import numpy as np

from adcourse.rules.factored import factored
from adcourse.rules.linalg import lu_solve
from adcourse.rules.products import mT

import_module("adcourse.rules.fft")  # its rows enter the table when NumPy's transforms are met
rng = np.random.default_rng(21)


def normal(*shape):
    return rng.standard_normal(shape)


def calls(*points, **params):
    return [(args, params) for args in points]


def symmetric(x):
    return (x + mT(x)) / 2


WELL = normal(3, 3) + 4 * np.eye(3)
STACK = np.stack([WELL, WELL.T + 1.0])
SPD = WELL @ WELL.T
APART = symmetric(normal(4, 4)) + np.diag([1.0, 3.0, 5.0, 8.0])
REAL = np.array([[1.0, 0.2, 0.0], [0.3, 2.0, 0.4], [0.1, 0.5, 4.0]])
TALL, WIDE, TALLS = normal(4, 2), normal(2, 4), normal(2, 4, 3)
REGULAR = calls((WELL,), (STACK,), (normal(1, 1),))
SINGULAR = np.array([[1.0, 2.0], [2.0, 4.0]])
NULL = np.linalg.qr(normal(4, 2))[0]

LINALG = {
    np.linalg.solve: calls(
        (WELL, normal(3)),
        (WELL, normal(3, 2)),
        (STACK, normal(2, 3, 1)),
        (STACK, normal(3)),
        (WELL, normal(2, 3, 1)),
    ),
    "factored": calls((WELL,)),
    "lu_solve": calls((WELL, normal(3, 1)), (STACK, normal(2, 3, 1)), trans=True)
    + calls((WELL, normal(2, 3, 2)), trans=False),
    np.linalg.inv: REGULAR,
    np.linalg.det: [*REGULAR, ((SINGULAR,), {})],
    "cofactors_along": calls(
        (WELL, np.zeros((0, 3, 3))),
        (WELL, normal(2, 3, 3)),
        (STACK, normal(2, 1, 3, 3)),
        (SINGULAR, normal(1, 2, 2)),
    ),
    "eigh_along": calls((APART, np.zeros((0, 4, 4))), (APART, normal(1, 4, 4)), h=np.exp)
    + calls((np.stack([APART, 2 * APART]), normal(2, 2, 4, 4)), h=np.sin),
    "svd_along": calls((TALL, np.zeros((0, 4, 2))), (WIDE, normal(2, 2, 4)), h=np.exp)
    + calls((TALLS, normal(2, 1, 4, 3)), h=np.ones_like),
    np.linalg.slogdet: REGULAR,
    "np.linalg.cholesky": calls((SPD,), (np.stack([SPD, SPD + np.eye(3)]),)),
    np.linalg.eigh: calls((APART,), (np.stack([APART, 2 * APART]),)) + calls((APART,), UPLO="U"),
    np.linalg.eigvalsh: calls((APART,)) + calls((APART,), UPLO="U"),
    np.linalg.eig: calls((REAL,), (np.stack([REAL, REAL.T]),)),
    np.linalg.eigvals: calls((REAL,)),
    "np.linalg.svd": calls((TALL,), (WIDE,), (WELL,), (TALLS,), full_matrices=False)
    + calls((TALL,), (WIDE,), (TALLS,), full_matrices=True),
    np.linalg.svdvals: calls((TALL,), (WIDE,), (TALLS,)),
    "np.linalg.qr": calls((TALL,), (WIDE,), (WELL,), (TALLS,), mode="reduced")
    + calls((TALL,), (WIDE,), (TALLS,), mode="complete"),
    "with_full_rank": calls((WELL,)),
    "independent": calls((WELL,)),
    "alike": calls((normal(3), np.array([1.0, 2.0, 4.0])), (normal(2, 3), normal(2, 3))),
    "over_gaps": calls((normal(2, 2), normal(2, 2) + 3, np.ones((1, 1))), what="{i} and {j}"),
    "apart": calls((normal(3, 3), np.array([[1.0, 2.0, 4.0]])), what="{i}", null=True),
    "size_of": calls((normal(3),), (normal(2, 3),)),
    "rotation_free": calls((normal(4, 4), NULL), what="they"),
    np.linalg.pinv: calls((TALL,), (WIDE,), (WELL,), (TALLS,)) + calls((TALL,), rcond=1e-10),
    "of_full_rank": calls((np.linalg.pinv(TALL), TALL), name="pinv"),
    np.linalg.lstsq: calls(
        (TALL, normal(4)), (TALL, normal(4, 3)), (WIDE, normal(2)), (WELL, normal(3, 2))
    )
    + calls((TALL, normal(4)), rcond=1e-9),
    "np.linalg.vector_norm": calls((normal(3),), (normal(2, 3),), (0.7,))
    + calls((normal(2, 3),), axis=-1, keepdims=True)
    + calls((normal(2, 3, 2),), axis=(0, 2)),
    "direction": calls((0.7, 1.3), (normal(2, 3), np.abs(normal(3)) + 0.5)),
    np.linalg.matrix_rank: calls((TALL,), (SINGULAR,)) + calls((WELL,), tol=1e-3),
    "expm": calls((WELL / 4,), (STACK / 4,)),
    "spectrum": calls((normal(2, 5),), axes=(0,), norm=None, inverse=False)
    + calls((normal(2, 3, 4),), axes=(0, 1), norm="forward", inverse=True),
    "half_spectrum": calls((normal(5),), axes=(0,), norm=None)
    + calls((normal(3, 4),), axes=(1,), norm="ortho")
    + calls((normal(3, 4),), axes=(0, 1), norm="forward"),
    "from_half": calls((normal(2, 3),), size=5, axes=(0,), norm=None)
    + calls((normal(2, 3),), size=4, axes=(0,), norm="forward")
    + calls((normal(2, 3, 3),), size=4, axes=(0, 1), norm="ortho"),
    "solve_triangular": calls((WELL, normal(3)), trans=False, lower=False, unit_diagonal=False)
    + calls((WELL, normal(3, 2)), trans=True, lower=True, unit_diagonal=False)
    + calls((WELL, normal(3, 2)), trans=True, lower=False, unit_diagonal=True),
}


def of_symmetric(row):
    return lambda x, **params: row(symmetric(x), **params)


def unsigned_eigenvectors(row, prepare):
    """Eigenvalues, and eigenvectors times their first entry: the sign drops out."""

    def f(x, **params):
        w, V = row(prepare(x), **params)
        return w, V * V[..., :1, :]

    return f


def unsigned_factors(row):
    """Singular values, products of u and v, and the projectors on the null spaces."""

    def f(x, full_matrices):
        U, s, Vt = row(x, full_matrices=full_matrices)
        k = s.shape[-1]
        U1, V1t = U[..., :, :k], Vt[..., :k, :]
        found = s, U1 * U1[..., :1, :], V1t * U1[..., 0, :][..., None]
        for rest in (U[..., :, k:], mT(Vt)[..., :, k:]):
            if rest.shape[-1]:
                found += (rest @ mT(rest),)
        return found

    return f


def unrotated_factors(row):
    """R, the first columns of Q, and the projector on the others."""

    def f(x, mode):
        Q, R = row(x, mode=mode)
        k = min(x.shape[-2:])
        rest = Q[..., :, k:]
        found = Q[..., :, :k], R
        return (*found, rest @ mT(rest)) if rest.shape[-1] else found

    return f


PROGRAMS = {
    "factored": lambda row: lambda x: lu_solve(row(x), np.array([[1.0], [2.0], [3.0]])),
    "lu_solve": lambda row: lambda x, y, **params: row(factored(x), y, **params),
    "np.linalg.cholesky": of_symmetric,
    "np.linalg.eigvalsh": of_symmetric,
    "np.linalg.eigh": lambda row: unsigned_eigenvectors(row, symmetric),
    "np.linalg.eig": lambda row: unsigned_eigenvectors(row, lambda x: x),
    "eigh_along": lambda row: lambda x, y, **params: row(symmetric(x), symmetric(y), **params),
    "np.linalg.svd": unsigned_factors,
    "np.linalg.qr": unrotated_factors,
    "rotation_free": lambda row: lambda x, y, **params: row(symmetric(x) @ y, y, **params),
    "of_full_rank": lambda row: lambda x, y, **params: row(np.linalg.pinv(y), y, **params) + x,
}


def as_program(row):
    """The function of free arguments that laws are tested on: the row itself, most often."""
    return PROGRAMS[row.name](row) if row.name in PROGRAMS else row
