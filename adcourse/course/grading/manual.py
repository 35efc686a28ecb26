"""The instructor's own points, read from a table; a run of the grader never changes them."""

import csv
from pathlib import Path

from ..errors import CourseError
from .exports.cells import plain, reading

NEEDED = ("student", "question", "points")


def read_points(path, store, exercise):
    """The rows of a CSV file for `Store.give`: columns student, question, points and comment.

    The table that `adcourse export` writes will do: a row counts if its points are filled in and
    differ from what the store has. Raises CourseError that names the line if a student or question
    is unknown, or the points are no number from 0 to what the question is worth.
    """
    path = Path(path)
    known = {
        record.student: {mark.question: mark for mark in record.marks}
        for record in store.records(exercise)
    }
    rows = []
    with reading(path) as file:
        table = csv.DictReader(file)
        missing = [name for name in NEEDED if name not in (table.fieldnames or ())]
        if missing:
            raise CourseError(f"{path} lacks the column {missing[0]}; it needs: {NEEDED}.")
        for row in table:
            where = f"{path}, line {table.line_num}"
            row = {name: plain(text or "") for name, text in row.items() if name}
            if row.get("exercise", exercise) == exercise and row["points"].strip():
                rows += _row(row, known, exercise, where)
    return rows


def _row(row, known, exercise, where):
    student, question = row["student"], row["question"]
    if student not in known:
        raise CourseError(f"{where}: nothing of a student {student} is in the store.")
    if question not in known[student]:
        raise CourseError(f"{where}: {exercise} has no question {question}.")
    mark = known[student][question]
    try:
        points = float(row["points"].replace(",", "."))
    except ValueError:
        raise CourseError(f"{where}: {row['points']!r} is not a number of points.") from None
    if not 0 <= points <= mark.max_points:
        raise CourseError(
            f"{where}: {question} has 0 to {mark.max_points:g} points, not {points:g}."
        )
    if points == mark.points:
        return []
    comment = row.get("comment", "").strip()
    return [(exercise, student, question, points, comment)]
