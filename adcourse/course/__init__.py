"""The course: notebooks built from text, exercises that check themselves, submissions graded.

In a notebook: `from adcourse.course import check, show`. The rest serves the commands
`adcourse build`, `adcourse release` and `adcourse grade`; it loads Jupyter on first use.
"""

from .canonical import show, submission_rng
from .check import check
from .errors import CheckFailed, CourseError

__all__ = ["CheckFailed", "CourseError", "check", "show", "submission_rng"]
