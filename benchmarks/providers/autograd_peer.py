"""autograd: a loop of pushforwards or pullbacks where adcourse takes one vectorised pass."""

from functools import partial

import autograd
import autograd.numpy as anp
import numpy as np

from benchmarks.providers import Provider

anp.linalg.svdvals = partial(anp.linalg.svd, compute_uv=False)  # autograd's older spelling


class Autograd(Provider):
    xp = anp

    def gradient(self, problem):
        both = autograd.value_and_grad(partial(problem.f, anp), tuple(range(problem.active)))
        return lambda: both(*problem.args)

    def jacfwd(self, problem):
        x, *fixed = problem.args
        push = autograd.make_jvp(lambda x: problem.f(anp, x, *fixed))
        return lambda: np.stack([push(x)(e)[1] for e in np.eye(len(x))], axis=1)

    def jacrev(self, problem):
        return partial(autograd.jacobian(partial(problem.f, anp)), *problem.args)

    def hessian(self, problem):
        return partial(autograd.hessian(partial(problem.f, anp)), *problem.args)

    def hvp(self, problem):
        active, fixed = problem.args[: problem.active], problem.args[problem.active :]
        gradient = autograd.grad(lambda ws: problem.f(anp, *ws, *fixed))

        def slope(ws):
            return sum(anp.sum(g * v) for g, v in zip(gradient(ws), problem.vectors, strict=True))

        return partial(autograd.grad(slope), active)

    def checkpoint(self, f):
        return autograd.checkpoint(f)
