"""What is run, and what is reported of it."""

from dataclasses import dataclass, field


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
