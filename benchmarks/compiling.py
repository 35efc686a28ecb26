"""The cost of compiling, from 10² to 10⁵ nodes: each stage of `ad.compile` by itself.

The program is the derivative of W2, Euler steps of four operations each.
"""

import builtins
from functools import partial

from adcourse.core.recording import trace
from benchmarks.providers.own import derivative
from benchmarks.stages import improved, written
from benchmarks.timing import race
from benchmarks.workloads import workloads

KEY = "compiling"
SIZES = (
    20,
    100,
    300,
    1000,
    3000,
    10_000,
    30_000,
)  # operations of the function
OPERATIONS = 4  # in each step of it
STAGES = {
    "trace": "recording the derivative",
    "passes": "passes over its graph",
    "writing": "writing the source",
    "python": "Python's own compile",
}


def measure(rounds, budget, sizes=SIZES):
    """One entry per size: `operations`, `nodes` of the derivative's graph, and per stage the
    seconds (median, low, high)."""
    return [entry(size, rounds, budget) for size in sizes]


def entry(size, rounds, budget):
    f, args = derivative("gradient", workloads["W2"].build(size // OPERATIONS))
    graph = trace(f, *args)
    better = improved(graph)
    text, _ = written(better)
    calls = {
        "trace": partial(trace, f, *args),
        "passes": partial(improved, graph),
        "writing": partial(written, better),
        "python": partial(builtins.compile, text, "<benchmark>", "exec"),
    }
    times = race(calls, rounds, budget)
    seconds = {stage: times.spread(stage) for stage in calls}
    return {"operations": size, "nodes": len(graph.nodes), "seconds": seconds}
