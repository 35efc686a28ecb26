"""Both sides of a comparison at points: modulo a prime, over fractions, to many digits."""

from dataclasses import dataclass, field

import sympy

from adcourse.symbolic import verdict
from adcourse.symbolic.exact.decimals import Decimals
from adcourse.symbolic.exact.degrees import Degrees
from adcourse.symbolic.exact.fields import Modular, Rationals
from adcourse.symbolic.exact.linear import shape as shape_of
from adcourse.symbolic.exact.point import Point
from adcourse.symbolic.exact.scalars import evaluate
from adcourse.symbolic.exact.signals import NotExact, Outside
from adcourse.symbolic.points import draw_point, square_orthogonal, witness

POINTS = 5  # for each choice of sizes
EASY = 30  # points as one would choose them by hand, tried first: a counterexample is read
DRAWS = 80  # further points tried until POINTS of them lie in the domain of both sides
RESIDUES = 300  # points modulo p tried until all radicands are squares
ROOTS = 3  # square roots whose signs are all tried
DIGITS = (120, 300, 800)  # more digits where a difference may be rounding
ALIKE = 100  # digits of DIGITS[0] in which equal values agree, 20 are left for rounding
CERTAIN = 9  # a smaller exponent of the chance of error is not worth stating
RECENT = (Outside, NotExact)


@dataclass
class Case:
    """Both sides once all dimensions have sizes: lists of (path, shape, entries)."""

    variables: dict
    sizes: dict
    sides: tuple
    conditions: list
    shapes: tuple = field(default=None)

    def values(self, number_system, point):
        """The entries of both sides as two lists; raises OtherShape where they do not fit."""
        memo, found = {}, []
        for side in self.sides:
            arrays = []
            for path, shape, entries in side:
                values = [value_of(e, number_system, point, memo) for e in entries]
                if shape is None:
                    (A,) = values
                    shape = shape_of(A) if isinstance(A, list) else ()
                    values = [e for row in A for e in row] if isinstance(A, list) else values
                else:
                    values = [v[0][0] if isinstance(v, list) else v for v in values]
                arrays.append((path, canonical(shape), values))
            found.append(arrays)
        self.shapes = tuple([(path, shape) for path, shape, _ in side] for side in found)
        if self.shapes[0] != self.shapes[1]:
            raise OtherShape
        return [[v for _, _, values in side for v in values] for side in found]

    def place(self, k):
        """Where entry k stands, in words."""
        if sum(size(shape) for _, shape in self.shapes[0]) == 1:
            return ""
        for path, shape in self.shapes[0]:
            if k < size(shape):
                index = []
                for d in reversed(shape):
                    k, i = divmod(k, d)
                    index.append(i)
                return f" in entry {[*path, *reversed(index)]}"
            k -= size(shape)
        return ""

    def holds(self, point):
        """Whether the program takes its path at a point, given in fractions."""
        F = Decimals(DIGITS[0])
        return all(evaluate(c, F, in_field(F, point)) for c in self.conditions)


class OtherShape(Exception):
    """The two sides have different shapes or are nested differently."""


def value_of(e, number_system, point, memo):
    if isinstance(e, sympy.Basic | sympy.MatrixBase):
        return evaluate(e, number_system, point, memo)
    return e.over(number_system, point)


def canonical(shape):
    """Vectors are columns, and a single entry is a number however it is wrapped."""
    if all(d == 1 for d in shape):
        return ()
    return (*shape, 1) if len(shape) == 1 else tuple(shape)


def size(shape):
    n = 1
    for d in shape:
        n *= d
    return n


def in_field(F, point):
    """A point of fractions in another number system."""
    values = {
        name: [[F.number(e) for e in row] for row in v] if isinstance(v, list) else F.number(v)
        for name, v in point.items()
    }
    here = Point(sizes=point.sizes)
    here.update(values)
    return here


@dataclass
class Residues:
    """What points modulo a prime say: `agree`, None if they cannot say; for how many points."""

    agree: bool | None
    points: int = 0
    chance: int = 0


def modulo_prime(cases, rng):
    """Compare both sides at random points modulo a prime, with square roots of both signs."""
    points, chance = 0, None
    for case in cases:
        try:
            some = residues_of(case, rng, True)
            if some.agree is None:
                some = residues_of(case, rng, False)
        except NotExact:
            return Residues(None)
        if not some.agree:
            return some
        points += some.points
        chance = some.chance if chance is None else max(chance, some.chance)
    return Residues(True, points, chance) if chance <= -CERTAIN else Residues(None)


def residues_of(case, rng, roots):
    """The same for one choice of sizes; agree is None where no point has all its roots."""
    agreed, most = 0, 0
    for _ in range(RESIDUES if roots else 2 * POINTS):
        F = Modular(rng=rng, roots=roots)
        point = draw_point(F, case.variables, case.sizes, rng, turn=agreed)
        try:
            if not all_signs_agree(case, F, point):
                return Residues(False)
        except Outside:
            continue
        if len(F.radicands) > ROOTS:
            return Residues(None)
        most = max(most, len(F.radicands))
        agreed += 1
        if agreed == POINTS:
            break
    if agreed < POINTS:
        return Residues(None)
    halved = any(square_orthogonal(v, case.sizes) for v in case.variables.values() if v.shape)
    degree = degree_of(case, rng) << (2 * most)
    return Residues(True, agreed, verdict.power_of_ten(degree, F.p, agreed // (1 + halved)))


def all_signs_agree(case, F, point):
    """Whether both sides agree for every choice of the signs of the square roots."""
    pattern = 0
    while pattern < 1 << len(F.radicands) or pattern == 0:
        F.pattern = pattern
        left, right = case.values(F, point)
        if left != right:
            return False
        if len(F.radicands) > ROOTS:
            return True
        pattern += 1
    return True


def degree_of(case, rng):
    """A bound for the degree of the difference in the random numbers of a point."""
    D = Degrees()
    left, right = case.values(D, draw_point(D, case.variables, case.sizes, rng))
    most = max((sum(D.sub(p, q) or (0, 0)) for p, q in zip(left, right, strict=True)), default=0)
    return most + D.spread


def at_points(cases, wanted, where, rng, easy_rng):
    """Compare both sides at rational points until so many agree or one differs."""
    agreed, readable, constant = 0, 0, not any(case.variables for case in cases)
    for turn in range(EASY + DRAWS):
        easy = turn < EASY
        if easy and readable >= max(2, len(cases)):
            continue
        case = cases[turn % len(cases)]
        point = draw_point(
            Rationals(), case.variables, case.sizes, easy_rng if easy else rng, easy, turn
        )
        try:
            if point is None or not case.holds(point):
                continue
            found = difference(case, point)
        except Outside:
            continue
        if found is None:
            continue
        if found:
            k, p, q = found
            return verdict.differs(witness(case.variables, point), p, q, case.place(k))
        agreed += 1
        readable += easy
        if agreed >= wanted or constant:
            return verdict.digits(agreed, where)
    reason = f"of {EASY + DRAWS} random points only {agreed} lie in the domain of both sides{where}"
    return verdict.undecided(reason, agreed)


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
            alike = apart <= F.mp.mpf(10) ** (20 - DIGITS[0]) * max(abs(p), abs(q))
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
