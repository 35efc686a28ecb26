"""The exercises themselves: each keeps the laws of `adcourse verify`, and asks and hints well."""

from functools import cache
from pathlib import Path

import pytest

from adcourse.course.grading.running.workers import Workers
from adcourse.course.grading.verify import verify
from adcourse.course.release import blank_of
from adcourse.course.sources import grading, is_check, read_exercise, visible_part

SOURCES = sorted(Path(__file__).parents[2].glob("exercises/source/*.md"))
KINDS = {"implement", "derive", "measure", "choose", "debug"}

each_exercise = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)


@cache
def exercise(source):
    """The solved notebook of an exercise and its right and wrong answers; not to be changed."""
    return read_exercise(source)


def checks(source):
    """Grade id → the check cell of each question."""
    return {grading(c)["grade_id"]: c for c in exercise(source)[0].cells if is_check(c)}


def answers(source):
    """Grade id of a question → the solution in the key."""
    return {
        grading(c)["grade_id"].removesuffix("-answer"): c.source
        for c in exercise(source)[0].cells
        if grading(c).get("solution") and not grading(c)["grade"]
    }


def test_there_are_exercises():
    assert SOURCES


@pytest.fixture(scope="module")
def workers():
    with Workers() as some:
        yield some


@each_exercise
def test_the_laws_of_marks_hold(source, workers):
    complaints, _ = verify(source, workers=workers)
    assert complaints == []


@each_exercise
def test_every_question_has_wrong_answers_and_another_right_one(source):
    _, cases = exercise(source)
    kinds = [(case.question, case.kind) for case in cases]
    questions = checks(source)
    assert {question for question, _ in kinds} == set(questions)
    assert [q for q in questions if kinds.count((q, "wrong")) < 3] == []
    assert [q for q in questions if (q, "right") not in kinds] == []


@each_exercise
def test_at_least_five_questions_of_all_kinds(source):
    found = [cell.metadata["adcourse"]["kind"] for cell in checks(source).values()]
    assert len(found) >= 5
    assert set(found) == KINDS


@each_exercise
def test_no_hint_repeats_the_solution(source):
    notebook, _ = exercise(source)
    text = [c.source for c in blank_of(notebook).cells if not is_check(c)]
    given = {line.strip() for cell in text for line in cell.splitlines()}
    for name, cell in checks(source).items():
        hints = visible_part(cell.source)
        lines = {line.strip() for line in answers(source)[name].splitlines()} - given
        assert not [line for line in lines if len(line) > 24 and line in hints]


@each_exercise
def test_cells_are_short(source):
    notebook, cases = exercise(source)
    code = [c.source for c in notebook.cells if c.cell_type == "code"]
    code += [case.text for case in cases]
    assert [text for text in code if len(text.splitlines()) > 20] == []


@each_exercise
def test_the_blank_shows_progress(source):
    blank = blank_of(exercise(source)[0])
    boards = [c.source for c in blank.cells if "progress(" in c.source]
    assert len(boards) == 1
    assert all(name.replace("-", ".", 1) in boards[0] for name in checks(source))
