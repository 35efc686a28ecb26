"""Both sides of a comparison modulo a large prime: quick, and with a known chance of error.

Agreement of a rational expression of degree d at k random points is wrong with a chance below
(d/p)^k (Schwartz 1980, Zippel 1979). A square root is tried with both signs, so that agreement does
not depend on which of the two was taken; disagreement says nothing where there are roots, functions
or branches, and is looked for again at rational points.
"""

from dataclasses import dataclass

from adcourse.symbolic import verdict
from adcourse.symbolic.exact.degrees import Degrees
from adcourse.symbolic.exact.fields import Modular
from adcourse.symbolic.exact.signals import NotExact, Outside
from adcourse.symbolic.points import draw_point, square_orthogonal

POINTS = 5  # for each choice of sizes
RESIDUES = 300  # points tried until all radicands are squares
ROOTS = 3  # square roots whose signs are all tried
CERTAIN = 9  # a smaller exponent of the chance of error is not worth stating


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
