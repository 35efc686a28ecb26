"""The answer of a comparison, and the sentences in which it is said."""

from dataclasses import dataclass
from math import log10

import sympy

WIDE = 120  # characters of a witness that a sentence can hold


@dataclass(frozen=True)
class Verdict:
    """The answer of `compare`.

    `status` is one of

    - "proved": the difference simplifies to 0;
    - "exact": both sides agree at exact points modulo a prime, with the chance of error stated;
    - "digits": both sides agree to 40 digits at some points, which proves nothing;
    - "differs": a counterexample was found, or the shapes or structures differ;
    - "undecided": none of these; the reason says why.

    `reason` is one sentence, `points` the number of points at which both sides agreed; `witness` is
    a dict from symbol to number, or from the name of a matrix to that matrix, where they differ,
    and `values` the two values there. A verdict is true when it is proved, exact or digits.
    """

    status: str
    reason: str
    points: int = 0
    witness: dict | None = None
    values: tuple | None = None

    def __bool__(self):
        return self.status in ("proved", "exact", "digits")

    def __str__(self):
        return self.reason

    __repr__ = __str__


def plural(count, noun):
    return f"{count} {noun}{'s' * (count != 1)}"


def exact(points, chance, where):
    """Agreement modulo a prime at so many points; `chance` is the power of ten of an error."""
    reason = f"agrees at {plural(points, 'exact point')} (chance of error below 1e{chance}){where}"
    return Verdict("exact", reason, points=points)


def digits(points, where):
    reason = f"agrees to 40 digits at {plural(points, 'point')}{where}, not proved"
    return Verdict("digits", reason, points=points)


def undecided(reason, points=0):
    return Verdict("undecided", f"undecided: {reason}", points=points)


def other_shape(left, right, sizes):
    """The two sides have different shapes or are nested differently."""
    place = f" where {', '.join(f'{d} = {k}' for d, k in sizes.items())}" if sizes else ""
    return Verdict("differs", f"differs in shape: {left} against {right}{place}")


def differs(witness, p, q, place=""):
    """The verdict that one point is enough for. p and q are SymPy numbers."""
    shown = ", ".join(f"{s} = {shown_value(v)}" for s, v in witness.items()) or "every point"
    if len(shown) > WIDE:
        shown = "a point of " + ", ".join(map(str, witness)) + " (see witness)"
    left, right = shown_number(p, 6), shown_number(q, 6)
    reason = f"differs at {shown}: {left} against {right}{place}"
    apart = abs(p - q)
    if left == right or apart < 1e-13 * max(abs(p), abs(q)):
        reason += f" (apart by {shown_number(apart, 2)}"
        small = apart < 1e-13 * max(abs(p), abs(q))
        reason += ": is a float such as 0.1 meant to be exact?)" if small else ")"
    return Verdict("differs", reason, witness=witness, values=(p, q))


def shown_number(v, digits):
    """A number in so many digits, also where a float has none so large or so small."""
    floats_hold_it = v == 0 or 1e-300 < abs(v) < 1e300
    return f"{float(v):.{digits}g}" if floats_hold_it else str(sympy.N(v, digits))


def shown_value(v):
    return str(v.tolist()) if isinstance(v, sympy.MatrixBase) else str(v)


def power_of_ten(degree, p, points):
    """The whole number k with (degree/p)^points < 10^k."""
    return int(points * log10(max(degree, 1) / p) // 1) + 1
