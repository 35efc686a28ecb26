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
DRAWS = 240  # further points tried until enough of them lie in the domain of both sides
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
    if found is None:
        raise Outside("values that rounding hides")
    if found:
        k, p, q = found
        return verdict.differs(witness(case.variables, point), p, q, case.place(k))
    return True


def difference(case, point):
    """The first entry that differs, as (number, left, right); () where none does, None if unsure.

    Over fractions where that is possible. With digits, a difference that stays when there are more
    digits is one, and a difference that shrinks with them is rounding: then the entry is 0 on both
    sides, or the point says nothing.
    """
    try:
        left, right = case.values(Rationals(), point)
        pairs = enumerate(zip(left, right, strict=True))
        return next(((k, exactly(p), exactly(q)) for k, (p, q) in pairs if p != q), ())
    except NotExact:
        pass
    last, settled = {}, False
    for digits in DIGITS:
        F = Decimals(digits)
        left, right = case.values(F, in_field(F, point))
        pairs = list(zip(left, right, strict=True))
        suspects = {}
        for k in last or range(len(pairs)):
            p, q = pairs[k]
            apart = abs(p - q)
            if k in last and stays(F, last[k][0] - last[k][1], p - q):
                return k, sympy_float(p, F), sympy_float(q, F)
            if apart <= F.mp.mpf(10) ** -ALIKE * max(abs(p), abs(q)):
                settled = True
            else:
                suspects[k] = p, q
        if not suspects:
            return ()
        if digits == DIGITS[-1]:
            return () if rounding_alone(F, last, suspects, settled) else None
        last = suspects


def rounding_alone(F, last, suspects, settled):
    """Whether values that differ do so by rounding: they vanish with more digits, all of them.

    Where no entry of the point settles anything, one side has to be exactly 0: two values that both
    vanish may be two values too small for these digits.
    """
    small = F.mp.mpf(10) ** -ALIKE
    for k, values in suspects.items():
        for before, now in zip(last[k], values, strict=True):
            if abs(now) > small * abs(F.mp.mpf(before)):
                return False
        settled = settled or 0 in values
    return settled


def stays(F, before, now):
    """Whether a number is the same with more digits, and not 0."""
    return now != 0 and abs(F.mp.mpf(before) - now) < F.mp.mpf(10) ** -5 * abs(now)


def exactly(q):
    return sympy.Rational(q.numerator, q.denominator)


def sympy_float(a, F):
    return sympy.Float(a, F.digits)
