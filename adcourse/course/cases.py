"""What the source of an exercise says of answers: other right ways, and wrong ones with a reason.

    :right: tape                        another answer that earns all points
    :wrong: tape  and  :reason: "…"     an answer that earns none, and words of the hint for it

Such a cell holds a whole answer, or a patch of the key's: every line begins with - or + (a line
of the key, a line in its place), and each group of - lines stands in the key just so. Neither the
blank nor the key has these cells; `adcourse verify` holds the exercise to them.
"""

import re
from dataclasses import dataclass

from .errors import CourseError

KINDS = ("right", "wrong")
MARKS = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION[ \t]*\n?", re.M)


@dataclass(frozen=True)
class Case:
    """One answer to one question, the `number`-th of its kind, "right" or "wrong".

    A wrong one has a reason: words that its writer must read.
    """

    question: str  # the grade id, such as 04-tape
    kind: str
    text: str
    reason: str = ""
    where: str = ""
    number: int = 1

    def answer(self, key):
        """The cell that a student would hand in, given the key's cell."""
        return patched(MARKS.sub("", key), self.text, self.where)


def take_case(cell, prefix, where):
    """The Case of a cell, whose options it loses, or None."""
    kinds = [kind for kind in KINDS if kind in cell.metadata]
    if not kinds:
        return None
    name = str(cell.metadata[kinds[0]])
    reason = str(cell.metadata.get("reason", ""))
    if len(kinds) > 1 or cell.cell_type != "code" or not cell.source.strip():
        raise CourseError(f"{where}: a right or wrong answer to {name} must be a code cell.")
    if bool(reason) != (kinds == ["wrong"]):
        raise CourseError(
            f"{where}: give each wrong answer, and no right one, its `:reason:`, words of the hint."
        )
    return Case(f"{prefix}-{name}", kinds[0], cell.source, reason, where)


def patched(key, text, where=""):
    """The key with a patch applied; text that is no patch is the whole answer.

    >>> print(patched("a = 1\\nb = 2", "-b = 2\\n+b = 3"))
    a = 1
    b = 3
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if not all(line[0] in "+-" for line in lines):
        return text
    answer = key.splitlines()
    for old, new in hunks(lines):
        at = next((i for i in range(len(answer)) if answer[i : i + len(old)] == old), None)
        if at is None or not old:
            raise CourseError(f"{where}: the key's answer has no line {(old or new)[0]!r}.")
        answer[at : at + len(old)] = new
    return "\n".join(answer)


def hunks(lines):
    """Pairs (lines to go, lines to come), in order."""
    found = []
    for line in lines:
        if line[0] == "-" and (not found or found[-1][1]):
            found.append(([], []))
        if not found:
            found.append(([], []))
        found[-1][line[0] == "+"].append(line[1:])
    return found
