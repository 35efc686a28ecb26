"""How fast submissions are graded, side by side: `python -m benchmarks.grading`.

The same submissions of one exercise (the key, the blank and wrong answers, in turn) are graded in
one run by

- adcourse, each submission in an isolated copy of a warm process, with one and with two workers;
- adcourse, each in a fresh isolated kernel under nbval, with two workers;
- `nbgrader autograde`, which takes one after the other;
- `pytest --nbval-lax -n 2`, which runs the notebooks and gives no marks.

Times are wall times from the start of the command or pool to the last mark. Both ways of adcourse
must give the same marks, the key all of them and the blank none, or nothing is written.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from copy import deepcopy
from itertools import cycle, islice
from pathlib import Path

import nbformat
import psutil

from adcourse.course.grading.judge import Judge
from adcourse.course.grading.key import Key
from adcourse.course.grading.marks import marks_of
from adcourse.course.grading.restore import restore
from adcourse.course.grading.running.workers import Workers
from adcourse.course.release import blank_of
from adcourse.course.sources import grading, read_exercise
from benchmarks import machine
from benchmarks.report import digits, facts, table

ROOT = Path(__file__).resolve().parent.parent
RESULTS = Path(__file__).parent / "results"
PACKAGES = ["numpy", "sympy", "nbval", "nbgrader", "pytest", "pytest-xdist", "ipykernel"]
OTHERS = {"adcourse.course.grading.answers", "adcourse.course.grading.judge"}  # processes
TARGETS = {"nbgrader": 15, "nbval": 8}


def variants(source):
    """The solved notebook, and an endless supply of (kind, submission)."""
    solved, cases = read_exercise(source)
    blank = blank_of(solved)
    key = {c.metadata.nbgrader.grade_id: c.source for c in solved.cells if _is_answer(c)}
    wrong = cycle([case for case in cases if case.kind == "wrong"])

    def submissions():
        for kind in cycle(["key", "blank", "wrong"]):
            answers = {} if kind == "blank" else dict(key)
            if kind == "wrong":
                case = next(wrong)
                name = f"{case.question}-answer"
                answers[name] = case.answer(key[name])
            notebook = deepcopy(blank)
            for cell in notebook.cells:
                cell.source = answers.get(grading(cell).get("grade_id"), cell.source)
            yield kind, notebook

    return solved, submissions()


def _is_answer(cell):
    return bool(grading(cell).get("solution")) and not grading(cell).get("grade")


def ours(source, solved, notebooks, count, plain=False):
    """Seconds, marks by submission, what isolated them, and the most memory that a worker held."""
    start = time.perf_counter()
    with (
        Key(source, solved) as key,
        Judge() as judge,
        Workers(count, "required", plain) as workers,
        most_memory(workers) as memory,
    ):
        seeds = {name: dict.fromkeys(key.checks, name) for name in range(len(notebooks))}
        jobs = [
            (name, restore(key.cells, [dict(cell) for cell in notebook.cells], seeds[name]))
            for name, notebook in enumerate(notebooks)
        ]
        if key.has_formulas:
            judge.begin()
        marks, expected = {}, key.expected_each(list(seeds.values()))
        for name, outcome in workers.run(jobs):
            given = marks_of(outcome, key.questions, expected[name], judge)
            marks[name] = [mark.points for mark in given]
        seconds = time.perf_counter() - start
        return seconds, marks, workers.protection, memory[0] / count


@contextmanager
def most_memory(workers):
    """A list with the most bytes (proportional share) that all workers together held."""
    most, done = [0], threading.Event()

    def watch():
        while not done.wait(0.2):
            held = 0
            for one in psutil.Process().children(recursive=True):
                with suppress(psutil.Error):  # it may just have ended
                    if not OTHERS & set(one.cmdline()):
                        held += one.memory_full_info().pss
            most[0] = max(most[0], held)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        done.set()
        thread.join()


def nbgrader(solved, notebooks, folder):
    """Seconds of nbgrader's batch command."""
    course = folder / "course"
    write(solved, course / "source" / "ps" / "exercise.ipynb")
    base = [sys.executable, "-m", "nbgrader"]
    where = [f"--course-dir={course}", "--log-level=ERROR"]
    run([*base, "generate_assignment", "ps", "--create", *where], course)
    for name, notebook in enumerate(notebooks):
        write(notebook, course / "submitted" / f"s{name}" / "ps" / "exercise.ipynb")
    seconds = run([*base, "autograde", "ps", "--create", *where], course)
    graded = len(list(course.glob("autograded/*/ps/exercise.ipynb")))
    if graded != len(notebooks):
        sys.exit(f"nbgrader graded {graded} of {len(notebooks)} submissions.")
    return seconds


def nbval(notebooks, folder):
    """Seconds of pytest with nbval on two processes."""
    folder = folder / "nbval"
    for name, notebook in enumerate(notebooks):
        write(notebook, folder / f"s{name}.ipynb")
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-current-env", "-n", "2"]
    command += ["--dist", "loadscope", "-p", "no:cacheprovider", "-q", "--tb=no", str(folder)]
    return run(command, folder, accept=(0, 1))


def run(command, folder, accept=(0,)):
    """Wall time of a command, which finds the programs of this environment."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    where = {"cwd": folder, "env": os.environ | {"PATH": path}}
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, **where)
    if done.returncode not in accept:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.perf_counter() - start


def write(notebook, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def must_agree(kinds, fast, plain):
    """Stop if marks are not what they must be."""
    for name, kind in enumerate(kinds):
        sums = sum(points or 0 for points in fast[name])
        full = sum(points or 0 for points in fast[0])
        right = {"key": sums == full > 0, "blank": sums == 0, "wrong": 0 < sums < full}[kind]
        if fast[name] != plain[name] or not right:
            sys.exit(f"Submission {name} ({kind}) got {fast[name]} and, plain, {plain[name]}.")


def measure(exercise, number, skip):
    """Name → seconds for all submissions, and further facts."""
    source = ROOT / "exercises" / "source" / f"{exercise}.md"
    solved, supply = variants(source)
    kinds, notebooks = zip(*islice(supply, number), strict=True)
    seconds, notes = {}, {"submissions": number, "exercise": exercise}
    seconds["warm 2"], marks, notes["isolation"], held = ours(source, solved, notebooks, 2)
    notes["memory"] = held
    seconds["warm 1"], *_ = ours(source, solved, notebooks, 1)
    if "plain" not in skip:
        seconds["plain 2"], plain, *_ = ours(source, solved, notebooks, 2, plain=True)
        must_agree(kinds, marks, plain)
    with tempfile.TemporaryDirectory() as folder:
        if "nbgrader" not in skip:
            seconds["nbgrader"] = nbgrader(solved, notebooks, Path(folder))
        if "nbval" not in skip:
            seconds["nbval"] = nbval(notebooks, Path(folder))
    return seconds, notes


NAMES = {
    "warm 2": "adcourse, 2 workers",
    "warm 1": "adcourse, 1 worker",
    "plain 2": "adcourse, fresh kernels under nbval, 2 workers",
    "nbgrader": "nbgrader autograde, batch",
    "nbval": "pytest --nbval-lax -n 2 (no marks)",
}


def markdown(seconds, notes, about):
    """The page."""
    best, number = seconds["warm 2"], notes["submissions"]
    lines = [
        [name, digits(took), digits(took / number), digits(60 * number / took), digits(took / best)]
        for key, name in NAMES.items()
        if (took := seconds.get(key)) is not None
    ]
    head = ["way", "s in all", "s each", "per minute", "× the time of two workers"]
    said = [
        f"{number} submissions of exercise {notes['exercise']} (key, blank and wrong answers in "
        f"turn); adcourse with isolation on ({notes['isolation']}). Times are wall times with all "
        f"starts{'; both ways of adcourse gave the same marks' if 'plain 2' in seconds else ''}.",
        table(head, lines),
        f"A worker held at most {notes['memory'] / 1e6:.0f} MB (target: 400). One worker takes "
        f"{seconds['warm 1'] / best:.2f} times as long as two.",
    ]
    for key, times in TARGETS.items():
        if key in seconds:
            reached = "reached" if seconds[key] / best >= times else "not reached"
            said.append(f"Target, at least {times} times the rate of {NAMES[key]}: {reached}.")
    parts = ["# Speed of grading", *said, "## Machine", facts(about)]
    return "\n\n".join(parts) + "\n"


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grading", description=__doc__)
    parser.add_argument("--submissions", type=int, default=60)
    parser.add_argument("--exercise", default="04_reverse_mode")
    parser.add_argument("--skip", nargs="*", default=[], choices=["plain", "nbgrader", "nbval"])
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder for the page")
    options = parser.parse_args(argv)
    seconds, notes = measure(options.exercise, options.submissions, options.skip)
    about = machine.facts()
    about["versions"] = {name: v for name in PACKAGES if (v := machine.installed(name))}
    text = markdown(seconds, notes, about)
    print(text)
    (options.results / "grading.md").write_text(text, encoding="utf-8")
    whole = {"machine": about, "notes": notes, "seconds": seconds}
    (options.results / "grading.json").write_text(json.dumps(whole, indent=1) + "\n")


if __name__ == "__main__":
    main()
