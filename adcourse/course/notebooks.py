"""Notebook files: read, compare and write without noise."""

import re
from hashlib import sha256
from pathlib import Path

from .errors import CourseError


def read_notebook(path):
    """A notebook that this course has built; raises CourseError if the file is none."""
    import nbformat

    path = Path(path)
    try:
        return nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    except FileNotFoundError:
        raise CourseError(f"{path} does not exist; build it with `adcourse build`.") from None
    except (OSError, ValueError) as error:
        # nbformat's own errors are ValueErrors, as are those of a broken JSON file.
        raise CourseError(f"{path} is not a notebook: {str(error).splitlines()[0]}") from None


def write_if_changed(notebook, path):
    """Write a notebook as text that Git can compare; returns whether the file changed."""
    import nbformat

    text = nbformat.writes(notebook) + "\n"
    path = Path(path)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return True


def same_text(one, other):
    """Whether two notebooks agree in everything that a source decides: cells, text, metadata."""

    def key(notebook):
        cells = [(c.cell_type, c.source, dict(c.metadata)) for c in notebook.cells]
        return cells, dict(notebook.metadata)

    return key(one) == key(other)


def file_name(student):
    """A name for a student's file or folder, another one for each, whatever the name holds."""
    plain = re.sub(r"[^\w .()@+-]", "_", student)[:80].strip(" .") or "_"
    if plain != student:
        plain += "-" + sha256(student.encode()).hexdigest()[:6]
    return plain
