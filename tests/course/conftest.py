"""A small course in a temporary folder, built once, and a class of submissions, graded once."""

import json
import shutil
from copy import deepcopy
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parent / "data" / "07_sample.md"


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """A course root whose exercise 07_sample is built: key, blank and source."""
    from adcourse.course.build import build

    root = tmp_path_factory.mktemp("course")
    source = root / "exercises" / "source" / SAMPLE.name
    source.parent.mkdir(parents=True)
    shutil.copy(SAMPLE, source)
    build(source)
    return root


@pytest.fixture(scope="session")
def blank(course):
    return json.loads((course / "exercises" / "07_sample.ipynb").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def key_path(course):
    return course / "exercises" / "keys" / "07_sample.ipynb"


def cell_of(notebook, grade_id):
    """The cell of a notebook (as JSON) that has this grade id."""
    cells = (c for c in notebook["cells"] if "nbgrader" in c["metadata"])
    return next(c for c in cells if c["metadata"]["nbgrader"]["grade_id"] == grade_id)


@pytest.fixture(scope="session")
def hand_in(blank):
    """A function that writes a filled-in blank: answers by name, then any change to the JSON."""

    def write(path, change=None, **answers):
        notebook = deepcopy(blank)
        for name, source in answers.items():
            cell_of(notebook, f"07-{name}-answer")["source"] = source
        if change is not None:
            change(notebook)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")
        return path

    return write
