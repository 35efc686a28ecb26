"""A derivation as a list of steps, and how it is shown: text, LaTeX, HTML, in three styles."""

from dataclasses import dataclass

from adcourse.symbolic.matrix_calculus import rules

TITLES = {
    "differential": "Take the differential",
    "differentiate": "Differentiate",
    "move": "Move to the left",
    "structure": "Keep what the structure sees",
    "read off": "Read off",
}


@dataclass(frozen=True)
class Step:
    """One step: `before` = `after` by the named rules.

    Each side is an expression, a number, or a tuple of pairings that are added up. `reasons` are
    equations (left, right) that lead to the rule; a step of a proof has a title of its own.
    """

    kind: str
    rules: tuple
    before: object
    after: object
    reasons: tuple = ()
    own_title: str = ""

    @property
    def title(self):
        return self.own_title or f"{TITLES[self.kind]}: {', '.join(self.rules)}"

    @property
    def formulas(self):
        """The rules in LaTeX; a step with reasons needs none."""
        if self.reasons:
            return []
        table = rules.ADJOINTS if self.kind == "move" else rules.DIFFERENTIALS
        return [(table | rules.STRUCTURES)[rule] for rule in self.rules]
