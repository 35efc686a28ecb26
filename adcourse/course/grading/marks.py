"""From a run and the key's results to marks with their reasons."""

import builtins
import re
from dataclasses import dataclass

from ..sources import question_of
from .agreement import agrees

HINT_LIMIT = 300  # characters; a reason is a sentence, not a way to carry text out
EVIDENCE_LIMIT = 10_000  # characters of what a hidden test shows, as kept with the mark
WAITING = "waits for the instructor"


@dataclass(frozen=True)
class Mark:
    """One question of one student; points is None where the instructor gives them.

    expected, got  what the hidden test shows for the key and for the submission
    protection     under which the submission ran
    """

    question: str
    points: float | None
    max_points: float
    reason: str
    seconds: float = 0.0
    expected: str = ""
    got: str = ""
    protection: str = ""


def marks_of(outcome, questions, expected):
    """The marks of a run: Outcome, question → (max_points, manual), question → shown results."""
    unlimited = outcome.limits is not None and "AS" not in outcome.limits
    protection = "limits: " + (", ".join(outcome.limits or []) or "none")
    marks, note = [], " (run without a memory limit)" if unlimited else ""
    for name, (points, manual) in questions.items():
        if manual:
            marks.append(Mark(question_of(name), None, points, WAITING))
            continue
        cells = {cell["role"]: cell for cell in outcome.cells if cell["grade_id"] == name}
        reason = _reason(cells, expected[name], outcome)
        seconds = sum(cell["seconds"] for cell in cells.values())
        earned = 0.0 if reason else points
        shown = "\n".join(text for text, _ in expected[name])
        got = "\n".join(cells["hidden"]["shown"]) if "hidden" in cells else ""
        evidence = shown[:EVIDENCE_LIMIT], got[:EVIDENCE_LIMIT], protection
        words = (reason or "right") + note
        marks.append(Mark(question_of(name), earned, points, words, seconds, *evidence))
    return marks


def no_marks(questions, reason):
    """The marks of a submission that cannot be run."""
    return [
        Mark(question_of(name), None if manual else 0.0, points, reason)
        for name, (points, manual) in questions.items()
    ]


def _reason(cells, expected, outcome):
    """Why a check earns nothing; empty if it earns its points."""
    visible, hidden = cells.get("visible"), cells.get("hidden")
    if visible is None or hidden is None:
        return f"did not run: {outcome.trouble or 'the run ended early'}."
    if visible["error"]:
        return _hint(visible["error"], _answer_error(outcome, visible))
    if hidden["error"]:
        return "is right on the visible inputs, but its hidden test ended in an error."
    if agrees(expected, hidden["shown"]):
        return ""
    # Text of a hidden test stays hidden; the kind of an error is a fair hint.
    raised = re.match(r"▸ raised (\w+):", next((t for t in hidden["shown"] if "raised" in t), ""))
    if raised and hasattr(builtins, raised[1]):
        return f"passes the visible check, but raised {raised[1]} on other inputs."
    return "passes the visible check, but differs from the key on other inputs."


def _answer_error(outcome, check):
    """The error of the student's cell that a check belongs to, or None."""
    name = f"{check['grade_id']}-answer"
    own = [c for c in outcome.cells if c["role"] == "student" and c["grade_id"] == name]
    return next((cell["error"] for cell in own if cell["error"]), None)


def _hint(error, answer_error):
    hint = _sentence(*error)
    if answer_error in (None, error):
        return hint
    return f"{hint} (its answer cell: {_sentence(*answer_error)})"


def _sentence(kind, message):
    text = " ".join(message.split())
    text = re.sub(r"^✘ [\w.-]+: ", "", text)
    text = text if kind in ("", "CheckFailed") else f"{kind}: {text}"
    return text if len(text) <= HINT_LIMIT else text[:HINT_LIMIT] + "…"
