"""Sources and what becomes of them: metadata, blanks, ids, and a sentence for each mistake."""

import json
import re
from copy import deepcopy

import pytest

from adcourse.course import CourseError
from adcourse.course.release import blank_of
from adcourse.course.sources import grading, read_source, set_cell_ids


def source(tmp_path, *cells, name="04_tape.md"):
    """A source of code cells, each given as (options, code); a string is Markdown."""
    blocks = [
        cell if isinstance(cell, str) else f"```{{code-cell}} ipython3\n{cell[0]}\n\n{cell[1]}\n```"
        for cell in cells
    ]
    path = tmp_path / name
    path.write_text("\n\n".join(blocks), encoding="utf-8")
    return path


CHECK = (
    ":check: tape\n:points: 2",
    'check("04.tape", tape == 1, "no")\n### BEGIN HIDDEN TESTS\nshow(tape)\n### END HIDDEN TESTS',
)
ANSWER = (":answer: tape", "### BEGIN SOLUTION\ntape = 1\n### END SOLUTION")


def test_options_become_nbgrader_metadata(tmp_path):
    manual = '+++ {"manual": "why", "points": 1.5}\n\nYour words.\n\n+++'
    cells = read_source(source(tmp_path, "# T", ANSWER, CHECK, manual)).cells
    wanted = {
        "04-tape-answer": {"solution": True, "grade": False, "locked": False},
        "04-tape": {"solution": False, "grade": True, "locked": True, "points": 2},
        "04-why": {"solution": True, "grade": True, "locked": False, "points": 1.5},
    }
    found = {grading(cell)["grade_id"]: grading(cell) for cell in cells if grading(cell)}
    assert found.keys() == wanted.keys()
    for name, fields in wanted.items():
        assert fields.items() <= found[name].items()
        assert found[name]["schema_version"] == 3 and found[name]["task"] is False


def test_grade_ids_are_of_the_form_that_nbgrader_accepts(tmp_path):
    for cell in read_source(source(tmp_path, ANSWER, CHECK)).cells:
        assert re.fullmatch(r"[a-zA-Z0-9_\-]+", grading(cell)["grade_id"])


def test_a_blank_keeps_indentation_and_drops_what_is_secret(tmp_path):
    body = (
        "def f(x):\n    y = 1\n    ### BEGIN SOLUTION\n    secret = x\n    return secret\n"
        "    ### END SOLUTION\n\n### BEGIN SOLUTION\nsecret = 2\n### END SOLUTION"
    )
    key = read_source(source(tmp_path, (":answer: tape", body), CHECK))
    answer, check = blank_of(key).cells
    assert answer.source == ("def f(x):\n    y = 1\n    ...  # your code here\n\n# your code here")
    assert check.source == 'check("04.tape", tape == 1, "no")'
    assert "secret" in key.cells[0].source  # the key is left as it was


def test_a_header_of_an_editor_changes_nothing(tmp_path):
    plain = source(tmp_path, "# T", ANSWER, CHECK)
    before = json.dumps(read_source(plain))
    header = "---\njupytext:\n  formats: md:myst\nkernelspec:\n  name: other\n---\n\n"
    plain.write_text(header + plain.read_text(encoding="utf-8"), encoding="utf-8")
    assert json.dumps(read_source(plain)) == before


@pytest.mark.parametrize(
    "cells, sentence",
    [
        ([ANSWER, ANSWER], "uses the name 04-tape-answer in cells 1 and 2"),
        ([(":check: tape", CHECK[1])], "check tape needs :points: and a number, got None"),
        ([(":check: tape\n:points: -1", CHECK[1])], "needs :points: and a number, got -1"),
        ([(":points: 1", "1")], "has points; only check and manual cells"),
        ([(":answer: a\n:points: 1", "1")], "points belong to a check, not to answer a"),
        ([(":answer: a\n:check: b", "1")], "is both answer and check"),
        ([(":answer: a b", "1")], "the name 'a b' may hold"),
        ([(":answer: a", "### BEGIN SOLUTION\n1")], "`### BEGIN SOLUTION` has no partner"),
        ([("", ANSWER[1])], "holds a solution"),
        ([(":answer: a", CHECK[1])], "holds hidden tests"),
        ([(":check: a\n:points: 1", "assert True")], "no hidden test that calls show"),
        (['+++ {"answer": "a"}\n\ntext'], "answer a must be a code cell"),
        (["+++ {nonsense}\n\ntext"], "could not be read"),
    ],
)
def test_a_mistake_in_a_source_is_one_sentence(tmp_path, cells, sentence):
    with pytest.raises(CourseError) as caught:
        read_source(source(tmp_path, *cells))
    assert sentence in str(caught.value) and "04_tape.md" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_ids_survive_edits_around_and_in_a_cell(tmp_path):
    old = read_source(source(tmp_path, "# T", ("", "a = 1"), ("", "b = 2"), ("", "c = 3"))).cells
    new = read_source(
        source(tmp_path, "# T", ("", "new = 0"), ("", "a = 1"), ("", "b = 22"), ("", "c = 3"))
    ).cells
    set_cell_ids(new, old)
    ids = [cell["id"] for cell in new]
    title, a, b, c = (cell["id"] for cell in old)
    assert [ids[0], *ids[2:]] == [title, a, b, c]
    assert len(set(ids)) == 5


def test_equal_cells_get_different_ids_and_the_same_ones_again(tmp_path):
    path = source(tmp_path, ("", "x"), ("", "x"), ("", "x"))
    first = [cell["id"] for cell in read_source(path).cells]
    assert len(set(first)) == 3
    assert first == [cell["id"] for cell in deepcopy(read_source(path)).cells]
