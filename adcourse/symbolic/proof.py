"""Quick proofs that a difference is zero, within limits that keep SymPy from running on."""

from math import comb

import sympy
from sympy.functions.elementary.hyperbolic import HyperbolicFunction

SIMPLIFY_LIMIT = 80  # operations; above it simplification may take minutes, points do not
DEPTH_LIMIT = 12  # of nesting; deeper, simplification may take minutes as well
NODE_LIMIT = 2_000  # operations of what is expanded
TERM_LIMIT = 2_000  # terms that an expansion may have
HIGHEST = 9  # number in an exponent: SymPy factors polynomials in e of twice this degree
SLOW = (sympy.Max, sympy.Min, sympy.Piecewise)  # simplification of these takes as long


def vanishes(difference, thorough=True):
    """Whether a proof is found, among those that are quick, that a difference is zero.

    `thorough` tries simplification as well, which is for differences that vanish at points.

    >>> x = sympy.Symbol("x")
    >>> vanishes((x + 1) ** 2 - x**2 - 2 * x - 1), vanishes(sympy.exp(x) - 1 - x)
    (True, False)
    """
    if difference == 0:
        return True
    operations, terms, depth = sizes(difference)
    if operations > NODE_LIMIT or terms > TERM_LIMIT:
        return False
    if sympy.expand(difference) == 0:
        return True
    if sympy.expand(sympy.fraction(sympy.together(difference))[0]) == 0:
        return True
    if not thorough or operations > SIMPLIFY_LIMIT or depth > DEPTH_LIMIT:
        return False
    if difference.has(*SLOW) or has_high_exponent(difference):
        return False
    return sympy.simplify(difference) == 0


def has_high_exponent(e):
    """Whether exp, or a function that is rewritten by exp, is taken of a large number and more."""
    taken = e.atoms(sympy.exp, HyperbolicFunction)
    return any(abs(n) > HIGHEST for f in taken for n in f.args[0].atoms(sympy.Rational))


def sizes(e):
    """Operations of an expression, a bound for the terms of its expansion, and its depth.

    They are counted once per distinct subexpression, so that shared ones cost nothing.
    """
    memo = {}
    stack = [(e, False)]
    while stack:
        node, ready = stack.pop()
        if node in memo:
            continue
        if not ready:
            stack.append((node, True))
            stack.extend((a, False) for a in node.args)
            continue
        parts = [memo[a] for a in node.args]
        operations = sum(n for n, _, _ in parts) + max(len(parts) - 1, bool(parts))
        if isinstance(node, sympy.Add):
            terms = sum(t for _, t, _ in parts)
        elif isinstance(node, sympy.Pow) and node.exp.is_Integer:
            n = abs(int(node.exp))
            base = parts[0][1]
            huge = n > 1000 and (base > 1 or node.base.is_Number)
            terms = TERM_LIMIT + 1 if huge else comb(base + n - 1, n) if base > 1 else 1
        else:
            terms = 1
            for _, t, _ in parts:
                terms *= t
        depth = max((d for _, _, d in parts), default=0) + 1
        memo[node] = operations, min(terms, TERM_LIMIT + 1), depth
    return memo[e]
