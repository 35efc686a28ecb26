"""Time and memory of the store of marks and of its exports: `python -m benchmarks.store`.

Synthetic submissions, ten questions each, go into a new store and out again in every format, each
step in a process of its own, whose largest memory is noted. Linear time is the same time for each
submission whatever their number; flat memory is the same memory.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

QUESTIONS = {f"04.q{number}": (2.0, number == 9) for number in range(10)}
EXERCISE = "04_reverse_mode"
FORMATS = ("csv", "canvas", "moodle", "gradescope", "nbgrader")
STEPS = ("fill", "grade nothing new", "summary", "feedback", *FORMATS)


def fill(path, count):
    """Put `count` submissions into a new store, one transaction each, as a run does."""
    from adcourse.course.grading.marks import Mark
    from adcourse.course.grading.store import Record, Store

    rng = random.Random(4)
    shown = "▸ shape (4,): " + ", ".join(f"{rng.random():.6g}" for _ in range(4))
    with Store(path, write=True) as store:
        setup = {"submissions": "in", "key": "key.ipynb", "pattern": None, "deadline": None}
        store.begin(EXERCISE, "key", QUESTIONS, setup)
        for number in range(count):
            marks = []
            for question, (points, manual) in QUESTIONS.items():
                right = rng.random() < 0.7
                reason = "right" if right else "differs from the key on other inputs."
                earned = None if manual else points * right
                marks.append(Mark(question, earned, points, reason, 0.1, shown, shown, "", "none"))
            student = f"student{number:06d}"
            record = Record(EXERCISE, student, marks, f"{student}.ipynb", str(number))
            store.add(record, f"{number:064x}", f"{number:064x}")


def warm(name):
    """Import what a step uses, so that only its work is timed."""
    import adcourse.__main__  # noqa: F401
    from adcourse.course.commands import GROUPS  # noqa: F401
    from adcourse.course.grading import exports, feedback, store, summary  # noqa: F401

    if name == "summary":
        import matplotlib.figure  # noqa: F401
    if name == "nbgrader":
        import nbgrader.api  # noqa: F401


def step(name, folder, count):
    """Do one step in the folder of a store."""
    from adcourse.__main__ import main
    from adcourse.course.grading.store import Store

    path = folder / "grades.sqlite"
    if name == "fill":
        fill(path, count)
    elif name == "grade nothing new":
        with Store(path) as store:
            assert len(store.done(EXERCISE, list(QUESTIONS))) == count
    elif name in ("summary", "feedback"):
        out = ["--picture", "p.svg"] if name == "summary" else ["--out", "pages"]
        assert main([name, "--store", str(path), *out]) == 0
    else:
        out = ["--store", str(path), "--out", f"out.{name}"]
        assert main(["export", "--format", name, *out]) == 0


def measured(name, folder, count):
    """Seconds and MiB of one step in a process of its own; its start is not counted."""
    command = [sys.executable, "-m", "benchmarks.store", "--step", name, str(count)]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks.store", description=__doc__)
    parser.add_argument("--counts", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--step", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.step:
        import resource

        name, count = options.step
        warm(name)
        start = time.perf_counter()
        step(name, Path.cwd(), int(count))
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps([seconds, peak]))
        return
    rows = {}
    for count in options.counts:
        with tempfile.TemporaryDirectory() as folder:
            for name in STEPS:
                rows[name, count] = measured(name, folder, count)
            size = sum(path.stat().st_size for path in Path(folder).glob("grades.sqlite*"))
        print(f"{count} submissions: a store of {size / 2**20:.1f} MiB")
    heads = [f"{count} s | ms each | MiB" for count in options.counts]
    print(f"| step | {' | '.join(heads)} |\n|---|{'---|' * 3 * len(heads)}")
    for name in STEPS:
        cells = []
        for count in options.counts:
            seconds, peak = rows[name, count]
            cells += [f"{seconds:.2f}", f"{1000 * seconds / count:.2f}", f"{peak:.0f}"]
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
