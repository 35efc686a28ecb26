"""The exercises themselves: keys, blanks, the usual mistakes with their hints, other right ways."""

import json
import linecache
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

import pytest

from adcourse.course import CheckFailed
from adcourse.course.release import blank_of
from adcourse.course.sources import grading, is_check, read_source, visible_part

from .mistakes import FITTED, MISTAKES
from .other_ways import OTHER_WAYS

ROOT = Path(__file__).resolve().parents[2]
EXERCISES = ("03_forward_mode", "04_reverse_mode")


@cache
def solved(exercise):
    """The solved notebook of an exercise; not to be changed."""
    return read_source(ROOT / "exercises" / "source" / f"{exercise}.md")


def question(cell):
    """The name of the question that an answer or a check belongs to, such as "tape"."""
    return grading(cell).get("grade_id", "")[3:].removesuffix("-answer")


def answers(exercise):
    """Question → the solution in the key."""
    return {question(c): c.source for c in solved(exercise).cells if is_answer(c)}


def points(exercise):
    """Question → the points of its check."""
    return {question(c): grading(c)["points"] for c in solved(exercise).cells if is_check(c)}


def is_answer(cell):
    return bool(grading(cell).get("solution")) and not grading(cell)["grade"]


def mistaken(exercise, name, old, new):
    """The key's answer to a question, with a mistake planted."""
    source = answers(exercise)[name]
    assert old in source, f"the key of {name} has no {old!r}; plant the mistake elsewhere"
    return source.replace(old, new)


def run_check(exercise, name, answer):
    """Run an exercise as far as one visible check, with this answer and the key's others."""
    namespace = {"__name__": "__main__"}
    for number, cell in enumerate(solved(exercise).cells):
        if cell.cell_type != "code" or (is_check(cell) and question(cell) != name):
            continue
        source = answer if is_answer(cell) and question(cell) == name else cell.source
        file = f"<{exercise} {name} {number}>"
        linecache.cache[file] = (len(source), None, source.splitlines(True), file)
        exec(compile(visible_part(source), file, "exec"), namespace)
        if is_check(cell):
            return


def each_mistake():
    for exercise in EXERCISES:
        for name, *rest in MISTAKES[exercise]:
            yield pytest.param(exercise, name, *rest, id=f"{exercise[:2]}.{name}: {rest[-1]}")


@pytest.mark.parametrize(("exercise", "name", "old", "new", "hint"), list(each_mistake()))
def test_a_usual_mistake_gets_its_own_hint(exercise, name, old, new, hint):
    with pytest.raises(CheckFailed) as failed:
        run_check(exercise, name, mistaken(exercise, name, old, new))
    assert hint in str(failed.value)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_every_question_has_mistakes_and_another_way(exercise):
    names = set(points(exercise))
    assert {name for name, *_ in MISTAKES[exercise]} == names
    assert set(OTHER_WAYS[exercise]) == names


@pytest.mark.parametrize("exercise", EXERCISES)
def test_no_hint_repeats_the_solution(exercise):
    for name, answer in answers(exercise).items():
        check = next(c for c in solved(exercise).cells if is_check(c) and question(c) == name)
        lines = {line.strip() for line in answer.splitlines() if len(line.strip()) > 24}
        given = blank_of(solved(exercise)).cells
        lines -= {line.strip() for c in given for line in c.source.splitlines()}
        assert not [line for line in lines if line in visible_part(check.source)]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_cells_are_short_and_points_stand_in_the_text(exercise):
    cells = solved(exercise).cells
    assert max(len(c.source.splitlines()) for c in cells if c.cell_type == "code") <= 20
    prose = "\n".join(c.source for c in cells if c.cell_type == "markdown")
    total = sum(grading(c).get("points", 0) for c in cells)
    assert f"{total} points in" in prose


@pytest.fixture(scope="module")
def graded(tmp_path_factory, read_marks):
    """Exercise → the marks of its key, and of two submissions that are half wrong, by command.

    Where a half-wrong submission is right, it is right in another way than the key; what one of
    the two has wrong, the other has right.
    """

    runs = {}
    for exercise in EXERCISES:
        folder = tmp_path_factory.mktemp(exercise)
        first = {name: mistaken(exercise, name, *m) for name, *m, _ in MISTAKES[exercise][::-1]}
        first |= FITTED[exercise]
        names = list(points(exercise))
        write(folder / "in" / "key.ipynb", solved(exercise))
        for student, wrong in (("odd", names[::2]), ("even", names[1::2])):
            filled = blank_of(solved(exercise))
            for cell in filter(is_answer, filled.cells):
                name = question(cell)
                cell.source = first[name] if name in wrong else OTHER_WAYS[exercise][name]
            write(folder / "in" / f"{student}.ipynb", filled)
        command = ["grade", exercise, folder / "in", "--key", folder / "in" / "key.ipynb"]
        command = [sys.executable, "-m", "adcourse", *command, "--out", folder / "grades.csv"]
        quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        runs[exercise] = folder, subprocess.Popen(command, cwd=ROOT, **quiet)
    logs = [process.communicate()[0] for _, process in runs.values()]
    assert all(process.returncode == 0 for _, process in runs.values()), logs
    return {exercise: read_marks(folder / "grades.csv") for exercise, (folder, _) in runs.items()}


def write(path, notebook):
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def row(marks, exercise, student, name):
    return marks[exercise][student, f"{exercise[:2]}.{name}"]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_key_earns_every_point(graded, exercise):
    for name, value in points(exercise).items():
        key = row(graded, exercise, "key", name)
        assert (float(key["points"]), key["reason"]) == (value, "right")


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_wrong_answer_loses_its_own_points_and_another_right_way_none(graded, exercise):
    hints = {name: hint for name, _, _, hint in MISTAKES[exercise][::-1]}
    for number, (name, value) in enumerate(points(exercise).items()):
        odd, even = (row(graded, exercise, student, name) for student in ("odd", "even"))
        wrong, right = (even, odd) if number % 2 else (odd, even)
        assert (float(right["points"]), right["reason"]) == (value, "right"), name
        assert float(wrong["points"]) == 0, name
        fitted = name in FITTED[exercise]
        assert ("on other inputs" if fitted else hints[name]) in wrong["reason"]


def test_a_blank_fails_exactly_its_checks(tmp_path):
    blanks = [blank_of(solved(exercise)) for exercise in EXERCISES]
    for exercise, blank in zip(EXERCISES, blanks, strict=True):
        write(tmp_path / f"{exercise}.ipynb", blank)
    (tmp_path / "pytest.ini").write_text("[pytest]", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "nbval.plugin", "--nbval"]
    command += ["-c", "pytest.ini", "--junitxml=out.xml", "."]
    search = os.pathsep.join(filter(None, sys.path))
    environment = os.environ | {"PYTHONPATH": search, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True)
    cases = ET.parse(tmp_path / "out.xml").iter("testcase")
    failed = [case.find("failure") is not None for case in cases]
    code = [cell for blank in blanks for cell in blank.cells if cell.cell_type == "code"]
    assert failed == [is_check(cell) for cell in code]
