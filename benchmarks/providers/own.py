"""adcourse: f as it is, in plain NumPy."""

from functools import partial

import numpy as np

import adcourse as ad
from adcourse.transforms.checkpoint import checkpoint
from adcourse.transforms.jacobians import hessian, hvp, jacfwd, jacrev
from benchmarks.providers import Provider


class Adcourse(Provider):
    xp = np

    def gradient(self, problem):
        both = ad.value_and_grad(partial(problem.f, np), tuple(range(problem.active)))
        return lambda: both(*problem.args)

    def jacfwd(self, problem):
        return partial(jacfwd(partial(problem.f, np)), *problem.args)

    def jacrev(self, problem):
        return partial(jacrev(partial(problem.f, np)), *problem.args)

    def hessian(self, problem):
        return partial(hessian(partial(problem.f, np)), *problem.args)

    def hvp(self, problem):
        active, fixed = problem.args[: problem.active], problem.args[problem.active :]
        return lambda: hvp(lambda ws: problem.f(np, *ws, *fixed), active, problem.vectors)

    def checkpoint(self, f):
        return checkpoint(f)
