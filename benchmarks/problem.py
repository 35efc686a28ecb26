"""A workload: a function written once, its derivative written by hand once, and the inputs."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

workloads = {}  # key -> Workload, in the order of the report


@dataclass(frozen=True)
class Problem:
    """One function to differentiate at one point.

    f: `f(xp, *args)`, where xp is NumPy or what a provider has in its place.
    by_hand: `by_hand(*args)`, the answer that the task asks for, in NumPy.
    args: floats and float64 arrays; the first `active` of them are differentiated.
    vectors: the directions of a Hessian-vector product, one per active argument.
    """

    f: Callable
    by_hand: Callable
    args: tuple
    active: int = 1
    vectors: tuple = ()


@dataclass(frozen=True)
class Workload:
    """A row of the report.

    task: what is asked of a provider, the name of its method: "gradient" (value and gradients),
    "jacfwd", "jacrev", "hvp", "hessian".
    build: `build(*size)`, the Problem.
    target, compiled: the largest ratios that adcourse aims at, called as it stands and compiled.
    operations: if given, the targets are in µs per operation and not ratios. note: for the report.
    """

    key: str
    title: str
    task: str
    build: Callable
    full: tuple
    tiny: tuple
    target: float
    compiled: float
    operations: int | None = None
    scalar: bool = False
    note: str = ""

    def problem(self, tiny=False):
        return self.build(*(self.tiny if tiny else self.full))


def workload(key, title, task, full=(), tiny=(), **facts):
    """Enter the function that builds a problem into the table of workloads."""

    def enter(build):
        workloads[key] = Workload(key, title, task, build, full, tiny, **facts)
        return build

    return enter


def random():
    """The source of all inputs, so that every provider and every run sees the same numbers."""
    return np.random.default_rng(0)


def leaves(answer):
    """The arrays of a nested answer, in order."""
    if isinstance(answer, list | tuple):
        return [leaf for part in answer for leaf in leaves(part)]
    return [np.asarray(answer)]


def difference(answer, expected):
    """The largest error of an answer, relative to the largest entry of each expected array."""
    got, want = leaves(answer), leaves(expected)
    if [a.shape for a in got] != [a.shape for a in want]:
        return np.inf
    return max(
        float(np.max(np.abs(a - b))) / max(float(np.max(np.abs(b))), 1e-300)
        for a, b in zip(got, want, strict=True)
    )
