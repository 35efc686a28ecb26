"""What can go wrong in an exercise, and in the hands of the person who builds or grades one."""

from ..core.errors import AdcourseError


class CourseError(AdcourseError):
    """A source, key or submission that cannot be built or graded; the message says what to do."""


class CheckFailed(AdcourseError, AssertionError):
    """An answer is not right yet; the message is the hint, and all that Jupyter shows."""

    def __init__(self, name, hint):
        super().__init__(f"✘ {name}: {hint}")

    def _render_traceback_(self):
        # IPython asks an exception for its own display: one line, never a stack.
        return [str(self)]
