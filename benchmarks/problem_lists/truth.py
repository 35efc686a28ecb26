"""The right answers: JAX's derivative of the same function, in double precision."""

from functools import cache
from types import FunctionType

import numpy as np

QUICKLY = {  # one compilation per question, without optimisation, is most of the time
    "xla_backend_optimization_level": 0,
    "xla_llvm_disable_expensive_passes": True,
}
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
    f = question.variant or question.f
    whole = np.asarray(compiled(f, question.asked, question.argnum, *map(np.shape, args))(*args))
    return projected(question, whole) if question.asked == "gradient" else whole


@cache
def compiled(f, asked, argnum, *shapes):
    """JAX's program of a derivative for arguments of these shapes."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    run = swapped(f, jnp)

    def real(*args):
        return jnp.real(run(*args))

    way = {"gradient": jax.grad, "hessian": jax.hessian, "jacobian": jax.jacrev}[asked]
    examples = [jax.ShapeDtypeStruct(shape, np.float64) for shape in shapes]
    return jax.jit(way(real, argnum)).lower(*examples).compile(QUICKLY)


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
