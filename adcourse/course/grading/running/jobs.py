"""What is run, and what is reported of it."""

import json
import re
from dataclasses import dataclass, field

LINE_LIMIT = 1 << 20  # bytes of one event on its way
TEXT_LIMIT = 2_000  # characters of an error
SHOWN_LIMIT = 150_000  # characters of all results of a cell
DEAD = "the kernel died"
PLACE = re.compile(r" \((?:<[^>]*>|\w+\.py), line (\d+)\)$")  # of a SyntaxError in a cell
UNSEEN = "it ended in an error that was not displayed"


@dataclass(frozen=True)
class Step:
    """One cell to run. role: "student", "visible" or "hidden"; the last two belong to a check.

    A student's cell has the grade id of its answer, if it is one.
    """

    source: str
    role: str
    grade_id: str = ""


@dataclass
class Outcome:
    """What a run reported: events of cells in order, and why it ended early, if it did.

    Each event is a dict with role, grade_id, error (None, or a kind and a message), shown (the
    texts that `show` and `show_formula` sent) and seconds.
    """

    cells: list = field(default_factory=list)
    trouble: str = ""
    limits: list | None = None  # names of the limits that were set, once the run has begun
    protection: str = ""  # what kept the run from the rest of the machine, in a few words


def event(step, error=None, shown=(), seconds=0.0):
    """The event of a step that has ended, with texts cut to their limits."""
    shown = [_storable(text) for text in shown]
    if error is not None:
        error = [_storable(text) for text in (error[0], PLACE.sub(r", line \1", error[1]))]
    if size_of(shown) > SHOWN_LIMIT:
        shown, error = [], error or ["", "it shows too much"]
    return {
        "kind": "cell",
        "role": step.role,
        "grade_id": step.grade_id,
        "error": error and [_readable(str(part)[:TEXT_LIMIT]) for part in error],
        "shown": shown,
        "seconds": seconds,
    }


def size_of(shown):
    """Characters of all shown texts; each counts for one more, so that none is for free."""
    return sum(map(len, shown)) + len(shown)


def _storable(text):
    """Text that a file or database takes: halves of surrogate pairs become question marks."""
    return str(text).encode("utf-8", "replace").decode("utf-8")


def read_event(line, step, seconds):
    """The event that a line of JSON from a foreign process reports of a step.

    Which step it was and how long it took is the grader's to say; only the error and the shown
    texts are taken from the line. Raises ValueError if it does not say them.
    """
    try:
        said = json.loads(line)
    except RecursionError:
        raise ValueError("too deeply nested") from None
    if not isinstance(said, dict) or "error" not in said:
        raise ValueError("not an event")
    error, shown = said["error"], said.get("shown")
    if not (error is None or (_texts(error) and len(error) == 2)) or not _texts(shown):
        raise ValueError("not an event")
    return event(step, error, shown, seconds)


def _readable(text):
    """The text without what commands a terminal, turns the direction of writing, or is no text."""
    return "".join(c if c.isprintable() else " " for c in text)


def _texts(value):
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def too_long(timeout):
    """The message of a cell that was stopped."""
    return f"it ran longer than {timeout:g} s"


def time_for(timeout):
    """Seconds that a whole run may take, when its cells may take `timeout` each."""
    return 60 + 6 * timeout
