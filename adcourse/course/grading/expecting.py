"""Hidden tests that decide by themselves, for a course that nbgrader grades.

nbgrader gives a check its points if it raises no error, so the results of the key must stand in
the check. `adcourse release --nbgrader` writes such checks; `adcourse grade` needs none of this.
"""

from .. import canonical
from ..errors import CheckFailed
from .judge import Judge
from .marks import compared


class Expected:
    """What the key shows in the hidden test of the question `name`: pairs (text, digits).

    From here on, what is shown is kept to be compared, until `met`.
    """

    def __init__(self, name, results):
        self.name, self.results, self.shown = name, results, []
        canonical.divert(self.shown)

    def met(self):
        """Raise CheckFailed unless everything shown since agrees with the key's results."""
        canonical.divert(None)
        with Judge() as judge:
            right, _ = compared(self.results, [text for text, _ in self.shown], judge)
        if right is None:
            raise CheckFailed(self.name, "whether the formula is right could not be decided.")
        if not right:
            raise CheckFailed(
                self.name, "passes the visible check, but differs from the key on other inputs."
            )
