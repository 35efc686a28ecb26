"""A folder as it comes from a course platform: nothing in it may raise."""

import json

import pytest
from adcourse.course.grading.submissions import Unreadable, find_submissions, read_cells

NOTEBOOK = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"", "is empty"),
        (b"{nope", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"\xff\xfe\x00", "it is not text"),
        (b"[]", "has no nbformat"),
        (b'{"nbformat": 3, "worksheets": []}', "not of notebook format 4"),
        (b'{"nbformat": 4, "cells": 7}', "not of notebook format 4"),
    ],
)
def test_what_is_no_notebook_has_a_reason(tmp_path, content, reason):
    path = tmp_path / "eve.ipynb"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=reason):
        read_cells(path)


def test_odd_cells_are_read_as_far_as_they_go(tmp_path):
    cells = [
        7,
        {"cell_type": "code", "source": ["a\n", 1, "b"], "metadata": None},
        {"cell_type": None},
        {"cell_type": "code", "source": "x = '\ud800'", "metadata": {"nbgrader": 5}},
    ]
    path = tmp_path / "odd.ipynb"
    path.write_text(json.dumps(NOTEBOOK | {"cells": cells}), encoding="utf-8")
    first, second, third = read_cells(path)
    assert first == {"cell_type": "code", "source": "a\nb", "metadata": {}}
    assert second["source"] == ""
    assert third["source"] == "x = '?'"


def test_students_are_files_or_folders(tmp_path):
    for name in (
        "ann.ipynb",
        "bob/07_sample/07_sample.ipynb",
        "bob/draft.ipynb",
        "bob/.ipynb_checkpoints/07_sample.ipynb",
        "cy/mine.ipynb",
        "dan/a.ipynb",
        "dan/b.ipynb",
        "eve.pdf",
        ".hidden",
        "ann/x.txt",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}", encoding="utf-8")
    found = {one.student: one for one in find_submissions(tmp_path, "07_sample")}
    assert found.keys() == {"ann", "ann.ipynb", "bob", "cy", "dan", "eve"}
    assert found["bob"].path == tmp_path / "bob/07_sample/07_sample.ipynb"
    assert found["cy"].path == tmp_path / "cy/mine.ipynb"
    assert found["dan"].reason == "2 notebooks; keep one 07_sample.ipynb."
    assert found["eve"].reason == "eve.pdf is not a notebook (.ipynb)."
    assert found["ann"].reason == "the folder holds no notebook."
