"""W12: a thousand layers tanh(xW). Time, peak memory, and what checkpointing trades.

Checkpointed, the network is cut into segments: only what enters a segment is kept, and the segment
is run again when the backward pass comes to it.
"""

import os
import subprocess
import sys

import numpy as np

from benchmarks import memory
from benchmarks.problem import Problem, random
from benchmarks.providers import load
from benchmarks.run import Row, entrants
from benchmarks.timing import YARDSTICK, race

KEY = "W12"
FULL = (1000, 25, 256)  # layers, layers in a segment, width
WARM_UP = TINY = (4, 2, 3)
MODES = ("plain", "checkpointed")
WRITES = ("compiled",)  # a thousand layers as source are no tape, which is the subject here


def problem(provider, mode, layers, segment, width):
    """The network, and as this provider writes it with checkpoints."""

    def run(xp, x, W, times):
        for _ in range(times):
            x = xp.tanh(x @ W)
        return x

    def plain(xp, x, W):
        return xp.sum(run(xp, x, W, layers))

    def checkpointed(xp, x, W):
        block = provider.checkpoint(lambda x, W: run(xp, x, W, segment))
        return xp.sum(provider.repeat(lambda x: block(x, W), x, layers // segment))

    def by_hand(x, W):
        return gradient_by_hand(x, W, layers, segment if mode == "checkpointed" else layers)

    rng = random()
    x = rng.standard_normal((width, width))
    W = rng.standard_normal((width, width)) / np.sqrt(width)
    return Problem(plain if mode == "plain" else checkpointed, by_hand, (x, W), active=2)


def gradient_by_hand(x, W, layers, segment):
    """Keep what enters each segment; then, from the last to the first, run it again and go back."""
    starts = [x]
    for k in range(layers - segment):
        x = np.tanh(x @ W)
        if (k + 1) % segment == 0:
            starts.append(x)
    x_bar, W_bar = None, np.zeros_like(W)
    while starts:
        hs = [starts.pop()]
        for _ in range(segment):
            hs.append(np.tanh(hs[-1] @ W))
        h = hs.pop()
        if x_bar is None:
            value, x_bar = np.sum(h), np.ones_like(h)
        while hs:
            a_bar = x_bar * (1 - h * h)
            h = hs.pop()
            W_bar += h.T @ a_bar
            x_bar = a_bar @ W.T
    return value, (x_bar, W_bar)


def run(providers, rounds, budget, tiny=False):
    """Four rows: time, peak memory in both modes, and the price of checkpointing in time."""
    size = TINY if tiny else FULL
    providers = {name: one for name, one in providers.items() if name not in WRITES}
    x, W = problem(providers[YARDSTICK], "plain", *size).args
    expected = gradient_by_hand(x, W, size[0], size[0])
    calls, words = {}, {}
    for mode in MODES:

        def problem_of(provider, mode=mode):
            return problem(provider, mode, *size)

        entered, words[mode] = entrants("gradient", problem_of, providers, expected)
        calls |= {(name, mode): call for name, call in entered.items()}
    times = race(calls, rounds, budget)

    title = f"{size[0]} layers tanh(xW), {size[2]} × {size[2]}"
    plain, less = words["plain"], words["checkpointed"]
    time = Row(f"{KEY}t", title, {"adcourse": 1.12}, words=plain)
    price = Row(f"{KEY}c", "checkpointed / plain", {"adcourse": 1.4}, "× plain", words=less)
    plain_mb = Row(f"{KEY}p", "peak memory, plain", {"adcourse": 540}, "MB", words=plain)
    less_mb = Row(f"{KEY}m", "peak memory, checkpointed", {"adcourse": 45}, "MB", words=less)
    for name, mode in calls:
        row, other = (time, YARDSTICK) if mode == "plain" else (price, name)
        row.cells[name] = times.ratio((name, mode), (other, "plain"))
        row.seconds[name] = times.median((name, mode))
        bytes_ = peak_of(name, mode, size)
        if bytes_ is not None:
            held = plain_mb if mode == "plain" else less_mb
            held.cells[name] = (bytes_ / 1e6,) * 3
    return [time, plain_mb, less_mb, price]


def peak_of(name, mode, size):
    """The bytes that one gradient needs at its highest in a process of its own.

    Each large array is made a mapping of its own (on glibc), so that arrays are counted and not
    the holes between them.
    """
    setting = os.environ | {"MALLOC_MMAP_THRESHOLD_": "65536"}
    command = [sys.executable, "-m", "benchmarks.depth", name, mode, *map(str, size)]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=setting)
    said = run.stdout.split()[-1]
    return None if said == "None" else int(said)


def main(name, mode, *size):
    provider = load(name)
    small, full = problem(provider, mode, *WARM_UP), problem(provider, mode, *map(int, size))
    provider.call("gradient", small)()
    print(memory.needed(provider.call("gradient", full)))


if __name__ == "__main__":
    main(*sys.argv[1:])
