"""MyGrad: first derivatives in reverse mode."""

import mygrad as mg
import numpy as np

from benchmarks.providers import Provider


class MyGrad(Provider):
    xp = mg

    def gradient(self, problem):
        active, fixed = problem.args[: problem.active], problem.args[problem.active :]
        tensors = [mg.tensor(a) for a in active]

        def call():
            for t in tensors:
                t.null_grad()
            y = problem.f(mg, *tensors, *fixed)
            y.backward()
            return y.data, [t.grad for t in tensors]

        return call

    def jacrev(self, problem):
        """One run and one backward pass per row, since a backward pass clears the graph."""
        x, *fixed = problem.args
        rows = len(problem.f(np, x, *fixed))

        def call():
            jacobian = []
            for i in range(rows):
                t = mg.tensor(x)
                problem.f(mg, t, *fixed)[i].backward()
                jacobian.append(t.grad)
            return np.stack(jacobian)

        return call
