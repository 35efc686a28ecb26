"""A folder of submissions, read without trusting any of it."""

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

SIZE_LIMIT = 20 << 20  # bytes


class Unreadable(Exception):
    """A submission that cannot be run; the message is the reason in the gradebook."""


@dataclass(frozen=True)
class Submission:
    """One student's entry: the file to grade, or the reason why there is none."""

    student: str
    path: Path | None
    reason: str = ""

    def fingerprint(self):
        """What tells this version of the submission from another one."""
        try:
            content = self.path.read_bytes() if self.path else b""
        except OSError:
            content = b""
        return sha256(content + self.reason.encode()).hexdigest()


def find_submissions(folder, exercise):
    """The submissions in a folder: STUDENT.ipynb, or STUDENT/ with one notebook anywhere in it.

    A folder with several notebooks must name one of them EXERCISE.ipynb. Hidden entries are left
    out; everything else gets a row, if only to say that it is no notebook.
    """
    entries = sorted(p for p in Path(folder).iterdir() if not p.name.startswith("."))
    stems = [entry.stem if entry.is_file() else entry.name for entry in entries]
    found = []
    for entry, stem in zip(entries, stems, strict=True):
        student = stem if stems.count(stem) == 1 else entry.name
        if entry.is_dir():
            found.append(_in_folder(entry, student, exercise))
        elif entry.suffix == ".ipynb" and entry.is_file():
            found.append(Submission(student, entry))
        else:
            found.append(Submission(student, None, f"{entry.name} is not a notebook (.ipynb)."))
    return found


def _in_folder(folder, student, exercise):
    inside = [
        p
        for p in sorted(folder.rglob("*.ipynb"))
        if not any(part.startswith(".") for part in p.relative_to(folder).parts)
    ]
    named = [p for p in inside if p.stem == exercise]
    chosen = named if len(named) == 1 else inside
    if len(chosen) == 1:
        return Submission(student, chosen[0])
    if not chosen:
        return Submission(student, None, "the folder holds no notebook.")
    return Submission(student, None, f"{len(chosen)} notebooks; keep one {exercise}.ipynb.")


def read_cells(path):
    """The cells of a submitted file as plain dictionaries: cell_type, source, metadata.

    Raises Unreadable with one sentence for whatever else the file may be.
    """
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise Unreadable(f"{path.name} is over {SIZE_LIMIT >> 20} MB; clear its outputs.")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(f"{path.name} is not a notebook: it is not text.") from None
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be read: {error.strerror}.") from None
    if not text.strip():
        raise Unreadable(f"{path.name} is empty.")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable(f"{path.name} is not a notebook: it is not valid JSON.") from None
    if not isinstance(content, dict) or "nbformat" not in content:
        raise Unreadable(f"{path.name} is not a notebook: it has no nbformat.")
    if content["nbformat"] != 4 or not isinstance(content.get("cells"), list):
        raise Unreadable(f"{path.name} is not of notebook format 4: save it in JupyterLab.")
    return [_plain(cell) for cell in content["cells"] if isinstance(cell, dict)]


def _plain(cell):
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    # Lone surrogates are valid in JSON and in no encoding.
    source = source.encode("utf-8", "replace").decode() if isinstance(source, str) else ""
    metadata = cell.get("metadata")
    return {
        "cell_type": str(cell.get("cell_type")),
        "source": source,
        "metadata": metadata if isinstance(metadata, dict) else {},
    }
