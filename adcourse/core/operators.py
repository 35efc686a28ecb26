"""Operators and methods of traced arrays: each is a NumPy function under another name."""

import numpy as np

from adcourse.core.primitive import call_numpy, table
from adcourse.core.refusals import WRITERS, refusing
from adcourse.core.tracer import Tracer


def dispatching(ufunc, swapped=False):
    """A binary operator that calls the row of a ufunc."""

    def forward(x, y):
        return table[ufunc](x, y)

    def reflected(y, x):
        return table[ufunc](x, y)

    return reflected if swapped else forward


BINARY = {
    np.add: "add",
    np.subtract: "sub",
    np.multiply: "mul",
    np.true_divide: "truediv",
    np.power: "pow",
    np.matmul: "matmul",
    np.floor_divide: "floordiv",
    np.remainder: "mod",
}
COMPARISONS = {
    np.greater: "gt",
    np.greater_equal: "ge",
    np.less: "lt",
    np.less_equal: "le",
    np.equal: "eq",
    np.not_equal: "ne",
}
LOGICAL = {np.logical_and: "and", np.logical_or: "or", np.logical_xor: "xor"}
UNARY = {np.negative: "neg", np.absolute: "abs", np.positive: "pos", np.logical_not: "invert"}
METHODS = (  # x.sum(…) is np.sum(x, …)
    "sum prod mean var std max min cumsum cumprod argmax argmin argsort any all clip round copy "
    "ravel squeeze swapaxes repeat take trace diagonal dot nonzero searchsorted conj "
    "conjugate choose argpartition"
).split()
for ufunc, name in (BINARY | LOGICAL).items():
    setattr(Tracer, f"__{name}__", dispatching(ufunc))
    setattr(Tracer, f"__r{name}__", dispatching(ufunc, swapped=True))
for ufunc, name in COMPARISONS.items():
    setattr(Tracer, f"__{name}__", dispatching(ufunc))
for ufunc, name in UNARY.items():
    setattr(Tracer, f"__{name}__", lambda x, ufunc=ufunc: table[ufunc](x))
for name in METHODS:
    function = getattr(np, name)
    setattr(Tracer, name, lambda x, *args, f=function, **kw: call_numpy(f, (x, *args), kw))
for name in WRITERS:
    setattr(Tracer, name, refusing(name))
