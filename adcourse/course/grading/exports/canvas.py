"""Canvas: the gradebook that its page "Import" takes, merged into the one that it exported."""

import re

from ...errors import CourseError
from . import remarks, total
from .cells import new_table
from .roster import Roster

WHO = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS = "    Points Possible"


def write(store, exercise, out, roster=None, column=None, partial=False):
    """Write the gradebook to `out`; returns sentences about what is not in it.

    roster  the gradebook as exported from Canvas: its students, ids and the assignment's column
    column  the header of that column, or its beginning, where it does not bear the exercise's name
    """
    most = sum(points for points, _ in store.questions(exercise).values())
    waiting, unplaced = 0, []
    if roster is None:
        with new_table(out) as row:
            row((*WHO, column or exercise))
            row((POINTS, "", "", "", "", f"{most:g}"))
            for one in store.records(exercise):
                waiting += bool(one.waiting)
                row((one.student, one.platform_id, "", "", "", total(one, partial)))
        return list(remarks(waiting, unplaced, partial))
    known = Roster(roster, ("ID", "SIS Login ID", "SIS User ID"), squashed=("Student",))
    if "Student" not in known.header or "ID" not in known.header:
        raise CourseError(f"{roster} is no gradebook of Canvas: it has no columns Student and ID.")
    target = assignment_column(known.header, exercise, column)
    totals = {}
    for place, one in known.placed(store.records(exercise), _names):
        if place is None:
            unplaced.append(one.student)
        else:
            waiting += bool(one.waiting)
            totals[place] = total(one, partial)
    who = [name for name in known.header if name in WHO]
    with new_table(out) as row:
        row((*who, target))
        # The row that Canvas puts first holds the points of each assignment.
        row((POINTS, *[""] * (len(who) - 1), f"{most:g}"))
        for place, student in enumerate(known.rows):
            if student["Student"].strip() != "Points Possible" and student["ID"]:
                row((*[student[name] for name in who], totals.get(place, "")))
    return list(remarks(waiting, unplaced, partial))


def _names(record):
    return record.platform_id, record.student


def assignment_column(header, exercise, column=None):
    """The column of an assignment: "Exercise 04: reverse mode (123)" for 04_reverse_mode.

    Without such a column it is the exercise's own name, for which Canvas makes an assignment.
    Raises CourseError if several may be meant, or the one that was asked for is not there.
    """
    if column is not None:
        found = [name for name in header if name == column] or [
            name for name in header if name.startswith(column)
        ]
        if len(found) != 1:
            raise CourseError(f"{len(found)} columns of the roster begin with {column}.")
        return found[0]
    words = _words(exercise)
    found = [name for name in header if re.search(r" \(\d+\)$", name) and words <= _words(name)]
    if len(found) > 1:
        raise CourseError(f"Name the --column; {exercise} may be any of: {', '.join(found)}.")
    return found[0] if found else exercise


def _words(name):
    return set(re.findall(r"[^\W_]+", name.casefold()))
