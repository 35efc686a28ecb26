"""Jacobians and Hessians: many pushforwards or pullbacks in one vectorised pass.

Forward mode costs one pass per input, reverse mode one per output; `vmap` runs the passes together.
A sparse Jacobian needs fewer: one per colour (adcourse/transforms/compressed.py).
Griewank & Walther 2008, sections 3.1 and 3.2.
"""

from functools import wraps

import numpy as np

from adcourse.core.errors import WrongStructure
from adcourse.core.points import real_points
from adcourse.core.primitive import Traced, shape_of
from adcourse.core.tree import flatten
from adcourse.transforms.batch import vmap
from adcourse.transforms.compressed import COLUMNS, ROWS, lean_jacobian, sparse_jacobian, stars
from adcourse.transforms.forward import jvp
from adcourse.transforms.reverse import argument, grad, vjp
from adcourse.transforms.seeds import on_basis


def one_argument(f, args, kwargs, argnum):
    """f as a function of one positional argument, and that argument."""
    if not isinstance(argnum, int):
        raise WrongStructure(
            f"A Jacobian is taken by one argument at a time, and argnums is {argnum!r}. Call it "
            "for each, or let the function take one tuple or dict that holds them."
        )
    argument(f, args, argnum)
    k = argnum % len(args)
    return (lambda x: f(*args[:k], x, *args[k + 1 :], **kwargs)), args[k]


def jacfwd(f, argnums=0, block=None):
    """The function x -> J, its columns computed by forward mode in one vectorised pass.

    For y = f(x) of shape (m…) and x of shape (n…), J has shape (m…, n…): J[i, j] = ∂yᵢ/∂xⱼ. Nested
    results and arguments give nests of such blocks, results outside. `block` bounds how many
    columns are computed at once.

    Cost: n pushforwards. Best for few inputs.

    >>> jacfwd(lambda x: x**2)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """

    @wraps(f)
    def jacobian_at(*args, **kwargs):
        g, x = one_argument(f, args, kwargs, argnums)
        lean = lean_jacobian(g, x, [COLUMNS], lambda m, n: n, block)
        return by_columns(g, x, block) if lean is None else lean

    return jacobian_at


def jacrev(f, argnums=0, block=None):
    """The function x -> J, its rows computed by reverse mode in one vectorised pass.

    Shapes as in `jacfwd`. Cost: one run of f and m pullbacks. Best for few outputs.

    >>> jacrev(lambda x: np.sum(x**2))(np.array([1.0, 2.0]))
    array([2., 4.])
    """

    @wraps(f)
    def jacobian_at(*args, **kwargs):
        g, x = one_argument(f, args, kwargs, argnums)
        lean = lean_jacobian(g, x, [ROWS], lambda m, n: m, block)
        if lean is not None:
            return lean
        y, pullback = vjp(g, x)
        return by_rows(y, pullback, x, block)

    return jacobian_at


def jacobian(f, argnums=0, block=None, sparse=False):
    """The function x -> J; forward mode if f has fewer inputs than outputs, else reverse mode.

    Shapes as in `jacfwd`. f runs once, recorded, to see how many outputs it has.

    With `sparse`, J is a `scipy.sparse.csr_array` with a row for each entry of the output and a
    column for each entry of the argument, one array each. The trace of f says which entries can be
    different from zero: these are stored, also where they happen to be 0, and cost one pushforward
    or pullback per colour of columns or rows (Curtis, Powell & Reid 1974). Raises WrongStructure
    for nested arguments or outputs, and inside other transformations.

    >>> J = jacobian(lambda x: x[1:] - x[:-1] ** 2, sparse=True)(np.ones(1000))
    >>> J.shape, J.nnz
    ((999, 1000), 1998)
    """

    @wraps(f)
    def jacobian_at(*args, **kwargs):
        g, x = one_argument(f, args, kwargs, argnums)
        if sparse:
            return sparse_jacobian(g, x, [COLUMNS, ROWS], block)
        lean = lean_jacobian(g, x, [COLUMNS, ROWS], min, block)
        if lean is not None:
            return lean
        y, pullback = vjp(g, x)
        if count(x) < count(y):
            return by_columns(g, x, block)
        return by_rows(y, pullback, x, block)

    return jacobian_at


def hessian(f, argnums=0, block=None, sparse=False):
    """The function x -> ∇²f(x) of a scalar f, by forward mode over reverse mode.

    For x of shape (n…) the result has shape (n…, n…). Cost: n pushforwards through the gradient,
    vectorised; for one product with a vector use `hvp`. With `sparse`, the result is a csr array of
    shape (n, n) from one pushforward per colour; see `jacobian`.

    >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([1.0, 2.0]))
    array([[4., 2.],
           [2., 0.]])
    """
    slope = grad(f, argnums)

    @wraps(slope)
    def hessian_at(*args, **kwargs):
        g, x = one_argument(slope, args, kwargs, argnums)
        ways = [COLUMNS, stars(one_argument(f, args, kwargs, argnums)[0], x)]
        if sparse:
            return sparse_jacobian(g, x, ways, block)
        lean = lean_jacobian(g, x, ways, lambda m, n: n, block)
        return by_columns(g, x, block) if lean is None else lean

    return hessian_at


def hvp(f, x, v):
    """∇²f(x) v for a scalar f: the directional derivative of the gradient, without the Hessian.

    x and v are nested and shaped alike, and so is the result. Cost: a small multiple of one
    gradient (forward over reverse). Pearlmutter 1994.

    >>> hvp(lambda x: np.sum(x**3), np.array([1.0, 2.0]), np.array([1.0, 0.0]))
    array([6., 0.])
    """
    return jvp(grad(f), (x,), (v,))[1]


def count(tree):
    return sum(int(np.prod(shape_of(leaf))) for leaf in flatten(tree)[0])


def by_columns(g, x, block):
    """J by pushing the basis of x forward."""
    points, rebuild = real_points(x, "the argument")
    push = vmap(lambda *dots: jvp(g, (rebuild(points),), (rebuild(list(dots)),))[1])
    columns, rebuild_y = on_basis(push, points, block)
    nested = []
    for column in columns:  # (n, m…) -> (m…, n…) for each argument leaf
        m = shape_of(column)[1:]
        turned = np.transpose(column, (*range(1, len(m) + 1), 0))
        nested.append(rebuild(split_columns(turned, points)))
    return rebuild_y(nested)


def by_rows(y, pullback, x, block):
    """J by pulling the basis of y back."""
    y_leaves, rebuild_y = flatten(y)
    points, rebuild = real_points(x, "the argument")
    pull = vmap(lambda *bars: pullback(rebuild_y(list(bars)))[0])
    rows, _ = on_basis(pull, y_leaves, block)
    per_output = [[] for _ in y_leaves]
    for row, point in zip(rows, points, strict=True):
        start = 0
        for parts, leaf in zip(per_output, y_leaves, strict=True):
            size = int(np.prod(shape_of(leaf)))
            part = row[start : start + size]
            parts.append(entry(np.reshape(part, (*shape_of(leaf), *shape_of(point)))))
            start += size
    return rebuild_y([rebuild(parts) for parts in per_output])


def entry(block):
    """An array of no axes as a number; a traced one is as good as it is."""
    return block if isinstance(block, Traced) else block[()]


def split_columns(turned, points):
    """The last axis of a block of J, cut into one piece per argument leaf, each in its shape."""
    pieces, start = [], 0
    m = shape_of(turned)[:-1]
    for point in points:
        size = int(np.prod(shape_of(point)))
        piece = turned[..., start : start + size]
        pieces.append(entry(np.reshape(piece, (*m, *shape_of(point)))))
        start += size
    return pieces
