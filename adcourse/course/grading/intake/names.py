"""Whose a file is, by the name that it was handed in under.

Known are the downloads of Moodle and Canvas, nbgrader's folders, and plain folders or files that
bear the student's name; for others there is a regular expression of the instructor's own.
"""

import re
from dataclasses import dataclass

from ...errors import CourseError

# Full name_PARTICIPANTID_assignsubmission_file_/NAME.ipynb, or the same in one name
MOODLE = re.compile(
    r"(?P<student>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)", re.S
)
# lastnamefirst[_LATE]_USERID_SUBMISSIONID_NAME.ipynb
CANVAS = re.compile(r"(?P<student>[^_]+)_(?P<late>LATE_)?(?P<id>\d+)_\d+_(?P<file>.+)", re.S)
# What platforms and browsers add to the name of a later version: NAME-1, NAME (1)
VERSION = re.compile(r"(?:-(\d{1,3})| ?\((\d{1,3})\))$")


@dataclass(frozen=True)
class Owner:
    """Whose a file is: the student, the platform's number for them, the file within their work.

    handed_in  what came in one piece: two notebooks in it are two, in another piece a new version
    """

    student: str
    inside: tuple
    handed_in: str
    platform_id: str = ""
    late: bool = False


def owner_of(parts, pattern=None):
    """The Owner of a file at these folders and names, or None if `pattern` does not find one."""
    if pattern is not None:
        found = pattern.search("/".join(parts))
        if found is None or not found["student"]:
            return None
        more = found.groupdict()
        return Owner(found["student"], parts, "", more.get("id") or "", bool(more.get("late")))
    top, rest = parts[0], parts[1:]
    found = platform_name(top)
    if found is not None:
        file = (found["file"],) if found["file"] else ()
        late = bool(found.groupdict().get("late"))
        return Owner(found["student"], (*file, *rest) or (top,), found["id"], found["id"], late)
    if rest and not top.lower().endswith(".zip"):
        return Owner(top, rest, top)
    return Owner(top.rpartition(".")[0] or top, rest or (top,), top)


def platform_name(name):
    """The match of a name that Moodle or Canvas gives to what it hands out, or None."""
    return MOODLE.fullmatch(name) or CANVAS.fullmatch(name)


def student_pattern(text):
    """A regular expression for `owner_of`; raises CourseError if it cannot serve."""
    try:
        pattern = re.compile(text)
    except re.error as error:
        reason = f"The student pattern {text} is not a regular expression: {error}."
        raise CourseError(reason) from None
    if "student" not in pattern.groupindex:
        raise CourseError(
            f"The student pattern {text} has no group named student: write "
            r"(?P<student>…) around the part that names the student, such as "
            r"(?P<student>[^/_]+)_.*\.ipynb."
        )
    return pattern


def name_and_version(file):
    """A file name without ending and version, and the version: ("hw", 2) for "hw-2.ipynb".

    >>> name_and_version("hw (1).ipynb")
    ('hw', 1)
    """
    stem = file.rpartition(".")[0] or file
    found = VERSION.search(stem)
    if found is None:
        return stem, 0
    return stem[: found.start()], int(found[1] or found[2])
