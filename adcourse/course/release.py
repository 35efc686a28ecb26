"""The student's blank: the source without solutions, hidden tests and outputs."""

import copy
from pathlib import Path

from .errors import CourseError
from .notebooks import file_name, read_notebook, write_if_changed
from .sources import (
    STUB,
    blank_source,
    is_manual,
    is_personal,
    personal_source,
    read_source,
    set_cell_ids,
)


def blank_of(solved):
    """The blank of a solved notebook; it runs, and exactly its checks fail."""
    notebook = copy.deepcopy(solved)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            cell.metadata.pop("execution", None)
        cell.source = blank_source(cell.source)
        if is_manual(cell) and cell.cell_type == "markdown":
            cell.source = cell.source.replace(STUB, "*Your answer here.*")
    return notebook


def release(source, folder):
    """Write the blank of `source` into `folder`; returns its path and whether it changed."""
    source, path = Path(source), Path(folder) / f"{Path(source).stem}.ipynb"
    notebook = blank_of(read_source(source))
    set_cell_ids(notebook.cells, read_notebook(path).cells if path.exists() else [])
    return path, write_if_changed(notebook, path)


def release_copies(source, folder, students, number):
    """Write folder/STUDENT/NN_name.ipynb for each student, with the student's own number in it.

    number  function of the student's name and the exercise's, such as Store.personal

    Raises CourseError if the source has no cell with `:personal: true`.
    """
    name = Path(source).stem
    blank = blank_of(read_source(source))
    own = next((cell for cell in blank.cells if is_personal(cell)), None)
    if own is None:
        raise CourseError(f"{name} has no cell with `:personal: true`; one blank serves for all.")
    for student in students:
        own.source = personal_source(own.source, number(student, name))
        write_if_changed(blank, Path(folder) / file_name(student) / f"{name}.ipynb")
