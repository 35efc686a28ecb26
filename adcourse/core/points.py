"""What may be differentiated at: real numbers and real arrays. And what comes back."""

import numpy as np

from adcourse.core.errors import NotReal, WrongStructure
from adcourse.core.primitive import Traced, shape_of
from adcourse.core.tree import flatten, leaf_types, same_nest

leaf_types.update((np.ndarray, np.float64, np.float32))


def real_point(x, what):
    """A leaf as a point: floats and float arrays as they are, whole numbers as floats."""
    kind = x.__class__
    if kind is float or isinstance(x, Traced):
        return x
    if isinstance(x, np.ndarray | np.generic):
        if x.dtype.kind == "f":
            return x
        if x.dtype.kind in "iu":
            raise NotReal(
                f"Derivatives need real numbers, but {what} is an array of whole numbers "
                f"({x.dtype}). Write its entries with a decimal point or convert it with "
                ".astype(float)."
            )
        raise NotReal(f"Derivatives need real numbers, but {what} has dtype {x.dtype}.")
    if kind is int or isinstance(x, float):
        return x if isinstance(x, float) else float(x)
    raise NotReal(
        f"Derivatives need real numbers or NumPy arrays of them, but {what} is {describe(x)}."
    )


def describe(x):
    """A thing that is no number, in a few words."""
    if isinstance(x, bool | complex | str):
        return f"the {type(x).__name__} {x!r}"
    return f"of type {type(x).__name__}"


def real_points(tree, what):
    """Leaves of a nested point, each checked, and the function that rebuilds the nest."""
    leaves, rebuild = flatten(tree)
    return [real_point(leaf, what) for leaf in leaves], rebuild


def matching_leaves(tree, like, what, like_what):
    """Leaves of tangents or cotangents, checked to fit what they belong to."""
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


def conform(bars, points, foreign=()):
    """Derivatives with the shapes and precision of their points, as arrays of their own.

    `None` is a derivative that is zero. A derivative never shares memory with another or with
    `foreign` arrays, so that changing it in place changes nothing else.
    """
    fresh, seen = [], {id(a) for a in foreign}
    for bar, x in zip(bars, points, strict=True):
        if bar is None:
            bar = np.zeros(shape_of(x), dtype_of(x))
        if isinstance(bar, Traced):
            fresh.append(bar)
        elif x.__class__ is float:
            fresh.append(float(bar))
        else:
            bar = np.asarray(bar, dtype_of(x))
            if bar.base is not None or id(bar) in seen:
                bar = bar.copy()
            seen.add(id(bar))
            fresh.append(bar if isinstance(x, np.ndarray) else bar[()])
    return fresh


def dtype_of(x):
    return x.dtype if hasattr(x, "dtype") else np.float64
