"""Derivatives as mathematics: the graph as SymPy expressions, and the verdict of a comparison."""

from adcourse.symbolic.answers import parse_answer
from adcourse.symbolic.compare import Verdict, compare
from adcourse.symbolic.lower import to_sympy

__all__ = ["Verdict", "compare", "parse_answer", "to_sympy"]
