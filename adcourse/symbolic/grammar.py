"""The text of an answer: which characters, which syntax, which names."""

import ast
import warnings

import sympy

from adcourse.core.errors import AnswerError

MOST_CHARACTERS = 1000
INSTEAD = {
    "−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", "²": "**2", "³": "**3", "ᵀ": ".T",
    "⊤": ".T", "√": "sqrt(…)", "⊙": "hadamard(…)", "∘": "hadamard(…)",
}  # fmt: skip
WORDS = {
    ast.Lambda: "lambda", ast.ListComp: "a comprehension", ast.GeneratorExp: "a comprehension",
    ast.JoinedStr: "a string", ast.Compare: "a comparison", ast.IfExp: "a condition",
    ast.List: "a list", ast.Tuple: "a tuple", ast.Dict: "a dict", ast.Set: "a set",
    ast.Subscript: "an index", ast.BoolOp: "a condition", ast.NamedExpr: "an assignment",
    ast.Starred: "a star", ast.DictComp: "a comprehension", ast.SetComp: "a comprehension",
}  # fmt: skip
ALLOWED = "Allowed are numbers, the symbols, + - * / ** @, .T and functions such as exp or inv"


def known(symbols):
    """From name to (shape, SymPy symbol or None); a vector is a column, a dimension an int or name.

    >>> known({"x": ("n",), "A": (2, "n")})
    {'x': (('n', 1), None), 'A': ((2, 'n'), None)}
    """
    items = symbols.items() if isinstance(symbols, dict) else [(None, s) for s in symbols]
    found = {}
    for name, s in items:
        if isinstance(s, tuple):
            found[name] = ((*map(dimension, s), 1)[:2] if s else (), None)
        elif isinstance(s, sympy.MatrixSymbol):
            found[name or s.name] = (tuple(map(dimension, s.shape)), s)
        else:
            found[name or str(s)] = ((), s)
    return found


def dimension(d):
    """A dimension as an int or a name."""
    return int(d) if isinstance(d, int) or getattr(d, "is_Integer", False) else str(d)


def parsed(text, given):
    """Python's syntax tree of the text."""
    if not isinstance(text, str):
        raise AnswerError(f"An answer is text, not {type(text).__name__}.")
    text = text.strip()
    if not text:
        raise AnswerError("The answer is empty.")
    if len(text) > MOST_CHARACTERS:
        raise AnswerError(
            f"The answer has {len(text)} characters; at most {MOST_CHARACTERS} are read."
        )
    letters = {c for name in given for c in name}
    for column, c in enumerate(text, 1):
        if not (" " <= c <= "~" or c in letters):
            instead = f" Write {INSTEAD[c]} instead." if c in INSTEAD else " Use plain ASCII."
            raise AnswerError(f"Column {column}: the character {c!r} is not read.{instead}")
    try:
        with warnings.catch_warnings():  # about text that is refused below in any case
            warnings.simplefilter("ignore")
            return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        column = min(max(error.offset or 1, 1), len(text))
        raise AnswerError(f"Column {column}: this is not a formula. {ALLOWED}.") from None
    except (ValueError, MemoryError, RecursionError, OverflowError):
        raise AnswerError("The answer is nested too deeply, or has too long a number.") from None


def called(function):
    """The name of a function, also as NumPy has it: np.exp, np.linalg.inv."""
    if isinstance(function, ast.Name):
        return function.id
    if isinstance(function, ast.Attribute):
        where = function.value
        if isinstance(where, ast.Attribute) and where.attr == "linalg":
            where = where.value
        if isinstance(where, ast.Name) and where.id in ("np", "numpy"):
            return function.attr
    return None
