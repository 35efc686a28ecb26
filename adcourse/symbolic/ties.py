"""The derivative of a scalar expression by the rules of school, each distinct part once.

Where SymPy's `diff` and the package differ is at kinks and jumps: SymPy answers with Heaviside and
Dirac functions and leaves floor undone. Here the package's conventions hold.
"""

import sympy

from adcourse.core.errors import WrongStructure
from adcourse.symbolic.let import extremum, piecewise

SMOOTH_OR_KINK = (sympy.Add, sympy.Mul, sympy.Pow, sympy.Function, sympy.Max, sympy.Min)
STEPS = (sympy.sign, sympy.floor, sympy.ceiling, sympy.Heaviside, sympy.DiracDelta)


def differentiated(e, x):
    """The derivative of a SymPy expression e by the symbol x, as `grad` has it, also at ties.

    |t| has slope sign(t), so 0 at 0. Max and Min of two arguments have slopes (1 ± sign(t))/2, one
    half each at a tie; among more arguments those that tie share evenly, as in `np.max`. Steps
    (sign, floor, ceiling, Heaviside) have derivative 0, also where they jump. A Piecewise is
    differentiated branch by branch. Everything else is what SymPy's own `diff` gives.

    Raises WrongStructure for a matrix, an array or a condition.

    >>> x = sympy.Symbol("x", real=True)
    >>> differentiated(sympy.Max(0, x), x).subs(x, 0)
    1/2
    >>> differentiated(sympy.floor(x) * sympy.Abs(x), x)
    floor(x)*sign(x)
    """
    e = sympy.sympify(e)
    if not isinstance(e, sympy.Expr) or not e.is_scalar:
        raise WrongStructure(
            f"differentiated takes a scalar expression, not {type(e).__name__}. Map it over the "
            "entries with applyfunc."
        )
    slopes = {x: sympy.S.One}
    stack = [e]
    while stack:
        part = stack[-1]
        missing = [a for a in depends_on(part) if a not in slopes]
        if part in slopes:
            stack.pop()
        elif missing:
            stack.extend(missing)
        else:
            slopes[stack.pop()] = slope(part, x, slopes)
    return slopes[e]


def depends_on(e):
    """The arguments that a small change reaches the value through."""
    if isinstance(e, STEPS):
        return ()
    if isinstance(e, sympy.Piecewise):
        return tuple(value for value, _ in e.args)
    return e.args if isinstance(e, SMOOTH_OR_KINK) else ()


def slope(e, x, slopes):
    """The derivative of one operation, from the derivatives of its arguments."""
    args = depends_on(e)
    dots = [slopes[a] for a in args]
    if not args:  # an integral or the like has rules of its own
        return sympy.S.Zero if e.is_Atom or isinstance(e, STEPS) else sympy.diff(e, x)
    if all(dot == 0 for dot in dots):
        return sympy.S.Zero
    if isinstance(e, sympy.Piecewise):
        return piecewise(*[(dot, pair.cond) for dot, pair in zip(dots, e.args, strict=True)])
    return sympy.Add(*[p * dot for p, dot in partials(e, args, dots)])


def partials(e, args, dots):
    """Pairs of the partial derivative by an argument and that argument's derivative."""
    if e.is_Mul:  # as one product each, which SymPy then sorts once
        for k, dot in enumerate(dots):
            if dot != 0:
                yield sympy.Mul(*args[:k], dot, *args[k + 1 :]), 1
        return
    for k, dot in enumerate(dots):
        if dot != 0:
            yield partial(e, args, k), dot


def partial(e, args, k):
    """∂e/∂(its k-th argument)."""
    if e.is_Add:
        return sympy.S.One
    if e.is_Pow:
        base, power = args
        return e * sympy.log(base) if k else power * base ** (power - 1)
    if isinstance(e, sympy.Abs):
        return sympy.sign(args[0])
    if isinstance(e, sympy.frac):
        return sympy.S.One
    if isinstance(e, sympy.Max | sympy.Min):
        return share(e, args, k)
    return e.fdiff(k + 1)


def share(e, args, k):
    """The share of an argument in a Max or Min: evenly among those that tie."""
    if len(args) == 2:
        ahead = sympy.sign(args[k] - args[1 - k])
        return (1 + (ahead if isinstance(e, sympy.Max) else -ahead)) / 2
    top = extremum(e.func, *args)
    wins = [piecewise((sympy.S.One, sympy.Eq(a, top)), (sympy.S.Zero, True)) for a in args]
    return wins[k] / sympy.Add(*wins)
