"""Forward mode: every value travels with its tangent, and nothing is stored.

A `Dual` is x + ẋ ε with ε² = 0. Each NumPy call computes the primal, then the tangent
v̇ᵢ = Σⱼ ∂vᵢ/∂xⱼ ẋⱼ, while the program runs: memory does not grow with the length of the program.
Griewank & Walther 2008, section 3.1.
"""

import numpy as np

from adcourse.core.dual import Dual
from adcourse.core.errors import WrongStructure
from adcourse.core.points import conform, matching_leaves, own, real_points, result_leaves
from adcourse.core.primitive import Traced
from adcourse.core.scope import Scope
from adcourse.core.tree import flatten


def jvp(f, primals, tangents, has_aux=False):
    """Value of f and its directional derivative ẏ = J ẋ (Jacobian-vector product, pushforward).

    `primals` and `tangents` are tuples, one entry per argument of f, nested and shaped alike.
    Returns `(y, y_dot)`, both nested and shaped like f(*primals); with `has_aux`, f returns
    (y, aux) and so the result is (y, y_dot, aux).

    Cost: about as much as two or three runs of f, and no storage, whatever the length of f.
    Raises MissingRule when f calls a NumPy function without a row, WrongStructure when tangents do
    not fit. Griewank & Walther 2008, section 3.1.

    >>> import numpy as np
    >>> jvp(np.sin, (0.0,), (1.0,))
    (0.0, 1.0)
    """
    if not isinstance(primals, tuple | list):
        raise WrongStructure("primals must be a tuple, one entry per argument: jvp(f, (x,), (v,)).")
    points, rebuild = real_points(tuple(primals), "a primal")
    tangents = tuple(tangents) if isinstance(tangents, list) else tangents
    dots = own(matching_leaves(tangents, tuple(primals), "The tangents", "the primals"))
    with Scope("jvp") as scope:
        duals = [
            Dual(x, conform_tangent(x, dot), scope) for x, dot in zip(points, dots, strict=True)
        ]
        out = f(*rebuild(duals))
        out, aux = out if has_aux else (out, None)
        leaves, rebuild_out = result_leaves(out)
    owned = [isinstance(leaf, Dual) and leaf.scope is scope for leaf in leaves]
    values = [leaf.value if on else leaf for leaf, on in zip(leaves, owned, strict=True)]
    y_dots = [leaf.tangent if on else None for leaf, on in zip(leaves, owned, strict=True)]
    y, y_dot = rebuild_out(values), rebuild_out(conform(y_dots, values))
    return (y, y_dot, without(scope, aux)) if has_aux else (y, y_dot)


def conform_tangent(x, dot):
    """A tangent as precise as its primal, so that float32 stays float32."""
    if isinstance(dot, Traced) or isinstance(x, Traced) or x.__class__ is float:
        return dot
    return np.asarray(dot, x.dtype)


def without(scope, tree):
    """A nested value with the traced arrays of one scope replaced by their primals."""
    leaves, rebuild = flatten(tree)
    return rebuild([a.value if isinstance(a, Traced) and a.scope is scope else a for a in leaves])
