"""What gives marks: grade, regrade, and the instructor's own points."""

import argparse
import sys
from contextlib import contextmanager
from pathlib import Path

from ..errors import CourseError

STORE = Path("grades.sqlite")


def add_to(commands):
    """Add the commands of this group to argparse's subparsers."""
    one = commands.add_parser("grade", help="grade a folder or zip file of submissions")
    one.add_argument("exercise", help="such as 04_reverse_mode")
    one.add_argument(
        "submissions", type=Path,
        help="folder or zip file: STUDENT.ipynb, STUDENT/, STUDENT.zip, or what Moodle, Canvas or "
        "nbgrader hand out",
    )  # fmt: skip
    one.add_argument("--key", type=Path, help="default: exercises/keys/EXERCISE.ipynb")
    one.add_argument(
        "--student-pattern", metavar="REGEX",
        help="finds the student in the path of a file: (?P<student>[^/_]+)_.*",
    )  # fmt: skip
    one.add_argument("--deadline", help="note as late what is younger: '2026-11-27 18:00'")
    _add_running(one)
    one.set_defaults(command=grade)

    one = commands.add_parser("regrade", help="grade again what has changed, or what is named")
    one.add_argument("exercise", nargs="?", help="such as 04_reverse_mode, if there are several")
    one.add_argument("--question", action="append", help="this one for all, such as 04.tape")
    one.add_argument("--student", action="append", help="this one, all questions")
    one.add_argument("--key", type=Path, help="another key than the last run's")
    _add_running(one)
    one.set_defaults(command=regrade)

    one = commands.add_parser("mark", help="take in the instructor's own points from a CSV file")
    one.add_argument("points", type=Path, help="columns student, question, points, comment")
    one.add_argument("exercise", nargs="?", help="such as 04_reverse_mode, if there are several")
    one.add_argument("--store", type=Path, default=STORE, help="default: grades.sqlite")
    one.add_argument("--wait", action="store_true", help="wait for another run on the store")
    one.set_defaults(command=mark)


def _add_running(one):
    one.add_argument("--store", type=Path, default=STORE, help="default: grades.sqlite")
    one.add_argument("--wait", action="store_true", help="wait for another run on the store")
    one.add_argument("--workers", type=_whole, help="how many run at a time (default: the cores)")
    one.add_argument(
        "--sandbox", choices=("auto", "required", "off"), default="auto",
        help="auto: the best there is; required: refuse to run without one",
    )  # fmt: skip
    one.add_argument(
        "--scheduler", metavar="ADDRESS",
        help="a Dask cluster that runs the submissions: tcp://HOST:PORT (needs adcourse[cluster])",
    )  # fmt: skip
    one.add_argument("--plain", action="store_true", help="a fresh kernel for each, under nbval")
    one.add_argument("--timeout", type=_seconds, default=20, help="seconds per cell (default: 20)")
    one.add_argument("--picture", type=Path, help="SVG or PNG (default: beside the store)")


def _whole(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number


def _seconds(text):
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is no time to wait")
    return number


def grade(options):
    """Grade submissions; what the store has already is not run again."""
    from ..grading.grade import Setup

    key = options.key or Path("exercises") / "keys" / f"{options.exercise}.ipynb"
    setup = Setup(
        str(options.submissions.absolute()),
        str(key.absolute()),
        options.student_pattern,
        options.deadline,
    )
    return _run(options, lambda store: (options.exercise, setup))


def regrade(options):
    """Grade again with what the store remembers: what has changed, or what is named."""
    from dataclasses import replace

    from ..grading.grade import Setup

    def remembered(store):
        exercise = one_exercise(store, options.exercise)
        setup = Setup(**store.setup(exercise))
        if options.key is not None:
            setup = replace(setup, key=str(options.key.absolute()))
        return exercise, setup

    return _run(options, remembered, options.question, options.student)


def _run(options, what, questions=None, students=None):
    from ..grading.grade import Running, grade
    from ..grading.running.limits import close_to_others
    from ..grading.store import Store

    close_to_others()
    running = Running(
        options.workers, options.sandbox, options.plain, options.timeout, options.scheduler
    )
    try:
        with Store(options.store, write=True, wait=options.wait) as store:
            exercise, setup = what(store)
            total, ran = grade(store, exercise, setup, running, questions, students)
            _report(store, exercise, options)
    except KeyboardInterrupt:
        print(f"Stopped; the same command goes on where {options.store} ends.", file=sys.stderr)
        return 130
    print(f"{total} submissions, {ran} of them run now; all marks are in {options.store}")
    return 0


def _report(store, exercise, options):
    from ..grading.summary import draw, summarize, text_of

    summary = summarize(store, exercise)
    print(f"\n{text_of(summary)}\n")
    if summary.totals:
        path = options.picture or options.store.with_name(f"{options.store.stem}-{exercise}.svg")
        with writing(path, "The marks are stored, but "):
            print(f"Picture: {draw(summary, path)}")


@contextmanager
def writing(path, before=""):
    """Whatever keeps a file from being written, as one sentence in a CourseError."""
    try:
        yield
    except OSError as error:
        name = error.filename or path
        raise CourseError(f"{before}{name} cannot be written: {error.strerror}.") from None


def mark(options):
    """Take in the instructor's points."""
    from ..grading.manual import read_points
    from ..grading.store import Store

    with Store(options.store, write=True, wait=options.wait) as store:
        exercise = one_exercise(store, options.exercise)
        rows = read_points(options.points, store, exercise)
        store.give(rows)
    print(f"{len(rows)} marks given in {exercise}")
    return 0


def one_exercise(store, name):
    """The exercise of this name, or the only one; raises CourseError if there is no such."""
    known = store.exercises()
    if name is None and len(known) == 1:
        return known[0]
    if name is None:
        raise CourseError(
            f"{store.path} holds {len(known)} exercises; name one: {', '.join(known) or 'none'}."
        )
    store.setup(name)
    return name
