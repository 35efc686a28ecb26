"""vmap: a function of one example, applied to a stack of examples in one pass.

A `Batched` array holds all examples along a leading axis that f does not see. Each row runs once on
the whole stack, by the rule that the row's kind or adcourse/rules/batching.py gives; a row without
such a rule runs example by example, which is slower and gives the same answer.
"""

from functools import wraps

import numpy as np

from adcourse.core.errors import EscapedTracer, LosesDerivative, WrongStructure
from adcourse.core.primitive import Traced, shape_of
from adcourse.core.scope import Scope
from adcourse.core.tracer import Tracer
from adcourse.core.tree import flatten


class Batched(Tracer):
    """One value per example: `value` has the examples along axis 0, `shape` is one example's."""

    __slots__ = ("value", "scope")
    keeps_names = True  # each row has its own rule for a stack

    def __init__(self, value, scope):
        self.value = value
        self.scope = scope

    @property
    def shape(self):
        return shape_of(self.value)[1:]

    def interpret(self, primitive, args, params):
        scope = self.scope
        stacked = [isinstance(a, Batched) and a.scope is scope for a in args]
        values = [a.value if on else a for a, on in zip(args, stacked, strict=True)]
        z = NotImplemented
        if primitive.batch is not None:
            z = primitive.batch(primitive, values, stacked, params)
        if z is NotImplemented:
            z = one_by_one(primitive, values, stacked, params, scope.size)
        return rewrap(z, scope)

    def __bool__(self):
        raise LosesDerivative(
            "The examples of a batch may take different branches, so `if` has no single answer "
            "under vmap. Choose with np.where."
        )

    def __index__(self):
        raise LosesDerivative(
            "The examples of a batch may have different indices, so an index cannot be computed "
            "from a batched value. Compute it from plain values, or select with np.where."
        )


class Batch(Scope):
    """The scope of one vmap, and how many examples it has."""

    __slots__ = ("size",)

    def __init__(self, size):
        super().__init__("vmap")
        self.size = size


def rewrap(z, scope):
    """Batched results, inside the tuple that the row returns if it returns one."""
    if isinstance(z, tuple):
        parts = [Batched(part, scope) for part in z]
        return type(z)(*parts) if hasattr(z, "_fields") else tuple(parts)
    return Batched(z, scope)


def one_by_one(primitive, values, stacked, params, size):
    """The loop that every batching rule must agree with."""
    results = [
        primitive(*[v[i] if on else v for v, on in zip(values, stacked, strict=True)], **params)
        for i in range(size)
    ]
    if isinstance(results[0], tuple):
        kind, parts = type(results[0]), [np.stack(p) for p in zip(*results, strict=True)]
        return kind(*parts) if hasattr(kind, "_fields") else tuple(parts)
    return np.stack(results)


def vmap(f, in_axes=0, out_axes=0):
    """The function that applies f to each example of a stack, in one pass.

    `in_axes`: the axis of each argument that counts the examples, an int for all arguments or a
    tuple with one entry per argument; None marks an argument that all examples share. Arguments
    may be nested; an entry holds for all arrays in it. `out_axes`: where the examples' axis goes in
    the results.

    Raises WrongStructure when the arguments disagree on the number of examples, LosesDerivative
    where f branches on a batched value.

    >>> A = np.arange(6.0).reshape(3, 2)
    >>> vmap(lambda row, x: row @ x, in_axes=(0, None))(A, np.array([1.0, 10.0]))
    array([10., 32., 54.])
    """

    @wraps(f)
    def mapped(*args, **kwargs):
        axes = in_axes if isinstance(in_axes, tuple | list) else (in_axes,) * len(args)
        if len(axes) != len(args):
            raise WrongStructure(
                f"in_axes has {len(axes)} entries, but the function was called with {len(args)} "
                "arguments. Give one entry per argument."
            )
        nests = [flatten(a) for a in args]
        sizes = {
            shape_of(leaf)[axis]
            for (leaves, _), axis in zip(nests, axes, strict=True)
            if axis is not None
            for leaf in checked(leaves, axis)
        }
        if len(sizes) != 1:
            raise WrongStructure(
                "vmap needs arguments that agree on the number of examples, but found "
                f"{sorted(sizes) or 'no argument with an axis to map over'}."
            )
        with Batch(sizes.pop()) as scope:
            inner = [
                rebuild(
                    [leaf if axis is None else Batched(first(leaf, axis), scope) for leaf in leaves]
                )
                for (leaves, rebuild), axis in zip(nests, axes, strict=True)
            ]
            leaves, rebuild = flatten(f(*inner, **kwargs))
            for leaf in leaves:
                if isinstance(leaf, Traced) and not leaf.scope.open:
                    raise EscapedTracer(leaf.scope.maker)
        return rebuild([unbatched(leaf, scope, out_axes) for leaf in leaves])

    return mapped


def checked(leaves, axis):
    """The leaves, each with enough axes."""
    for leaf in leaves:
        if not -len(shape_of(leaf)) <= axis < len(shape_of(leaf)):
            raise WrongStructure(
                f"vmap was asked to map over axis {axis} of an argument of shape {shape_of(leaf)}. "
                "Mark an argument that all examples share with None in in_axes."
            )
    return leaves


def first(x, axis):
    """x with this axis moved to the front."""
    if axis == 0 or axis == -len(shape_of(x)):
        return x
    n = len(shape_of(x))
    axis %= n
    return np.transpose(x, (axis, *[i for i in range(n) if i != axis]))


def unbatched(leaf, scope, axis):
    """A result with its examples along `axis`; a result that all share is repeated."""
    if isinstance(leaf, Batched) and leaf.scope is scope:
        value = leaf.value
    else:
        value = np.broadcast_to(leaf, (scope.size, *shape_of(leaf)))
    n = len(shape_of(value))
    axis %= n
    if axis == 0:
        return value
    return np.transpose(value, (*range(1, axis + 1), 0, *range(axis + 1, n)))
