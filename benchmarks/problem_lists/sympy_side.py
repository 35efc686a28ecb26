"""What SymPy's matrix `.diff` makes of the same questions.

Every formulation that a student would type is differentiated and its answer evaluated at a random
point. Classes, the best one first:

solved          right, and written in matrices
array form      right, but left as a tensor product or a contraction with indices
unevaluated     the answer still holds a Derivative, or a node without a value
exception       SymPy raised one
time limit      no answer in time
no gradient     a Hessian was asked for, and the first derivative is none of the first two
wrong           a number that is not the derivative, or a shape that is not one
not expressible there is no MatrixExpr for f
"""

from dataclasses import replace

import numpy as np

from benchmarks.problem_lists.lists import questions
from benchmarks.problem_lists.points import SIZES
from benchmarks.problem_lists.truth import answer, projected, same

SECONDS = 40
CLASSES = [
    "solved", "array form", "unevaluated", "exception", "time limit", "no gradient", "wrong",
    "not expressible",
]  # fmt: skip
LONGEST = 160  # characters of an answer that are kept


def symbols(question):
    """Name -> SymPy's symbol, and what a formulation may use besides: functions and sizes."""
    import sympy

    names = {name: getattr(sympy, name) for name in sympy.__all__} | SIZES[0]
    names |= {"t": sympy.Symbol("t", real=True), "DiagMatrix": sympy.DiagMatrix}
    for name, argument in question.arguments.items():
        shape = argument.shape(0)
        names[name] = (
            sympy.MatrixSymbol(name, *shape, *[1] * (2 - len(shape)))
            if shape
            else sympy.Symbol(name, real=True)
        )
    return names


def attempt(key, text, expected, first=None):
    """(class, answer or reason) of one formulation.

    expected: all partial derivatives at the first point; first: of a Hessian, the gradient there.
    """
    question = questions[key]
    names = symbols(question)
    by = names[question.wrt]
    found, error = tried(lambda: eval(text, {}, names).diff(by))  # the text stands in this package
    if question.asked == "hessian":
        before = "exception" if error else judged(replace(question, asked="gradient"), found, first)
        if before not in ("solved", "array form"):
            return "no gradient", f"gradient {before}: {error or shown(found)}"
        slope = found
        found, error = tried(lambda: slope.diff(by))
    if error:
        return "exception", error
    return judged(question, found, expected), shown(found)


def tried(call):
    """(result, None), or (None, the error in words)."""
    try:
        return call(), None
    except Exception as error:
        return None, shown(f"{type(error).__name__}: {error}")


def shown(answer):
    text = " ".join(str(answer).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def judged(question, found, expected):
    from benchmarks.problem_lists.sympy_values import ARRAYS, IllFormed, Unevaluated, value

    args = question.point(0, 0)
    known = {
        name: np.asarray(arg).reshape((*np.shape(arg), 1)[:2] if np.ndim(arg) else ())
        for name, arg in zip(question.arguments, args, strict=True)
    }
    try:
        number = value(found, known)
    except Unevaluated:
        return "unevaluated"
    except IllFormed:
        return "wrong"
    if not right(question, number, expected):
        return "wrong"
    return "array form" if found.has(*ARRAYS) else "solved"


def right(question, number, expected):
    """Whether a value of SymPy's is the derivative, in either order of indices.

    SymPy puts the indices of the argument first, and keeps axes of length 1.
    """
    number = np.squeeze(number)
    expected = np.asarray(expected)
    rank = len(question.arguments[question.wrt].axes)
    if number.ndim == 0 and number == 0 and not np.any(expected):
        return True
    turned = number
    if question.asked == "jacobian" and number.ndim == expected.ndim:
        turned = np.moveaxis(number, range(rank), range(-rank, 0))
    direction = question.direction(0, 0)
    for candidate in (number, turned):
        if candidate.shape == expected.shape:
            if question.asked == "gradient":
                candidate = projected(question, candidate)
            if same(answer(question, candidate, direction), answer(question, expected, direction)):
                return True
    return False


def verdict(attempts):
    """The class of a question: the best one of its formulations."""
    if not attempts:
        return "not expressible"
    return min((a["class"] for a in attempts), key=CLASSES.index)
