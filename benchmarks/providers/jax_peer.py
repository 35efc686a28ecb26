"""JAX, operation by operation and compiled as a whole."""

from functools import partial

import jax
import jax.numpy as jnp

from benchmarks.providers import Provider

jax.config.update("jax_enable_x64", True)


class Jax(Provider):
    xp = jnp

    def finished(self, derivative, *args):
        """The call; JAX returns before it has computed, so wait."""
        args = jax.tree.map(jnp.asarray, args)
        return lambda: jax.block_until_ready(derivative(*args))

    def gradient(self, problem):
        both = jax.value_and_grad(partial(problem.f, jnp), tuple(range(problem.active)))
        return self.finished(both, *problem.args)

    def jacfwd(self, problem):
        return self.finished(jax.jacfwd(partial(problem.f, jnp)), *problem.args)

    def jacrev(self, problem):
        return self.finished(jax.jacrev(partial(problem.f, jnp)), *problem.args)

    def hessian(self, problem):
        return self.finished(jax.hessian(partial(problem.f, jnp)), *problem.args)

    def hvp(self, problem):
        n = problem.active

        def product(ws, vs, fixed):
            gradient = jax.grad(lambda ws: problem.f(jnp, *ws, *fixed))
            return jax.jvp(gradient, (ws,), (vs,))[1]

        return self.finished(product, problem.args[:n], problem.vectors, problem.args[n:])

    def checkpoint(self, f):
        return jax.checkpoint(f)

    def forget(self):
        jax.clear_caches()


class JaxJit(Jax):
    def finished(self, derivative, *args):
        return super().finished(jax.jit(derivative), *args)

    def repeat(self, step, x, times):
        """A scan: of a loop that is written out, the compiler merges first and second runs."""
        return jax.lax.scan(lambda x, _: (step(x), None), x, length=times)[0]
