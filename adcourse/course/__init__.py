"""The course: notebooks built from text, exercises that check themselves, submissions graded.

In a notebook: `from adcourse.course import check, show`. The rest serves the commands
`adcourse build`, `adcourse release` and `adcourse grade`; it loads Jupyter on first use.
"""

from .canonical import show, submission_rng
from .check import check
from .counting import by_hand, counted
from .errors import CheckFailed, CourseError
from .formulas import show_formula
from .progress import progress
from .timing import in_turns, seconds

__all__ = [
    "CheckFailed",
    "CourseError",
    "by_hand",
    "check",
    "counted",
    "in_turns",
    "progress",
    "seconds",
    "show",
    "show_formula",
    "submission_rng",
]
