"""The gradebook: a CSV file that grows row by row, and the notes that let a run go on."""

import csv
import hmac
import json
import os
import secrets
from pathlib import Path

from ..errors import CourseError

COLUMNS = ["student", "question", "points", "max_points", "reason", "seconds"]


class Gradebook:
    """Rows per student and question in `path`; beside it `path`.run.json with the run's secret.

    A student counts as done if all rows are there and neither submission nor key has changed;
    rows that no longer count are dropped on opening.
    """

    def __init__(self, path, key_fingerprint, questions):
        self.path, self.notes = Path(path), Path(f"{path}.run.json")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._questions = set(questions)
        self._state = self._read_notes()
        if self._state.get("key") != key_fingerprint:
            self._state = {"secret": secrets.token_hex(32), "key": key_fingerprint, "done": {}}
        self._rows = self._read_rows()

    def keep(self, fingerprints):
        """Drop every row but those of students whose submission is the one that was graded."""
        done = self._state["done"]
        for student in list(done):
            asked = {row["question"] for row in self._rows if row["student"] == student}
            if asked != self._questions or fingerprints.get(student) != done[student]:
                del done[student]
        self._rows = [row for row in self._rows if row["student"] in done]
        self._write_rows()
        self._write_notes()
        return set(done)

    def add(self, student, marks, fingerprint):
        """Append the marks of a student; they count as done from here on."""
        rows = [_row(student, mark) for mark in marks]
        with self.path.open("a", encoding="utf-8", newline="") as file:
            csv.DictWriter(file, COLUMNS).writerows(map(_harmless, rows))
        self._rows += rows
        self._state["done"][student] = fingerprint
        self._write_notes()

    def seed(self, student, question):
        """The SEED of a hidden test: nobody can know it who does not know the run's secret."""
        secret = bytes.fromhex(self._state["secret"])
        digest = hmac.digest(secret, json.dumps([student, question]).encode(), "sha256")
        return int.from_bytes(digest[:6], "big")

    def _read_notes(self):
        try:
            return json.loads(self.notes.read_text(encoding="utf-8"))
        except FileNotFoundError:
            if self.path.exists():
                raise CourseError(
                    f"{self.path} exists, but not {self.notes.name}: move the gradebook away "
                    "or choose another --out."
                ) from None
            return {}

    def _read_rows(self):
        if not self.path.exists():
            return []
        with self.path.open(encoding="utf-8", newline="") as file:
            return [
                {name: (value or "").removeprefix("'") for name, value in row.items() if name}
                for row in csv.DictReader(file)
            ]

    def _write_rows(self):
        draft = self.path.with_name(self.path.name + ".new")
        with draft.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(map(_harmless, self._rows))
        draft.replace(self.path)

    def _write_notes(self):
        draft = self.notes.with_name(self.notes.name + ".new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            json.dump(self._state, file, indent=1)
        draft.replace(self.notes)


def _row(student, mark):
    points = "" if mark.points is None else f"{mark.points:g}"
    values = student, mark.question, points, f"{mark.max_points:g}", mark.reason
    return dict(zip(COLUMNS, [*values, f"{mark.seconds:.2f}"], strict=True))


def _harmless(row):
    """A spreadsheet runs text that begins like a formula; a quote makes it text again."""
    return {k: f"'{v}" if v[:1] in ("=", "+", "-", "@", "'") else v for k, v in row.items()}
