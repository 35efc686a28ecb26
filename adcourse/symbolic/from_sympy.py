"""A SymPy expression as a NumPy function that can be read, traced and differentiated."""

from keyword import iskeyword
from unicodedata import normalize

import numpy as np
import sympy

from adcourse.compiling import function_from
from adcourse.core.errors import WrongStructure
from adcourse.core.tree import flatten
from adcourse.symbolic.cse import shared
from adcourse.symbolic.source import Source


def from_sympy(expr, symbols, name="f"):
    """A SymPy expression as a plain NumPy function of its symbols.

    `symbols` lists the arguments of the function: symbols, or arrays, matrices, lists of symbols,
    each of which is one array argument. `expr` is an expression, a matrix or array of expressions,
    or a nest (tuple, list, dict) of them, and the function returns NumPy arrays nested likewise.
    Where it returns one expression, scalar arguments may be arrays: it works entry by entry.

    Common parts are computed once. The text is `.source`, and tracebacks show it. The function
    calls NumPy alone: it can be traced, differentiated and compiled like any other, and a Piecewise
    becomes np.where: no branch is frozen, and each is computed everywhere, with NumPy's warning
    where it is not defined.

    Raises NotLowerable for a symbol that is not among `symbols` and for a function that NumPy does
    not have, WrongStructure for symbols that are none or are given twice.

    >>> x, y = sympy.symbols("x y")
    >>> f = from_sympy(sympy.sin(x * y) + x * y, (x, y))
    >>> print(f.source)
    def f(x, y):
        t1 = x * y
        return t1 + np.sin(t1)
    >>> from adcourse import grad
    >>> grad(f)(0.0, 2.0)
    4.0
    """
    arguments = [symbols] if isinstance(symbols, sympy.Basic | sympy.MatrixBase) else list(symbols)
    words, names = {}, []
    taken = {"np", name}
    for i, argument in enumerate(arguments, start=1):
        entries = as_objects(argument)
        called = str(entries) if entries.shape == () else prefix(entries) or f"x{i}"
        names.append(identifier(called, taken))
        for index in np.ndindex(entries.shape):
            symbol = entries[index]
            if not isinstance(symbol, sympy.Symbol):
                raise WrongStructure(f"The arguments of a function are symbols, not {symbol}.")
            if symbol in words:
                raise WrongStructure(f"The symbol {symbol} is given twice.")
            words[symbol] = names[-1] + (f"[{', '.join(map(str, index))}]" if index else "")
    leaves, rebuild = flatten(expr)
    for leaf in leaves:
        if isinstance(leaf, str | sympy.MatrixExpr):
            what = "text" if isinstance(leaf, str) else "a matrix without entries"
            raise WrongStructure(
                f"from_sympy takes expressions, but {leaf} is {what}. Give sympy.sympify(text), "
                "or the entries of a matrix by .as_explicit()."
            )
    arrays = [as_objects(leaf) for leaf in leaves]
    flat = [sympy.sympify(e) for a in arrays for e in a.ravel()]
    definitions, flat = shared(flat)
    lines, written = [], Source(words)
    for symbol, e in definitions:
        text = written.line(e)
        words[symbol] = identifier(f"t{len(lines) + 1}", taken)
        lines.append(f"    {words[symbol]} = {text}")
    texts = iter([written.value(e) for e in flat])
    rest = [Text(stacked(a.shape, texts)) for a in arrays]
    result = repr(rebuild(rest))
    text = "\n".join([f"def {name}({', '.join(names)}):", *lines, f"    return {result}"])
    return function_from(text, name, {"np": np})


class Text(str):
    """Source text that prints without quotation marks inside a nest."""

    def __repr__(self):
        return str(self)


def as_objects(leaf):
    """A symbol, expression, matrix, array or list of them as an object array."""
    if isinstance(leaf, sympy.MatrixBase | sympy.NDimArray):
        return np.array(leaf.tolist(), dtype=object).reshape(leaf.shape)
    return np.asarray(leaf, dtype=object)


def stacked(shape, texts):
    """The entries of an array as one NumPy expression."""
    if shape == ():
        return next(texts)
    parts = [stacked(shape[1:], texts) for _ in range(shape[0])]
    return f"np.stack([{', '.join(parts)}])"


def prefix(entries):
    """What the names of all entries begin with: x of x_0, x_1."""
    names = [str(s) for s in entries.ravel()]
    first = names[0] if names else ""
    while first and not all(n.startswith(first) for n in names):
        first = first[:-1]
    return first.rstrip("_0123456789") or first


def identifier(name, taken):
    """A Python name like this one that is not taken."""
    word = "".join(c if f"x{c}".isidentifier() else "_" for c in normalize("NFKC", name))
    word = word if word.isidentifier() else f"x{word}"
    while word in taken or iskeyword(word):
        word += "_"
    taken.add(word)
    return word
