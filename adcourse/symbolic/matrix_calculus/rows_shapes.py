"""Sums, diagonals, indices and reshapes: how these rows read at matrix granularity."""

import numpy as np
import sympy

from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.forms import (
    add,
    hadamard,
    linear_terms,
    mul,
    scale,
    transpose,
)
from adcourse.symbolic.matrix_calculus.rows import (
    Blocks,
    constant_matrix,
    is_number,
    reads,
    spread,
    stop,
)
from adcourse.symbolic.matrix_calculus.scalars import det, inner, norm, total, tr


def sum_of(a):
    """The sum of all entries: <A, B> of a product of entries, the trace of a diagonal."""
    if is_number(a):
        return a
    parts = []
    for number, part in linear_terms(a):
        if isinstance(part, e.DiagPart):
            parts.append(number * tr(part.operands[0]))
        elif isinstance(part, e.Ew) and part.formula == sympy.Mul(*e.slots(2)):
            parts.append(number * inner(*part.operands))
        elif isinstance(part, e.Ew) and part.formula == e.slots(1)[0] ** 2:
            parts.append(number * inner(part.operands[0], part.operands[0]))
        else:
            parts.append(number * total(part))
    return sympy.Add(*parts)


def along(node, shape, a, axis, keepdims):
    """Sums of rows (axis 1) or of columns (axis 0) of a matrix."""
    ndim = len(shape)
    axes = tuple(range(ndim)) if axis is None else (axis,) if isinstance(axis, int) else axis
    axes = tuple(k % ndim for k in axes)
    if len(axes) == ndim:
        return sum_of(a)
    if axes == (1,):
        return mul(a, e.Ones(a.shape[1], 1))
    sums = mul(transpose(a), e.Ones(a.shape[0], 1))
    return transpose(sums) if keepdims else sums


@reads(np.sum)
def sums(node, shapes, x):
    if is_number(x):
        return x
    if node.params.get("where", True) is not True:
        stop("it has the option where=")
    return along(node, shapes[0], x, node.params.get("axis"), node.params.get("keepdims"))


@reads("np.linalg.vector_norm")
def length(node, shapes, x):
    axis, keepdims = node.params.get("axis"), node.params.get("keepdims")
    if is_number(x):
        return sympy.Abs(x)
    if axis is None or len(shapes[0]) == 1:
        return norm(x)
    t = e.slots(1)[0]
    return e.Ew(along(node, shapes[0], e.Ew(x, t**2), axis, keepdims), sympy.sqrt(t))


@reads("ad.logsumexp")
def logsumexp(node, shapes, x):
    t = e.slots(1)[0]
    powers = e.Ew(x, sympy.exp(t))
    inside = along(node, shapes[0], powers, node.params["axis"], node.params["keepdims"])
    return sympy.log(inside) if is_number(inside) else e.Ew(inside, sympy.log(t))


@reads(np.prod)
def product_of(node, shapes, x):
    if len(shapes[0]) != 1:
        stop("only the product of a vector is one, that of the diagonal matrix")
    return det(e.Diag(x))


@reads(np.diag, np.diagonal)
def diagonal(node, shapes, x):
    if node.params.get("k", 0) or node.params.get("offset", 0):
        stop("it takes another diagonal than the main one")
    if len(shapes[0]) == 1:
        return e.Diag(x)
    return e.DiagPart(x) if x.shape[0] == x.shape[1] else stop("the matrix is not square")


@reads(np.tril, np.triu)
def triangle(node, shapes, x):
    mask = node.primitive.numpy(np.ones(x.shape), **node.params)
    return hadamard(constant_matrix("mask", mask), x)


# Moving


@reads(np.transpose)
def transposed(node, shapes, x):
    axes = node.params.get("axes")
    if is_number(x) or len(shapes[0]) == 1 or (axes is not None and tuple(axes) == (0, 1)):
        return x
    return transpose(x)


@reads(np.reshape, np.broadcast_to)
def reshaped(node, shapes, x):
    before, after = shapes[0], node.shape
    if is_number(x) and np.prod(after) == 1:
        return x
    if node.primitive.numpy is np.broadcast_to:
        return scale(x, e.Ones(*(*after, 1)[:2])) if is_number(x) else spread(x, before, after)
    if isinstance(x, e.Kron) and x.shape == after:
        return x
    if before == after:
        return x
    if len(after) == 4 and len(before) == 2 and after[1::2] == (1, 1):
        return Blocks(x, outer=True)
    if len(after) == 4 and len(before) == 2 and after[::2] == (1, 1):
        return Blocks(x, outer=False)
    long_before = [n for n in before if n != 1]
    if long_before == [n for n in after if n != 1] and len(long_before) == 1:
        return x if (*after, 1)[:2] == x.shape else transpose(x)
    if len(after) == 1 and isinstance(x, e.Product) and len(x.operands) == 2:
        u, v = x.operands
        if u.shape[1] == 1:
            return e.Kron(u, transpose(v))
    return stop("it moves entries to other rows and columns")


@reads("x[index]")
def indexed(node, shapes, x):
    shape, index = shapes[0], node.params["index"]
    index = index if isinstance(index, tuple) else (index,)
    if is_number(x):
        return x if np.prod(node.shape) == 1 else stop("it repeats a number")
    if any(part is Ellipsis for part in index):
        k = index.index(Ellipsis)
        missing = len(shape) - sum(part is not None for part in index) + 1
        index = (*index[:k], *[slice(None)] * missing, *index[k + 1 :])
    kept = [part for part in index if part is not None]
    kept += [slice(None)] * (len(shape) - len(kept))
    for axis, part in enumerate(kept):
        x = chosen(x, axis, part, shape[axis])
    kinds = [k for k, part in enumerate(kept) if not isinstance(part, int | np.integer)]
    if len(node.shape) > 2:
        stop("it has more than two axes")
    if not kinds:
        return tr(x)
    if len(kinds) == 1:  # one axis is left; where does it stand?
        column = x if x.shape[1] == 1 else transpose(x)
        return transpose(column) if (*node.shape, 1)[:2] != column.shape else column
    return x


def chosen(x, axis, part, n):
    """Rows or columns of a matrix, by a constant matrix of zeros and ones."""
    if isinstance(part, slice) and part == slice(None):
        return x
    if isinstance(part, int | np.integer):
        pick = constant_matrix(f"e_{int(part) % n + 1}", np.eye(n)[:, [part]])
    elif isinstance(part, slice | list | np.ndarray):
        columns = np.eye(n)[:, part]
        first, last = (int(np.argmax(columns[:, k])) + 1 for k in (0, -1))
        pick = constant_matrix(f"E_{first}:{last}", columns)
    else:
        return stop(f"the index {part!r} is computed")
    return mul(transpose(pick), x) if axis == 0 else mul(x, pick)


def any_linear(node, shapes, *args):
    """A linear row on vectors: a constant matrix for each."""
    row = node.primitive
    if len(node.shape) > 1 or any(len(s) > 1 for s in shapes) or node.shape == ():
        return None
    moving = [isinstance(a, e.Expression) for a in args]
    terms = []
    zeros = [np.zeros(s) for s in shapes]
    for k, a in enumerate(args):
        if not moving[k]:
            return None
        units = np.eye(shapes[k][0])
        columns = [row(*zeros[:k], unit, *zeros[k + 1 :], **node.params) for unit in units]
        terms.append(mul(constant_matrix(f"P_{k + 1}", np.stack(columns, axis=1)), a))
    return add(*terms)
