"""The visible check of an exercise: `✔ 04.tape`, or one line with a hint."""

import linecache
import sys
import traceback

import numpy as np

from .errors import CheckFailed
from .progress import record

UNWRITTEN = "nothing is written yet (or a function forgets its return)."
_missing = object()


def check(name, condition=_missing, hint="this is not right yet."):
    """Print `✔ name` if an answer is right, else raise CheckFailed with a hint.

    Several conditions, each with its own hint; the first that fails speaks:

        with check("04.tape") as c:
            c.that(np.isclose(slope(2.0), 0.5), "The derivative of log at 2 is 1/2.")
            c.that(slope(2.0) != slope(3.0), "The slope must depend on the point.")

    One condition fits in a line; give a function where evaluating it may fail:

        check("04.tape", lambda: np.isclose(slope(2.0), 0.5), "The derivative of log at 2 is 1/2.")

    An error in the student's code becomes the hint: which function raised what, at which line of
    the notebook. A condition may be a truth value, an array of them (all must hold), or a function.

    >>> check("04.sum", 1 + 1 == 2, "Count again.")
    ✔ 04.sum
    """
    checking = Check(name, sys._getframe(1).f_code.co_filename)
    if condition is _missing:
        return checking
    with checking:
        checking.that(condition, hint)
    return None


class Check:
    """One check while it runs; `check(name)` makes it."""

    def __init__(self, name, cell):
        self.name, self.cell = name, cell

    def that(self, condition, hint):
        """Go on if `condition` holds; else raise CheckFailed with `hint`."""
        if callable(condition):
            condition = condition()
        if condition is None or condition is ...:
            raise CheckFailed(self.name, UNWRITTEN)
        if isinstance(condition, np.ndarray):
            condition = condition.all()
        if not condition:
            raise CheckFailed(self.name, hint)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        record(self.name, passed=error is None)
        if error is None:
            print(f"✔ {self.name}")
        elif isinstance(error, Exception) and not isinstance(error, CheckFailed):
            raise CheckFailed(self.name, _as_hint(error, trace, self.cell)) from None
        return False


def _as_hint(error, trace, cell):
    """The error of a student's code, as one sentence with the line where it happened.

    `cell` is the file name of the check cell; the student's frames are the notebook's others.
    """
    message = " ".join(str(error).split())
    if isinstance(error, TypeError) and ("NoneType" in message or "ellipsis" in message):
        return UNWRITTEN
    own = [
        (frame, number)
        for frame, number in traceback.walk_tb(trace)
        if frame.f_globals.get("__name__") == "__main__" and frame.f_code.co_filename != cell
    ]
    if not own and isinstance(error, NameError):
        return f"{error.name} is not defined yet: write it in its cell and run that cell."
    if not own:
        return f"your answer raised {type(error).__name__}: {message}"
    frame, number = own[-1]
    line = linecache.getline(frame.f_code.co_filename, number).strip()
    who = frame.f_code.co_name if frame.f_code.co_name.isidentifier() else "your cell"
    at = f", at your line `{line}`" if line else ""
    return f"{who} raised {type(error).__name__}: {message}{at}"
