"""Small programs, one or more for every NumPy function that is spelled with rows of the table.

Each is a function of the array library and of arrays, so that NumPy, adcourse and JAX run the same
text. A composite without a program here fails the suite.
"""

import numpy as np
from programs_structure import STRUCTURE

rng = np.random.default_rng(21)


def n(*shape):
    return rng.standard_normal(shape)


def pos(*shape):
    return rng.uniform(0.5, 2.0, shape)


W = pos(3)

PROGRAMS = {
    # piecewise
    "np.clip": [
        (lambda np, x: np.clip(x, -0.5, 0.5), n(5)),
        (lambda np, x, y: np.clip(x, None, y), n(2, 3), n(3)),
        (lambda np, x: np.clip(x, 0.0, None), n(4)),
    ],
    "np.fmax": [(lambda np, x, y: np.fmax(x, y), n(2, 3), n(3))],
    "np.fmin": [(lambda np, x, y: np.fmin(x, y), n(2, 3), n(3))],
    "np.nan_to_num": [(lambda np, x: np.nan_to_num(x) ** 2, n(3))],
    "np.copysign": [(lambda np, x, y: np.copysign(x, y), n(3), n(3))],
    "np.divmod": [(lambda np, x, y: np.divmod(x, y)[1] ** 2, n(3), pos(3))],
    "np.float_power": [(lambda np, x, y: np.float_power(x, y), pos(3), n(3))],
    "np.real": [(lambda np, x: np.real(x) ** 2, n(3))],
    "np.imag": [(lambda np, x: np.imag(x) + x, n(3))],
    "np.angle": [(lambda np, x: np.angle(x, deg=True) * x, n(3))],
    "np.astype": [(lambda np, x: np.astype(x, np.float64) * x, n(3))],
    # sizes and constants
    "np.size": [(lambda np, x: x / np.size(x) + np.size(x, 1), n(2, 3))],
    "np.zeros_like": [(lambda np, x: x + np.zeros_like(x), n(2, 3))],
    "np.ones_like": [(lambda np, x: x * np.ones_like(x, shape=(3,)), n(2, 3))],
    "np.full_like": [
        (lambda np, x: np.full_like(x, 2.0) * x, n(2, 3)),
        (lambda np, x: np.full_like(x, x[0], shape=(2, 3)) ** 2, n(3)),
    ],
    # statistics
    "np.mean": [
        (lambda np, x: np.mean(x), n(2, 3)),
        (lambda np, x: np.mean(x, axis=(0, -1), keepdims=True), n(2, 3, 2)),
        (lambda np, x: x.mean(-1), n(2, 3)),
    ],
    "np.var": [
        (lambda np, x: np.var(x), n(4)),
        (lambda np, x: np.var(x, axis=-1, ddof=1), n(2, 3)),
    ],
    "np.std": [
        (lambda np, x: np.std(x), n(4)),
        (lambda np, x: x.std(axis=(0, 1), ddof=1, keepdims=True), n(2, 3, 2)),
    ],
    "np.average": [
        (lambda np, x: np.average(x, weights=W), n(3)),
        (lambda np, x, w: np.average(x, axis=1, weights=w), n(2, 3), pos(3)),
        (lambda np, x, w: np.average(x, weights=w, returned=True), n(2, 3), pos(2, 3)),
        (lambda np, x: np.average(x, axis=0, keepdims=True), n(2, 3)),
    ],
    "np.median": [
        (lambda np, x: np.median(x), n(4)),
        (lambda np, x: np.median(x), n(2, 3)),
        (lambda np, x: np.median(x, axis=(0, 2), keepdims=True), n(2, 3, 2)),
        (lambda np, x: np.median(x, axis=-1), n(2, 5)),
    ],
    "np.ptp": [(lambda np, x: np.ptp(x, axis=1), n(2, 3))],
    "np.cumprod": [(lambda np, x: np.cumprod(x), n(2, 3)), (lambda np, x: x.cumprod(0), n(5, 2))],
    "np.cumulative_sum": [
        (lambda np, x: np.cumulative_sum(x, axis=-1, include_initial=True), n(2, 3)),
        (lambda np, x: np.cumulative_sum(x), n(3)),
    ],
    "np.cumulative_prod": [
        (lambda np, x: np.cumulative_prod(x, axis=0, include_initial=True), n(3, 2)),
    ],
    "np.nansum": [(lambda np, x: np.nansum(x, axis=0), n(2, 3))],
    "np.nanprod": [(lambda np, x: np.nanprod(x, axis=0), n(2, 3))],
    "np.nanmean": [(lambda np, x: np.nanmean(x, axis=0, keepdims=True), n(2, 3))],
    "np.trapezoid": [
        (lambda np, y: np.trapezoid(y, dx=0.1), n(4)),
        (lambda np, y, x: np.trapezoid(y, x), n(2, 4), n(4)),
        (lambda np, y, x: np.trapezoid(y, x, axis=0), n(4, 2), n(4, 2)),
    ],
    # products
    "np.dot": [
        (lambda np, x, y: np.dot(x, y), n(2, 3), n(4, 3, 2)),
        (lambda np, x, y: np.dot(x, y), 0.3, n(3)),
        (lambda np, x, y: x.dot(y), n(2, 3), n(3)),
        (lambda np, x, y: np.dot(x, y), n(3), n(2, 3, 2)),
    ],
    "np.vdot": [(lambda np, x, y: np.vdot(x, y), n(2, 3), n(2, 3))],
    "np.vecdot": [(lambda np, x, y: np.vecdot(x, y), n(2, 3), n(3))],
    "np.linalg.vecdot": [(lambda np, x, y: np.linalg.vecdot(x, y, axis=0), n(3, 2), n(3, 2))],
    "np.inner": [
        (lambda np, x, y: np.inner(x, y), n(2, 3), n(4, 3)),
        (lambda np, x, y: np.inner(x, y), n(3), 0.5),
    ],
    "np.outer": [(lambda np, x, y: np.outer(x, y), n(3), n(2, 2))],
    "np.linalg.outer": [(lambda np, x, y: np.linalg.outer(x, y), n(3), n(2))],
    "np.tensordot": [
        (lambda np, x, y: np.tensordot(x, y), n(2, 3, 4), n(3, 4, 2)),
        (lambda np, x, y: np.tensordot(x, y, axes=([0, 1], [1, 0])), n(2, 3, 4), n(3, 2)),
        (lambda np, x, y: np.tensordot(x, y, axes=0), n(2), n(3)),
        (lambda np, x, y: np.tensordot(x, y, axes=(-1, 0)), n(2, 3), n(3, 2)),
    ],
    "np.linalg.tensordot": [(lambda np, x, y: np.linalg.tensordot(x, y, axes=1), n(2, 3), n(3, 4))],
    "np.einsum": [
        (lambda np, x, y: np.einsum("ij,jk", x, y), n(2, 3), n(3, 4)),
        (lambda np, x, y: np.einsum("...ij,...j->...i", x, y), n(2, 2, 3), n(3)),
        (lambda np, x: np.einsum("ii", x), n(3, 3)),
        (lambda np, x: np.einsum("...ii->...i", x) ** 2, n(2, 3, 3)),
        (lambda np, x, y: np.einsum("i..., i...", x, y), n(3, 2), n(3, 2)),
        (lambda np, x: np.einsum("ba", x), n(2, 3)),
        (lambda np, x: np.einsum("ij->", x), n(2, 3)),
        (
            lambda np, x, y, w: np.einsum("ij,jk,kl->il", x, y, w, optimize=True),
            n(2, 3),
            n(3, 2),
            n(2, 2),
        ),
    ],
    "np.kron": [
        (lambda np, x, y: np.kron(x, y), n(2, 3), n(2, 2)),
        (lambda np, x, y: np.kron(x, y), n(3), n(2, 2)),
    ],
    "np.cross": [
        (lambda np, x, y: np.cross(x, y), n(3), n(2, 3)),
        (lambda np, x, y: np.cross(x, y, axis=0), n(3, 2), n(3, 2)),
    ],
    "np.linalg.cross": [(lambda np, x, y: np.linalg.cross(x, y), n(2, 3), n(3))],
    "np.trace": [
        (lambda np, x: np.trace(x), n(3, 4)),
        (lambda np, x: np.trace(x, offset=1, axis1=1, axis2=2), n(2, 3, 4)),
    ],
    "np.linalg.trace": [(lambda np, x: np.linalg.trace(x, offset=-1), n(2, 3, 3))],
    "np.linalg.diagonal": [(lambda np, x: np.linalg.diagonal(x) ** 2, n(2, 3, 3))],
    "np.linalg.matmul": [(lambda np, x, y: np.linalg.matmul(x, y), n(2, 3), n(3, 2))],
    "np.linalg.matrix_power": [
        (lambda np, x: np.linalg.matrix_power(x, 5), n(3, 3)),
        (lambda np, x: np.linalg.matrix_power(x, 0) * x, n(2, 2)),
        (lambda np, x: np.linalg.matrix_power(x, -2), n(2, 2, 2) + 3 * np.eye(2)),
    ],
    "np.linalg.multi_dot": [
        (lambda np, x, y, w: np.linalg.multi_dot([x, y, w]), n(4, 2), n(2, 3), n(3)),
        (lambda np, x, y, w: np.linalg.multi_dot([x, y, w, x]), n(3), n(3, 2), n(2, 3)),
        (lambda np, x, y: np.linalg.multi_dot([x, y]), n(2, 3), n(3, 2)),
    ],
    "np.convolve": [
        (lambda np, x, y: np.convolve(x, y), n(4), n(2)),
        (lambda np, x, y: np.convolve(x, y, "same"), n(4), n(3)),
        (lambda np, x, y: np.convolve(x, y, mode="valid"), n(2), n(5)),
        (lambda np, x, y: np.convolve(x, y, "same"), n(3), n(4)),
    ],
    "np.correlate": [
        (lambda np, x, y: np.correlate(x, y), n(5), n(3)),
        (lambda np, x, y: np.correlate(x, y, "full"), n(3), n(5)),
        (lambda np, x, y: np.correlate(x, y, "same"), n(3), n(4)),
        (lambda np, x, y: np.correlate(x, y, "valid"), n(3), n(4)),
        (lambda np, x, y: np.correlate(x, y, "same"), n(4), n(3)),
    ],
    "np.polyval": [
        (lambda np, p, x: np.polyval(p, x), n(4), n(2, 3)),
        (lambda np, x: np.polyval([1.0, 2.0, 3.0], x), 0.3),
    ],
    "np.vander": [
        (lambda np, x: np.vander(x), n(3)),
        (lambda np, x: np.vander(x, 2, increasing=True), n(3)),
    ],
    **STRUCTURE,
}
NEWER = ("astype", "unstack", "cumulative_sum", "cumulative_prod")  # than NumPy 2.0
PROGRAMS = {
    name: programs
    for name, programs in PROGRAMS.items()
    if hasattr(np, name[3:]) or name[3:] not in NEWER
}
CASES = [(name, *program) for name, programs in PROGRAMS.items() for program in programs]
NOT_IN_JAX = {  # lists as arguments, edge_order=
    "np.insert-1",
    "np.take-0",
    "np.gradient-3",
    "np.gradient-4",
    "np.polyval-1",
}
