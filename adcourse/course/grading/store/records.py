"""What a store holds about one submission, as exports, feedback and summary read it."""

import json
from dataclasses import dataclass, replace
from itertools import groupby

from ..marks import Mark

GIVEN = "marked by the instructor"

RECORDS = """
SELECT s.student, s.file, s.platform_id, s.late, s.note, s.errors, m.basis, g.points, g.comment,
       m.question, m.points, m.max_points, m.reason, m.seconds, m.expected, m.got, m.verdict,
       m.protection
FROM submissions s
JOIN questions q ON q.exercise = s.exercise
JOIN marks m ON m.exercise = s.exercise AND m.student = s.student AND m.question = q.question
LEFT JOIN given g ON g.exercise = s.exercise AND g.student = s.student AND g.question = q.question
WHERE s.exercise = ?
ORDER BY s.student, q.place
"""


@dataclass(frozen=True)
class Record:
    """One submission: its marks in the order of the questions, the instructor's among them.

    errors   pairs (number of the cell, text): errors in the student's own cells
    given    the questions whose points the instructor gave
    stale    the questions that are to be graded again
    """

    exercise: str
    student: str
    marks: list
    file: str = ""
    platform_id: str = ""
    late: bool = False
    note: str = ""
    errors: tuple = ()
    given: frozenset = frozenset()
    stale: frozenset = frozenset()

    @property
    def points(self):
        """The points so far."""
        return sum(mark.points or 0.0 for mark in self.marks)

    @property
    def max_points(self):
        """The points that can be earned."""
        return sum(mark.max_points for mark in self.marks)

    @property
    def waiting(self):
        """The points that nobody has decided about yet."""
        return sum(mark.max_points for mark in self.marks if mark.points is None)


def read_records(connection, exercise):
    """Yield the Record of each submission to an exercise, by name; one at a time is in memory."""
    for _, rows in groupby(connection.execute(RECORDS, (exercise,)), lambda row: row[0]):
        rows = list(rows)
        student, file, platform_id, late, note, errors = rows[0][:6]
        marks, given, stale = [], set(), set()
        for basis, points, comment, *facts in (row[6:] for row in rows):
            mark = Mark(*facts)
            if not basis:
                stale.add(mark.question)
            if points is not None:
                given.add(mark.question)
                mark = replace(mark, points=points, reason=comment or GIVEN)
            marks.append(mark)
        errors = tuple(map(tuple, json.loads(errors)))
        more = file, platform_id, bool(late), note, errors, frozenset(given), frozenset(stale)
        yield Record(exercise, student, marks, *more)
