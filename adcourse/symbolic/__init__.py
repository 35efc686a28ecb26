"""Derivatives as mathematics: the graph as SymPy expressions, and the verdict of a comparison."""

from adcourse.symbolic import matrix_calculus
from adcourse.symbolic.answers import parse_answer
from adcourse.symbolic.compare import Verdict, compare
from adcourse.symbolic.from_sympy import from_sympy
from adcourse.symbolic.let import Let
from adcourse.symbolic.lower import to_sympy
from adcourse.symbolic.swell import Swell, swell
from adcourse.symbolic.ties import differentiated

__all__ = [
    "Let",
    "Swell",
    "Verdict",
    "compare",
    "differentiated",
    "from_sympy",
    "matrix_calculus",
    "parse_answer",
    "swell",
    "to_sympy",
]
