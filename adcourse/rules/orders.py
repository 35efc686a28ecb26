"""Rows that know all of their derivatives: one function of the point and of the directions so far.

`function(x, y)` is Dᵏf(x)[E₁, …, E_k] with E_i = y[…, i, :, :], and f(x) itself for k = 0. Taking a
derivative adds a direction, so that the row is its own rule to every order. It is in reverse mode,
too, because the functions here are gradients, of a function of the eigenvalues or singular values
or of det X, and derivatives of gradients are symmetric: <Z, Dᵏf[…, E]> = <E, Dᵏf[…, Z]>.
"""

import numpy as np

from adcourse.core.primitive import shape_of
from adcourse.rules.kinds import general


def no_directions(x):
    """The y of f(x) itself, for a matrix or a stack of them."""
    shape = shape_of(x)
    return np.zeros((*shape[:-2], 0, *shape[-2:]), x.dtype)


def with_direction(y, x_dot):
    return np.concatenate([y, x_dot[..., None, :, :]], axis=-3)


def replaced(y, i, dot):
    """The directions y with another one in place i."""
    return np.concatenate([y[..., :i, :, :], dot[..., None, :, :], y[..., i + 1 :, :, :]], axis=-3)


def examples_first(row, values, stacked, params):
    """The stack as it is; examples of no directions are all alike."""
    z = row(*values, **params)
    if stacked[0] or shape_of(values[1])[-3]:
        return z
    return np.broadcast_to(z, (shape_of(values[1])[0], *shape_of(z)))


def every_order(function, params="", source=None, entries=None):
    """The row of `function(x, y, **params)`; Dᵏf must be symmetric in directions and result."""

    def jvp(x, y, params, x_dot, y_dot):
        z_dot = row(x, with_direction(y, x_dot), **params)
        for i in range(shape_of(y)[-3]):
            z_dot = z_dot + row(x, replaced(y, i, y_dot[..., i, :, :]), **params)
        return z_dot

    def vjp(x, y, params, z_bar):
        bars = [row(x, replaced(y, i, z_bar), **params) for i in range(shape_of(y)[-3])]
        y_bar = np.stack(bars, axis=-3) if bars else np.zeros(shape_of(y))
        return row(x, with_direction(y, z_bar), **params), y_bar

    row = general(
        function,
        arity=2,
        jvp=jvp,
        vjp=vjp,
        params=params,
        source=source,
        entries=entries,
        batch=examples_first,
    )
    return row
