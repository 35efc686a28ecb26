"""Opening a store: only a file that is one, of a known version, by one writer at a time."""

import os
import sqlite3
import time
from contextlib import contextmanager
from pathlib import Path

from ...errors import CourseError

APPLICATION = 0x61646372  # "adcr", which tells a store from other SQLite files
VERSION = 1
SCHEMA = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE exercises (
    exercise TEXT PRIMARY KEY,
    key TEXT NOT NULL,              -- fingerprint of the solved notebook
    setup TEXT NOT NULL             -- how it was graded last, as JSON
) WITHOUT ROWID;
CREATE TABLE questions (
    exercise TEXT, question TEXT, place INTEGER, max_points REAL, manual INTEGER,
    PRIMARY KEY (exercise, question)
) WITHOUT ROWID;
CREATE TABLE submissions (
    exercise TEXT, student TEXT,
    fingerprint TEXT NOT NULL,
    file TEXT NOT NULL,             -- its name as it was handed in
    platform_id TEXT NOT NULL,      -- the number by which the course platform knows the student
    late INTEGER NOT NULL,
    note TEXT NOT NULL,             -- what was chosen among several files
    errors TEXT NOT NULL,           -- errors in the student's own cells, as JSON
    PRIMARY KEY (exercise, student)
) WITHOUT ROWID;
CREATE TABLE marks (
    exercise TEXT, student TEXT, question TEXT,
    points REAL,                    -- NULL: waits for the instructor
    max_points REAL NOT NULL,
    reason TEXT NOT NULL,
    expected TEXT NOT NULL,
    got TEXT NOT NULL,
    verdict TEXT NOT NULL,          -- on formulas
    seconds REAL NOT NULL,
    protection TEXT NOT NULL,
    earned TEXT NOT NULL,           -- when, in UTC
    basis TEXT NOT NULL,            -- fingerprint of key and submission; empty: to be graded again
    PRIMARY KEY (exercise, student, question)
) WITHOUT ROWID;
CREATE TABLE given (                -- by the instructor; no run touches these
    exercise TEXT, student TEXT, question TEXT,
    points REAL NOT NULL, comment TEXT NOT NULL, given TEXT NOT NULL,
    PRIMARY KEY (exercise, student, question)
) WITHOUT ROWID;
"""


@contextmanager
def sentences(path):
    """Whatever SQLite has to say about the file `path`, as one sentence in a CourseError."""
    try:
        yield
    except sqlite3.Error as error:
        words = str(error)
        if "full" in words or "disk I/O" in words:
            raise CourseError(
                f"{path} cannot grow ({words}): free some space and give the same command again; "
                "every mark that was stored is kept."
            ) from None
        raise CourseError(f"{path} cannot be used as a store: {words}.") from None


def lock(path, wait=False):
    """The right to write to a store, until the connection that is returned is closed.

    It is a lock of the operating system (SQLite's own, on an empty file beside the store), so it
    ends with the process that holds it, however that one ends.
    Raises CourseError if another run holds it, unless `wait` is true.
    """
    holder = sqlite3.connect(f"{path}.lock", timeout=0, isolation_level=None)
    while True:
        try:
            holder.execute("BEGIN EXCLUSIVE")
            return holder
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                holder.close()
                raise
            if not wait:
                holder.close()
                raise CourseError(
                    f"Another run is writing to {path}: let it end first, or say --wait."
                ) from None
            time.sleep(0.2)


def connect(path, create):
    """A connection to the store at `path`, which is made if `create` is true.

    Raises CourseError, and leaves the file as it is, if it is no store or of a newer version.
    """
    path = Path(path)
    if not path.exists():
        if not create:
            raise CourseError(f"{path} does not exist; `adcourse grade` makes it.")
        # SQLite gives its other files the permissions of this one.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    fresh = _is_fresh(path)
    if fresh and not create:
        raise CourseError(f"{path} is empty; `adcourse grade` fills it.")
    if os.name == "posix" and os.stat(path).st_uid == os.geteuid():
        os.chmod(path, 0o600)
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        if fresh:
            header = f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION};"
            connection.executescript(f"BEGIN IMMEDIATE; {header} {SCHEMA} COMMIT;")
    except BaseException:
        connection.close()
        raise
    return connection


def _is_fresh(path):
    """Whether the file at `path` holds nothing yet; raises CourseError if it holds something else.

    It is opened for reading alone: what is not a store is not ours to change.
    """
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise CourseError(
            f"{path} is not a store of adcourse ({error}): move it away or name another --store."
        ) from None
    finally:
        connection.close()
    if tables == 0 and application == 0:
        return True
    if application != APPLICATION:
        raise CourseError(
            f"{path} is a database of another program: move it away or name another --store."
        )
    if version > VERSION:
        raise CourseError(
            f"{path} was written by a newer adcourse (store version {version}, this one knows "
            f"{VERSION}): use that one, or name another --store."
        )
    return False
