"""Marks with their evidence in one SQLite file: what was decided stays, however a run ends."""

import hmac
import json
import secrets
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from ...errors import CourseError
from .opening import connect, lock, sentences
from .records import read_records

EVIDENCE = 10_000  # characters of what a hidden test showed, as kept with a mark


class Store:
    """A store while it is open: `with Store(path) as store` to read, `write=True` to write too.

    There is one writer at a time, and any number of readers beside it. All marks of a student come
    in one transaction: they are in the file in full or not at all.
    Raises CourseError if the file is no store, of a newer version or written to by another run.
    """

    def __init__(self, path, write=False, wait=False):
        self.path, self._write, self._wait = Path(path), write, wait

    def __enter__(self):
        self._lock = None
        if self.path.is_dir():
            raise CourseError(f"{self.path} is a folder; --store names a file.")
        try:
            with sentences(self.path):
                if self._write:
                    self.path.parent.mkdir(parents=True, exist_ok=True)
                    self._lock = lock(self.path, self._wait)
                self._sql = connect(self.path, create=self._write)
            if self._write and not self._fact("secret"):
                self._set_fact("secret", secrets.token_hex(32))
        except OSError as error:
            self._unlock()
            raise CourseError(f"{self.path} cannot be opened: {error.strerror}.") from None
        except BaseException:
            self._unlock()
            raise
        return self

    def __exit__(self, *_):
        self._sql.close()
        self._unlock()

    # What decides the inputs of hidden tests, and a student's personal number.

    def seed(self, student, question):
        """The SEED of a hidden test: nobody can know it who does not know the store's secret."""
        return self._draw(student, question) % 2**48

    def personal(self, student, exercise):
        """The number from 1 to 999 999 that stands in a student's own copy of an exercise."""
        return 1 + self._draw(student, f"{exercise} personal") % 999_999

    def _draw(self, *names):
        secret = bytes.fromhex(self._fact("secret"))
        digest = hmac.digest(secret, json.dumps(names).encode(), "sha256")
        return int.from_bytes(digest[:16], "big")

    # Writing.

    def begin(self, exercise, key, questions, setup):
        """Note which key an exercise is graded with: its fingerprint, its questions, its `setup`.

        questions: name → (max_points, manual); setup: what a later `regrade` has to know.
        """
        with self._transaction():
            self._sql.execute(
                "INSERT OR REPLACE INTO exercises VALUES (?, ?, ?)",
                (exercise, key, json.dumps(setup)),
            )
            self._sql.execute("DELETE FROM questions WHERE exercise = ?", (exercise,))
            self._sql.executemany(
                "INSERT INTO questions VALUES (?, ?, ?, ?, ?)",
                [(exercise, q, place, *how) for place, (q, how) in enumerate(questions.items())],
            )

    def add(self, record, fingerprint, basis, only=None):
        """Put in a submission with its marks; `basis` says what they were earned with.

        A submission whose marks are to be earned again has the basis "". With `only`, a set of
        questions, marks of the others stay as they are where there are any.
        """
        one, now = record, datetime.now(UTC).isoformat(timespec="seconds")
        with self._transaction():
            self._sql.execute(
                "INSERT OR REPLACE INTO submissions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (one.exercise, one.student, fingerprint, one.file, one.platform_id, one.late,
                 one.note, json.dumps(one.errors)),
            )  # fmt: skip
            for mark in one.marks:
                how = "REPLACE" if only is None or mark.question in only else "IGNORE"
                self._sql.execute(
                    f"INSERT OR {how} INTO marks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (one.exercise, one.student, mark.question, mark.points, mark.max_points,
                     mark.reason, mark.expected[:EVIDENCE], mark.got[:EVIDENCE], mark.verdict,
                     mark.seconds, mark.protection, now, basis),
                )  # fmt: skip

    def describe(self, exercise, submissions):
        """Note what is known of submissions beside their marks, which stay as they are."""
        with self._transaction():
            self._sql.executemany(
                "UPDATE submissions SET file = ?, platform_id = ?, late = ?, note = ? "
                "WHERE exercise = ? AND student = ?",
                [
                    (one.file, one.platform_id, one.late, one.note, exercise, one.student)
                    for one in submissions
                ],
            )

    def expire(self, exercise, students=(), questions=()):
        """Have marks earned again: of these students, of these questions, or of both.

        The old marks stay readable until the new ones are there. Asked the same again before
        `finish`, nothing happens: the run that was stopped goes on.
        """
        wish = json.dumps([sorted(students), sorted(questions)])
        if self._fact(f"regrade {exercise}") == wish:
            return
        where, values = "exercise = ?", [exercise]
        for column, names in (("student", students), ("question", questions)):
            if names:
                where += f" AND {column} IN ({', '.join('?' * len(names))})"
                values += names
        with self._transaction():
            self._sql.execute(f"UPDATE marks SET basis = '' WHERE {where}", values)
            self._sql.execute(
                "INSERT OR REPLACE INTO facts VALUES (?, ?)", (f"regrade {exercise}", wish)
            )

    def finish(self, exercise):
        """Note that a run over an exercise has come to its end."""
        with self._transaction():
            self._sql.execute("DELETE FROM facts WHERE name = ?", (f"regrade {exercise}",))

    def give(self, rows):
        """Put in the instructor's points: (exercise, student, question, points, comment)."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._transaction():
            self._sql.executemany(
                "INSERT OR REPLACE INTO given VALUES (?, ?, ?, ?, ?, ?)",
                [(*row, now) for row in rows],
            )

    # Reading.

    def exercises(self):
        """The names of all exercises that were graded."""
        with sentences(self.path):
            return [row[0] for row in self._sql.execute("SELECT exercise FROM exercises")]

    def setup(self, exercise):
        """How an exercise was graded last; raises CourseError if it never was."""
        with sentences(self.path):
            row = self._sql.execute(
                "SELECT setup FROM exercises WHERE exercise = ?", (exercise,)
            ).fetchone()
        if row is None:
            known = ", ".join(self.exercises()) or "none"
            raise CourseError(f"{self.path} holds no marks of {exercise}; it holds: {known}.")
        return json.loads(row[0])

    def questions(self, exercise):
        """Question → (max_points, manual), in the order of the notebook."""
        with sentences(self.path):
            rows = self._sql.execute(
                "SELECT question, max_points, manual FROM questions WHERE exercise = ? "
                "ORDER BY place",
                (exercise,),
            )
            return {question: (points, bool(manual)) for question, points, manual in rows}

    def done(self, exercise, questions):
        """Student → basis, of all whose marks for these questions were earned on one basis."""
        marks = ", ".join("?" * len(questions))
        with sentences(self.path):
            rows = self._sql.execute(
                "SELECT student, min(basis), max(basis), count(*) FROM marks "
                f"WHERE exercise = ? AND question IN ({marks}) GROUP BY student",
                (exercise, *questions),
            )
            return {
                student: low
                for student, low, high, count in rows
                if low == high and low and count == len(questions)
            }

    def records(self, exercise):
        """Yield the Record of each submission to an exercise, ordered by student."""
        with sentences(self.path):
            yield from read_records(self._sql, exercise)

    def _fact(self, name):
        with sentences(self.path):
            row = self._sql.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return row and row[0]

    def _set_fact(self, name, value):
        with self._transaction():
            self._sql.execute("INSERT INTO facts VALUES (?, ?)", (name, value))

    @contextmanager
    def _transaction(self):
        with sentences(self.path):
            self._sql.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._sql.execute("COMMIT")
            except BaseException:
                if self._sql.in_transaction:
                    self._sql.execute("ROLLBACK")
                raise

    def _unlock(self):
        if self._lock is not None:
            self._lock.close()
