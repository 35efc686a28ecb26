"""A derivation as a list of steps, and how it is shown: text, LaTeX, HTML, in three styles."""

from dataclasses import dataclass

from adcourse.symbolic.matrix_calculus import differential, pull

EXTRA = {
    "symmetric matrix": r"\mathrm{d}X = \mathrm{d}X^\top:\; \langle G, \mathrm{d}X\rangle = "
    r"\langle \tfrac12 (G + G^\top), \mathrm{d}X\rangle",
    "diagonal matrix": r"\mathrm{d}X \text{ is diagonal}:\; \langle G, \mathrm{d}X\rangle = "
    r"\langle \mathrm{diag}(\mathrm{diag}\,G), \mathrm{d}X\rangle",
}
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

    Each side is an expression, a number, or a tuple of pairings that are added up.
    """

    kind: str
    rules: tuple
    before: object
    after: object

    @property
    def title(self):
        return f"{TITLES[self.kind]}: {', '.join(self.rules)}"

    @property
    def formulas(self):
        """The rules in LaTeX."""
        table = pull.RULES if self.kind == "move" else differential.RULES
        return [(table | EXTRA)[rule] for rule in self.rules]
