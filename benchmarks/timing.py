"""Times that can be compared: interleaved rounds, and ratios of neighbours in time.

A machine is now faster, now slower. Each round runs every provider once, and what is reported is
the median over the rounds of (provider / hand-written) in the same round. CPU time is taken, which
other programs disturb least; all threads of the process are counted. The garbage collector runs as
in any program, but what was imported before is out of its sight, the same for all.
"""

import gc
import time
from dataclasses import dataclass, field
from statistics import median, quantiles

YARDSTICK = "numpy"
SAMPLE = 0.004  # seconds; a quicker call is repeated until a sample takes as long
WARM = 0.05  # seconds of warm-up, and at least two calls


@dataclass
class Times:
    """Seconds per call of each provider, one entry per round."""

    seconds: dict = field(default_factory=dict)

    def median(self, name):
        return median(self.seconds[name])

    def spread(self, name):
        """Median and quartiles of the seconds."""
        return spread(self.seconds[name])

    def ratio(self, name, reference=YARDSTICK):
        """Median and quartiles of the paired ratios."""
        pairs = zip(self.seconds[name], self.seconds[reference], strict=True)
        return spread([mine / theirs for mine, theirs in pairs])


def spread(figures):
    """Median, lower and upper quartile."""
    if len(figures) < 2:
        return (figures[0],) * 3
    low, middle, high = quantiles(figures, n=4, method="inclusive")
    return middle, low, high


def race(calls, rounds, budget, clock=time.process_time):
    """Time calls (name -> function without arguments) side by side, for about `budget` seconds.

    At least three rounds are run, at most `rounds`. `clock` says how many seconds have been used.
    """
    gc.collect()
    gc.freeze()
    try:
        loops = {name: repetitions(call, clock) for name, call in calls.items()}
        return Times(interleaved(calls, loops, rounds, budget, clock))
    finally:
        gc.unfreeze()


def interleaved(calls, loops, rounds, budget, clock):
    """Seconds per call, one sample of every call in each round."""
    seconds = {name: [] for name in calls}
    names = list(calls)
    started = time.perf_counter()
    for done in range(rounds):
        spent = time.perf_counter() - started
        if done >= 3 and spent * (done + 1) / done > budget:
            break
        for name in names:
            gc.collect()
            seconds[name].append(sample(calls[name], loops[name], clock))
        names = names[1:] + names[:1]  # nobody is always first
    return seconds


def sample(call, loops, clock):
    """Seconds per call."""
    start = clock()
    for _ in range(loops):
        call()
    return (clock() - start) / loops


def repetitions(call, clock):
    """Warm up, and say how many calls make one sample."""
    calls, start = 0, clock()
    while True:
        call()
        calls += 1
        spent = clock() - start
        if spent > 20 * WARM:
            return 1
        if calls >= 2 and spent > WARM:
            return max(1, round(SAMPLE / max(sample(call, 1, clock), 1e-9)))
