"""nbgrader: a gradebook.db as its own pages, `nbgrader export` and formgrader read it; and sources
for a course that is graded by nbgrader itself.

The gradebook is written by nbgrader's own classes, so that it is right for the version in use.
"""

import os
import sysconfig
from contextlib import closing
from pathlib import Path

from ...errors import CourseError
from ...notebooks import write_if_changed
from ...sources import grading, hidden_part, is_check, question_of, read_source, visible_part
from ..key import Key
from ..restore import PREAMBLE

BATCH = 200  # submissions in one transaction
SEED = 2024  # of hidden tests that have the same inputs for everyone


def write(store, exercise, out):
    """Write or update the gradebook `out`: the assignment, its students, points and comments.

    Assignment and notebook bear the exercise's name, cells those of its source. The reason of a
    mark is a comment on its answer cell; points of the instructor are manual scores.
    """
    try:
        from nbgrader import api
        from sqlalchemy.exc import DatabaseError
    except ModuleNotFoundError:
        raise CourseError("This needs nbgrader: pip install nbgrader.") from None
    # A new gradebook is made with a program that comes with nbgrader.
    os.environ["PATH"] = f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}"
    try:
        with closing(api.Gradebook(f"sqlite:///{Path(out).absolute()}")) as book:
            cells = _assignment(book, api, exercise, store.questions(exercise))
            for count, record in enumerate(store.records(exercise), 1):
                _submission(book, api, exercise, record, cells)
                if count % BATCH == 0:
                    book.db.commit()
                    book.db.expunge_all()
            book.db.commit()
    except (DatabaseError, api.InvalidEntry) as error:
        reason = str(getattr(error, "orig", error))
        raise CourseError(f"{out} cannot be used as nbgrader's gradebook: {reason}.") from None
    return []


def _assignment(book, api, exercise, questions):
    """Question → the ids in the gradebook of its graded cell and of its answer's cell."""
    book.update_or_create_assignment(exercise)
    book.update_or_create_notebook(exercise, exercise)
    cells = {}
    for question, (points, manual) in questions.items():
        name, kind = question.replace(".", "-", 1), "markdown" if manual else "code"
        graded = book.update_or_create_grade_cell(
            name, exercise, exercise, max_score=points, cell_type=kind
        )
        answer = book.update_or_create_solution_cell(
            name if manual else f"{name}-answer", exercise, exercise
        )
        cells[question] = graded.id, answer.id
    notebook = book.find_notebook(exercise, exercise)
    return cells | {None: (notebook.assignment.id, notebook.id)}


def _submission(book, api, exercise, record, cells):
    assignment, notebook = cells[None]
    db, student = book.db, record.student
    if db.get(api.Student, student) is None:
        db.add(api.Student(id=student, lms_user_id=record.platform_id or None))
    else:
        try:
            book.remove_submission(exercise, student)
        except api.MissingEntry:
            pass  # of another assignment only
    ids = api.new_uuid(), api.new_uuid()
    db.add(api.SubmittedAssignment(id=ids[0], assignment_id=assignment, student_id=student))
    db.add(api.SubmittedNotebook(id=ids[1], notebook_id=notebook, assignment_id=ids[0]))
    for mark in record.marks:
        graded, answer = cells[mark.question]
        given = mark.question in record.given
        db.add(api.Grade(
            cell_id=graded, notebook_id=ids[1],
            auto_score=None if given else mark.points,
            manual_score=mark.points if given else None,
            needs_manual_grade=mark.points is None,
        ))  # fmt: skip
        db.add(api.Comment(
            cell_id=answer, notebook_id=ids[1],
            auto_comment=None if given else mark.reason,
            manual_comment=mark.reason if given else None,
        ))  # fmt: skip


def write_source(source, folder):
    """Write folder/source/NN_name/NN_name.ipynb: the solved exercise for nbgrader to run.

    A hidden test shows results, which decides nothing in nbgrader: there a check earns its points
    if it raises no error. So each one gets the results of the key for one fixed seed, and an
    assertion that compares with them as the grader does. Inputs are then the same for all
    students, and the results lie where their code runs: nbgrader's marks can be forged, those of
    `adcourse grade` cannot.
    """
    notebook, name = read_source(source), Path(source).stem
    with Key(source, notebook) as key:
        expected = key.expected(dict.fromkeys(key.checks, SEED))
    for cell in notebook.cells:
        if is_check(cell):
            own = grading(cell)["grade_id"]
            cell.source = _asserting(cell.source, question_of(own), expected[own])
    path = Path(folder) / "source" / name / f"{name}.ipynb"
    write_if_changed(notebook, path)
    return path


def _asserting(text, question, expected):
    results = "\n".join(f"    {pair!r}," for pair in expected)
    source = f"{PREAMBLE}SEED = {SEED}\n{hidden_part(text)}\n"
    quoted = repr(source) if "'''" in source else f"r'''{source}'''"
    test = (
        "### BEGIN HIDDEN TESTS\n"
        "from adcourse.course.grading.expecting import expect\n\n"
        f"expect({question!r}, [\n{results}\n], {quoted}, globals())\n"
        "### END HIDDEN TESTS"
    )
    return f"{visible_part(text)}\n{test}"
