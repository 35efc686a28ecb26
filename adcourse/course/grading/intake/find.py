"""Folders and archives of submissions → one Submission for each student."""

import errno
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from ...errors import CourseError
from .entries import Refused, Scratch, entries_of
from .names import Owner, name_and_version, owner_of, platform_name, student_pattern
from .read import SIZE_LIMIT


@dataclass(frozen=True)
class Submission:
    """One student's entry: the file to grade, or the reason why there is none.

    file         its name as it was handed in
    platform_id  the number by which the course platform knows the student, or ""
    late         whether the platform says so, or the deadline does
    note         what was chosen among several files, or ""
    """

    student: str
    path: Path | None
    reason: str = ""
    file: str = ""
    platform_id: str = ""
    late: bool = False
    note: str = ""

    def fingerprint(self):
        """What tells this version of the submission from another one."""
        content = b""
        if self.path:
            with suppress(OSError), self.path.open("rb") as file:
                content = file.read(SIZE_LIMIT + 1)  # more is not graded, nor held in memory
        return sha256(content + self.reason.encode()).hexdigest()


def find_submissions(root, exercise, scratch, pattern=None, deadline=None):
    """The submissions in `root`, one for each student, ordered by name.

    root      a folder or a zip file: STUDENT.ipynb, STUDENT/ or STUDENT.zip with a notebook
              anywhere in it, a download of Moodle or Canvas, or nbgrader's `submitted`
    exercise  such as "04_reverse_mode": of several notebooks, the one of this name counts
    scratch   a folder for what is unpacked, to be kept until the submissions are read
    pattern   regular expression with a group `student`, tried on the path in `root`
    deadline  datetime: files that are younger are late; by the clock of this machine

    Whatever a student handed in gives a Submission, if only with a reason. Raises CourseError if
    `root` itself cannot be read or `pattern` is none.
    """
    root, pattern = Path(root), None if pattern is None else student_pattern(pattern)
    work = defaultdict(list)
    for entry in _entries(root, exercise, scratch):
        owner = owner_of(entry.parts, pattern)
        if owner is None:
            name = "/".join(entry.parts)
            reason = f"{name} does not match the student pattern, so nobody's name is known."
            owner, entry = Owner(name, entry.parts, name), replace(entry, path=None, reason=reason)
        work[owner.student, owner.platform_id].append((owner, entry))
    namesakes = Counter(student for student, _ in work)
    found = []
    for (student, platform_id), files in work.items():
        name = student if namesakes[student] == 1 else f"{student} ({platform_id or 'no number'})"
        found.append(_choose(name, files, exercise, deadline))
    return sorted(found, key=lambda one: one.student)


def _entries(root, exercise, scratch):
    """The entries of a root, below the folders that say nothing about the student."""
    try:
        entries = list(entries_of(root, Scratch(scratch)))
    except Refused as reason:
        raise CourseError(f"{root}: {reason}") from None
    except FileNotFoundError:
        raise CourseError(f"{root} is not a folder or zip file of submissions.") from None
    except OSError as error:
        what = "the disk for unpacking is full" if error.errno == errno.ENOSPC else error.strerror
        raise CourseError(f"{root} cannot be read: {what}.") from None
    nbgrader = root.name == "submitted"
    tops = {entry.parts[0] for entry in entries}
    if len(tops) == 1 and (root.is_file() or tops == {"submitted"}):
        (top,) = tops
        deep = all(len(entry.parts) > 2 for entry in entries) and not platform_name(top)
        if deep or (top == root.stem and all(len(entry.parts) > 1 for entry in entries)):
            nbgrader = nbgrader or top == "submitted"
            entries = [replace(entry, parts=entry.parts[1:]) for entry in entries]
    if nbgrader:  # STUDENT/ASSIGNMENT/: the other assignments are not asked for
        entries = [one for one in entries if len(one.parts) < 3 or one.parts[1] == exercise]
    return entries


def _choose(student, files, exercise, deadline):
    """The file of one student that counts: the one of the exercise's name, its latest version."""
    pool = [one for one in files if one[1].path is not None]
    if not pool:
        owner, entry = files[0]
        reason = entry.reason
        if len(files) > 1:
            reason = f"there is no notebook among {len(files)} files: {reason}"
        file = "/".join(entry.parts)
        return Submission(student, None, reason, file, owner.platform_id, owner.late)
    pool = (
        [one for one in pool if _is_named(one[0], exercise)]
        or [one for one in pool if exercise in one[0].inside[:-1]]
        or pool
    )
    titles = {(owner.handed_in, _title((owner, entry))) for owner, entry in pool}
    owner, entry = max(pool, key=_age)
    file, note = "/".join(entry.parts), ""
    if len(titles) > len({piece for piece, _ in titles}):
        reason = f"{len(pool)} notebooks; keep one {exercise}.ipynb."
        return Submission(student, None, reason, file, owner.platform_id, owner.late)
    if len(pool) > 1:
        note = f"{len(pool)} versions were handed in; the latest counts: {file}."
    late = owner.late or (deadline is not None and entry.when > deadline.timestamp())
    return Submission(student, entry.path, "", file, owner.platform_id, late, note)


def _is_named(owner, exercise):
    """Whether a file bears the exercise's name, or the student's as the folder's others do."""
    return name_and_version(owner.inside[-1])[0] == exercise or owner.inside == (owner.handed_in,)


def _title(one):
    return name_and_version(one[0].inside[-1])[0]


def _age(one):
    owner, entry = one
    return name_and_version(owner.inside[-1])[1], entry.when, entry.parts


def parse_deadline(text):
    """A deadline such as "2026-11-27 18:00" as a datetime; raises CourseError if it is none."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise CourseError(f"{text} is not a date: write 2026-11-27 18:00.") from None
