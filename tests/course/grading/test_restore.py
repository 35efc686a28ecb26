"""Check cells go back where they belong, whatever a student did to them."""

import json

import pytest

from adcourse.course.grading.restore import restore

SEEDS = {"07-slope": 11, "07-gradient": 22, "07-formula": 33}


def steps_of(key_path, notebook, change=None):
    notebook = json.loads(json.dumps(notebook))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    if change is not None:
        change(notebook["cells"])
    template = json.loads(key_path.read_text(encoding="utf-8"))["cells"]
    for cell in template:
        cell["source"] = "".join(cell["source"])
    return restore(template, notebook["cells"], SEEDS)


def at(cells, name):
    ids = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in cells]
    return ids.index(name)


def own(source, **metadata):
    return {"cell_type": "code", "source": source, "metadata": metadata}


def delete(name):
    def change(cells):
        del cells[at(cells, name)]

    return change


def edit(cells):
    cells[at(cells, "07-slope")]["source"] = "assert True"


def duplicate(cells):
    cells.append(cells[at(cells, "07-slope")])


def move_up(cells):
    cells.insert(0, cells.pop(at(cells, "07-slope")))


def add_foreign(cells):
    cells.append(own("1", nbgrader={"grade": True, "solution": False, "grade_id": "07-gift"}))


def forget_metadata(cells):
    for cell in cells:
        cell["metadata"] = {}


@pytest.mark.parametrize(
    "change",
    [delete("07-slope"), edit, duplicate, move_up, add_foreign, forget_metadata],
)
def test_the_checks_are_those_of_the_key(key_path, blank, change):
    plain, changed = steps_of(key_path, blank), steps_of(key_path, blank, change)
    assert [(s.role, s.source) for s in changed] == [(s.role, s.source) for s in plain]
    assert [s.grade_id for s in plain if s.role == "hidden"] == list(SEEDS)


def test_hidden_tests_get_their_seed_and_visible_ones_do_not_show_them(key_path, blank):
    steps = steps_of(key_path, blank)
    hidden = {s.grade_id: s.source for s in steps if s.role == "hidden"}
    assert "SEED = 11\\n" in hidden["07-slope"] and "show(" in hidden["07-slope"]
    assert "SEED = 33\\n" in hidden["07-formula"]
    rest = "".join(s.source for s in steps if s.role != "hidden")
    assert "SEED" not in rest and "HIDDEN" not in rest


def test_a_missing_check_runs_after_the_students_own_helper(key_path, blank):
    def change(cells):
        del cells[at(cells, "07-slope")]
        cells.insert(at(cells, "07-slope-answer") + 1, own("helper = 1"))

    steps = steps_of(key_path, blank, change)
    sources = [step.source for step in steps]
    helper = sources.index("helper = 1")
    assert [s.role for s in steps[helper : helper + 3]] == ["student", "visible", "hidden"]
    assert steps[helper + 1].grade_id == "07-slope"


def test_a_deleted_answer_still_has_its_check(key_path, blank):
    steps = steps_of(key_path, blank, delete("07-formula-answer"))
    assert [s.grade_id for s in steps if s.role == "visible"] == list(SEEDS)


def test_an_empty_submission_has_all_checks(key_path):
    steps = steps_of(key_path, {"cells": []})
    assert [s.role for s in steps] == ["visible", "hidden"] * 3
