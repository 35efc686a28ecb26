"""Expressions by their entries: the third style of a derivation, Σ_j A_ij x_j."""

from itertools import count

from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.printing import ATOM, POWER, PRODUCT, SUM

LETTERS = "ijklmpqrst"


class Indexed:
    """Prints entries in a script; every sum gets an index letter of its own."""

    def __init__(self, script):
        self.script = script
        self.used = count()

    def fresh(self):
        k = next(self.used)
        return LETTERS[k % len(LETTERS)] + (str(k // len(LETTERS)) if k >= len(LETTERS) else "")

    def entry(self, a, i, j):
        """The entry i, j as (string, level)."""
        rule = getattr(self, f"of_{type(a).__name__}", None)
        if rule is None:
            inside = self.script.at(ATOM, self.script.matrix(a))
            return self.script.subscripted(inside, self.places(a, i, j)), ATOM
        return rule(a, i, j)

    def places(self, a, i, j):
        rows, columns = a.shape
        return "".join(([i] if rows != 1 else []) + ([j] if columns != 1 else []))

    def of_Ones(self, a, i, j):
        return "1", ATOM

    def of_Zero(self, a, i, j):
        return "0", ATOM

    def of_Eye(self, a, i, j):
        return self.script.subscripted(self.script.name("delta"), i + j), ATOM

    def of_Sum(self, a, i, j):
        return self.script.added([self.entry(term, i, j) for term in a.operands]), SUM

    def of_Scale(self, a, i, j):
        return self.script.scaled(a.number, self.entry(a.matrix, i, j))

    def of_T(self, a, i, j):
        return self.entry(a.operands[0], j, i)

    def of_Product(self, a, i, j):
        inner = [self.fresh() if f.shape[1] != 1 else "" for f in a.operands[:-1]]
        ends = [i, *inner, j]
        parts = [
            self.script.at(POWER, self.entry(f, ends[k], ends[k + 1]))
            for k, f in enumerate(a.operands)
        ]
        parts = [part for part in parts if part != "1"] or ["1"]
        return self.summed([k for k in inner if k], self.script.infix("entries", parts))

    def of_Ew(self, a, i, j):
        entries = [self.entry(b, i, j) for b in a.operands]
        return self.script.formula_of_entries(a.formula, e.slots(len(entries)), entries)

    def of_Diag(self, a, i, j):
        delta = self.of_Eye(a, i, j)[0]
        inside = self.script.at(POWER, self.entry(a.operands[0], i, ""))
        return self.script.infix("entries", [delta, inside]), PRODUCT

    def of_DiagPart(self, a, i, j):
        return self.entry(a.operands[0], i, i)

    def of_D(self, a, i, j):
        return self.script.differential(self.entry(a.operands[0], i, j))

    def pairing(self, left, right):
        """Σ_ij G_ij F_ij."""
        rows, columns = left.shape
        i = self.fresh() if rows != 1 else ""
        j = self.fresh() if columns != 1 else ""
        if isinstance(left, e.Eye):
            return self.summed([i] if i else [], self.script.at(PRODUCT, self.entry(right, i, i)))
        parts = [self.script.at(POWER, self.entry(a, i, j)) for a in (left, right)]
        parts = [part for part in parts if part != "1"]
        return self.summed([k for k in (i, j) if k], self.script.infix("entries", parts))

    def summed(self, letters, body):
        return (self.script.sum_over("".join(letters), body) if letters else body), PRODUCT
