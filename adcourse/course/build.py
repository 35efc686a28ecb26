"""Sources → notebooks: lectures with their outputs, exercises as a solved key and a blank."""

import os
import re
import subprocess
from pathlib import Path

from .errors import CourseError
from .notebooks import read_notebook, same_text, write_if_changed
from .release import blank_of, release
from .sources import read_source, set_cell_ids

CELL_LIMIT = 600  # seconds; a lecture as a whole is asked to stay under 60


def course_root(folder="."):
    """The folder that holds lectures/source or exercises/source: this one or one above it."""
    start = Path(folder).resolve()
    for candidate in (start, *start.parents):
        if any((candidate / part / "source").is_dir() for part in ("lectures", "exercises")):
            return candidate
    raise CourseError(f"{start} is not in a course: no lectures/source or exercises/source found.")


def find_sources(root, names=(), parts=("lectures", "exercises")):
    """The sources that `names` choose: "04", "04_reverse_mode", a path; all without names."""
    sources = [p for part in parts for p in sorted((Path(root) / part / "source").glob("*.md"))]
    if not names:
        return sources
    chosen = []
    for name in names:
        path = Path(name)
        found = [
            p
            for p in sources
            if path.stem in (p.stem, p.stem.split("_")[0])
            and (len(path.parts) == 1 or p.parent.parent.name in path.parts)
        ]
        if not found:
            known = ", ".join(sorted({p.stem for p in sources})) or "none"
            raise CourseError(f"There is no source called {name}; there are: {known}.")
        chosen += [p for p in found if p not in chosen]
    return chosen


def targets(source):
    """The notebooks of a source: (the one with outputs, the blank or None)."""
    folder, name = source.parent.parent, f"{source.stem}.ipynb"
    if folder.name == "exercises":
        return folder / "keys" / name, folder / name
    return folder / name, None


def build(source, force=False):
    """Build the notebooks of one source; returns the paths that were written.

    It is run only if its text changed or `force` is true. Raises CourseError naming the notebook,
    the cell and the error when a cell fails.
    """
    executed, blank = targets(source)
    wanted, written = read_source(source), []
    old = read_notebook(executed) if executed.exists() else None
    if old is None or force or not same_text(wanted, old):
        set_cell_ids(wanted.cells, old.cells if old else [])
        run(wanted, executed if blank is None else blank)
        if write_if_changed(wanted, executed):
            written.append(executed)
    if blank is not None:
        path, changed = release(source, blank.parent)
        written += [path] if changed else []
    return written


def disagreement(source):
    """One sentence if the notebook is not what its source says, else None; runs nothing."""
    executed, blank = targets(source)
    path = blank or executed
    if not path.exists():
        return f"{path} is missing: run `adcourse build {source.stem}`."
    wanted = read_source(source)
    if not same_text(blank_of(wanted) if blank else wanted, read_notebook(path)):
        return f"{path} differs from {source.name}: run `adcourse build {source.stem}`."
    return None


def run(notebook, path):
    """Run all cells from a clean kernel in the folder of `path`, keeping outputs in place."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    from .. import __path__ as package

    # No clock and no hash seed may enter the outputs; the package must be found from any folder.
    search = [str(Path(package[0]).parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONHASHSEED": "0", "PYTHONPATH": os.pathsep.join(search)}
    kernelspec, language = notebook.metadata["kernelspec"], notebook.metadata["language_info"]
    client = NotebookClient(
        notebook,
        timeout=CELL_LIMIT,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        client.execute(env=environment, stderr=subprocess.DEVNULL)
    except CellExecutionError as error:
        number, cell = _failed(notebook)
        what = re.sub(r"\s+", " ", f"{error.ename}: {error.evalue}")
        raise CourseError(f"{path.name}, cell {number} (`{_first_line(cell)}`): {what}") from None
    except (CellTimeoutError, DeadKernelError) as error:
        raise CourseError(f"{path.name}: {str(error).splitlines()[0]}") from None
    notebook.metadata.update(kernelspec=kernelspec, language_info=language)


def _failed(notebook):
    """Number (from 1, all cells) and cell of the last one that raised."""
    for number, cell in reversed(list(enumerate(notebook.cells, 1))):
        if any(out.output_type == "error" for out in cell.get("outputs", ())):
            return number, cell
    raise CourseError("A cell failed without leaving an error among its outputs.")


def _first_line(cell):
    return next((line for line in cell.source.splitlines() if line.strip()), "")
