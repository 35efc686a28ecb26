"""Systems, determinants, decompositions: how these rows read at matrix granularity."""

import numpy as np

from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.forms import (
    inverse,
    mul,
    transpose,
)
from adcourse.symbolic.matrix_calculus.rows import (
    READ,
    constant_matrix,
    reads,
    stop,
)
from adcourse.symbolic.matrix_calculus.scalars import det, logdet, norm, tr
from adcourse.symbolic.matrix_calculus.shifts import shift_of


@reads(np.linalg.solve)
def solve(node, shapes, a, b):
    return mul(inverse(a), b)


READ[np.linalg.inv] = lambda node, shapes, x: inverse(x)
READ[np.linalg.det] = lambda node, shapes, x: det(x)
READ[np.linalg.slogdet] = lambda node, shapes, x: ("slogdet", x)
READ[np.linalg.svdvals] = lambda node, shapes, x: e.Spectral(x, "s")
READ[np.linalg.eigvalsh] = lambda node, shapes, x: e.Spectral(x, "w")
READ[np.linalg.eigvals] = lambda node, shapes, x: e.Spectral(x, "e")
READ[np.linalg.eigh] = lambda node, shapes, x: ("eigh", x)
READ["np.linalg.svd"] = lambda node, shapes, x: ("svd", x, node)
READ["np.linalg.cholesky"] = lambda node, shapes, x: e.Spectral(x, "L")
READ[np.linalg.lstsq] = lambda node, shapes, a, b: ("lstsq", a, b)


@reads(np.linalg.pinv)
def pinv(node, shapes, a):
    m, n = a.shape
    if m >= n:
        return mul(inverse(mul(transpose(a), a)), transpose(a))
    return mul(transpose(a), inverse(mul(a, transpose(a))))


@reads("output")
def output(node, shapes, parts):
    place = node.params["place"]
    if parts[0] == "slogdet":
        return logdet(parts[1]) if place == 1 else stop("the sign is no formula of matrices")
    if parts[0] == "eigh":
        return e.Spectral(parts[1], "wQ"[place])
    if parts[0] == "lstsq":
        a, b = parts[1:]
        if place or a.shape[0] < a.shape[1]:
            stop("only the solution of full column rank is a formula")
        return mul(inverse(mul(transpose(a), a)), transpose(a), b)
    m, n = parts[1].shape
    if place == 1:
        return e.Spectral(parts[1], "s")
    if m != n and parts[2].params["full_matrices"]:
        stop("the last columns of U or V are no functions of the matrix; say full_matrices=False")
    part = e.Spectral(parts[1], "UsV"[place])
    return transpose(part) if place == 2 else part


@reads(np.max)
def largest(node, shapes, x):
    if isinstance(x, e.Spectral) and x.part == "s":
        whole = x.operands[0]
        if (
            isinstance(whole, e.Product)
            and len(whole.operands) == 2
            and whole.operands[0].shape[1] == 1
        ):
            return norm(whole.operands[0]) * norm(transpose(whole.operands[1]))
        first = constant_matrix("e_1", np.eye(x.shape[0])[:, [0]])
        return tr(mul(transpose(first), x))
    return shift_of(node, shapes[0], x)
