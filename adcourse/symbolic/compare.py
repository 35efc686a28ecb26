"""Are two expressions the same function? Proved, tested at exact points, refuted, or undecided."""

import warnings
from dataclasses import dataclass

import numpy as np
import sympy

from adcourse.core.errors import NotLowerable, WrongStructure
from adcourse.core.graph import Graph
from adcourse.core.recording import trace
from adcourse.core.tree import flatten
from adcourse.symbolic.lower import elementwise, input_symbols, lowered

POINTS = 5
DRAWS = 80  # points tried until POINTS of them lie in the domain of both sides
DIGITS = 50
WORKING_DIGITS = 70
AGREE = sympy.Float(10) ** -40  # relative
TINY = sympy.Float(10) ** -25
SIMPLIFY_LIMIT = 80  # operations; above it simplification may take minutes, points do not
SLOW = (sympy.Max, sympy.Min, sympy.Piecewise)  # simplification of these takes as long


@dataclass(frozen=True)
class Verdict:
    """The answer of `compare`.

    `status` is "proved", "agrees", "differs" or "undecided"; `reason` one sentence; `points` the
    number of exact points at which both sides agreed; `witness` a dict from symbol to number where
    they differ, and `values` the two values there. A verdict is true when it is proved or agrees.
    """

    status: str
    reason: str
    points: int = 0
    witness: dict | None = None
    values: tuple | None = None

    def __bool__(self):
        return self.status in ("proved", "agrees")

    def __str__(self):
        return self.reason

    __repr__ = __str__


def compare(a, b, symbols=None):
    """Whether a and b are the same function of the same variables.

    a and b may be graphs, NumPy functions, SymPy expressions, numbers, or nested lists, tuples and
    arrays of expressions. `symbols` are the variables in the order of the inputs of a graph or
    function (an entry may be an array of symbols); without it inputs are matched by their names.

    The difference is first simplified: 0 is a proof. Otherwise both sides are evaluated at exact
    rational points to 50 digits: one disagreement refutes, with the point as a witness that anyone
    can check; agreement at all of them is reported as what it is, not as a proof. Outside the
    common domain nothing is claimed.

    Raises WrongStructure when the two sides have different numbers of entries.

    >>> x = sympy.Symbol("x", real=True)
    >>> compare(lambda x: np.sin(x) ** 2 + np.cos(x) ** 2, 1, x)
    proved: the difference simplifies to 0
    >>> compare(x**2, 2 * x, x)
    differs at x = -83/22: 14.2335 against -7.54545
    """
    symbols = (
        None if symbols is None else [symbols] if isinstance(symbols, sympy.Basic) else symbols
    )
    rng = np.random.default_rng(0)
    left, left_conditions = expressions(a, symbols, b, rng)
    right, right_conditions = expressions(b, symbols, a, rng)
    if len(left) != len(right):
        raise WrongStructure(
            f"Only results of the same size can be compared, but one side has {len(left)} entries "
            f"and the other {len(right)}."
        )
    if symbols is None and (isinstance(a, Graph) or isinstance(b, Graph)):
        same_variables(left, right)
    conditions = left_conditions + right_conditions
    where = f" where {sympy.And(*conditions)}" if conditions else ""
    pairs = list(zip(left, right, strict=True))
    verdict = at_points(pairs, conditions, where, rng)  # quick, and one point may refute
    if verdict.status != "differs" and all(vanishes(p - q) for p, q in pairs):
        return Verdict("proved", f"proved: the difference simplifies to 0{where}")
    return verdict


def expressions(side, symbols, other, rng):
    """One side as a flat list of exact expressions, and the conditions of its branches."""
    if callable(side) and not isinstance(side, Graph | sympy.Basic):
        side = traced(side, symbols, rng)
    if isinstance(side, Graph):
        inputs = named_like(other, side) if symbols is None else chosen(symbols, side)
        outputs, conditions = lowered(side, inputs)
    else:
        outputs, conditions = [entries(leaf) for leaf in flatten(side)[0]], []
    flat = [e for out in outputs for e in np.ravel(np.asarray(out, dtype=object))]
    return [rationalised(sympy.sympify(e)) for e in flat], conditions


def named_like(other, graph):
    """Symbols of a graph's inputs: those of the other side, where it has symbols of these names."""
    if isinstance(other, Graph) or (callable(other) and not isinstance(other, sympy.Basic)):
        return input_symbols(graph)
    flat = [e for leaf in flatten(other)[0] for e in np.ravel(np.asarray(entries(leaf), object))]
    given = {str(s): s for e in flat for s in sympy.sympify(e).free_symbols}
    return [elementwise(lambda s: given.get(str(s), s), s) for s in input_symbols(graph)]


def same_variables(left, right):
    """Inputs that are matched by name must have names in common."""
    mine, theirs = ({s for e in side for s in e.free_symbols} for side in (left, right))
    if mine - theirs and theirs - mine:
        names = [", ".join(sorted(map(str, s))) for s in (mine, theirs)]
        raise WrongStructure(
            f"One side is a function of {names[0]}, the other of {names[1]}. Say which symbols the "
            "inputs stand for: compare(a, b, symbols)."
        )


def entries(leaf):
    """A matrix or array of expressions as an object array, anything else as it is."""
    if isinstance(leaf, sympy.MatrixBase | sympy.NDimArray):
        return np.array(leaf.tolist(), dtype=object)
    if isinstance(leaf, str):
        raise NotLowerable(f"compare needs expressions, not the text {leaf!r}.")
    return leaf


def chosen(symbols, graph):
    """The given symbols, one entry per input of the graph."""
    if len(symbols) != len(graph.inputs):
        raise WrongStructure(
            f"{graph.title} has {len(graph.inputs)} inputs, but {len(symbols)} symbols were given."
        )
    given = [s if isinstance(s, sympy.Symbol) else entries(s) for s in symbols]
    for s, node in zip(given, graph.inputs, strict=True):
        if np.shape(s) != node.shape:
            raise WrongStructure(
                f"The symbols for {node.name} have shape {np.shape(s)}, its value has {node.shape}."
            )
    return given


def traced(f, symbols, rng):
    """The graph of a NumPy function, recorded at a random point of its domain."""
    if symbols is None:
        raise WrongStructure(
            "compare needs to know the symbols that a function's arguments stand for."
        )
    given = [s if isinstance(s, sympy.Symbol) else entries(s) for s in symbols]
    for _ in range(DRAWS):
        drawn = [elementwise(lambda s: float(draw(s, rng) or 1), s) for s in given]
        point = [np.asarray(x, float)[()] for x in drawn]
        with warnings.catch_warnings():  # a point outside the domain is not a mistake here
            warnings.simplefilter("ignore")
            graph = trace(f, *point)
        if all(np.all(np.isfinite(getattr(o, "value", o))) for o in graph.outputs):
            return graph
    raise NotLowerable(
        f"No point was found, of {DRAWS}, where {f} has a finite value; give a graph."
    )


def rationalised(e):
    """Floats inside an expression as the exact rational numbers that they are."""
    return e.xreplace({number: sympy.Rational(number) for number in e.atoms(sympy.Float)})


def vanishes(difference):
    """Whether a proof is found, among those that are quick, that a difference is zero."""
    if difference == 0 or sympy.expand(difference) == 0:
        return True
    if sympy.expand(sympy.fraction(sympy.together(difference))[0]) == 0:
        return True
    if difference.count_ops() > SIMPLIFY_LIMIT or difference.has(*SLOW):
        return False
    return sympy.simplify(difference) == 0


def draw(symbol, rng):
    """A random rational number of moderate height that the symbol's assumptions allow, or None.

    Mostly of size 1, sometimes small; of either sign where nothing else is said.
    """
    number = sympy.Rational(int(rng.integers(1, 98)), int(rng.integers(7, 32)))
    if rng.random() < 0.25:
        number /= 16
    if symbol.is_integer:
        number = sympy.ceiling(number)
    if symbol.is_negative or (symbol.is_positive is not True and rng.random() < 0.25):
        number = -number
    allowed = symbol.assumptions0.items()
    return number if all(number.assumptions0.get(k, v) is v for k, v in allowed) else None


def at_points(pairs, conditions, where, rng):
    """Evaluate both sides at exact points until enough agree or one differs."""
    free = {s for pair in pairs for e in pair for s in e.free_symbols}
    free |= {s for condition in conditions for s in condition.free_symbols}
    free = sorted(free, key=str)
    agreed = 0
    for _ in range(DRAWS if free else 1):
        point = {s: draw(s, rng) for s in free}
        if None in point.values() or not all(
            condition.subs(point) == sympy.true for condition in conditions
        ):
            continue
        values = [(at(p, point), at(q, point)) for p, q in pairs]
        if any(v is None for pair in values for v in pair):
            continue
        if any(p != q and max(abs(p), abs(q)) < TINY for p, q in values):
            continue  # so near 0 that digits could be lost in cancellation
        for p, q in values:
            if abs(p - q) > AGREE * max(abs(p), abs(q)):
                return differs(point, p, q)
        agreed += 1
        if agreed == POINTS or not free:
            plural = "s" * (agreed != 1)
            reason = f"agrees at {agreed} exact point{plural} to 40 digits{where}, not proved"
            return Verdict("agrees", reason, points=agreed)
    reason = f"undecided: of {DRAWS} random points only {agreed} lie in the domain of both sides"
    return Verdict("undecided", reason + where, points=agreed)


def at(e, point):
    """The value at a point, exact or to 50 digits; None outside the domain."""
    exactly = e.is_rational_function() and all(abs(p.exp) < 64 for p in e.atoms(sympy.Pow))
    if not exactly:  # exact powers of long fractions would take for ever
        point = {symbol: sympy.Float(number, WORKING_DIGITS) for symbol, number in point.items()}
    value = e.xreplace(point)
    value = value if value.is_Number else sympy.N(value, DIGITS)
    return value if value.is_Number and value.is_finite and value.is_real else None


def differs(point, p, q):
    """The verdict that one point is enough for."""
    place = ", ".join(f"{s} = {v}" for s, v in point.items()) or "every point"
    reason = f"differs at {place}: {float(p):.6g} against {float(q):.6g}"
    if abs(p - q) < 1e-13 * max(abs(p), abs(q)):
        reason += f" (apart by {float(abs(p - q)):.1e}: is a float such as 0.1 meant to be exact?)"
    return Verdict("differs", reason, witness=point, values=(p, q))
