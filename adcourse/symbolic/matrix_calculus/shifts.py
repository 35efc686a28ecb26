"""The largest entry in a program: a shift that only keeps exp from overflowing.

`np.max` over entries has no matrix form. Softmax and log-sum-exp subtract it and do not change: the
result does not depend on the number that is subtracted. That is checked here, by its differential
and `compare`, before the shift is left out; a maximum that matters is refused.
"""

import sympy

from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.derive import differentiate, total_differential
from adcourse.symbolic.matrix_calculus.rows import Assuming
from adcourse.symbolic.matrix_calculus.scalars import Atom
from adcourse.symbolic.matrix_calculus.substitute import put


class Shift(Assuming):
    """A symbol that stands for a maximum until the program is read."""


def shift_of(node, shape, x):
    """A number for the largest entry of all, a column or row for those along an axis."""
    axis, ndim = node.params.get("axis"), len(shape)
    name = f"max({x!r}, {axis})"  # one symbol, however often the program asks
    if axis is None or ndim == 1:
        symbol = sympy.Symbol(name, real=True)
    else:
        along = axis if isinstance(axis, int) else axis[0]
        symbol = e.Sym(name, (x.shape[0], 1) if along % ndim == 1 else (x.shape[1], 1))
        if node.params.get("keepdims") and along % ndim == 0:
            return Shift(e.T(symbol), symbol)
    return Shift(symbol, symbol)


def without(result, symbol):
    """The result with the shift left out, or None where it depends on the shift."""
    from adcourse.symbolic.compare import compare

    if isinstance(result, e.Expression):
        change = total_differential(result, [symbol], [])
        zero = e.Zero(*result.shape)
        free = directed(change, symbol)
    else:
        free = differentiate(result, [symbol], [])[symbol]
        zero = e.Zero(*symbol.shape) if isinstance(symbol, e.Sym) else sympy.S.Zero
    if not compare(free, zero):
        return None
    nothing = e.Zero(*symbol.shape) if isinstance(symbol, e.Sym) else sympy.S.Zero
    return put(result, symbol, nothing)


def directed(change, symbol):
    """The change along one direction, a symbol of its own."""
    if isinstance(symbol, e.Sym):
        return put(change, e.D(symbol), e.Sym(f"d{symbol.name}", symbol.shape))
    return put(change, Atom("d", symbol), sympy.S.One)
