"""The same submissions on both ways: the same events, and so the same marks."""

import os

import pytest

from adcourse.course.grading.intake.read import read_cells
from adcourse.course.grading.judge import Judge
from adcourse.course.grading.key import Key
from adcourse.course.grading.marks import marks_of
from adcourse.course.grading.restore import restore

from ..test_grade import CLASS

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has the plain path only")
STUDENTS = ("right", "another", "half", "wrong", "blank", "exit", "deleted", "patched")


@pytest.fixture(scope="module")
def graded(hand_in, key_path, warm, plain, tmp_path_factory):
    """Student → for each way: the events of the run, and the marks."""
    folder, found = tmp_path_factory.mktemp("same"), {}
    for runs in (warm, plain):
        for one in runs._runs:
            one.timeout = 60
    with Key(key_path) as key, Judge() as judge:
        seeds = {name: 7 + k for k, name in enumerate(key.checks)}
        expected, jobs = key.expected(seeds), []
        for student in STUDENTS:
            *_, answers, change = CLASS[student]
            path = hand_in(folder / f"{student}.ipynb", change, **answers)
            jobs.append((student, restore(key.cells, read_cells(path, path.name), seeds)))
        for runs in (warm, plain):
            for student, outcome in runs.run(jobs):
                marks = marks_of(outcome, key.questions, expected, judge)
                found.setdefault(student, []).append((outcome.cells, marks))
    return found


@pytest.mark.parametrize("student", STUDENTS)
def test_both_ways_tell_the_same(graded, student):
    (warm, warm_marks), (plain, plain_marks) = graded[student]
    keys = ("role", "grade_id", "error", "shown")
    for one, other in zip(warm, plain, strict=True):
        assert {k: one[k] for k in keys} == {k: other[k] for k in keys}
    for one, other in zip(warm_marks, plain_marks, strict=True):
        assert (one.points, one.reason, one.got) == (other.points, other.reason, other.got)
    points = [mark.points for mark in warm_marks if mark.question != "07.why"]
    assert points == list(CLASS[student][0])
