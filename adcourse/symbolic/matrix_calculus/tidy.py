"""An expression in the form in which a person would write it, by named steps that keep its value.

Numbers are cut out of products (u (cᵀv) w is (cᵀv) u w), traces are turned to one form, like terms
are collected, common factors taken out, functions of entries fused (entries.py).
"""

from functools import lru_cache

import sympy

from adcourse.symbolic.matrix_calculus import entries
from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.forms import (
    add,
    expanded,
    hadamard,
    in_front,
    inverse,
    is_diagonal,
    linear_terms,
    mul,
    scale,
    transpose,
)
from adcourse.symbolic.matrix_calculus.numbers import tidy_number, trace
from adcourse.symbolic.matrix_calculus.recognise import quotient

LARGEST = 2000  # nodes, written out, of an expression that is tidied up; no one reads longer ones


@lru_cache(maxsize=8192)
def tidy(a):
    """The same matrix, written short."""
    if not a.operands or a.weight > LARGEST:
        return a
    operands = [tidy(operand) for operand in a.operands]
    return TIDY.get(type(a), e.Expression.with_operands)(a, operands)


def tidy_sum(a, operands):
    whole = add(*operands)
    if any(isinstance(b, e.T) and isinstance(b.operands[0], e.Sum) for _, b in linear_terms(whole)):
        whole = min(whole, expanded(whole), key=size)  # (A + B)ᵀ where its terms meet others
    terms = linear_terms(whole)
    whole = entries.fused([(tidy_number(number), part) for number, part in terms], size)
    if isinstance(whole, e.Sum):
        whole = factored(whole)
    return common_number(whole) if isinstance(whole, e.Sum) else whole


def common_number(a):
    """A number that stands in front of all terms taken out: A/s + B/s is (A + B)/s."""
    terms = linear_terms(a)
    common = terms[0][0]
    signs = sum(number.could_extract_minus_sign() for number, _ in terms)
    if common in (1, -1) and 2 * signs <= len(terms):
        return a
    if signs == len(terms) or any(abs_of(number) != abs_of(common) for number, _ in terms):
        common = -1 if signs == len(terms) else 1
    else:
        common = abs_of(common)
    if common == 1:
        return a
    return scale(common, add(*[scale(number / common, part) for number, part in terms]))


def abs_of(number):
    return -number if number.could_extract_minus_sign() else number


def tidy_scale(a, operands):
    number, part = in_front(scale(tidy_number(a.number), operands[0]))
    if isinstance(part, e.Sum):
        return scale(number, part)
    factors = part.operands if isinstance(part, e.Product) else (part,)
    return with_number(number, factors)


def with_number(number, factors):
    """number · A B …; a sign, and a sum of exponentials below, go where they belong."""
    number, factors = turned_signs(number, factors)
    for k, factor in enumerate(factors):
        if isinstance(factor, e.Ew) and isinstance(factor.formula, sympy.exp):
            sums = trace(mul(e.Ones(1, factor.shape[0]), factor)) if factor.shape[1] == 1 else 1
            if sums in quotient(number)[1].free_symbols and not (number * sums).has(sums):
                z = entries.spread(factor.formula.args[0], list(factor.operands))
                number, factors = number * sums, [*factors[:k], e.Softmax(z, 0), *factors[k + 1 :]]
    return scale(number, mul(*factors))


def tidy_product(a, operands):
    number, flat = in_front(mul(*operands))
    if not isinstance(flat, e.Product):
        return scale(tidy_number(number), flat)
    factors, numbers = without_numbers(flat.operands)
    factors = without_diagonals(factors)
    return with_number(tidy_number(number * sympy.Mul(*numbers)), factors)


def turned_signs(number, factors):
    """−Aᵀ(y − z) as Aᵀ(z − y): a sign goes into a sum that is mostly negative itself."""
    factors = list(factors)
    for k, factor in enumerate(factors):
        if number.could_extract_minus_sign() and isinstance(factor, e.Sum):
            terms = linear_terms(factor)
            if 2 * sum(n.could_extract_minus_sign() for n, _ in terms) >= len(terms):
                factors[k] = add(*[scale(-n, part) for n, part in terms])
                return -number, factors
    return number, factors


def without_numbers(factors):
    """The factors without those runs, from a row to a column, whose product is a number."""
    factors, numbers = list(factors), []
    i = 0
    while i < len(factors):
        ends = [j for j in range(i, len(factors)) if factors[j].shape[1] == 1]
        whole = i == 0 and ends and ends[0] == len(factors) - 1
        if factors[i].shape[0] == 1 and ends and not whole and factors[i].shape != (1, 1):
            run = factors[i : ends[0] + 1]
            numbers.append(trace(mul(*run)))
            del factors[i : ends[0] + 1]
            i = 0
        else:
            i += 1
    return factors, numbers


def without_diagonals(factors):
    """diag(v) w is v ⊙ w for a column w, diag(u) diag(v) is diag(u ⊙ v)."""
    factors = list(factors)
    for k in range(len(factors) - 1, 0, -1):
        left, right = factors[k - 1], factors[k]
        if isinstance(left, e.Diag) and right.shape[1] == 1:
            factors[k - 1 : k + 1] = [tidy(hadamard(left.operands[0], right))]
        elif isinstance(left, e.Diag) and isinstance(right, e.Diag):
            both = tidy(hadamard(left.operands[0], right.operands[0]))
            factors[k - 1 : k + 1] = [e.Diag(both)]
    return factors


def tidy_entries(a, operands):
    flat = entries.flattened(e.Ew(*operands, tidy_number(a.formula)))
    number, inside = in_front(flat)
    if isinstance(inside, e.Ew) and inside.formula == sympy.Mul(*e.slots(len(inside.operands))):
        for k, operand in enumerate(inside.operands):
            rest = inside.operands[:k] + inside.operands[k + 1 :]
            if isinstance(operand, e.Eye):
                part = hadamard(*rest)
                return scale(number, part if is_diagonal(part) else tidy(e.Diag(e.DiagPart(part))))
            if (v := spread_column(operand)) is not None:
                return scale(number, tidy(mul(e.Diag(v), hadamard(*rest))))
            if (v := spread_column(transpose(operand))) is not None:
                return scale(number, tidy(mul(hadamard(*rest), e.Diag(v))))
    return flat


def spread_column(a):
    """The v of v 1ᵀ, a column that stands in every column of a matrix; else None."""
    if isinstance(a, e.Product) and a.shape[1] != 1:
        *v, ones = a.operands
        if isinstance(ones, e.Ones) and ones.shape[0] == 1:
            return mul(*v)
    return None


def tidy_diagonal_part(a, operands):
    """diag(u vᵀ) is u ⊙ v, and diag(diag(v)) is v."""
    number, inside = in_front(operands[0])
    if isinstance(inside, e.Diag):
        return scale(number, inside.operands[0])
    if isinstance(inside, e.Eye):
        return scale(number, e.Ones(inside.shape[0], 1))
    if isinstance(inside, e.Product) and isinstance(inside.operands[-1], e.Diag):
        rest = tidy(e.DiagPart(mul(*inside.operands[:-1])))
        return scale(number, tidy(hadamard(rest, inside.operands[-1].operands[0])))
    if isinstance(inside, e.Product) and isinstance(inside.operands[0], e.Diag):
        rest = tidy(e.DiagPart(mul(*inside.operands[1:])))
        return scale(number, tidy(hadamard(inside.operands[0].operands[0], rest)))
    if isinstance(inside, e.Product):
        for k, factor in enumerate(inside.operands[:-1], start=1):
            if factor.shape[1] == 1:
                u, v = mul(*inside.operands[:k]), mul(*inside.operands[k:])
                return scale(number, tidy(hadamard(u, transpose(v))))
        u, v = inside.operands[0], mul(*inside.operands[1:])
        if isinstance(u, e.Ew) or isinstance(v, e.Ew):  # diag(A Bᵀ) is (A ⊙ B) 1: some cancel
            sums = tidy(mul(tidy(hadamard(u, transpose(v))), e.Ones(u.shape[1], 1)))
            if size(sums) < size(inside):
                return scale(number, sums)
    return scale(number, e.DiagPart(inside))


def tidy_diagonal(a, operands):
    number, inside = in_front(operands[0])
    if isinstance(inside, e.Sym) and inside.value is not None:
        entries_of = inside.value.ravel().tolist()
        if sorted(entries_of) == [0.0] * (len(entries_of) - 1) + [1.0]:  # diag(e₁) is e₁e₁ᵀ
            return scale(number, mul(inside, e.T(inside)))
    if isinstance(inside, e.Ones):
        return scale(number, e.Eye(inside.shape[0]))
    return scale(number, e.Diag(inside))


TIDY = {
    e.Sum: tidy_sum,
    e.Scale: tidy_scale,
    e.Product: tidy_product,
    e.T: lambda a, operands: transpose(operands[0]),
    e.Inv: lambda a, operands: inverse(operands[0]),
    e.Ew: tidy_entries,
    e.Diag: tidy_diagonal,
    e.DiagPart: tidy_diagonal_part,
}


def factored(a):
    """A sum with common factors taken out at the left or right: AᵀAx − Aᵀb is Aᵀ(Ax − b)."""
    best = a
    for left in (True, False):
        groups = {}
        for number, part in linear_terms(a):
            factors = part.operands if isinstance(part, e.Product) else (part,)
            groups.setdefault(factors[0 if left else -1], []).append((number, factors))
        if all(len(group) == 1 for group in groups.values()):
            continue
        if any(len(group) > 1 and len(g[1]) == 1 for group in groups.values() for g in group):
            continue  # X + XA stays, and is not X(I + A)
        terms = []
        for factor, group in groups.items():
            if len(group) == 1:
                number, factors = group[0]
                terms.append(scale(number, mul(*factors)))
                continue
            n = factor.shape[1] if left else factor.shape[0]
            rests = [
                scale(number, mul(*(factors[1:] if left else factors[:-1])))
                if len(factors) > 1
                else scale(number, e.Eye(n))
                for number, factors in group
            ]
            rest = tidy(add(*rests))
            terms.append(mul(factor, rest) if left else mul(rest, factor))
        best = min(best, add(*terms), key=size)
    return best


@lru_cache(maxsize=8192)
@lru_cache(maxsize=65536)
def size(a):
    """How long an expression is to read: its nodes, those of formulas and numbers included."""
    own = 1
    if isinstance(a, e.Ew):
        own = a.formula.count_ops() + 1
    elif isinstance(a, e.Scale):
        own = 1 + a.number.count_ops() + (0 if a.number.is_number else 1)
    return own + sum(size(operand) for operand in a.operands)
