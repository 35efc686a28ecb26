"""SymPy expressions over a number system: one value per distinct subexpression, nothing expanded.

Each kind of node says which expressions its value is made of, and how. A value that does not exist
(the logarithm of a negative number) is carried along as the exception that it is, so that a
Piecewise may leave it aside.
"""

from functools import reduce

import sympy
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean, BooleanFunction

from adcourse.symbolic.exact import matrices
from adcourse.symbolic.exact.point import Point
from adcourse.symbolic.exact.powers import number, power_plan, strict
from adcourse.symbolic.exact.signals import NotExact, Outside, Unsupported

LONGEST_SUM = 1000
NAMES = {"Abs": "abs", "Max": "max", "Min": "min", "sign": "sign", "ceiling": "ceiling"}
RELATIONS = {
    sympy.StrictLessThan: lambda F, a, b: F.less(a, b),
    sympy.StrictGreaterThan: lambda F, a, b: F.less(b, a),
    sympy.LessThan: lambda F, a, b: not F.less(b, a),
    sympy.GreaterThan: lambda F, a, b: not F.less(a, b),
    sympy.Equality: lambda F, a, b: F.equal(a, b),
    sympy.Ne: lambda F, a, b: not F.equal(a, b),
}
LOGIC = {
    sympy.And: lambda *values: all(values),
    sympy.Or: lambda *values: any(values),
    sympy.Not: lambda value: not value,
    sympy.Xor: lambda *values: sum(values) % 2 == 1,
}


def evaluate(e, field, point, memo=None):
    """The value of a SymPy expression at a point: a number, the rows of a matrix, True or False.

    `point` maps names of symbols to numbers and rows; `memo`, from expression to value, may be
    shared between expressions, and may start with definitions that are already evaluated. Raises
    Outside, NotExact or Unsupported where there is no value.

    >>> from adcourse.symbolic.exact import Point, Rationals
    >>> x = sympy.Symbol("x")
    >>> evaluate((x + 1) ** 2 / x, Rationals(), Point({"x": Rationals().number(3)}))
    Fraction(16, 3)
    """
    memo = {} if memo is None else memo
    e = e.as_immutable() if isinstance(e, sympy.MatrixBase) else e
    stack = [(e, None)]
    while stack:
        node, how = stack.pop()
        if node in memo:
            continue
        if how is None:
            try:
                parts, combine = plan(node)
            except Unsupported as problem:
                memo[node] = problem
                continue
            stack.append((node, (parts, combine)))
            stack.extend((part, None) for part in parts)
            continue
        parts, combine = how
        values = [memo[part] for part in parts]
        try:
            memo[node] = combine(field, point, *values)
        except (Outside, NotExact, Unsupported) as problem:
            memo[node] = problem
    if isinstance(memo[e], Exception):
        raise memo[e]
    return memo[e]


def with_definitions(definitions, field, point):
    """A memo in which the symbols of a let form have their values: pairs (symbol, expression)."""
    memo = {}
    for symbol, e in definitions:
        try:
            memo[symbol] = evaluate(e, field, point, memo)
        except (Outside, NotExact, Unsupported) as problem:
            memo[symbol] = problem
    return memo


def plan(e):
    """The expressions that the value of e is made of, and how it is made of theirs."""
    if isinstance(e, sympy.Symbol):
        return (), lambda field, point: value_of_symbol(e, field, point)
    if e.is_Rational or e.is_Float:
        return (), lambda field, point: field.number(e)
    if e in (sympy.true, sympy.false):
        return (), lambda field, point: e == sympy.true
    if isinstance(e, sympy.NumberSymbol):
        if e is sympy.E:
            return (), lambda field, point: field.function("exp", [field.number(1)])
        return (), lambda field, point: field.function(str(e), [])
    if isinstance(e, sympy.Sum):
        return (), lambda field, point: summed(e, field, point)
    if e.is_Matrix or isinstance(e, matrices.SCALAR_VALUED):
        return matrices.plan(e, evaluate)
    if isinstance(e, sympy.Add):
        return e.args, strict(lambda field, *values: reduce(field.add, values))
    if isinstance(e, sympy.Mul):
        return e.args, strict(lambda field, *values: reduce(field.mul, values))
    if isinstance(e, sympy.exp):
        return power_plan(None, e.args[0])
    if isinstance(e, sympy.Pow):
        return power_plan(*e.args)
    if isinstance(e, sympy.Piecewise):
        return [part for pair in e.args for part in pair], choose
    if isinstance(e, Boolean):
        return logic_plan(e)
    return function_plan(e)


def value_of_symbol(e, field, point):
    if key(e) in point:
        return point[key(e)]
    if str(e) in point.sizes:
        return field.number(point.sizes[str(e)])
    raise Unsupported(f"{e} has no value")


def key(symbol):
    """The name under which a symbol's value is kept; dummies of one name stay apart."""
    if isinstance(symbol, sympy.Dummy):
        return f"_{symbol.name}_{symbol.dummy_index}"
    return str(symbol)


def choose(field, point, *values):
    """The first value whose condition holds."""
    for value, condition in zip(values[::2], values[1::2], strict=True):
        if isinstance(condition, Exception):
            raise condition
        if condition:
            return number(value)
    raise Outside("no branch applies")


def summed(e, field, point):
    """A sum over one index, such as SymPy writes for an entry of a product of matrices."""
    if len(e.limits) != 1 or len(e.limits[0]) != 3:
        raise Unsupported(f"{e} is not a sum over one index")
    index, first, last = e.limits[0]
    first, last = point.size(first), point.size(last)
    if last - first >= LONGEST_SUM:
        raise Unsupported(f"a sum of {last - first + 1} terms")
    total = field.number(0)
    for i in range(first, last + 1):
        here = Point(sizes={**point.sizes, str(index): i})
        here.update(point)
        total = field.add(total, number(evaluate(e.function, field, here)))
    return total


def logic_plan(e):
    if type(e) in RELATIONS:
        relation = RELATIONS[type(e)]
        return e.args, strict(lambda field, a, b: relation(field, a, b))
    if isinstance(e, BooleanFunction) and type(e) in LOGIC:
        return e.args, strict(lambda field, *values: LOGIC[type(e)](*values))
    raise Unsupported(f"{type(e).__name__} is not a condition that can be evaluated")


def function_plan(e):
    """A function by its name; what only holds for complex numbers is refused."""
    if isinstance(e, sympy.re | sympy.conjugate):
        return e.args, strict(lambda field, a: a)
    if isinstance(e, sympy.im):
        return e.args, strict(lambda field, a: field.number(0))
    if isinstance(e, sympy.Mod):
        return e.args, strict(remainder)
    if isinstance(e, AppliedUndef):
        return e.args, strict(lambda field, *args: field.function(f"{e.func}()", args))
    if isinstance(e, sympy.Function | sympy.Max | sympy.Min):
        name = NAMES.get(type(e).__name__, type(e).__name__)
        return e.args, strict(lambda field, *args: field.function(name, args))
    if e is sympy.nan or e.is_infinite:
        return (), strict(lambda field: out(f"{e} is not a number"))
    if e is sympy.I:
        raise Unsupported("complex numbers are not compared")
    raise Unsupported(f"{type(e).__name__} cannot be evaluated at a point")


def remainder(field, a, b):
    return field.sub(a, field.mul(b, field.function("floor", [field.div(a, b)])))


def out(words):
    raise Outside(words)
