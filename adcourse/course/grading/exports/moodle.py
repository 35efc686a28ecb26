"""Moodle: a table for its page "Import grades", or a grading worksheet filled in."""

from html import escape

from ...errors import CourseError
from . import remarks, total
from .cells import new_table
from .roster import Roster

CERTAIN = ("Identifier", "Email address", "ID number", "Username")
NAMES = ("Full name",)
GRADE, FEEDBACK = "Grade", "Feedback comments"


def write(store, exercise, out, roster=None, column=None, partial=False):
    """Write the table to `out`; returns sentences about what is not in it.

    roster  a grading worksheet, or any table of the participants, as exported from Moodle; a
            worksheet keeps its columns, of others those that say who a student is
    column  the name of the grade item; the exercise's without it, a worksheet's `Grade`
    """
    if roster is not None:
        return _merge(store, exercise, out, roster, column, partial)
    waiting = 0
    with new_table(out) as row:
        row(("Identifier", "Email address", "Full name", column or exercise, FEEDBACK))
        for one in store.records(exercise):
            waiting += bool(one.waiting)
            email, name = (one.student, "") if "@" in one.student else ("", one.student)
            row((_identifier(one), email, name, total(one, partial), words(one)))
    return list(remarks(waiting, [], partial))


def _merge(store, exercise, out, roster, column, partial):
    known = Roster(roster, CERTAIN, squashed=NAMES)
    who = [name for name in known.header if name in (*CERTAIN, *NAMES, "First name", "Last name")]
    if not who:
        raise CourseError(f"{roster} names no participants: it has none of {', '.join(CERTAIN)}.")
    worksheet = GRADE in known.header and FEEDBACK in known.header
    item = column or (GRADE if worksheet else exercise)
    header = known.header if worksheet and item in known.header else [*who, item, FEEDBACK]
    found, unplaced, waiting = {}, [], 0
    for place, one in known.placed(store.records(exercise), _names):
        if place is None:
            unplaced.append(one.student)
        else:
            waiting += bool(one.waiting)
            found[place] = {item: total(one, partial), FEEDBACK: words(one)}
    with new_table(out) as row:
        row(header)
        for place, student in enumerate(known.rows):
            student = student | found.get(place, {})
            row([student.get(name, "") for name in header])
    return list(remarks(waiting, unplaced, partial))


def _names(record):
    return _identifier(record), record.student


def _identifier(record):
    return f"Participant {record.platform_id}" if record.platform_id else ""


def words(record):
    """The comments of a submission, as the lines of HTML that Moodle shows."""
    return "<br>".join(
        escape(f"{mark.question}: {'–' if mark.points is None else format(mark.points, 'g')} of "
               f"{mark.max_points:g}, {mark.reason}")
        for mark in record.marks
    )  # fmt: skip
