"""The right answers: JAX's derivative of the same function, in double precision."""

from types import FunctionType

import numpy as np

TOLERANCE = 1e-8  # of the largest entry, or of 1


def swapped(f, module):
    """f with another module under the name np; functions inside of f see it too."""
    return FunctionType(
        f.__code__, f.__globals__ | {"np": module}, f.__name__, f.__defaults__, f.__closure__
    )


def tensor(question, args):
    """All partial derivatives at a point: the axes of f first, then those of the argument.

    For a Hessian the axes of the argument twice.
    """
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    f = swapped(question.variant or question.f, jnp)

    def real(*args):
        return jnp.real(f(*args))

    way = {"gradient": jax.grad, "hessian": jax.hessian, "jacobian": jax.jacrev}[question.asked]
    whole = np.asarray(way(real, question.argnum)(*map(jnp.asarray, args)))
    return projected(question, whole) if question.asked == "gradient" else whole


def projected(question, gradient):
    return question.arguments[question.wrt].project(gradient)


def answer(question, whole, direction):
    """What is asked, out of all partial derivatives: the whole, or the map at one direction."""
    if not question.is_map:
        return whole
    value = np.tensordot(whole, direction, direction.ndim)
    return projected(question, value) if question.asked == "hessian" else value


def by_hand(question, args, direction):
    """What the closed form of the literature says is the answer."""
    return np.asarray(question.by_hand(*args, *([direction] if question.is_map else [])))


def same(found, expected):
    """Whether two answers have one shape and agree to TOLERANCE."""
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    if found.shape != expected.shape:
        return False
    return bool(np.max(np.abs(found - expected), initial=0) <= TOLERANCE * scale(expected))


def scale(expected):
    return max(1.0, float(np.max(np.abs(expected), initial=0)))
