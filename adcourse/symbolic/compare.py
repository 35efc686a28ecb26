"""Are two expressions the same function? Proved, tested at exact points, refuted, or undecided."""

from inspect import signature

import numpy as np
import sympy

from adcourse.core.errors import AnswerError, NotLowerable, WrongStructure
from adcourse.core.graph import Graph
from adcourse.symbolic import verdict
from adcourse.symbolic.answers import parse_answer
from adcourse.symbolic.case import Case, OtherShape
from adcourse.symbolic.exact.signals import Unsupported
from adcourse.symbolic.nests import as_valued, has_values, structure
from adcourse.symbolic.points import choices_of_sizes, merged
from adcourse.symbolic.proof import vanishes
from adcourse.symbolic.residues import POINTS, modulo_prime
from adcourse.symbolic.sides import Formulas, Variable, chosen, is_program, side_of
from adcourse.symbolic.trials import READABLE, at_points
from adcourse.symbolic.verdict import Verdict

BRANCHES = 60  # points where residues say nothing: a branch may hold in few places
NOT_NUMBERS = (sympy.nan, sympy.zoo, sympy.oo, -sympy.oo)
CONFIRMED = 2  # real points that must agree as well where all points modulo a prime did


def compare(a, b, symbols=None, *, assume=None, shapes=None, rng=None):
    """Whether a and b are the same function of the same variables.

    a and b may be graphs, NumPy functions, SymPy expressions and matrix expressions, numbers,
    expressions and derivations of `matrix_calculus`, nested lists, tuples, dicts and arrays of
    these, and text, which is read by `parse_answer`.

    Variables are matched by their names. `symbols` are those that the inputs of a graph or function
    stand for, in order: symbols, arrays of symbols, matrix symbols, or names whose shapes are in
    `shapes`, a dict such as {"A": ("m", "n"), "x": ("n",)}, which alone also names the inputs.
    Dimensions that are names get three choices of sizes. `assume` gives properties of variables,
    such as {"A": "symmetric"}: symmetric, positive definite, skew, diagonal, orthogonal,
    orthonormal columns, lower triangular, upper triangular, positive, nonzero.

    Equal normal forms are a proof. Otherwise both sides are evaluated at random points modulo a
    large prime, where agreement has a chance of error that is stated, and to more than 40 digits
    where that is not enough: one disagreement at a rational point refutes, with the point as a
    witness that anyone can check. Nothing is claimed outside the common domain. A vector counts as
    a column and a matrix of one entry as a number; other differences of shape are differences.

    `rng` draws the points; without it they cannot be foreseen, so that no formula can be made to
    pass at them. See `Verdict` for the answer, `nests.has_values` for further kinds of expressions.

    Raises WrongStructure where variables cannot be matched, NotLowerable for what is no expression.
    Text that cannot be read and programs that cannot be said in formulas are undecided.

    >>> x = sympy.Symbol("x", real=True)
    >>> compare(lambda x: np.sin(x) ** 2 + np.cos(x) ** 2, 1, x)
    proved: the difference simplifies to 0
    >>> compare(x**2, 2 * x, x)
    differs at x = 3: 9 against 6
    >>> compare("x.T @ (A + A.T)", lambda A, x: A @ x + A.T @ x, shapes={"A": (2, 2), "x": (2,)})
    differs in shape: (1, 2) against (2, 1)
    >>> n = sympy.Symbol("n")
    >>> A, B, I = sympy.MatrixSymbol("A", n, n), sympy.MatrixSymbol("B", n, n), sympy.Identity(n)
    >>> compare(A * (I + B * A).inverse(), (I + A * B).inverse() * A)
    agrees at 15 exact points (chance of error below 1e-81) with n = 2, 3, 4
    """
    rng = np.random.default_rng() if rng is None else rng
    a, b = as_valued(a), as_valued(b)
    shapes = {str(name): shape for name, shape in (shapes or {}).items()}
    if symbols is None and not shapes:
        shapes = lent(a, b) or lent(b, a)
    if symbols is not None:
        lone = isinstance(symbols, sympy.Basic | str) or hasattr(symbols, "as_value")
        symbols = chosen([symbols] if lone else symbols, shapes)
    elif shapes:
        symbols = chosen(list(shapes), shapes)
    try:
        return decided(a, b, symbols, assume, rng)
    except AnswerError as error:
        return verdict.undecided(f"the answer cannot be read. {error}")
    except (NotLowerable, Unsupported) as error:
        if isinstance(error, NotLowerable) and not any(map(is_written_by_program, (a, b))):
            raise
        return verdict.undecided(str(error))
    except (RecursionError, MemoryError, OverflowError):
        return verdict.undecided("the expressions are nested too deeply or too large")


def lent(program, other):
    """Shapes of a function's arguments, where the other side has variables of all their names."""
    if not is_program(program) or not has_values(other):
        return {}
    known = other.symbols()
    names = [p.name for p in signature(program).parameters.values()]
    if not all(name in known for name in names):
        return {}
    shapes = {name: known[name][0] for name in names}
    return {name: s[:1] if len(s) == 2 and s[1] == 1 else s for name, s in shapes.items()}


def is_written_by_program(side):
    return isinstance(side, Graph) or is_program(side)


def decided(a, b, symbols, assume, rng):
    a, b = read(a, symbols, b), read(b, symbols, a)
    left, right = side_of(a, symbols, b, rng), side_of(b, symbols, a, rng)
    mine, theirs = left.variables(), right.variables()
    if symbols is None and (isinstance(a, Graph) or isinstance(b, Graph)):
        same_variables(mine, theirs)
    variables, pairs = merged(mine, theirs, assume)
    choices = choices_of_sizes(variables, pairs, left.dimensions() | right.dimensions())
    cases = []
    for sizes in choices:
        (p, these), (q, those) = left.at(sizes), right.at(sizes)
        cases.append(Case(variables, sizes, (structure(p), structure(q)), [*these, *those]))
    conditions = cases[0].conditions
    where = f" where {sympy.And(*conditions)}" if conditions else said_sizes(choices)
    for case in cases:
        case.variables = dict(sorted((variables | free_of(conditions, variables)).items()))
    provable = len(cases) == 1 or isinstance(left, Formulas) and isinstance(right, Formulas)
    try:
        found = tested(cases, where, rng)
    except OtherShape:
        case = next(c for c in cases if c.shapes and c.shapes[0] != c.shapes[1])
        return verdict.other_shape(*map(said_shapes, case.shapes), case.sizes)
    except Unsupported as problem:
        found = verdict.undecided(str(problem))
    if found.status != "differs" and provable and proved(cases[0], variables, bool(found)):
        where = where if conditions else ""  # a proof holds for all sizes
        return Verdict("proved", f"proved: the difference simplifies to 0{where}")
    return found


def tested(cases, where, rng):
    """The verdict of points: modulo a prime first, then rational points in the real domain."""
    residues = modulo_prime(cases, rng)
    wanted = max({True: CONFIRMED, False: POINTS, None: BRANCHES}[residues.agree], len(cases))
    if not residues.agree:  # as many that cannot be foreseen, of all sizes
        wanted = max(wanted, READABLE + len(cases))
    found = at_points(cases, wanted, where, rng, np.random.default_rng(0))
    if residues.agree and found.status == "digits":
        return verdict.exact(residues.points, residues.chance, where)
    return found


def read(side, symbols, other):
    """A side that is text as the formula that it says, in the variables of the other side."""
    if isinstance(side, str):
        return parse_answer(side, names_for(side, symbols, other))
    if isinstance(side, list | tuple):
        return type(side)([read(part, symbols, other) for part in side]) if any(
            isinstance(part, str | list | tuple | dict) for part in side
        ) and not hasattr(side, "_fields") else side  # fmt: skip
    if isinstance(side, dict):
        return {name: read(part, symbols, other) for name, part in side.items()}
    return side


def names_for(text, symbols, other):
    """What may occur in a text: the symbols that were given, and those of the other side."""
    if symbols is None and (isinstance(other, str) or is_program(other)):
        raise WrongStructure(
            f"The text {text[:40]!r} needs symbols: compare(a, b, symbols) or shapes=…"
        )
    found = {}
    if symbols is not None:
        for given in symbols:
            if isinstance(given, Variable):
                found[given.name] = given.shape
            else:
                found |= {s.name: s for s in np.ravel(np.asarray(given, dtype=object))}
    elif not isinstance(other, str):
        for name, v in side_of(other, None, 0, None).variables().items():
            found[name] = v.shape or (v.symbols[0] if v.symbols else ())
    return {name: s if isinstance(s, sympy.Basic) else tuple(s) for name, s in found.items()}


def same_variables(mine, theirs):
    """Inputs that are matched by name must have names in common."""
    left, right = set(mine), set(theirs)
    if left - right and right - left:
        names = [", ".join(sorted(side)) for side in (left, right)]
        raise WrongStructure(
            f"One side is a function of {names[0]}, the other of {names[1]}. Say which symbols the "
            "inputs stand for: compare(a, b, symbols)."
        )


def free_of(conditions, variables):
    """Variables that occur in the conditions of a branch alone."""
    matrices = tuple(f"{name}[" for name, v in variables.items() if v.shape)
    found = Formulas(list(conditions)).variables()
    return {
        name: v
        for name, v in found.items()
        if name not in variables and not name.startswith(matrices)
    }


def proved(case, variables, thorough):
    """Whether each pair of entries is proved equal; thoroughly where they agree at points."""
    left, right = case.sides
    if len(left) != len(right):
        return False
    same = {s: v.symbols[0] for v in variables.values() for s in v.symbols[1:]}
    for (_, _, ps), (_, _, qs) in zip(left, right, strict=True):
        if len(ps) != len(qs) or not all(map(lambda p, q: equal(p, q, same, thorough), ps, qs)):
            return False
    return True


def equal(p, q, same, thorough):
    """A proof that two entries are equal, where one is found quickly."""
    if has_values(p) and not isinstance(p, sympy.Basic):
        return p == q or (hasattr(p, "same") and type(p) is type(q) and p.same(q) is True)
    if not isinstance(p, sympy.Basic) or not isinstance(q, sympy.Basic):
        return False
    if p.has(*NOT_NUMBERS) or q.has(*NOT_NUMBERS):
        return False
    p, q = p.xreplace(same), q.xreplace(same)
    if p == q:
        return True
    return not (p.is_Matrix or q.is_Matrix or p.is_Boolean or q.is_Boolean) and vanishes(
        p - q, thorough
    )


def said_sizes(choices):
    """The sizes that were tried, in words."""
    names = list(choices[0])
    if not names:
        return ""
    if len(names) == 1:
        return f" with {names[0]} = {', '.join(str(c[names[0]]) for c in choices)}"
    tuples = ", ".join(str(tuple(c.values())) for c in choices)
    return f" with ({', '.join(names)}) = {tuples}"


def said_shapes(shapes):
    """Shapes of one side, in words."""
    said = []
    for path, shape in shapes:
        words = str(shape) if shape else "a number"
        said.append(f"{'.'.join(map(str, path))}: {words}" if path else words)
    return ", ".join(said) or "nothing"
