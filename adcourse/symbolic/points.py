"""Points for a comparison: variables of both sides brought together, sizes of dimensions, draws."""

from itertools import count

import sympy

from adcourse.core.errors import WrongStructure
from adcourse.symbolic.exact import sampling
from adcourse.symbolic.exact.point import Point, names_in, size_of
from adcourse.symbolic.sides import Variable

SIZES = 3  # so many choices of sizes: n = 4 cannot tell tr(I) from 4
TRIED = 200  # choices of sizes that are tried until all properties fit


def merged(left, right, assume):
    """The variables of both sides, matched by name, and pairs of dimensions that must agree."""
    variables, pairs = {}, []
    for one in [*left.values(), *right.values()]:
        shape = as_matrix(one.shape)
        known = variables.setdefault(one.name, Variable(one.name, shape))
        if len(known.shape) != len(shape):
            raise WrongStructure(
                f"{one.name} is a number on one side and a matrix of shape {shape} on the other."
            )
        pairs += [(a, b, one.name) for a, b in zip(known.shape, shape, strict=True)]
        known.symbols += [s for s in one.symbols if s not in known.symbols]
        if one.property != "none":
            if known.property not in ("none", one.property):
                raise WrongStructure(
                    f"{one.name} is {known.property} on one side and {one.property} on the other."
                )
            known.property = one.property
    for name, prop in (assume or {}).items():
        if str(name) in variables:
            variables[str(name)].property = sampling.known(prop)
    return dict(sorted(variables.items())), pairs


def as_matrix(shape):
    """A vector is a column."""
    shape = tuple(d if isinstance(d, int | str) else sympy.sympify(d) for d in shape)
    return (*shape, 1) if len(shape) == 1 else shape


def choices_of_sizes(variables, pairs, more=()):
    """Dicts from the name of each dimension to a number, in which all shapes fit."""
    dims = {n for a, b, _ in pairs for d in (a, b) for n in names_in(d)} | set(more)
    dims = sorted(dims | {n for v in variables.values() for d in v.shape for n in names_in(d)})
    dims = [d for d in dims if not (d in variables and variables[d].shape)]
    leader, fixed = {d: d for d in dims}, {}

    def first(d):
        while leader[d] != d:
            d = leader[d]
        return d

    for a, b, _ in pairs:
        a, b = (str(d) if str(d) in leader else d for d in (a, b))
        if isinstance(a, str) and isinstance(b, str):
            leader[first(b)] = first(a)
    for a, b, _ in pairs:
        for d, e in ((a, b), (b, a)):
            if str(d) in leader and not names_in(e):
                fixed.setdefault(first(str(d)), size_of(e, {}))
    free = sorted({first(d) for d in dims} - set(fixed))
    choices = []
    for turn in range(TRIED if free else 1):
        sizes = fixed | {d: 2 + (place(turn, k)) % 3 for k, d in enumerate(free)}
        sizes = {d: sizes[first(d)] for d in dims}
        if sizes not in choices and fitting(variables, pairs, sizes, last=turn == 0 and not free):
            choices.append(sizes)
        if len(choices) == SIZES:
            break
    if not choices:
        raise WrongStructure("No sizes of the dimensions were found in which all properties fit.")
    return choices


def place(turn, k):
    """Sizes go round: different dimensions are different first, later all combinations come."""
    return turn + k if turn < SIZES else (turn // 3**k if k < 5 else turn + k)


def fitting(variables, pairs, sizes, last):
    """Whether shapes agree and properties are possible; `last` says that nothing else can come."""
    for a, b, name in pairs:
        if size_of(a, sizes) != size_of(b, sizes):
            if last:
                raise WrongStructure(f"{name} has {size_of(a, sizes)} rows or columns on one side "
                                     f"and {size_of(b, sizes)} on the other.")  # fmt: skip
            return False
    for v in variables.values():
        shape = tuple(size_of(d, sizes) for d in v.shape)
        if not sampling.fits(shape, v.property):
            if last:
                raise WrongStructure(f"{v.name} of shape {shape} cannot be {v.property}.")
            return False
    return True


def draw_point(field, variables, sizes, rng, easy=False, turn=0):
    """A random point, or None where a number was drawn that the assumptions do not allow.

    `turn` numbers the points: orthogonal matrices take both signs of the determinant in turn.
    """
    values, turns = {}, count()
    for name, v in variables.items():
        if v.shape == () and name in sizes:
            continue
        if v.shape == () and not field.formal:
            q = sampling.draw_scalar(v.symbols, v.property, rng, easy)
            if q is None:
                return None
            values[name] = field.number(q)
            continue
        reflect = square_orthogonal(v, sizes) and turn >> next(turns) & 1 == 1
        shape = tuple(size_of(d, sizes) for d in v.shape)
        values[name] = sampling.draw(field, shape, v.property, rng, easy, reflect)
    return Point(values, sizes)


def square_orthogonal(v, sizes):
    """Whether the matrices that a variable stands for have determinants of both signs."""
    return v.property == "orthogonal" or (
        v.property == "orthonormal columns"
        and size_of(v.shape[0], sizes) == size_of(v.shape[1], sizes)
    )


def witness(variables, point):
    """A point as a dict from symbol, or name of a matrix, to SymPy's exact numbers."""
    found = {str(d): sympy.Integer(n) for d, n in point.sizes.items()}
    for name, v in sorted(variables.items()):
        if isinstance(point.get(name), list):
            found[name] = sympy.ImmutableMatrix(
                [[sympy.Rational(e.numerator, e.denominator) for e in row] for row in point[name]]
            )
        elif name in point:
            q = sympy.Rational(point[name].numerator, point[name].denominator)
            found |= {s: q for s in v.symbols or [name]}
    return found
