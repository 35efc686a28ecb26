"""MyST Markdown sources as notebooks: the short cell options become nbgrader's cell metadata.

In an exercise source NN_name.md a code cell says what it is (`tape` is question NN.tape, its
grade id is NN-tape, since nbgrader allows no dot in it):

    :answer: tape                    the student writes here
    :check: tape  and  :points: 2    restored before grading, earns its points
    :manual: why  and  :points: 1    free text, for the instructor to mark; a Markdown cell says the
                                     same with  +++ {"manual": "why", "points": 1}
    :personal: true                  its line `PERSONAL = 0` has another number for each student
    :kind: debug                    of a check: implement, derive, measure, choose or debug
    :progress: true                 an empty cell: becomes the student's progress at a glance

Cells that are right or wrong answers (see cases.py) are no part of the notebook.
"""

import hashlib
import re
import textwrap
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path

from .cases import take_case
from .errors import CourseError

SOLUTION = re.compile(
    r"^([ \t]*)### BEGIN SOLUTION[ \t]*\n.*?^[ \t]*### END SOLUTION[ \t]*$", re.M | re.S
)
STUB = "# your code here"
HIDDEN = re.compile(
    r"^[ \t]*### BEGIN HIDDEN TESTS[ \t]*\n(.*?)^[ \t]*### END HIDDEN TESTS[ \t]*$\n?", re.M | re.S
)
FRONT_MATTER = re.compile(r"\A---\n.*?^---\n+", re.M | re.S)
MARK = re.compile(r"### (?:BEGIN|END) (?:SOLUTION|HIDDEN TESTS)")
SHOWS = re.compile(r"\bshow(?:_formula)?\(")
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "pygments_lexer": "ipython3",
}
PERSONAL = re.compile(r"^PERSONAL = \d+$", re.M)
KINDS = ("answer", "check", "manual", "personal")
SKILLS = ("implement", "derive", "measure", "choose", "debug")


def read_source(path):
    """The notebook that a source describes, solutions and hidden tests included, nothing run.

    Raises CourseError when a cell option or a pair of marks is wrong.
    """
    return read_exercise(path)[0]


def read_exercise(path):
    """The notebook of a source, and the cases of right and wrong answers that it names."""
    import jupytext
    from jupytext.myst import MystMetadataParsingError

    path = Path(path)
    # A header may name a kernel or a format for editors; the course has one of each.
    text = FRONT_MATTER.sub("", path.read_text(encoding="utf-8"))
    try:
        notebook = jupytext.reads(text, fmt="md:myst")
    except MystMetadataParsingError as error:
        raise CourseError(f"{path.name}: {' '.join(str(error).split())}") from None
    notebook.metadata.clear()
    notebook.metadata.update(kernelspec=dict(KERNEL), language_info=dict(LANGUAGE))
    prefix = path.stem.split("_")[0]
    seen, cases, kept = {}, [], []
    for number, cell in enumerate(notebook.cells, 1):
        case = take_case(cell, prefix, f"{path.name}, cell {number}")
        if case is not None:
            before = [c for c in cases if (c.question, c.kind) == (case.question, case.kind)]
            cases.append(replace(case, number=len(before) + 1))
            continue
        kept.append(cell)
        _expand(cell, prefix, f"{path.name}, cell {number}")
        own = grading(cell).get("grade_id")
        if own in seen and own is not None:
            raise CourseError(f"{path.name} uses the name {own} in cells {seen[own]} and {number}.")
        seen[own] = number
    notebook.cells = kept
    asked = next((c.question for c in cases if c.question not in seen), None)
    if asked:
        raise CourseError(f"{path.name} has an answer to {question_of(asked)}, but no such check.")
    _fill_progress(notebook.cells)
    set_cell_ids(notebook.cells, [])
    return notebook, cases


def _fill_progress(cells):
    """The cell `:progress: true` lists the questions with their points."""
    checks = [grading(cell) for cell in cells if is_check(cell)]
    pairs = ", ".join(f'"{question_of(c["grade_id"])}": {c["points"]}' for c in checks)
    lines = textwrap.fill(pairs, 90, initial_indent="    ", subsequent_indent="    ")
    for cell in cells:
        if cell.metadata.pop("progress", None):
            cell.source = f"from adcourse.course import progress\n\nprogress({{\n{lines}\n}})"
            cell.metadata["tags"] = ["nbval-ignore-output"]  # later checks change this output


def grading(cell):
    """The nbgrader metadata of a cell, empty if it has none or they are no dictionary."""
    metadata = cell.get("metadata")
    found = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return found if isinstance(found, dict) else {}


def question_of(grade_id):
    """The name of a question as students read it: 04.tape for the grade id 04-tape."""
    return grade_id.replace("-", ".", 1)


def is_check(cell):
    """Whether this is a cell whose points the grader gives."""
    data = grading(cell)
    return bool(data.get("grade")) and not data.get("solution")


def is_manual(cell):
    """Whether this is a free answer, whose points the instructor gives."""
    data = grading(cell)
    return bool(data.get("grade")) and bool(data.get("solution"))


def is_personal(cell):
    """Whether this is the cell that holds the student's own number."""
    data = grading(cell)
    return bool(data.get("locked")) and not data.get("grade")


def personal_source(source, number):
    """The text of the personal cell with the number of one student."""
    return PERSONAL.sub(f"PERSONAL = {number}", source)


def visible_part(source):
    """A check cell as the student sees it."""
    return HIDDEN.sub("", source).rstrip("\n")


def hidden_part(source):
    """The hidden tests of a check cell, empty if it has none."""
    return "\n".join(part.rstrip("\n") for part in HIDDEN.findall(source))


def blank_source(source):
    """A cell without solutions and hidden tests; in a function `...` takes their place."""
    return visible_part(SOLUTION.sub(lambda m: f"{m[1]}{'...  ' if m[1] else ''}{STUB}", source))


def _expand(cell, prefix, where):
    kinds = [kind for kind in KINDS if kind in cell.metadata]
    if len(kinds) > 1:
        raise CourseError(f"{where} is both {kinds[0]} and {kinds[1]}; a cell is one of {KINDS}.")
    kind = kinds[0] if kinds else None
    _check_marks(cell, kind, where)
    if kind is None:
        if "points" in cell.metadata:
            raise CourseError(f"{where} has points; only check and manual cells earn them.")
        return
    name = str(cell.metadata.pop(kind)) if kind != "personal" else kind
    if kind == "personal" and cell.metadata.pop(kind) is not True:
        raise CourseError(f"{where}: write `:personal: true` or leave it out.")
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        raise CourseError(f"{where}: the name {name!r} may hold letters, digits, - and _ only.")
    points = cell.metadata.pop("points", None)
    skill = cell.metadata.pop("kind", None)
    if skill is not None and (kind != "check" or skill not in SKILLS):
        raise CourseError(f"{where}: `:kind:` of a check is one of {', '.join(SKILLS)}.")
    if kind in ("answer", "personal"):
        if points is not None:
            raise CourseError(f"{where}: points belong to a check, not to {kind} {name}.")
    elif isinstance(points, bool) or not isinstance(points, int | float) or points < 0:
        raise CourseError(f"{where}: {kind} {name} needs :points: and a number, got {points!r}.")
    if kind != "manual" and cell.cell_type != "code":
        raise CourseError(f"{where}: {kind} {name} must be a code cell.")
    if kind == "personal" and PERSONAL.findall(cell.source) != ["PERSONAL = 0"]:
        raise CourseError(f"{where}: a personal cell has one line `PERSONAL = 0`.")
    data = {
        "cell_type": cell.cell_type,
        "grade": kind in ("check", "manual"),
        "grade_id": f"{prefix}-{name}" + ("-answer" if kind == "answer" else ""),
        "locked": kind in ("check", "personal"),
        "schema_version": 3,
        "solution": kind in ("answer", "manual"),
        "task": False,
    }
    if data["grade"]:
        data["points"] = points
    cell.metadata["nbgrader"] = data
    if skill is not None:
        cell.metadata["adcourse"] = {"kind": skill}


def _check_marks(cell, kind, where):
    left = MARK.search(SOLUTION.sub("", HIDDEN.sub("", cell.source)))
    if left:
        raise CourseError(f"{where}: the mark `{left[0]}` has no partner.")
    if SOLUTION.search(cell.source) and kind not in ("answer", "manual"):
        raise CourseError(f"{where} holds a solution; give the cell the option `:answer: NAME`.")
    if HIDDEN.search(cell.source) and kind != "check":
        raise CourseError(f"{where} holds hidden tests; give the cell the option `:check: NAME`.")
    if kind == "check" and not SHOWS.search(hidden_part(cell.source)):
        raise CourseError(
            f"{where}: the check has no hidden test that calls show(...) or show_formula(...), so "
            "nothing tells a right answer from a forged check; show the student's values there."
        )


def set_cell_ids(cells, old_cells):
    """Give every cell a stable id: the old notebook's where the cell is still there, else a hash.

    Unchanged cells keep their ids, and a cell that was edited in place keeps its id too, so that
    the difference between two builds is what was edited.
    """
    new, old = [[(c["cell_type"], c["source"]) for c in group] for group in (cells, old_cells)]
    kept = {}
    for kind, i, i_end, j, j_end in SequenceMatcher(None, old, new, False).get_opcodes():
        if kind == "equal" or (kind == "replace" and i_end - i == j_end - j):
            kept |= {j + k: old_cells[i + k].get("id") for k in range(i_end - i)}
    taken = {name for name in kept.values() if name}
    for number, cell in enumerate(cells):
        fresh, count = kept.get(number), 0
        while not fresh:
            text = f"{cell['cell_type']}\n{cell['source']}\n{count}"
            digest, count = hashlib.sha256(text.encode()).hexdigest()[:8], count + 1
            fresh = digest if digest not in taken else None
        taken.add(fresh)
        cell["id"] = fresh
