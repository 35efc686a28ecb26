"""A fatal cell costs its own question only: the run is done again without it."""

import time

from .jobs import Outcome, event, time_for

ATTEMPTS = 4
WHOLE = "the notebook ran longer than {:g} s and was stopped"


class Lost(Exception):
    """A run could not be made, through no fault of its steps; the text says why."""


def run_again(steps, timeout, attempt):
    """The Outcome of steps, however many of the first few cells end the process they run in.

    `attempt(steps, deadline)` runs some of the steps in a fresh process and returns an Outcome. If
    that lacks cells, its `trouble` is what the first missing cell did (it died, or could not be
    interrupted). That cell is given this as its error, and the others run again; at most
    ATTEMPTS runs are made, which end at `deadline` (of time.monotonic) together. An attempt that
    raises Lost is made once more.
    """
    overall = time_for(timeout)
    deadline = time.monotonic() + overall
    fatal, losses = {}, 0
    for _ in range(ATTEMPTS):
        kept = [k for k in range(len(steps)) if k not in fatal]
        try:
            outcome = attempt([steps[k] for k in kept], deadline)
        except Lost as lost:
            losses, outcome = losses + 1, Outcome(trouble=str(lost))
            if losses == 1:
                continue
            break
        done = len(outcome.cells)
        if done == len(kept):
            outcome.trouble = ""
            break
        if time.monotonic() >= deadline:
            outcome.trouble = WHOLE.format(overall)
            break
        if not outcome.trouble:
            raise AssertionError("a run that lacks cells must say why")
        fatal[kept[done]] = event(steps[kept[done]], ("", outcome.trouble))
    known = fatal | dict(zip(kept, outcome.cells, strict=False))
    return Outcome(
        [known[k] for k in sorted(known)], outcome.trouble, outcome.limits, outcome.protection
    )
