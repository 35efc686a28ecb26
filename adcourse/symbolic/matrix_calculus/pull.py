"""Moving a differential to the right end of an inner product: the pullback, rule by rule.

In <G, F> the F is linear in differentials. Each rule takes one linear map off F and puts its
adjoint on G, <G, ℓ(K)> = <ℓ*(G), K>, until F is the differential of one matrix. This is "cyclic
trace and transpose until dX stands at the right end", and it is reverse mode.
"""

import sympy

from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.forms import hadamard, mul, scale, transpose
from adcourse.symbolic.matrix_calculus.scalars import Atom, inner, tr


def has_differential(a):
    """Whether a D stands somewhere in an expression."""
    if isinstance(a, e.D):
        return True
    if isinstance(a, e.Scale) and any(map(changes, a.number.free_symbols)):
        return True
    return any(has_differential(operand) for operand in a.operands)


def changes(s):
    """Whether a symbol of a number is a differential, or an atom made with one."""
    if not isinstance(s, Atom):
        return False
    return s.operator == "d" or has_differential(s.argument)


def pulled(rate, g, f):
    """<G, F> times a rate as terms (rate, G, K) with K = D(·), or (rate, None, d(s)).

    Gives the terms and the names of the rules that were used.
    """
    todo, done, rules = [(rate, g, f)], [], set()
    while todo:
        rate, g, f = todo.pop(0)
        if isinstance(f, e.Zero):
            continue
        if isinstance(f, e.D):
            done.append((rate, g, f))
        elif isinstance(f, e.Sum):
            todo[:0] = [(rate, g, term) for term in f.operands]
        elif isinstance(f, e.Scale):
            moved = sorted(filter(changes, f.number.free_symbols), key=lambda s: s.name)
            rules.update(["number"] if moved else [])
            for s in moved:  # the number is linear in its differentials
                factor = rate * sympy.diff(f.number, s) * inner_or_number(g, f.matrix)
                if s.operator == "d":
                    done.append((factor, None, s))
                else:
                    todo.append((factor, e.Eye(s.argument.shape[0]), s.argument))
            if not moved:
                todo.insert(0, (rate * f.number, g, f.matrix))
        else:
            rule, terms = linear_map(g, f)
            if rule != "factors" or any(t[0] is not g for t in terms):
                rules.add(rule)
            for g_new, f_new in terms:
                number = 1
                if isinstance(g_new, e.Scale):
                    number, g_new = g_new.number, g_new.matrix
                todo.insert(0, (rate * number, g_new, f_new))
    return done, rules


def inner_or_number(g, a):
    """<G, A> as a number; <1, a> is the number in a 1×1 matrix."""
    return tr(a) if isinstance(g, e.Eye) else inner(g, a)


def linear_map(g, f):
    """The outermost linear map of F taken over to G: (rule, [(G', K), …])."""
    if isinstance(f, e.T):
        return "transpose", [(transpose(g), f.operands[0])]
    moving = [k for k, operand in enumerate(f.operands) if has_differential(operand)]
    (k,) = moving
    inside = f.operands[k]
    if isinstance(f, e.Product):
        left = [transpose(a) for a in reversed(f.operands[:k])]
        right = [transpose(a) for a in reversed(f.operands[k + 1 :])]
        return "factors", [(mul(*left, g, *right), inside)]
    if isinstance(f, e.Ew):
        others = [operand for j, operand in enumerate(f.operands) if j != k]
        return "entries", [(hadamard(g, *others), inside)]
    if isinstance(f, e.Diag):
        return "diagonal", [(e.DiagPart(g), inside)]
    if isinstance(f, e.DiagPart):
        return "diagonal", [(e.Diag(g), inside)]
    if isinstance(f, e.Kron):
        other = f.operands[1 - k]
        return "Kronecker product", [(e.BlockTrace(g, other, bool(k)), inside)]
    if isinstance(f, e.BlockTrace):
        return "Kronecker product", [block_adjoint(g, f, k, inside)]
    if isinstance(f, e.Sylvester):
        a, b = transpose(f.operands[0]), transpose(f.operands[1])
        return "Sylvester", [(e.Sylvester(a, b, g), inside)]
    if isinstance(f, e.Half):
        return "lower triangle", [(e.Half(g), inside)]
    raise TypeError(f"{f!r} is not a linear map")  # every kind that a rule makes is above


def block_adjoint(g, f, k, inside):
    """<G, M> for M_ij = <H_ij, B>, by H or by B; and for M = Σ a_ij H_ij."""
    h, other = f.operands
    is_inner = f.data[0]
    if k == 0:
        return (e.Kron(other, g) if is_inner else e.Kron(g, other)), inside
    return e.BlockTrace(h, g, not is_inner), inside


def collected(terms):
    """Terms with the same differential put together, in the order of their first appearance."""
    sums = {}
    for rate, g, f in terms:
        if g is None:
            sums[f] = (sums[f][0] + rate, None) if f in sums else (rate, None)
        elif f not in sums:
            sums[f] = (rate, g)
        else:
            old_rate, old = sums[f]
            if old is g:
                sums[f] = (old_rate + rate, g)
            else:
                whole = scale(old_rate, old) + scale(rate, g)
                sums[f] = (1, whole)
    return [
        (rate, g, f) for f, (rate, g) in sums.items() if rate != 0 and not isinstance(g, e.Zero)
    ]
