"""Derived answers: the formula itself goes to the grader, who compares it with the key's.

Here, where a student's code runs, a formula is only written down; nothing is compared.
"""

import json
from functools import partial
from types import FunctionType

from .canonical import canonical, display_shown

PREFIX = "▸ formula "
UNREAD = '{"unread":'
LONGEST = 20_000  # characters of one formula


def show_formula(answer, variables, assume=None):
    """Show a formula, so that any form of it earns the points that the key's form earns.

    answer     a SymPy expression, matrix or matrix expression, an expression or derivation of
               adcourse.symbolic.matrix_calculus, text such as "X.T @ (X @ w - y)", or a list or
               tuple of these. A function without arguments is called first.
    variables  "w1 w2" for numbers, or a dict from name to shape: {"X": ("n", "p"), "w": ("p",)};
               what is not named here must not occur in the answer
    assume     what is known of them, as in `adcourse.compare`: {"A": "symmetric"}

    Never raises: an error, a missing answer, or what no formula can hold is shown as such.

    >>> import sympy
    >>> x = sympy.Symbol("x")
    >>> show_formula(2 * x, "x")
    ▸ formula {"answer": "2*x", "variables": {"x": []}, "assume": {}}
    """
    try:
        if isinstance(answer, FunctionType | partial):
            answer = answer()
        text = _as_text(answer)
    except (Exception, SystemExit) as error:
        from ..core.errors import NotLowerable

        if not isinstance(error, NotLowerable | RecursionError):
            return _print(f"▸ {canonical(_raise(error))}")
        text = {"unread": " ".join(str(error).split())[:300]}
    if text is None:
        return _print("▸ nothing is written yet")
    given = {"answer": text, "variables": _shapes(variables), "assume": assume or {}}
    return _print(PREFIX + json.dumps(given))


def _print(text):
    if not display_shown(text, 0):
        print(text)


def _raise(error):
    def again():
        raise error

    return again


def _as_text(answer):
    """Text, or a nested list of texts; None where nothing is written."""
    import sympy

    from ..symbolic.typed import typed

    if answer is None or answer is ...:
        return None
    if isinstance(answer, sympy.MatrixBase):
        answer = answer.tolist()
    if hasattr(answer, "tolist"):  # an array of expressions
        answer = answer.tolist()
    if isinstance(answer, list | tuple):
        parts = [_as_text(part) for part in answer]
        return None if None in parts else parts
    text = typed(answer)
    if len(text) > LONGEST:
        return {"unread": f"the formula has {len(text)} characters"}
    return text


def _shapes(variables):
    if isinstance(variables, str):
        return dict.fromkeys(variables.replace(",", " ").split(), ())
    return {str(name): shape for name, shape in variables.items()}
