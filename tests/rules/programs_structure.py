"""Programs that move, choose and join entries; see programs.py."""

import numpy as np

rng = np.random.default_rng(22)


def n(*shape):
    return rng.standard_normal(shape)


MASK = np.array([True, False, True])
GRID = np.array([0.0, 1.0, 2.5, 3.0])

STRUCTURE = {
    # shapes
    "np.copy": [(lambda np, x: np.copy(x) * x, n(3)), (lambda np, x: x.copy() * x, n(3))],
    "np.ravel": [
        (lambda np, x: np.ravel(x) ** 2, n(2, 3)),
        (lambda np, x: x.ravel("F") ** 2, n(2, 3)),
        (lambda np, x: x.flatten() ** 2, n(2, 3)),
    ],
    "np.squeeze": [
        (lambda np, x: np.squeeze(x) ** 2, n(1, 3, 1)),
        (lambda np, x: x.squeeze(-1), n(1, 3, 1)),
    ],
    "np.expand_dims": [
        (lambda np, x: np.expand_dims(x, (0, -1)) ** 2, n(2, 3)),
        (lambda np, x: np.expand_dims(x, -1), n(2, 3)),
    ],
    "np.moveaxis": [
        (lambda np, x: np.moveaxis(x, (0, 1), (-1, 0)) ** 2, n(2, 3, 4)),
        (lambda np, x: np.moveaxis(x, -1, 0), n(2, 3, 4)),
    ],
    "np.swapaxes": [
        (lambda np, x: np.swapaxes(x, 0, -1) ** 2, n(2, 3, 4)),
        (lambda np, x: x.mT, n(2, 3, 4)),
    ],
    "np.rollaxis": [
        (lambda np, x: np.rollaxis(x, 2), n(2, 3, 4)),
        (lambda np, x: np.rollaxis(x, 0, 3), n(2, 3, 4)),
    ],
    "np.matrix_transpose": [(lambda np, x: np.matrix_transpose(x) ** 2, n(2, 3, 4))],
    "np.linalg.matrix_transpose": [(lambda np, x: np.linalg.matrix_transpose(x) ** 2, n(2, 3))],
    "np.fliplr": [(lambda np, x: np.fliplr(x) * x, n(2, 3))],
    "np.flipud": [(lambda np, x: np.flipud(x) * x, n(2, 3))],
    "np.atleast_1d": [
        (lambda np, x: np.atleast_1d(x) ** 2, 0.7),
        (lambda np, x, y: np.atleast_1d(x, y), 0.7, n(2)),
    ],
    "np.atleast_2d": [(lambda np, x: np.atleast_2d(x) ** 2, n(3))],
    "np.atleast_3d": [(lambda np, x, y, w: np.atleast_3d(x, y, w), 0.7, n(3), n(2, 3))],
    "np.broadcast_arrays": [(lambda np, x, y: tuple(np.broadcast_arrays(x, y)), n(3), n(2, 1))],
    "np.linspace": [
        (lambda np, x, y: np.linspace(x, y, 5), 0.3, 1.7),
        (lambda np, x: np.linspace(x, 2.0, 4, endpoint=False, axis=-1), n(2, 3)),
    ],
    "np.meshgrid": [
        (lambda np, x, y: tuple(np.meshgrid(x, y)), n(3), n(2)),
        (
            lambda np, x, y, w: tuple(np.meshgrid(x, y, w, indexing="ij", sparse=True)),
            n(3),
            n(2),
            n(4),
        ),
    ],
    # joining and splitting
    "np.concatenate": [
        (lambda np, x, y: np.concatenate([x, y], axis=None), n(2, 2), n(3)),
        (lambda np, x: np.concatenate((x, GRID)), n(2)),
    ],
    "np.stack": [(lambda np, x, y: np.stack([x, y], axis=-1) ** 2, n(2, 3), n(2, 3))],
    "np.vstack": [(lambda np, x, y: np.vstack([x, y]), n(3), n(2, 3))],
    "np.hstack": [
        (lambda np, x, y: np.hstack([x, y]), n(2, 1), n(2, 3)),
        (lambda np, x, y: np.hstack((x, y)), 0.3, n(2)),
    ],
    "np.dstack": [(lambda np, x, y: np.dstack([x, y]), n(2, 3), n(2, 3))],
    "np.column_stack": [(lambda np, x, y: np.column_stack([x, y]), n(2), n(2, 3))],
    "np.append": [
        (lambda np, x, y: np.append(x, y), n(2, 2), n(3)),
        (lambda np, x: np.append(x, 1.0), n(3)),
    ],
    "np.block": [
        (lambda np, x, y: np.block([[x, y], [y.T, 2 * x]]), n(2, 2), n(2, 2)),
        (lambda np, x, y: np.block([x, y, 1.0]), n(2), n(3)),
        (lambda np, x: np.block([[x], [1.0]]), 0.3),
    ],
    "np.array_split": [
        (lambda np, x: tuple(np.array_split(x, 3)), n(7)),
        (lambda np, x: tuple(np.array_split(x, [1, 2], axis=1)), n(2, 4)),
    ],
    "np.split": [(lambda np, x: tuple(np.split(x, 2, axis=-1)), n(2, 4))],
    "np.vsplit": [(lambda np, x: tuple(np.vsplit(x, 2)), n(4, 2))],
    "np.hsplit": [
        (lambda np, x: tuple(np.hsplit(x, [1])), n(2, 4)),
        (lambda np, x: tuple(np.hsplit(x, 2)), n(4)),
    ],
    "np.dsplit": [(lambda np, x: tuple(np.dsplit(x, 2)), n(1, 2, 4))],
    "np.unstack": [(lambda np, x: tuple(np.unstack(x, axis=1)), n(2, 3))],
    "np.insert": [
        (lambda np, x: np.insert(x, 1, 5.0), n(3)),
        (lambda np, x, y: np.insert(x, [0, 2], y, axis=1), n(2, 3), n(2, 2)),
        (lambda np, x, y: np.insert(x, 1, y), n(2, 2), 0.3),
    ],
    # ordering and selecting
    "np.sort": [
        (lambda np, x: np.sort(x) ** 2, n(5)),
        (lambda np, x: np.sort(x, axis=0), n(4, 3)),
        (lambda np, x: np.sort(x, axis=None), n(2, 3)),
    ],
    "np.partition": [
        (lambda np, x: np.sum(np.partition(x, 2)[:3] ** 2), n(6)),
        (lambda np, x: np.partition(x, 1, axis=0)[1], n(3, 2)),
    ],
    "np.nonzero": [(lambda np, x: x[np.nonzero(x > 0)] ** 2, n(2, 3))],
    "np.take": [
        (lambda np, x: np.take(x, [0, 3, 3]) ** 2, n(2, 3)),
        (lambda np, x: np.take(x, np.array([[0, 2], [1, 1]]), axis=-1), n(2, 3)),
        (lambda np, x: np.take(x, np.array([5, -1]), mode="wrap"), n(3)),
        (lambda np, x: x.take(np.array([7, 1]), axis=0, mode="clip"), n(3, 2)),
    ],
    "np.take_along_axis": [
        (lambda np, x: np.take_along_axis(x, np.argsort(x, axis=0), axis=0) ** 2, n(3, 2)),
        (lambda np, x: np.take_along_axis(x, np.argmax(x, axis=1)[:, None], axis=1), n(3, 2)),
    ],
    "np.compress": [(lambda np, x: np.compress(MASK, x, axis=1), n(2, 3))],
    "np.extract": [(lambda np, x: np.extract(MASK, x), n(3))],
    "np.choose": [
        (lambda np, x, y: np.choose(np.array([0, 1, 1]), [x, y]), n(3), n(3)),
        (lambda np, x, y: np.choose(np.array([[3], [-1]]), [x, y], mode="clip"), n(3), 0.5),
    ],
    "np.select": [(lambda np, x: np.select([x > 1, x > 0], [x, x**2], 3.0), n(5))],
    "np.pad": [
        (lambda np, x: np.pad(x, 1) ** 2, n(2, 3)),
        (lambda np, x: np.pad(x, (1, 2), constant_values=3.0), n(3)),
        (lambda np, x: np.pad(x, ((0, 1), (2, 0)), mode="edge"), n(2, 3)),
        (lambda np, x: np.pad(x, 4, mode="reflect"), n(3)),
        (lambda np, x: np.pad(x, 2, mode="wrap"), n(3)),
    ],
    "np.trim_zeros": [(lambda np, x: np.trim_zeros(x * np.array([0.0, 1, 0, 1, 0])), n(5))],
    # neighbours
    "np.diff": [
        (lambda np, x: np.diff(x, n=2) ** 2, n(5)),
        (lambda np, x: np.diff(x, axis=0), n(3, 2)),
        (lambda np, x: np.diff(x, prepend=0.0, append=x[:, :1]), n(2, 3)),
    ],
    "np.ediff1d": [(lambda np, x: np.ediff1d(x, to_begin=1.0, to_end=x[:2]), n(4))],
    "np.gradient": [
        (lambda np, x: np.gradient(x), n(5)),
        (lambda np, x: tuple(np.gradient(x, 0.5, 2.0)), n(3, 4)),
        (lambda np, x: np.gradient(x, axis=1), n(3, 4)),
        (lambda np, x: np.gradient(x, GRID, edge_order=2), n(4)),
        (lambda np, x: np.gradient(x, 0.5, edge_order=2), n(4)),
        (lambda np, x: np.gradient(x, GRID), n(4)),
        (lambda np, x: np.gradient(x), n(2)),
    ],
    "np.interp": [
        (lambda np, f: np.interp(np.array([-1.0, 0.3, 2.6, 9.0]), GRID, f), n(4)),
        (lambda np, x, p, f: np.interp(x, p, f), np.array([0.2, 1.7]), GRID + 0.0, n(4)),
        (lambda np, f: np.interp(np.array([-1.0, 9.0]), GRID, f, left=5.0, right=7.0), n(4)),
    ],
}
