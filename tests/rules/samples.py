"""Points of the domain of every row: a row without an entry here fails the suite.

Each entry lists calls `(args, params)`. Points lie inside the domain and away from kinks, where
differences say nothing; ties and edges have tests of their own.
"""

import re
from importlib import import_module

import numpy as np
import scipy.special as sp
from samples_linalg import LINALG

from adcourse.core.primitive import parameter_names, table
from adcourse.rules.structure import HOLE

import_module("adcourse.rules.special")  # its rows enter the table when they are first met
rng = np.random.default_rng(20)


def normal(*shape):
    return rng.standard_normal(shape)


def positive(*shape):
    return rng.uniform(0.5, 2.0, shape)


def inside(*shape):
    """Numbers in (-1, 1)."""
    return rng.uniform(-0.9, 0.9, shape)


def calls(*points, **params):
    return [(args, params) for args in points]


WELL = normal(3, 3) + 4 * np.eye(3)
UNARY = calls((0.7,), (normal(3),), (normal(2, 3),))
POSITIVE = calls((0.7,), (positive(3),), (positive(2, 3),))
ABOVE_ONE = calls((1.7,), (1 + positive(3),), (1 + positive(2, 3),))
INSIDE = calls((0.3,), (inside(3),), (inside(2, 2),))
BINARY = calls(
    (0.7, -1.3),
    (normal(3), normal(3)),
    (normal(2, 3), normal(3)),
    (1.1, normal(2, 2)),
    (normal(2, 1), normal(1, 3)),
)
DIVIDES = calls(
    (0.7, 1.3), (normal(3), positive(3)), (normal(2, 3), positive(3)), (0.4, positive(2))
)
POWERS = calls(
    (1.7, 2.3),
    (positive(3), normal(3)),
    (positive(2, 3), normal(3)),
    (1.5, normal(2)),
    (positive(2), -1.5),
)

EXTREMA = (
    calls((0.7,), (normal(3),), (normal(2, 3),))
    + calls((normal(2, 3),), axis=0, keepdims=True)
    + calls((normal(2, 3, 2),), axis=(0, -1))
)

# NumPy 2.0 calls this option newshape.
SHAPE = "shape" if "shape" in parameter_names(np.reshape) else "newshape"

SAMPLES = {
    np.add: BINARY,
    np.subtract: BINARY,
    np.multiply: BINARY,
    np.divide: DIVIDES,
    np.power: POWERS,
    np.negative: UNARY,
    np.positive: UNARY,
    np.square: UNARY,
    np.reciprocal: POSITIVE,
    np.sqrt: POSITIVE,
    np.exp: UNARY,
    np.expm1: UNARY,
    np.log: POSITIVE,
    np.log1p: POSITIVE,
    np.sin: UNARY,
    np.cos: UNARY,
    np.tan: INSIDE,
    np.arcsin: INSIDE,
    np.arccos: INSIDE,
    np.arctan: UNARY,
    np.sinh: UNARY,
    np.cosh: UNARY,
    np.tanh: UNARY,
    np.conjugate: UNARY,
    np.cbrt: UNARY,
    np.hypot: BINARY,
    np.deg2rad: UNARY,
    np.radians: UNARY,
    np.rad2deg: UNARY,
    np.degrees: UNARY,
    np.exp2: UNARY,
    np.log2: POSITIVE,
    np.log10: POSITIVE,
    np.logaddexp: BINARY,
    np.logaddexp2: BINARY,
    np.arctan2: BINARY,
    np.arcsinh: UNARY,
    np.arccosh: ABOVE_ONE,
    np.arctanh: INSIDE,
    np.sinc: UNARY,
    "sinc_slope": calls((0.7,), (normal(3),), order=1) + calls((3.3,), (normal(2) + 5,), order=3),
    sp.erf: UNARY,
    sp.erfc: UNARY,
    sp.ndtr: UNARY,
    sp.expit: UNARY,
    sp.log_expit: UNARY,
    sp.logit: calls((0.3,), (positive(3) / 3,)),
    sp.gamma: POSITIVE,
    sp.gammaln: POSITIVE,
    sp.digamma: POSITIVE,
    "polygamma": calls((0.7,), (positive(3),), order=1),
    "slope": POWERS,
    "bend": POWERS,
    "xlogy": DIVIDES,
    "inverse": UNARY,
    "root": POSITIVE,
    np.absolute: UNARY,
    np.fabs: UNARY,
    np.remainder: DIVIDES,
    np.fmod: DIVIDES,
    np.trunc: UNARY,
    np.fix: UNARY,
    np.rint: UNARY + calls((np.array([0.5, 1.5, 2.5, -0.5, -1.5]),)),
    np.floor_divide: DIVIDES,
    np.signbit: UNARY,
    np.isinf: UNARY,
    np.isposinf: UNARY,
    np.isneginf: UNARY,
    np.isreal: UNARY,
    np.iscomplex: UNARY,
    np.round: calls((normal(3),)) + calls((normal(3),), decimals=1),
    np.around: calls((normal(3),)) + calls((normal(3),), decimals=1),
    np.isclose: calls((normal(3), normal(3))),
    np.allclose: calls((normal(3), normal(3))),
    np.array_equal: calls((normal(3), normal(3))),
    "as_float": calls((normal(3),), (0.7,), dtype=np.float64),
    "as_whole": calls((3 * normal(3),), dtype=int),
    np.maximum: BINARY,
    np.minimum: BINARY,
    np.sign: UNARY,
    np.floor: UNARY,
    np.ceil: UNARY,
    "again": UNARY,
    "stop_gradient": UNARY,
    np.greater: BINARY,
    np.greater_equal: BINARY,
    np.less: BINARY,
    np.less_equal: BINARY,
    np.equal: BINARY,
    np.not_equal: BINARY,
    np.logical_not: calls((True,), (normal(3) > 0,)),
    np.logical_and: calls((True, False), (normal(3) > 0, normal(3) > 0)),
    np.logical_or: calls((True, False), (normal(3) > 0, normal(3) > 0)),
    np.logical_xor: calls((True, False), (normal(3) > 0, normal(3) > 0)),
    np.isfinite: UNARY,
    np.isnan: UNARY,
    "share": BINARY,
    np.argmax: calls((normal(4),)) + calls((normal(2, 3),), axis=1),
    np.argmin: calls((normal(4),)) + calls((normal(2, 3),), axis=0),
    np.where: calls(
        (True, 0.3, 0.4),
        (np.array([True, False, True]), normal(3), normal(3)),
        (normal(2, 3) > 0, normal(3), 0.5),
        (np.array([True, False]), 1.5, normal(3, 2)),
    ),
    np.sum: calls((0.7,), (normal(3),), (normal(2, 3),))
    + calls((normal(2, 3),), axis=0)
    + calls((normal(2, 3),), axis=-1, keepdims=True)
    + calls((normal(2, 3, 2),), axis=(0, 2))
    + calls((normal(2, 3),), keepdims=True),
    np.cumsum: calls((normal(3),), (0.7,), (normal(2, 3),)) + calls((normal(2, 3),), axis=-1),
    np.prod: calls((0.7,), (normal(1),), (normal(5),), (normal(2, 3),))
    + calls((normal(2, 3),), axis=0, keepdims=True)
    + calls((normal(2, 3, 2),), axis=(0, -1)),
    np.max: EXTREMA,
    "ad.logsumexp": EXTREMA,
    np.min: EXTREMA,
    np.any: calls((normal(3),)) + calls((normal(2, 3),), axis=0),
    np.all: calls((normal(3),)) + calls((normal(2, 3),), axis=0),
    np.count_nonzero: calls((normal(3),)) + calls((normal(2, 3),), axis=0),
    "np.sort": calls((normal(5),), axis=-1) + calls((normal(4, 3),), axis=0),
    "ranks": calls((normal(4, 3),), axis=0, kth=1, kind="introselect"),
    np.argsort: calls((normal(4),)) + calls((normal(4, 3),), axis=0),
    np.argpartition: calls((normal(4),), kth=2),
    np.searchsorted: calls((np.sort(normal(4)), normal(3))),
    np.digitize: calls((normal(4), np.sort(normal(3)))),
    np.argwhere: calls((normal(4),)),
    np.flatnonzero: calls((normal(4),)),
    "nonzero_along": calls((normal(4, 3),), axis=1),
    np.flip: calls((normal(3),), (normal(2, 3),)) + calls((normal(2, 3),), axis=1),
    np.tril: calls((normal(3, 3),), (normal(2, 3, 4),)) + calls((normal(3, 3),), k=1),
    np.triu: calls((normal(3, 3),), (normal(2, 3, 4),)) + calls((normal(3, 3),), k=-1),
    np.roll: calls((normal(3),), (normal(2, 3),), shift=1)
    + calls((normal(2, 3),), shift=(1, -2), axis=(0, 1)),
    np.rot90: calls((normal(2, 3),)) + calls((normal(2, 3, 2),), k=3, axes=(1, 2)),
    np.repeat: calls((normal(3),), (0.7,), (normal(2, 3),), repeats=2)
    + calls((normal(2, 3),), repeats=np.array([2, 0, 1]), axis=-1),
    np.tile: calls((normal(3),), (0.7,), (normal(2, 3),), reps=(2, 1)),
    np.resize: calls((normal(3),), new_shape=(2, 2)),
    np.delete: calls((normal(4),), obj=1) + calls((normal(2, 3),), obj=np.array([0, 2]), axis=1),
    np.diag: calls((normal(3),), (normal(3, 2),)) + calls((normal(3),), (normal(3, 3),), k=-1),
    np.diagflat: calls((normal(2, 2),), k=1),
    np.diagonal: calls((normal(2, 3),)) + calls((normal(2, 3, 3),), offset=1, axis1=-2, axis2=2),
    "np.pad": calls((normal(2, 3),), pad_width=1)
    + calls((normal(3),), pad_width=(2, 1), mode="edge")
    + calls((normal(4),), pad_width=(2, 5), mode="reflect"),
    "put_between": calls((normal(4), normal(2)), obj=[1, 3])
    + calls((normal(3, 2), 0.7), obj=1, axis=0),
    "pick_at": calls((normal(4), np.array([0, 2, 2])), index=(HOLE,))
    + calls((normal(4, 3), np.array([1, 2]), np.array([0, 0])), index=(HOLE, HOLE))
    + calls((normal(4), np.array([True, False, True, False])), index=(HOLE,)),
    "scatter_at": calls((normal(3), np.array([0, 2, 2])), shape=(4,), index=(HOLE,)),
    "np.einsum": calls((normal(2, 3), normal(3, 4)), subscripts="ij,jk->ik")
    + calls((normal(3, 3),), subscripts="ii->i")
    + calls((normal(3, 3, 2),), subscripts="iij->j")
    + calls((normal(2, 3), normal(4)), subscripts="ij,k->i")
    + calls((normal(1, 3), normal(2, 3)), subscripts="ij,ij->j")
    + calls((normal(2, 3), normal(2, 2), normal(3)), subscripts="ij,ik,j->k", optimize=True),
    "np.convolve": calls((normal(4), normal(3)), (normal(1), normal(3))),
    np.reshape: calls((normal(2, 3),), **{SHAPE: (3, 2)}) + calls((normal(6),), **{SHAPE: (-1, 2)}),
    np.transpose: calls((normal(2, 3),)) + calls((normal(2, 3, 4),), axes=(2, 0, 1)),
    np.broadcast_to: calls((normal(3),), shape=(2, 3)) + calls((0.3,), shape=(2,)),
    "x[index]": calls((normal(4),), index=2)
    + calls((normal(4),), index=slice(1, 3))
    + calls((normal(3, 4),), index=(slice(None), None, 1))
    + calls((normal(4),), index=np.array([0, 2, 2]))
    + calls((normal(4),), index=np.array([True, False, True, False]))
    + calls((normal(3, 4),), index=(np.array([0, 2, 0]), slice(None, None, 2)))
    + calls((normal(3, 4),), index=(Ellipsis, -1)),
    "by_columns": calls((normal(3),), (normal(2, 3),)),
    "scatter": calls((normal(3),), shape=(4,), index=np.array([0, 2, 2]))
    + calls((0.4,), shape=(3,), index=1),
    "np.concatenate": calls((normal(2), normal(3)))
    + calls((normal(2, 1), normal(2, 2), normal(2, 1)), axis=-1),
    np.matmul: calls(
        (normal(2, 3), normal(3, 4)),
        (normal(3), normal(3)),
        (normal(2, 3), normal(3)),
        (normal(2), normal(2, 3)),
        (normal(5, 2, 3), normal(3, 4)),
        (normal(5, 2, 3), normal(3)),
        (normal(2), normal(5, 2, 3)),
        (normal(4, 1, 2, 3), normal(5, 3, 2)),
    ),
    **LINALG,
}


def rows():
    """All primitives of the table, without the composites."""
    return list({id(row): row for row in table.values() if hasattr(row, "kind")}.values())


def samples_of(row):
    """The calls for a row, found by its function or, for the package's own functions, by name."""
    found = SAMPLES.get(row.numpy, SAMPLES.get(row.name))
    assert found, f"{row!r} has no sample point: add one to tests/rules/samples.py"
    return found


CASES = [
    (row, args, params)
    for row in rows()
    for args, params in SAMPLES.get(row.numpy, SAMPLES.get(row.name, []))
]


def case_id(case):
    row, args, params = case
    shapes = ",".join(str(np.shape(a)).replace(" ", "") for a in args)
    options = re.sub(" at 0x[0-9a-f]+", "", f"-{params}") if params else ""  # the same in each run
    return f"{row.name}-{shapes}{options}"
