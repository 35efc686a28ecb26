"""One workload with many providers: check every answer, then race those that are right."""

from dataclasses import dataclass, field

import numpy as np

from benchmarks import first, profiling
from benchmarks.problem import difference, leaves
from benchmarks.providers import OWN, Cannot
from benchmarks.timing import YARDSTICK, race

TOLERANCE = 1e-8  # relative to the largest entry; the inputs are well conditioned


@dataclass
class Row:
    """What is known of one workload.

    targets: provider -> the largest figure that it aims at, in the row's `unit`.
    cells: provider -> (figure, low, high). words: provider -> why there is no figure.
    seconds: provider -> median of one call. first: provider -> (median, low, high), seconds until
    the first result of a compiled call. lines: where a compiled call that misses its target spends
    its time, from `profiling`.
    """

    key: str
    title: str
    targets: dict = field(default_factory=dict)
    unit: str = "× numpy"
    note: str = ""
    cells: dict = field(default_factory=dict)
    words: dict = field(default_factory=dict)
    seconds: dict = field(default_factory=dict)
    first: dict = field(default_factory=dict)
    lines: list = field(default_factory=list)

    def reached(self, name):
        """Whether the figure of this provider is its target or better; None if it has no target."""
        if name not in self.targets or name not in self.cells:
            return None
        return self.cells[name][0] <= self.targets[name]


def entrants(task, problem_of, providers, expected, scalar=False):
    """The calls that gave the right answer, and for every other provider the word that says why.

    `problem_of(provider)` is the problem as this provider is to solve it.
    """
    calls, words = {}, {}
    for name, provider in providers.items():
        if provider is None:
            words[name] = "absent"
        elif provider.scalar_only and not scalar:
            words[name] = "–"
        else:
            calls[name], words[name] = checked(name, provider, task, problem_of, expected)
    return {n: c for n, c in calls.items() if c}, {n: w for n, w in words.items() if w}


def checked(name, provider, task, problem_of, expected):
    """The call and None, or None and what is wrong with it."""
    try:
        call = provider.call(task, problem_of(provider))
        answer = call()
    except Cannot:
        return None, "–"
    except Exception as mistake:  # what a peer cannot do is a result, not our error
        said = str(mistake).strip().split("\n")[0]
        word = "not yet" if name in OWN else "–"
        return None, f"{word} ({type(mistake).__name__}: {said[:120]})"
    if any(leaf.dtype.kind == "f" and leaf.dtype != np.float64 for leaf in leaves(answer)):
        return None, "wrong: not float64"
    error = difference(answer, expected)
    return (call, None) if error < TOLERANCE else (None, f"wrong by {error:.1e}")


def run(workload, providers, rounds, budget, tiny=False):
    """The row of one workload. `providers`: name -> provider or None if absent."""
    problem = workload.problem(tiny)
    expected = problem.by_hand(*problem.args, *problem.vectors)
    calls, words = entrants(
        workload.task, lambda provider: problem, providers, expected, workload.scalar
    )
    times = race(calls, rounds, budget)
    targets = {"adcourse": workload.target, "compiled": workload.compiled}
    row = Row(workload.key, workload.title, targets, note=workload.note, words=words)
    scale = 1.0
    if workload.operations:
        row.unit = "µs per operation"
        scale = 1e6 * times.median(YARDSTICK) / workload.operations
    for name in calls:
        row.seconds[name] = times.median(name)
        row.cells[name] = tuple(scale * ratio for ratio in times.ratio(name))
    right = {name: providers[name] for name in calls}
    row.first = first.measure(workload.task, problem, right, budget)
    if row.reached("compiled") is False:
        row.lines = profiling.profile(workload.task, problem)
    return [row]
