"""A traced array: it looks like a NumPy array and hands every NumPy call to its interpreter.

Operators, methods, ufuncs and NumPy functions all end in one row of the table, called with the
traced array among its arguments. What cannot be traced is refused with one sentence.
"""

import operator
from math import prod

import numpy as np

from adcourse.core.errors import EscapedTracer, InPlaceWrite, LosesDerivative, MissingRule
from adcourse.core.primitive import (
    Primitive,
    Traced,
    call_numpy,
    numpy_name,
    row_of,
    shape_of,
    table,
)
from adcourse.core.refusals import METHOD_CURES, refuse_out
from adcourse.core.tree import leaf_types


class Tracer(Traced):
    """An array that reports. Subclasses hold `value` (the primal) and `scope`, and interpret."""

    __slots__ = ()
    __array_priority__ = 1000

    def __init_subclass__(cls):
        leaf_types.add(cls)

    # NumPy's protocols
    def __array_ufunc__(self, ufunc, method, *args, **kwargs):
        if method != "__call__":
            cure = METHOD_CURES.get((ufunc.__name__, method), "a loop or a NumPy function")
            raise MissingRule(
                f"{numpy_name(ufunc)}.{method} has no derivative rule in adcourse. "
                f"Write {cure} instead."
            )
        row = row_of(ufunc)
        if kwargs:
            refuse_out(kwargs, numpy_name(ufunc))
            return (
                row.from_numpy(args, kwargs) if isinstance(row, Primitive) else row(*args, **kwargs)
            )
        return row(*args)

    def __array_function__(self, function, types, args, kwargs):
        refuse_out(kwargs, numpy_name(function))
        return call_numpy(function, args, kwargs)

    def __array__(self, *args, **kwargs):
        self.refuse_escaped()
        raise LosesDerivative(
            "Making a plain NumPy array of a traced value would lose the derivative. Use np.stack "
            "instead of np.array or of filling an array, x itself instead of np.asarray(x), and "
            "ad.expm, ad.logsumexp, ad.solve_triangular instead of SciPy's, which ask for a plain "
            "array."
        )

    # what the array looks like
    @property
    def shape(self):
        return shape_of(self.value)

    @property
    def ndim(self):
        return len(self.shape)

    @property
    def size(self):
        return prod(self.shape)

    @property
    def dtype(self):
        value = self.value
        return value.dtype if hasattr(value, "dtype") else np.result_type(value)

    def __len__(self):
        if not self.shape:
            raise TypeError("A scalar has no length.")
        return self.shape[0]

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __repr__(self):
        return f"{type(self).__name__}({self.value!r})"

    def refuse_escaped(self):
        if not self.scope.open:
            raise EscapedTracer(self.scope.maker)

    # plain numbers: refused, for they would end the trace silently
    def __bool__(self):
        self.refuse_escaped()
        return bool(self.value)

    def __copy__(self):
        return self  # a traced value never changes, so it is its own copy

    def __deepcopy__(self, memo):
        return self

    def __reduce__(self):
        raise LosesDerivative(
            "A traced value cannot be pickled or sent to another process: its derivative lives in "
            "this run. Pickle plain arrays, or a graph made by trace."
        )

    def __float__(self):
        self.refuse_escaped()
        raise LosesDerivative(
            "float(x) of a traced value would lose the derivative. Use np.sin instead of math.sin, "
            "x itself instead of float(x), and np.stack instead of filling an array in place."
        )

    __complex__ = __float__

    def __int__(self):
        self.refuse_escaped()
        raise LosesDerivative(
            "int(x) of a traced value would lose the derivative, which is zero there. "
            "Compute whole numbers from plain values: from shapes, lengths and arguments."
        )

    def __index__(self):
        raise LosesDerivative(
            "A traced value cannot be an index or a count: whole numbers have no derivative. "
            "Compute the index from plain values."
        )

    def __setitem__(self, index, value):
        raise InPlaceWrite(
            "Traced arrays cannot be changed in place: x[index] = value would erase a value that "
            "the derivative needs. Build a new array with np.where, np.stack or np.concatenate."
        )

    def __hash__(self):
        return id(self)

    def __getitem__(self, index):
        if is_computed(index):
            return table[operator.itemgetter](self, index)
        return table[operator.getitem](self, index=index)

    # methods
    @property
    def T(self):
        return table[np.transpose](self)

    @property
    def mT(self):
        return np.swapaxes(self, -1, -2)

    @property
    def real(self):
        return self

    @property
    def imag(self):
        return np.zeros(self.shape, self.dtype)[()]

    @property
    def flat(self):
        return np.ravel(self)

    def reshape(self, *shape, order="C"):
        shape = shape[0] if len(shape) == 1 else shape
        return call_numpy(np.reshape, (self, shape), {"order": order})

    def transpose(self, *axes):
        axes = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes
        return table[np.transpose](self, axes=tuple(axes)) if axes else table[np.transpose](self)

    def flatten(self, order="C"):
        return np.ravel(self, order=order)

    def astype(self, dtype, **layout):
        return table["astype"](self, dtype)

    def item(self, *index):
        return np.reshape(self, ()) if not index else np.ravel(self)[index[0]]

    def tolist(self):
        return [x.tolist() for x in self] if self.shape else self

    def compress(self, condition, axis=None):
        return np.compress(condition, self, axis)

    def __divmod__(self, other):
        return self // other, self % other

    def __rdivmod__(self, other):
        return other // self, other % self

    def __round__(self, digits=0):
        return np.round(self, digits or 0)

    def __format__(self, spec):
        return format(self.value, spec)


def is_computed(index):
    """Whether part of an index is traced: the program computed it from traced values."""
    if index.__class__ is tuple:
        return any(map(is_computed, index))
    if index.__class__ is slice:
        return isinstance(index.start, Traced) or isinstance(index.stop, Traced)
    return isinstance(index, Traced)
