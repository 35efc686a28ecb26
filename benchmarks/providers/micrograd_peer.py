"""micrograd: scalars. Its missing functions are added in its own style."""

import math
import sys

from micrograd.engine import Value

from benchmarks.providers import Provider

RECURSION = 20_000  # micrograd sorts its graph by recursion, as deep as the program is long


def elementary(f, slope):
    """A function of one Value, as micrograd's own methods are written."""

    def apply(x):
        out = Value(f(x.data), (x,), f.__name__)

        def _backward():
            x.grad += slope(x.data, out.data) * out.grad

        out._backward = _backward
        return out

    return apply


class Functions:
    """What stands in for NumPy."""

    sin = staticmethod(elementary(math.sin, lambda x, z: math.cos(x)))
    log = staticmethod(elementary(math.log, lambda x, z: 1 / x))
    sqrt = staticmethod(elementary(math.sqrt, lambda x, z: 0.5 / z))


class Micrograd(Provider):
    xp = Functions
    scalar_only = True

    def __init__(self):
        sys.setrecursionlimit(max(RECURSION, sys.getrecursionlimit()))

    def gradient(self, problem):
        def call():
            values = [Value(a) for a in problem.args]
            y = problem.f(Functions, *values)
            y.backward()
            return y.data, [v.grad for v in values]

        return call
