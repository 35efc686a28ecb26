"""Linear systems, inverses and determinants: rules that share work, each with its source."""

import numpy as np

from adcourse.core.primitive import shape_of
from adcourse.rules.batching import entry_by_entry, whole_stack
from adcourse.rules.composites import composite
from adcourse.rules.factored import factored
from adcourse.rules.kinds import general, spelled
from adcourse.rules.products import column, mT, uncolumn
from adcourse.rules.several import several
from adcourse.rules.shapes import unbroadcast


def trace_of(a):
    """The trace of each matrix in a stack, with two axes to stand beside the matrices."""
    return np.sum(a * np.eye(shape_of(a)[-1]), axis=(-2, -1), keepdims=True)


def beside(z_bar):
    """One number per matrix, with two axes to stand beside the matrices."""
    return np.reshape(z_bar, (*shape_of(z_bar), 1, 1))


# A x = b. `factored(A)` stands for A and remembers its factors, forward and backward.


def lu_solve(A, b, trans=False):
    """The solution x of A x = b, or of Aᵀ x = b, for a factored A and a matrix b."""
    return A.solve(b, trans)


def lu_solve_jvp(z, x, trans, x_dot, y_dot):
    """ẋ = A⁻¹ (ḃ - Ȧ x)."""
    change = y_dot - np.matmul(mT(x_dot) if trans else x_dot, z)
    return lu_solve(x, change, trans=trans)


def lu_solve_vjp(z, x, y_shape, trans, z_bar):
    """b̄ = A⁻ᵀ x̄ and Ā = -b̄ xᵀ."""
    y_bar = lu_solve(x, z_bar, trans=not trans)
    minus = -y_bar  # the smaller of the factors to change the sign of
    product = np.multiply if y_shape[-1] == 1 else np.matmul  # one column times one row
    x_bar = product(z, mT(minus)) if trans else product(minus, mT(z))
    return unbroadcast(x_bar, shape_of(x)), unbroadcast(y_bar, y_shape)


lu_solve = general(
    lu_solve,
    arity=2,
    jvp=lu_solve_jvp,
    vjp=lu_solve_vjp,
    params="trans",
    entries="lu_solve",
    source="Giles 2008, section 2.3.1",
    batch=entry_by_entry,
)


def solve(x, y):
    """A vector on the right is a matrix of one column."""
    if len(shape_of(y)) == 1:
        return uncolumn(lu_solve(factored(x), column(y), trans=False))
    return lu_solve(factored(x), y, trans=False)


spelled(np.linalg.solve, solve, arity=2, entries="solve", source="Giles 2008, section 2.3.1")
general(
    np.linalg.inv,
    jvp=lambda z, x_dot: -np.matmul(z, np.matmul(x_dot, z)),
    vjp=lambda z, z_bar: -np.matmul(mT(z), np.matmul(z_bar, mT(z))),
    entries="inv",
    source="Giles 2008, section 2.2.3",
    batch=whole_stack,
)


# Determinants. The cofactors are the derivative also where the matrix is singular.


def inverse_or_none(x):
    """The inverses where all matrices are far from singular."""
    try:
        inverse = np.linalg.inv(x)
    except np.linalg.LinAlgError:
        return None
    lengths = np.linalg.norm(x, axis=(-2, -1)) * np.linalg.norm(inverse, axis=(-2, -1))
    return inverse if np.all(lengths < 1e6) else None


def signed_svd(x):
    """U, s, Vᵀ and det(U) det(V) = ±1."""
    U, s, Vt = np.linalg.svd(x)
    return U, s, Vt, np.sign(np.linalg.det(U) * np.linalg.det(Vt))[..., None, None]


def cofactors(x):
    """The matrix of cofactors: det(X) X⁻ᵀ, or ± U diag(products of other values) Vᵀ."""
    inverse = inverse_or_none(x)
    if inverse is not None:
        return np.linalg.det(x)[..., None, None] * np.swapaxes(inverse, -1, -2)
    U, s, Vt, sign = signed_svd(x)
    same = np.eye(s.shape[-1], dtype=bool)
    others = np.prod(np.where(same, 1.0, s[..., None, :]), axis=-1)
    return sign * (U * others[..., None, :]) @ Vt


def cofactors_along(x, y):
    """The derivative of the cofactors in the direction Y, symmetric: <W, dC[Y]> = <Y, dC[W]>."""
    inverse = inverse_or_none(x)
    if inverse is not None:
        inside = inverse @ y
        trace = np.trace(inside, axis1=-2, axis2=-1)[..., None, None]
        along = np.linalg.det(x)[..., None, None] * (trace * inverse - inside @ inverse)
        return np.swapaxes(along, -1, -2)
    U, s, Vt, sign = signed_svd(x)
    same = np.eye(s.shape[-1], dtype=bool)
    out = same[:, None, :] | same[None, :, :]
    pairs = np.prod(np.where(out, 1.0, s[..., None, None, :]), axis=-1) * ~same
    inside = np.swapaxes(U, -1, -2) @ y @ np.swapaxes(Vt, -1, -2)
    diagonal = np.diagonal(inside, axis1=-2, axis2=-1)
    across = (pairs @ diagonal[..., None]) * same - pairs * np.swapaxes(inside, -1, -2)
    return sign * U @ across @ Vt


def cofactors_twice(x, y, w):
    """The second derivative of the cofactors in the directions Y and W, for a regular X."""
    A = np.linalg.inv(x)
    Ay, Aw = np.matmul(A, y), np.matmul(A, w)
    both = np.matmul(Ay, Aw)
    swapped = np.matmul(Aw, Ay)
    ty, tw = trace_of(Ay), trace_of(Aw)
    inner = (ty * tw - trace_of(both)) * A - np.matmul(ty * Aw + tw * Ay - both - swapped, A)
    return beside(np.linalg.det(x)) * mT(inner)


cofactors_along = general(
    cofactors_along,
    arity=2,
    jvp=lambda x, y, x_dot, y_dot: cofactors_along(x, y_dot) + cofactors_twice(x, y, x_dot),
    vjp=lambda x, y, z_bar: (cofactors_twice(x, y, z_bar), cofactors_along(x, z_bar)),
    entries="cofactors_along",
    batch=entry_by_entry,
)
cofactors = general(
    cofactors,
    jvp=lambda x, x_dot: cofactors_along(x, x_dot),
    vjp=lambda x, z_bar: cofactors_along(x, z_bar),
    entries="cofactors",
    batch=whole_stack,
)
general(
    np.linalg.det,
    jvp=lambda x, x_dot: np.sum(cofactors(x) * x_dot, axis=(-2, -1)),
    vjp=lambda x, z_bar: beside(z_bar) * cofactors(x),
    entries="det",
    source="Magnus & Neudecker 2019, section 8.3 (Jacobi's formula)",
    batch=whole_stack,
)
several(
    np.linalg.slogdet,
    jvp=lambda x, x_dot: (None, np.sum(mT(np.linalg.inv(x)) * x_dot, axis=(-2, -1))),
    vjp=lambda x, z_bar: slogdet_vjp(x, *z_bar),
    entries="slogdet",
    source="Giles 2008, section 2.2.4",
    batch=whole_stack,
)


def slogdet_vjp(x, sign_bar, log_bar):
    """X̄ = z̄ X⁻ᵀ for log|det X|; the sign is constant."""
    if log_bar is None:
        return np.zeros(shape_of(x))
    return beside(log_bar) * mT(np.linalg.inv(x))


def half(a):
    """The lower triangle of each matrix, with half of the diagonal."""
    n = shape_of(a)[-1]
    return a * (np.tri(n) - np.eye(n) / 2)


def cholesky_jvp(z, x_dot):
    """L̇ = L Φ(L⁻¹ Ẋ L⁻ᵀ), where Φ takes the lower triangle and half of the diagonal."""
    inside = np.linalg.solve(z, (x_dot + mT(x_dot)) / 2)
    return np.matmul(z, half(np.linalg.solve(z, mT(inside))))


def cholesky_vjp(z, z_bar):
    """X̄ = L⁻ᵀ Φ(Lᵀ L̄) L⁻¹, made symmetric as X is."""
    inside = np.linalg.solve(mT(z), half(np.matmul(mT(z), z_bar)))
    x_bar = np.linalg.solve(mT(z), mT(inside))
    return (x_bar + mT(x_bar)) / 2


def lower_factor(x):
    return np.linalg.cholesky(x)


lower_factor = general(
    lower_factor,
    name="np.linalg.cholesky",
    jvp=cholesky_jvp,
    vjp=cholesky_vjp,
    entries="cholesky",
    source="Murray 2016, section 3",
    batch=whole_stack,
)


@composite(np.linalg.cholesky)
def cholesky(x, upper=False):
    """The lower factor, or the upper one; NumPy reads the triangle of the same name."""
    return mT(lower_factor(mT(x))) if upper else lower_factor(x)


@composite(np.linalg.tensorsolve)
def tensorsolve(a, b, axes=None):
    """Solve a · x = b for a tensor x: a system of all entries."""
    n = len(shape_of(a))
    if axes is not None:
        moved = [axis % n for axis in ([axes] if isinstance(axes, int) else axes)]
        a = np.transpose(a, (*[i for i in range(n) if i not in moved], *moved))
    wanted = shape_of(a)[len(shape_of(b)) :]
    size = int(np.prod(wanted))
    return np.reshape(np.linalg.solve(np.reshape(a, (-1, size)), np.ravel(b)), wanted)


@composite(np.linalg.tensorinv)
def tensorinv(a, ind=2):
    """The inverse of a as a map between tensors, the first `ind` axes being the result's."""
    shape = shape_of(a)
    size = int(np.prod(shape[:ind]))
    return np.reshape(np.linalg.inv(np.reshape(a, (size, -1))), (*shape[ind:], *shape[:ind]))
