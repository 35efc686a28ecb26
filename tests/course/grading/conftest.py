"""Stores, and a way to grade without a kernel."""

import pytest

from adcourse.course.grading.key import Key
from adcourse.course.grading.marks import Mark
from adcourse.course.grading.running.jobs import Outcome
from adcourse.course.grading.store import Record, Store

QUESTIONS = {"04.tape": (3.0, False), "04.law": (2.0, False), "04.catch": (1.0, True)}
SETUP = {"submissions": "in", "key": "key.ipynb", "pattern": None, "deadline": None}


def marks(points=3.0, reason="right"):
    """Marks for the three questions, the last one waiting."""
    return [
        Mark("04.tape", points, 3.0, reason, 0.25, "▸ 1", "▸ 1", "", "limits only"),
        Mark("04.law", 0.0, 2.0, "The sign: go the other way.", 0.5, "▸ 2", "▸ -2", "", "limits"),
        Mark("04.catch", None, 1.0, "waits for the instructor"),
    ]


def put(store, student, points=3.0, reason="right", basis="b", only=None, **more):
    """Store the marks of one student."""
    record = Record("04_reverse_mode", student, marks(points, reason), **more)
    store.add(record, f"print of {student}", basis, only)


@pytest.fixture
def store_path(tmp_path):
    """A store with two students, ann and =bob."""
    path = tmp_path / "grades.sqlite"
    with Store(path, write=True) as store:
        store.begin("04_reverse_mode", "k", QUESTIONS, SETUP)
        put(store, "ann", platform_id="101", late=True, note="2 versions", file="ann.ipynb")
        put(store, "=bob", points=0.0, reason="=HYPERLINK(1)", errors=((2, "NameError: x"),))
    return path


def records(path):
    """Student → Record, of all in a store."""
    with Store(path) as store:
        return {one.student: one for one in store.records("04_reverse_mode")}


class UnstartedKey(Key):
    """A key without a kernel, for runs whose marks do not matter."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def expected_each(self, several, personal=0):
        return [{name: [("▸ 1", 6)] for name in seeds} for seeds in several]


class QuickWorkers:
    """Workers that run nothing: every check shows what the unstarted key shows."""

    def __init__(self, *_):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def run(self, jobs):
        for name, steps in jobs:
            yield name, outcome_of(steps)


def outcome_of(steps):
    """An outcome in which every check is right."""
    cells = [
        {"role": step.role, "grade_id": step.grade_id, "error": None, "seconds": 0.01,
         "shown": ["▸ 1"] if step.role == "hidden" else []}
        for step in steps
    ]  # fmt: skip
    return Outcome(cells, protection="nothing was run")


@pytest.fixture
def without_kernels(monkeypatch):
    """Have `grade` use a key without a kernel, and workers that run nothing."""
    monkeypatch.setattr("adcourse.course.grading.grade.Key", UnstartedKey)
    monkeypatch.setattr("adcourse.course.grading.grade.Workers", QuickWorkers)
