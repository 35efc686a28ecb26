"""PyTorch, eager; of its spellings of a derivative the fastest."""

from functools import partial

import torch
from torch.autograd.functional import hessian
from torch.utils.checkpoint import checkpoint

from benchmarks.providers import Provider

torch.set_num_threads(1)


def tensors(values, differentiated=False):
    return [torch.tensor(v, dtype=torch.float64, requires_grad=differentiated) for v in values]


class Torch(Provider):
    xp = torch

    def gradient(self, problem):
        active = tensors(problem.args[: problem.active], differentiated=True)
        fixed = tensors(problem.args[problem.active :])

        def call():
            y = problem.f(torch, *active, *fixed)
            return y.detach(), torch.autograd.grad(y, active)

        return call

    def jacfwd(self, problem):
        return partial(torch.func.jacfwd(partial(problem.f, torch)), *tensors(problem.args))

    def jacrev(self, problem):
        return partial(torch.func.jacrev(partial(problem.f, torch)), *tensors(problem.args))

    def hessian(self, problem):
        (x,) = tensors(problem.args)
        return lambda: hessian(partial(problem.f, torch), x, vectorize=True)

    def hvp(self, problem):
        active = tensors(problem.args[: problem.active], differentiated=True)
        fixed = tensors(problem.args[problem.active :])
        vectors = tensors(problem.vectors)

        def call():
            y = problem.f(torch, *active, *fixed)
            slopes = torch.autograd.grad(y, active, create_graph=True)
            return torch.autograd.grad(slopes, active, grad_outputs=vectors)

        return call

    def checkpoint(self, f):
        return partial(checkpoint, f, use_reentrant=False)
