"""What rows mean entry by entry, where NumPy's own function does not run on expressions.

A row names its formula: `entries="det"`. A formula takes arrays of expressions and the options of
the row, and `share`, which gives an intermediate expression a name of its own in let form.
"""

from functools import partial
from math import prod

import numpy as np
import sympy

from adcourse.core.graph import Node
from adcourse.rules.reductions import axes_of
from adcourse.symbolic import fourier, minors
from adcourse.symbolic.let import CONDITIONS, extremum, piecewise
from adcourse.symbolic.minors import Assuming

__all__ = ["FORMULAS", "Assuming", "cost", "truth"]


def truth(e):
    """A number as the condition that it is not 0; conditions as they are."""
    return e if isinstance(e, CONDITIONS) else sympy.Ne(e, 0)


def reduced(function, x, axis=None, keepdims=False):
    """A function of any number of expressions, over axes."""
    axes = axes_of(x, axis)
    kept = [n for a, n in enumerate(x.shape) if a not in axes]
    rows = np.moveaxis(x, axes, range(x.ndim - len(axes), x.ndim))
    rows = rows.reshape(prod(kept), prod(x.shape[a] for a in axes))
    z = np.empty(len(rows), dtype=object)
    for i, row in enumerate(rows):
        z[i] = function(*row)
    return z.reshape([1 if a in axes else n for a, n in enumerate(x.shape)] if keepdims else kept)


def count(*entries):
    return sympy.Add(*[piecewise((1, truth(e)), (0, True)) for e in entries])


def over_axes(function):
    return lambda x, share, axis=None, keepdims=False: reduced(function, x, axis, keepdims)


def cumsum(x, share, axis=None):
    """Each sum is one term more than the one before."""
    x = x.ravel() if axis is None else np.moveaxis(x, axis, 0)
    z = np.empty(x.shape, dtype=object)
    for index in np.ndindex(x.shape):
        before = (index[0] - 1, *index[1:])
        z[index] = x[index] if index[0] == 0 else share(z[before] + x[index])
    return z if axis is None else np.moveaxis(z, 0, axis)


def sort(x, share, axis=-1, kind=None):
    """Neighbours change places, n times: each step is a Min and a Max."""
    z = np.moveaxis(x, axis, -1).copy()
    n = z.shape[-1]
    for step in range(n):
        for i in range(step % 2, n - 1, 2):
            for row in np.ndindex(z.shape[:-1]):
                a, b = z[(*row, i)], z[(*row, i + 1)]
                low, high = share(extremum(sympy.Min, a, b)), share(extremum(sympy.Max, a, b))
                z[(*row, i)], z[(*row, i + 1)] = low, high
    return np.moveaxis(z, -1, axis)


def each(function):
    """A formula of one entry, with the options of the row."""

    def entries(*arrays, share, **params):
        return np.frompyfunc(lambda *xs: function(*xs, **params), len(arrays), 1)(*arrays)

    return entries


def nearest(x, decimals=0):
    """Rounding to decimals; a tie goes to the even neighbour."""
    x = x * sympy.Integer(10) ** decimals
    half = sympy.Eq(sympy.frac(x), sympy.S.Half)
    up = sympy.floor(x + sympy.S.Half)
    return piecewise((2 * sympy.floor(x / 2 + sympy.S.Half / 2), half), (up, True)) / (
        sympy.Integer(10) ** decimals
    )


def whole(x, dtype):
    """x cut to a whole number, or to true and false."""
    if np.dtype(dtype).kind == "b":
        return truth(x)
    return sympy.sign(x) * sympy.floor(sympy.Abs(x))


def close(x, y, rtol=1e-5, atol=1e-8, equal_nan=False):
    rtol, atol = map(sympy.Rational, (rtol, atol))
    return sympy.Le(sympy.Abs(x - y), atol + rtol * sympy.Abs(y))


def all_close(x, y, share, **params):
    return sympy.And(*np.ravel(each(close)(x, y, share=share, **params)))


def all_equal(x, y, share, equal_nan=False):
    if x.shape != y.shape:
        return sympy.false
    return sympy.And(*[sympy.Eq(a, b) for a, b in zip(x.flat, y.flat, strict=True)])


def sinc_slope(x, order):
    """The derivative of this order of sin(πx)/(πx); at 0 it is πⁿ cos(nπ/2)/(n+1)."""
    t = sympy.Symbol("t", real=True)
    slope = sympy.diff(sympy.sin(sympy.pi * t) / (sympy.pi * t), t, order)
    at_zero = sympy.pi**order * sympy.cos(order * sympy.pi / 2) / (order + 1)
    return piecewise((slope.subs(t, x), sympy.Ne(x, 0)), (at_zero, True))


def size_of(w, share):
    """The largest |w|, beside a matrix."""
    return reduced(partial(extremum, sympy.Max), np.frompyfunc(sympy.Abs, 1, 1)(w), -1)[
        ..., None, None
    ]


FORMULAS = {
    "spectrum": fourier.spectrum,
    "half_spectrum": fourier.half_spectrum,
    "from_half": fourier.from_half,
    "det": minors.det,
    "cofactors_along": minors.cofactors_along,
    "inv": minors.inv,
    "solve": minors.solve,
    "lu_solve": minors.lu_solve,
    "slogdet": minors.slogdet,
    "cholesky": minors.cholesky,
    "pinv": minors.pinv,
    "lstsq": minors.lstsq,
    "solve_triangular": minors.solve_triangular,
    "sum": over_axes(sympy.Add),
    "prod": over_axes(sympy.Mul),
    "max": over_axes(partial(extremum, sympy.Max)),
    "min": over_axes(partial(extremum, sympy.Min)),
    "any": over_axes(lambda *entries: sympy.Or(*map(truth, entries))),
    "all": over_axes(lambda *entries: sympy.And(*map(truth, entries))),
    "count_nonzero": over_axes(count),
    "logsumexp": over_axes(lambda *entries: sympy.log(sympy.Add(*map(sympy.exp, entries)))),
    "norm": over_axes(lambda *entries: sympy.sqrt(sympy.Add(*[e * e for e in entries]))),
    "cumsum": cumsum,
    "sort": sort,
    "round": each(nearest),
    "as_whole": each(whole),
    "isclose": each(close),
    "allclose": all_close,
    "array_equal": all_equal,
    "sinc_slope": each(sinc_slope),
    "polygamma": each(lambda x, order: sympy.polygamma(order, x)),
    "size_of": size_of,
}


BY_MINORS = {"det", "slogdet", "cholesky"}  # minors of the first rows: one for each set of columns
BY_COFACTORS = {"inv", "solve", "lu_solve", "pinv", "lstsq"}  # for each row left out
FOURIER = {"spectrum", "half_spectrum", "from_half"}


def cost(node):
    """How many expressions a node makes, as far as its shapes tell."""
    row = node.primitive
    if row.kind == "pick":  # counted where it is made
        return 1
    sizes = [a.shape if isinstance(a, Node) else np.shape(a) for a in node.args]
    several = isinstance(node.value, tuple)
    size = sum(map(prod, node.shape)) if several else prod(node.shape)
    if row.entries in BY_MINORS or row.entries in BY_COFACTORS or row.entries == "cofactors_along":
        *stack, m, n = sizes[0]
        n = min(m, n)
        powers = int(row.entries in BY_COFACTORS)
        if row.entries == "cofactors_along":
            powers = 1 + sizes[1][-3]
        return size + prod(stack) * n**powers * 2**n
    if row.name == "np.matmul":
        return size * sizes[0][-1]
    if row.entries in FOURIER:
        return 4 * size * max(node.shape)
    if row.name == "np.convolve":
        return sizes[0][0] * sizes[1][0]
    if row.name == "np.sort":
        return size * node.value.shape[node.params["axis"]]
    if row.name == "np.einsum":
        letters = node.params["subscripts"].split("->")[0].replace(",", "")
        return prod(dict(zip(letters, sum(sizes, ()), strict=True)).values())
    return max(size, *map(prod, sizes), 1)
