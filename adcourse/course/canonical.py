"""One text for one answer: what a hidden test shows, whatever form the answer took.

`show` prints in the student's kernel; the grader prints the same from the solved key and compares
(see agreement.py). The text therefore holds values and never a verdict.
"""

import sys
from collections.abc import Mapping

import numpy as np

MEDIA_TYPE = "application/vnd.adcourse.show+json"  # tells a shown result from a print
FULL = 200  # arrays up to this size are shown entry by entry


def show(value, digits=6, symbols=None):
    """Print the canonical form of a result, so that equal answers print equal text.

    value    number, array, text, SymPy expression or matrix, or tuples, lists and dicts of these.
             A function without arguments is called first, and an error in it is shown as a line:
             `show(lambda: slope(x))` is the safe form for a student's function.
    digits   significant digits that are shown, and that the grader compares.
    symbols  for expressions: the names they may contain, such as "w1 w2".

    An expression is shown by its values at rational points drawn from SEED, so every form of it
    shows the same: x*(x + 1) and x**2 + x agree. Show values, not verdicts: anybody prints True.

    >>> show(np.array([1.0, 0.5]))
    ▸ shape (2,): 1, 0.5
    """
    seed = sys._getframe(1).f_globals.get("SEED", 0)
    text = "▸ " + canonical(value, digits, symbols, seed)
    if not display_shown(text, digits):
        print(text)


def submission_rng():
    """A NumPy generator for the inputs of a hidden test: other numbers for every submission.

    The grader defines SEED right before a hidden test runs; elsewhere the seed is 0. Names with
    an underscore keep a hidden test out of the way of the student's own:

        _rng = submission_rng()
        show(lambda: slope(_rng.uniform(1, 2)))
    """
    return np.random.default_rng(sys._getframe(1).f_globals.get("SEED", 0))


_diverted = None  # a list that takes what is shown, in place of the page


def divert(results):
    """Have what is shown put into the list `results` as (text, digits); None: show it again."""
    global _diverted
    _diverted = results


def display_shown(text, digits):
    """Send text to Jupyter as an output of its own, apart from what the student's code prints."""
    if _diverted is not None:
        _diverted.append((text, digits))
        return True
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        return False
    from IPython.display import display

    display({"text/plain": text, MEDIA_TYPE: {"digits": digits}}, raw=True)
    return True


def canonical(value, digits=6, symbols=None, seed=0):
    """The text that `show` prints; never raises for what an answer may be."""
    try:
        if callable(value) and not _is_sympy(value):
            value = value()
        return _text(value, digits, symbols, seed)
    except RecursionError:
        return "too deeply nested to show"
    except (Exception, SystemExit) as error:
        return f"raised {type(error).__name__}: {' '.join(str(error).split())[:200]}"


def _text(value, digits, symbols, seed):
    if value is None or value is ...:
        return "nothing is written yet"
    if isinstance(value, str):
        return repr(value[:FULL])
    if _is_sympy(value):
        from .expressions import values_of

        return values_of(value, digits, symbols, seed)
    if isinstance(value, Mapping):
        pairs = sorted((str(key), item) for key, item in value.items())
        return "{" + ", ".join(f"{k}: {_text(v, digits, symbols, seed)}" for k, v in pairs) + "}"
    value = _plain(value)
    if isinstance(value, list | tuple) and not _numeric(value):
        return "[" + "; ".join(_text(item, digits, symbols, seed) for item in value) + "]"
    if isinstance(value, list | tuple | np.ndarray | np.generic | bool | int | float | complex):
        return _array(np.asarray(value), digits)
    return f"a {type(value).__name__}, which is not a number, array, text or expression"


def _plain(value, inside=False):
    """Arrays of objects as lists, and SymPy's real numbers in a list as Python's."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "O":
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(item, True) for item in value]
    if inside and _is_sympy(value) and getattr(value, "is_number", False) and value.is_real:
        return int(value) if value.is_Integer else float(value)
    return value


def _numeric(sequence):
    """Whether NumPy reads a list as an array of numbers, which then shows like that array."""
    if any(_is_sympy(item) for item in sequence):
        return False
    try:
        return len(sequence) > 0 and np.asarray(sequence).dtype.kind in "biufc"
    except (ValueError, TypeError, OverflowError):
        return False  # ragged, or holds what NumPy does not know


def _array(array, digits):
    if array.dtype.kind not in "biufc":
        return f"an array of {array.dtype.name}, which are not numbers"
    if array.ndim == 0:
        return number(array[()], digits)
    entries = array.ravel()
    if entries.size > FULL:
        # Fixed weights tell the entries apart; the text stays short.
        weights = np.cos(np.arange(entries.size) + 1.0)
        entries = np.append(entries[:: -(-entries.size // 20)], weights @ entries)
    return f"shape {array.shape}: " + ", ".join(number(entry, digits) for entry in entries)


def number(x, digits):
    """A number with that many significant digits; 3, 3.0 and 3+0j read the same.

    >>> number(2 / 3, 4)
    '0.6667'
    """
    if isinstance(x, bool | np.bool_):
        return str(bool(x))
    if isinstance(x, complex | np.complexfloating) and x.imag:
        return f"complex ({number(x.real, digits)}, {number(x.imag, digits)})"
    text = f"{x.real:.{digits}g}"
    return "0" if float(text) == 0 else text


def _is_sympy(value):
    # Whoever holds an expression has imported SymPy already.
    sympy = sys.modules.get("sympy")
    return sympy is not None and isinstance(value, sympy.Basic | sympy.MatrixBase)
