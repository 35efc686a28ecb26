"""Whatever a submitted file holds, it has cells or a reason."""

import json

import nbformat
import pytest

from adcourse.course.grading.intake import Unreadable, read_cells

NOTEBOOK = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"", "is empty"),
        (b"{nope", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b'{"nbformat": ' + b"9" * 10_000 + b"}", "not valid JSON"),
        (b"\xff\xfe\x00", "it is not text"),
        ("{}".encode("utf-16"), "it is not text"),
        (b"[]", "has no nbformat"),
        (b'{"nbformat": 3, "worksheets": 7}', "format 3 and damaged"),
        (b'{"nbformat": 5, "cells": []}', "not of notebook format 4"),
        (b'{"nbformat": true, "cells": []}', "not of notebook format 4"),
        (b'{"nbformat": [4], "cells": []}', "not of notebook format 4"),
        (b'{"nbformat": 4, "cells": 7}', "no list of cells"),
    ],
)
def test_what_is_no_notebook_has_a_reason(tmp_path, content, reason):
    path = tmp_path / "eve.ipynb"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=reason):
        read_cells(path)


def test_a_huge_file_is_not_read(tmp_path):
    path = tmp_path / "eve.ipynb"
    with path.open("wb") as file:
        file.truncate(21 << 20)
    with pytest.raises(Unreadable, match="hw.ipynb is over 20 MB; clear its outputs"):
        read_cells(path, "hw.ipynb")


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


@pytest.mark.parametrize("version", [3, 2])
def test_an_older_format_is_upgraded(tmp_path, version):
    cell = {"cell_type": "code", "input": "x = 1", "language": "python", "outputs": []}
    cell |= {"collapsed": False, "metadata": {"nbgrader": {"grade_id": "07-a-answer"}}}
    text = {"nbformat": version, "nbformat_minor": 0, "metadata": {"name": ""}}
    text |= {"worksheets": [{"cells": [cell], "metadata": {}}]}
    path = tmp_path / "old.ipynb"
    path.write_text(json.dumps(text), encoding="utf-8")
    (found,) = read_cells(path)
    assert found["source"] == "x = 1"
    if version == 3:
        assert found["metadata"]["nbgrader"]["grade_id"] == "07-a-answer"


@pytest.mark.parametrize("minor", range(6))
def test_every_minor_version_and_any_kernel_is_read(tmp_path, minor):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("y = 2")])
    notebook.nbformat_minor = minor
    notebook.metadata.kernelspec = {"name": "julia-1.9", "display_name": "Julia"}
    path = tmp_path / "one.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8-sig")
    assert [cell["source"] for cell in read_cells(path)] == ["y = 2"]
