"""Hidden tests that decide by themselves, for a course that nbgrader grades.

nbgrader gives a check its points if it raises no error, so the results of the key must stand in
the check. `adcourse release --nbgrader` writes such checks; `adcourse grade` needs none of this.
"""

from .. import canonical
from ..errors import CheckFailed
from ..hidden import run_hidden
from .judge import Judge
from .marks import compared


def expect(name, results, source, names):
    """Run a hidden test and raise CheckFailed unless it shows what the key shows.

    name     of the question, such as "04.tape"
    results  what the key shows: pairs (text, digits)
    source   of the hidden test, its SEED in it
    names    the globals of the notebook
    """
    shown = []
    canonical.divert(shown)
    try:
        run_hidden(source, names)
    finally:
        canonical.divert(None)
    with Judge() as judge:
        right, _ = compared(results, [text for text, _ in shown], judge)
    if right is None:
        raise CheckFailed(name, "whether the formula is right could not be decided.")
    if not right:
        hint = "passes the visible check, but differs from the key on other inputs."
        raise CheckFailed(name, hint)
