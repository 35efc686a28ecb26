"""Points of the domain of every row: a row without an entry here fails the suite.

Each entry lists calls `(args, params)`. Points lie inside the domain and away from kinks, where
differences say nothing; ties and edges have tests of their own.
"""

import numpy as np

from adcourse.core.primitive import table

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
    "slope": POWERS,
    "xlogy": DIVIDES,
    np.absolute: UNARY,
    np.maximum: BINARY,
    np.minimum: BINARY,
    np.sign: UNARY,
    np.floor: UNARY,
    np.ceil: UNARY,
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
    np.reshape: calls((normal(2, 3),), shape=(3, 2)) + calls((normal(6),), shape=(-1, 2)),
    np.transpose: calls((normal(2, 3),)) + calls((normal(2, 3, 4),), axes=(2, 0, 1)),
    np.broadcast_to: calls((normal(3),), shape=(2, 3)) + calls((0.3,), shape=(2,)),
    "x[index]": calls((normal(4),), index=2)
    + calls((normal(4),), index=slice(1, 3))
    + calls((normal(3, 4),), index=(slice(None), None, 1))
    + calls((normal(4),), index=np.array([0, 2, 2]))
    + calls((normal(4),), index=np.array([True, False, True, False]))
    + calls((normal(3, 4),), index=(np.array([0, 2, 0]), slice(None, None, 2)))
    + calls((normal(3, 4),), index=(Ellipsis, -1)),
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
    np.linalg.solve: calls(
        (WELL, normal(3)),
        (WELL, normal(3, 2)),
        (np.stack([WELL, WELL.T]), normal(2, 3, 1)),
        (WELL, normal(2, 3, 1)),
    ),
    np.linalg.inv: calls((WELL,), (np.stack([WELL, WELL.T]),)),
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
    return f"{row.name}-{shapes}-{params}" if params else f"{row.name}-{shapes}"
