"""Nested lists, tuples, dicts and arrays of things that have values."""

from collections.abc import Mapping
from numbers import Number

import numpy as np
import sympy

from adcourse.core.errors import NotLowerable
from adcourse.core.tree import flatten


def has_values(leaf):
    """Whether an object is an expression of another kind that says its values itself.

    Any object takes part in a comparison that has

    - `shape`: () for a number, otherwise (rows, columns); dimensions are ints, names such as "n",
      or SymPy expressions of such names;
    - `symbols()`: a dict from the name of each variable to (shape, property), where property is
      None or one of `exact.sampling.PROPERTIES`;
    - `over(field, point)`: its value in a number system (`exact.fields`): a number, or the rows of
      a matrix, made with `exact.linear`. `point["A"]` holds the rows of a matrix or the number of
      a scalar, `point.size(d)` the number that a dimension is. Where there is no value it raises
      one of `exact.signals`, as the number systems do.

    It may have `dimensions()`, the names of further dimensions, such as that of an identity matrix,
    and `same(other)`: True where a normal form proves it equal to another such object.
    """
    return all(hasattr(leaf, part) for part in ("shape", "symbols", "over"))


def as_valued(leaf):
    """An expression of the matrix calculus engine, or a number made of some, with its values."""
    parts = [leaf, *getattr(leaf, "free_symbols", ())]
    maker = next((part for part in parts if hasattr(part, "as_value")), None)
    return leaf if maker is None else maker.as_value(leaf)


def nest(tree, function):
    """Nested containers as dicts and lists, with a function applied to their leaves.

    >>> nest(((1, {"b": 2}), 3), str)
    [['1', {'b': '2'}], '3']
    """
    tree = as_valued(tree)
    if has_values(tree):
        return function(tree)
    if isinstance(tree, Mapping):
        return {name: nest(part, function) for name, part in tree.items()}
    if isinstance(tree, list | tuple):
        return [nest(part, function) for part in tree]
    leaves, _ = flatten(tree)  # a dataclass, None
    if len(leaves) == 1 and leaves[0] is tree:
        return function(tree)
    return [nest(leaf, function) for leaf in leaves]


def leaves_of(tree):
    """The leaves of a nest, from left to right."""
    found = []
    nest(tree, found.append)
    return found


def items(leaf):
    """The entries of an explicit array, or the one thing that a leaf is."""
    if isinstance(leaf, sympy.MatrixBase | sympy.NDimArray):
        return list(leaf)
    return np.ravel(leaf).tolist() if isinstance(leaf, np.ndarray) else [leaf]


def checked(leaf):
    """A leaf of a nest as SymPy's exact objects; raises NotLowerable for anything else."""
    if isinstance(leaf, np.ndarray):
        out = np.empty(leaf.shape, dtype=object)
        for index in np.ndindex(leaf.shape):
            out[index] = checked(leaf[index])
        return out if leaf.shape else out[()]
    if isinstance(leaf, bool | np.bool_):
        return sympy.Integer(int(leaf))
    if isinstance(leaf, Number | np.number) and not isinstance(leaf, sympy.Basic):
        if isinstance(leaf, complex | np.complexfloating):
            raise NotLowerable(f"compare is about real numbers, not {leaf!r}.")
        number = leaf.item() if isinstance(leaf, np.number) else leaf
        number = sympy.sympify(number)
        return sympy.Rational(number) if number.is_Float and number.is_finite else number
    if isinstance(leaf, sympy.Basic | sympy.MatrixBase) or has_values(leaf):
        return leaf
    raise NotLowerable(f"compare needs expressions, not {type(leaf).__name__} {str(leaf)[:40]!r}.")


def structure(tree):
    """A nest as (path, shape, entries) for each of its arrays.

    A list of arrays of one shape is an array with one axis more. Keys of a dict are in order of
    their names. An entry whose shape is known only with its value has the shape None.
    """
    if isinstance(tree, Mapping):
        parts = sorted(tree.items(), key=lambda item: repr(item[0]))
        return [((name, *path), shape, entries)
                for name, part in parts for path, shape, entries in structure(part)]  # fmt: skip
    if isinstance(tree, list | tuple):
        parts = [structure(part) for part in tree]
        shapes = {part[0][1] for part in parts if len(part) == 1 and part[0][0] == ()}
        if (
            parts
            and len(shapes) == 1
            and None not in shapes
            and all(len(part) == 1 and part[0][0] == () for part in parts)
        ):
            return [((), (len(parts), *shapes.pop()), [e for part in parts for e in part[0][2]])]
        return [((k, *path), shape, entries)
                for k, part in enumerate(parts) for path, shape, entries in part]  # fmt: skip
    if isinstance(tree, sympy.MatrixBase | sympy.NDimArray | np.ndarray):
        return [((), tuple(tree.shape), items(tree))]
    unsized = isinstance(tree, sympy.MatrixExpr) or has_values(tree)
    return [((), None if unsized else (), [tree])]
