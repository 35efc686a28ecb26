"""From a run and the key's results to marks with their reasons."""

import builtins
import re
from dataclasses import dataclass

from ..formulas import PREFIX
from ..sources import question_of
from .agreement import agrees

HINT_LIMIT = 300  # characters; a reason is a sentence, not a way to carry text out
WAITING = "waits for the instructor"


@dataclass(frozen=True)
class Mark:
    """One question of one student; points is None where the instructor gives them.

    The evidence, for the instructor only: what the key showed (`expected`) and the submission
    (`got`), how equal formulas were decided (`verdict`), and what kept the run from the rest of
    the machine (`protection`).
    """

    question: str
    points: float | None
    max_points: float
    reason: str
    seconds: float = 0.0
    expected: str = ""
    got: str = ""
    verdict: str = ""
    protection: str = ""


def marks_of(outcome, questions, expected, judge):
    """The marks of a run.

    outcome    the Outcome of a submission
    questions  grade id → (max_points, manual)
    expected   grade id → list of (text, digits) that the key shows
    judge      a Judge, which decides whether formulas are equal
    """
    unlimited = outcome.limits is not None and "AS" not in outcome.limits
    marks, note = [], " (run without a memory limit)" if unlimited else ""
    for name, (points, manual) in questions.items():
        if manual:
            marks.append(Mark(question_of(name), None, points, WAITING))
            continue
        cells = {cell["role"]: cell for cell in outcome.cells if cell["grade_id"] == name}
        right, reason, verdict = _judged(cells, expected[name], outcome, judge)
        earned = None if right is None else points if right else 0.0
        shown = cells.get("hidden", {}).get("shown", [])
        marks.append(
            Mark(
                question_of(name),
                earned,
                points,
                reason + note,
                sum(cell["seconds"] for cell in cells.values()),
                "\n".join(text for text, _ in expected[name]),
                "\n".join(shown),
                verdict,
                outcome.protection,
            )
        )
    return marks


def no_marks(questions, reason):
    """The marks of a submission that cannot be run."""
    return [
        Mark(question_of(name), None if manual else 0.0, points, reason)
        for name, (points, manual) in questions.items()
    ]


def _judged(cells, expected, outcome, judge):
    """Whether a check earns its points (None: for the instructor), why, and any verdict."""
    visible, hidden = cells.get("visible"), cells.get("hidden")
    if visible is None or hidden is None:
        return False, f"did not run: {outcome.trouble or 'the run ended early'}.", ""
    if visible["error"]:
        return False, _hint(visible["error"], _answer_error(outcome, visible)), ""
    if hidden["error"]:
        return False, "is right on the visible inputs, but its hidden test ended in an error.", ""
    right, verdict = compared(expected, hidden["shown"], judge)
    if right:
        return True, "right", verdict
    if right is None:
        return None, f"{WAITING}: whether the formula is right could not be decided.", verdict
    # Text of a hidden test stays hidden; the kind of an error is a fair hint.
    raised = re.match(r"▸ raised (\w+):", next((t for t in hidden["shown"] if "raised" in t), ""))
    if raised and hasattr(builtins, raised[1]):
        return False, f"passes the visible check, but raised {raised[1]} on other inputs.", verdict
    if verdict:
        return False, "passes the visible check, but is not equal to the key's formula.", verdict
    return False, "passes the visible check, but differs from the key on other inputs.", ""


def compared(expected, shown, judge):
    """Numbers and texts by `agrees`, formulas by the judge: (True, False or None, verdict)."""
    formulas = [i for i, (text, _) in enumerate(expected) if text.startswith(PREFIX)]
    if len(shown) != len(expected):
        return False, ""
    rest = [i for i in range(len(expected)) if i not in formulas]
    if not agrees([expected[i] for i in rest], [shown[i] for i in rest]):
        return False, ""
    worst = True, ""
    for i in formulas:
        right, reason = judge.verdict(expected[i][0], shown[i])
        if right is False:
            return False, reason
        worst = (None, reason) if right is None or worst[0] is None else (True, reason)
    return worst


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
