"""adcourse: f as it is, in plain NumPy; called as it stands, and compiled."""

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


class Compiled(Provider):
    """The program that `ad.compile` writes of the derivative, for the first call and all later."""

    xp = np

    def call(self, task, problem):
        f, args = derivative(task, problem)
        compiled = ad.compile(f)
        return lambda: compiled(*args)


def derivative(task, problem):
    """The function that answers a task, and its arguments.

    Every array of the problem is an argument, none of them a constant of the program.
    """
    f, n = partial(problem.f, np), problem.active

    def product(*arrays):
        directions = len(arrays) - len(problem.vectors)
        fixed = arrays[n:directions]
        return hvp(lambda ws: f(*ws, *fixed), arrays[:n], arrays[directions:])

    functions = {
        "gradient": ad.value_and_grad(f, tuple(range(n))),
        "jacfwd": jacfwd(f),
        "jacrev": jacrev(f),
        "hessian": hessian(f),
        "hvp": product,
    }
    return functions[task], (*problem.args, *problem.vectors)
