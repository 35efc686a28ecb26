"""Tables of students, as platforms hand them out."""

import csv
import re
from collections import defaultdict
from pathlib import Path

from ...errors import CourseError
from .cells import plain, reading


class Roster:
    """A table of students: `header`, `rows` (dicts), and who is meant by a name.

    columns   those that name a student for certain, such as an e-mail address
    squashed  those of names, which also count without spaces, commas and capitals; if there is a
              first and a last name, `Full name` is made of them
    """

    def __init__(self, path, columns, squashed=()):
        self.path = Path(path)
        self.header, self.rows = _read(self.path)
        self._known = defaultdict(set)
        for place, row in enumerate(self.rows):
            if "First name" in row:
                row.setdefault("Full name", f"{row['First name']} {row.get('Last name', '')}")
            for column in columns:
                self._known[_folded(row.get(column, ""))].add(place)
            for column in squashed:
                self._known[_folded(row.get(column, ""))].add(place)
                self._known[squash(row.get(column, ""))].add(place)

    def find(self, *names):
        """The place of the row that the first known of these names means, or None."""
        for name in names:
            found = self._known.get(_folded(name), set()) if name else set()
            if len(found) == 1:
                return next(iter(found))
        return None

    def placed(self, records, names):
        """Yield (place or None, record) for all records; `names` gives the names to look for.

        Raises CourseError if two records mean the same row.
        """
        taken = {}
        for record in records:
            place = self.find(*names(record))
            if place is not None and place in taken:
                raise CourseError(
                    f"{taken[place]} and {record.student} are the same student in {self.path}."
                )
            if place is not None:
                taken[place] = record.student
            yield place, record


def squash(name):
    """A name as Canvas writes it in file names: "Lovelace, Ada" is "lovelaceada"."""
    return re.sub(r"[\W_]", "", name).casefold()


def _folded(name):
    return " ".join(name.split()).casefold()


def _read(path):
    with reading(path) as file:
        table = csv.reader(file)
        header = [plain(cell) for cell in next(table, [])]
        rows = [
            dict(zip(header, [*map(plain, row), *[""] * len(header)], strict=False))
            for row in table
            if any(row)
        ]
    if not any(header):
        raise CourseError(f"{path} is empty.")
    return header, rows


def read_students(path):
    """The names in a roster: its column `student`, or else its first one."""
    roster = Roster(path, ())
    column = "student" if "student" in roster.header else roster.header[0]
    names = [row[column].strip() for row in roster.rows if row[column].strip()]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise CourseError(f"{path} names {twice[0]} more than once in its column {column}.")
    if not names:
        raise CourseError(f"{path} names nobody in its column {column}.")
    return names
