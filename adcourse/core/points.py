"""What may be differentiated at: real numbers and real arrays. And what comes back."""

import numpy as np

from adcourse.core.errors import EscapedTracer, LosesDerivative, NotReal, WrongStructure
from adcourse.core.primitive import Traced, shape_of
from adcourse.core.tree import flatten, leaf_types, same_nest

NUMERIC = (float, int, np.ndarray, np.generic)
leaf_types.update((np.ndarray, np.float64, np.float32))


def real_point(x, what):
    """A leaf as a point: floats and float arrays as they are, whole numbers as floats."""
    kind = x.__class__
    if kind is float:
        return x
    if isinstance(x, Traced):
        if not x.scope.open:
            raise EscapedTracer(x.scope.maker)
        return x
    if isinstance(x, np.ndarray | np.generic):
        if hasattr(x, "mask"):
            raise NotReal(
                f"Derivatives need plain arrays, but {what} is a masked array, whose mask would be "
                "ignored. Take its .data, and choose with np.where."
            )
        if isinstance(x, np.matrix):
            raise NotReal(
                f"Derivatives need plain arrays, but {what} is an np.matrix, whose * is a product "
                "of matrices. Take np.asarray(x), and write @."
            )
        if x.dtype.kind == "f":
            return x
        if x.dtype.kind in "iu":
            raise NotReal(
                f"Derivatives need real numbers, but {what} is an array of whole numbers "
                f"({x.dtype}). Write its entries with a decimal point or convert it with "
                ".astype(float)."
            )
        raise NotReal(f"Derivatives need real numbers, but {what} has dtype {x.dtype}.")
    if isinstance(x, float):
        return x
    if kind is int:
        return float(x)
    raise NotReal(
        f"Derivatives need real numbers or NumPy arrays of them, but {what} is {describe(x)}."
    )


def holds_objects(x):
    return isinstance(x, np.ndarray) and x.dtype.kind == "O"


def describe(x):
    """A thing that is no number, in a few words."""
    if isinstance(x, bool | complex | str):
        return f"the {type(x).__name__} {x!r}"
    return f"of type {type(x).__name__}"


def result_leaves(out):
    """Leaves of what a function returned, and how to rebuild it, after a check of each leaf."""
    leaves, rebuild = flatten(out)
    for leaf in leaves:
        if isinstance(leaf, Traced):
            if not leaf.scope.open:
                raise EscapedTracer(leaf.scope.maker)
        elif not isinstance(leaf, NUMERIC) or holds_objects(leaf):
            raise NotReal(
                "A function to differentiate returns numbers, arrays, or tuples, lists, dicts and "
                f"dataclasses of them, but f returned {describe(leaf)}."
            )
    return leaves, rebuild


def real_points(tree, what):
    """Leaves of a nested point, each checked, and the function that rebuilds the nest."""
    leaves, rebuild = flatten(tree)
    return [real_point(leaf, what) for leaf in leaves], rebuild


def matching_leaves(tree, like, what, like_what):
    """Leaves of tangents or cotangents, checked to fit what they belong to."""
    if isinstance(like, tuple) and not isinstance(tree, tuple):
        raise WrongStructure(f"{what} must be a tuple, one entry for each of {like_what}.")
    if not same_nest(tree, like):
        raise WrongStructure(f"{what} must be nested like {like_what}.")
    leaves, likes = flatten(tree)[0], flatten(like)[0]
    for leaf, other in zip(leaves, likes, strict=True):
        if shape_of(leaf) != shape_of(other):
            raise WrongStructure(
                f"{what} must have the shapes of {like_what}, but a leaf of shape "
                f"{shape_of(leaf)} stands where {shape_of(other)} is expected."
            )
    return [real_point(leaf, what) for leaf in leaves]


def conform(bars, points):
    """Derivatives with the shapes and precision of their points, as arrays of their own.

    `None` is a derivative that is zero. No derivative shares memory with another one, so that
    changing it in place changes nothing else.
    """
    fresh, seen = [], set()
    for bar, x in zip(bars, points, strict=True):
        if bar is None:
            bar = np.zeros(shape_of(x), dtype_of(x))
        if isinstance(bar, Traced):
            single = dtype_of(x) == np.float32 != bar.dtype
            fresh.append(bar.astype(np.float32) if single else bar)
        elif x.__class__ is float:
            fresh.append(float(bar))
        else:
            bar = np.asarray(bar, dtype_of(x))
            if bar.base is not None or id(bar) in seen:
                bar = bar.copy()
            seen.add(id(bar))
            fresh.append(bar if isinstance(x, np.ndarray) else bar[()])
    return fresh


def own(leaves):
    """Plain arrays copied, so that nobody else can change them."""
    return [leaf.copy() if isinstance(leaf, np.ndarray) else leaf for leaf in leaves]


def dtype_of(x):
    return x.dtype if hasattr(x, "dtype") else np.float64


COMPLEX = {complex, np.dtype(np.complex64), np.dtype(np.complex128)}


def settled(z, args):
    """The result of a row as a trace keeps it: floats stay Python's, complex is refused."""
    if isinstance(z, tuple):
        for part in z:
            settled(part, args)
        return z
    dtype = getattr(z, "dtype", z.__class__)
    if isinstance(z, np.ndarray) and dtype.kind == "O":
        raise LosesDerivative(
            "An array of Python objects holds traced values, and NumPy would compute with them one "
            "by one. Build the array with np.stack or np.concatenate."
        )
    if dtype in COMPLEX:
        raise NotReal(
            "A complex number appeared in the program, and the derivative rules are for real ones. "
            "Write the program with real and imaginary parts as two real arrays."
        )
    if z.__class__ is np.float64 and not any(isinstance(a, np.generic | np.ndarray) for a in args):
        return float(z)
    return z
