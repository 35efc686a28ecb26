"""Cost per operation from 10² to 10⁶ operations: a tape that sorts, recurses or copies bends up."""

import tracemalloc

from benchmarks.run import entrants
from benchmarks.timing import race
from benchmarks.workloads import workloads

KEY = "flat"
SIZES = (10**2, 10**3, 10**4, 10**5, 10**6)
OPERATIONS = 4  # in each step of the program
LONGEST = 4.0  # seconds; a provider that would need longer stops at the size before
NAMES = ("numpy", "adcourse", "autograd", "torch", "mygrad")
ROUNDS = 5
OWN_MEMORY = ("torch",)  # does not ask Python for its memory, so Python cannot count it


def measure(providers, rounds, budget, sizes=SIZES):
    """provider -> list of (operations, µs per operation, bytes per operation or None)."""
    curves = {name: [] for name in NAMES if providers.get(name)}
    for size in sizes:
        problem = workloads["W2"].build(size // OPERATIONS)
        fit = {name: providers[name] for name in curves if affordable(curves[name], size)}
        calls, _ = entrants("gradient", lambda _, p=problem: p, fit, problem.by_hand(*problem.args))
        times = race(calls, min(rounds, ROUNDS), budget)
        for name, call in calls.items():
            each = None if name in OWN_MEMORY else peak(call) / size
            curves[name].append((size, 1e6 * times.median(name) / size, each))
    return curves


def affordable(curve, size):
    """Whether the next size will be quick enough, at the cost per operation of the last one."""
    return not curve or size * curve[-1][1] * 1e-6 < LONGEST


def peak(call):
    """The largest number of bytes that Python holds during a call, beyond what it held before."""
    tracemalloc.start()
    call()
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return highest
