"""A fatal cell costs its own question only: the run is done again without it."""

from .jobs import Outcome, event, time_for

ATTEMPTS = 8
WHOLE = "the notebook ran longer than {:g} s and was stopped"


class Lost(Exception):
    """A run could not be made, through no fault of its steps; the text says why."""


def run_again(steps, timeout, attempt):
    """The Outcome of steps, however many of the first few cells end the process they run in.

    `attempt(steps, seconds)` runs some of the steps in a fresh process for at most so many seconds,
    and returns an Outcome and the seconds that its steps took. If cells are missing, its `trouble`
    is what the first missing cell did (it died, or could not be interrupted). That cell is given
    this as its error, and the others run again: at most ATTEMPTS runs, which share the time that
    one has. An attempt that raises Lost is made once more.
    """
    overall = left = time_for(timeout)
    fatal, losses = {}, 0
    for _ in range(ATTEMPTS):
        kept = [k for k in range(len(steps)) if k not in fatal]
        try:
            outcome, taken = attempt([steps[k] for k in kept], left)
        except Lost as lost:
            losses, outcome = losses + 1, Outcome(trouble=str(lost))
            if losses == 1:
                continue
            break
        left -= taken
        done = len(outcome.cells)
        if done == len(kept):
            outcome.trouble = ""
            break
        if left <= 0:
            outcome.trouble = WHOLE.format(overall)
            break
        fatal[kept[done]] = event(steps[kept[done]], ("", outcome.trouble))
    known = fatal | dict(zip(kept, outcome.cells, strict=False))
    return Outcome(
        [known[k] for k in sorted(known)], outcome.trouble, outcome.limits, outcome.protection
    )
