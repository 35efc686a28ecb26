"""Both sides of a comparison at rational points: exactly where possible, else to many digits."""

import sympy

from adcourse.symbolic import verdict
from adcourse.symbolic.case import in_field
from adcourse.symbolic.exact.decimals import Decimals
from adcourse.symbolic.exact.fields import Rationals
from adcourse.symbolic.exact.signals import NotExact, Outside
from adcourse.symbolic.points import draw_point, witness

EASY = 30  # points as one would choose them by hand, tried first: a counterexample is read
READABLE = 3  # of them, in the domain, then unforeseeable ones
DRAWS = 80  # further points tried until enough of them lie in the domain of both sides
DIGITS = (120, 300, 800)  # more digits where a difference may be rounding
ALIKE = 100  # digits of the first of these in which equal values agree; 20 are left for rounding


def at_points(cases, wanted, where, rng, easy_rng):
    """Compare both sides at rational points until so many agree or one differs."""
    agreed, readable, why = 0, 0, ""
    constant = not any(case.variables for case in cases)
    for turn in range(EASY + DRAWS):
        easy = turn < EASY
        if easy and readable >= max(READABLE, len(cases)):
            continue
        case = cases[turn % len(cases)]
        try:
            found = at_point(case, rng if not easy else easy_rng, easy, turn)
        except Outside as problem:
            why = f"; {problem} at the last"
            continue
        if isinstance(found, verdict.Verdict):
            return found if easy else readable_instead(cases, easy_rng) or found
        if found:
            agreed += 1
            readable += easy
        if agreed >= wanted or (constant and agreed):
            return verdict.digits(agreed, where)
    reason = f"of {EASY + DRAWS} random points only {agreed} lie in the domain of both sides"
    return verdict.undecided(reason + where + why, agreed)


def readable_instead(cases, rng):
    """A counterexample among points as one would choose them by hand, or None."""
    for turn in range(EASY):
        try:
            found = at_point(cases[turn % len(cases)], rng, True, turn)
        except Outside:
            continue
        if isinstance(found, verdict.Verdict):
            return found
    return None


def at_point(case, rng, easy, turn):
    """True where both sides agree at a random point, a verdict where they differ, or None."""
    point = draw_point(Rationals(), case.variables, case.sizes, rng, easy, turn)
    if point is None or not case.holds(point):
        return None
    found = difference(case, point)
    if found:
        k, p, q = found
        return verdict.differs(witness(case.variables, point), p, q, case.place(k))
    return None if found is None else True


def difference(case, point):
    """The first entry that differs, as (number, left, right); () where none does, None if unsure.

    Over fractions where that is possible. With digits, a difference that stays when there are more
    digits is one, and a difference that shrinks with them is rounding.
    """
    try:
        left, right = case.values(Rationals(), point)
        pairs = enumerate(zip(left, right, strict=True))
        return next(((k, exactly(p), exactly(q)) for k, (p, q) in pairs if p != q), ())
    except NotExact:
        pass
    last = {}
    for digits in DIGITS:
        F = Decimals(digits)
        left, right = case.values(F, in_field(F, point))
        pairs = list(zip(left, right, strict=True))
        suspects = {}
        for k in last or range(len(pairs)):
            p, q = pairs[k]
            apart = abs(p - q)
            if k in last and apart and abs(F.mp.mpf(last[k]) - apart) < F.mp.mpf(10) ** -5 * apart:
                return k, sympy_float(p, F), sympy_float(q, F)
            alike = apart <= F.mp.mpf(10) ** -ALIKE * max(abs(p), abs(q))
            shrunk = k in last and apart < F.mp.mpf(10) ** -ALIKE * F.mp.mpf(last[k])
            if not alike and not (shrunk and digits == DIGITS[-1]):
                suspects[k] = apart
        if not suspects:
            return ()
        last = suspects
    return None


def exactly(q):
    return sympy.Rational(q.numerator, q.denominator)


def sympy_float(a, F):
    return sympy.Float(a, F.digits)
