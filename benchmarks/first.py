"""Time to the first result of a compiled call, and the number of calls after which it has paid.

The machinery is warm, as in a session that has compiled something else before; nothing of the
program itself is kept from one repetition to the next. Wall time.
"""

import gc
import math
import time

from benchmarks.problem import Problem
from benchmarks.timing import spread

EAGER = {"compiled": "adcourse", "jax_jit": "jax"}  # who compiles -> the same library, as it stands
FEW = 5  # repetitions at most; at least three
OTHER = Problem(lambda xp, x: x * x, lambda x: (x * x, (2 * x,)), (3.0,))


def measure(task, problem, providers, budget, clock=time.perf_counter):
    """provider -> (median, low, high), seconds until the first result, for all who compile."""
    return {
        name: spread(repeated(task, problem, provider, budget, clock))
        for name, provider in providers.items()
        if name in EAGER
    }


def repeated(task, problem, provider, budget, clock):
    """Seconds of the first call, each time of a new function."""
    seconds, started = [], clock()
    while len(seconds) < 3 or (len(seconds) < FEW and clock() - started < budget):
        provider.forget()
        provider.call("gradient", OTHER)()
        call = provider.call(task, problem)
        gc.collect()
        start = clock()
        call()
        seconds.append(clock() - start)
    return seconds


def paid_after(row, name):
    """How many calls after the first one have made up for compiling, or None if none ever do.

    None too where there is no figure for calls of the same library as it stands.
    """
    if name not in row.first or name not in row.seconds or EAGER[name] not in row.seconds:
        return None
    eager, later = row.seconds[EAGER[name]], row.seconds[name]
    if later >= eager:
        return None
    return max(0, math.ceil((row.first[name][0] - eager) / (eager - later)))
