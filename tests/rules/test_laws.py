"""Laws that hold for every row of the table, checked row by row at sample points."""

import numpy as np
import pytest
import sympy
from samples import CASES, case_id, rows, samples_of
from samples_linalg import as_program

import adcourse as ad
from adcourse.core.tree import flatten
from adcourse.rules.factored import factored
from adcourse.rules.linalg import lu_solve
from adcourse.symbolic.entries import Assuming
from adcourse.symbolic.lower import formula, lower_node

LAW = 1e-10  # exact up to rounding
DIFFERENCE = 1e-6  # central differences with h = 1e-6 on values of size 1

smooth = [case for case in CASES if case[0].kind != "constant"]
constants = [case for case in CASES if case[0].kind == "constant"]
every_row = pytest.mark.parametrize("case", CASES, ids=map(case_id, CASES))
every_smooth = pytest.mark.parametrize("case", smooth, ids=map(case_id, smooth))
every_constant = pytest.mark.parametrize("case", constants, ids=map(case_id, constants))


def program(case):
    """The row as a function of its differentiable arguments, and these arguments."""
    row, args, params = case
    called = as_program(row)
    moving = [k for k, a in enumerate(args) if np.result_type(a).kind == "f"]

    def f(*xs):
        full = list(args)
        for k, x in zip(moving, xs, strict=True):
            full[k] = x
        return called(*full, **params)

    return f, tuple(args[k] for k in moving)


def directions(xs, seed):
    rng = np.random.default_rng(seed)
    return tuple(rng.standard_normal(np.shape(x))[()] for x in xs)


def inner(a, b):
    return sum(np.sum(np.multiply(x, y)) for x, y in zip(leaves(a), leaves(b), strict=True))


def leaves(tree):
    """All arrays of a result: some rows return several."""
    return flatten(tree)[0]


def agree(got, expected, exactly):
    for mine, theirs in zip(leaves(got), leaves(expected), strict=True):
        if exactly:
            assert np.array_equal(mine, theirs)
        else:  # solved by another library's LAPACK
            np.testing.assert_allclose(mine, theirs, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("row", rows(), ids=repr)
def test_row_has_sample_points(row):
    assert samples_of(row)


@every_row
def test_row_computes_what_numpy_computes(case):
    f, xs = program(case)
    row, args, params = case
    expected = f(*xs)
    traced = ad.trace(lambda *xs: f(*xs), *xs)
    values = traced.rebuild([getattr(o, "value", o) for o in traced.outputs])
    exactly = row.kind != "spelled"
    agree(values, expected, exactly)
    if not xs:
        return
    agree(ad.vjp(f, *xs)[0], expected, exactly)
    agree(ad.jvp(f, xs, xs)[0], expected, exactly)


@every_smooth
def test_pushforward_is_the_directional_derivative(case):
    f, xs = program(case)
    dots, h = directions(xs, 1), 1e-6
    _, y_dot = ad.jvp(f, xs, dots)
    up = f(*[x + h * d for x, d in zip(xs, dots, strict=True)])
    down = f(*[x - h * d for x, d in zip(xs, dots, strict=True)])
    for dot, a, b in zip(*map(leaves, (y_dot, up, down)), strict=True):
        np.testing.assert_allclose(dot, (a - b) / (2 * h), rtol=DIFFERENCE, atol=DIFFERENCE)


@every_smooth
def test_pullback_is_the_transpose_of_the_pushforward(case):
    f, xs = program(case)
    dots = directions(xs, 1)
    y, y_dot = ad.jvp(f, xs, dots)
    _, pullback = ad.vjp(f, *xs)
    y_leaves, rebuild = flatten(y)
    y_bar = rebuild(directions(y_leaves, 2))
    x_bars = pullback(y_bar)
    assert [np.shape(b) for b in x_bars] == [np.shape(x) for x in xs]
    np.testing.assert_allclose(inner(x_bars, dots), inner(y_bar, y_dot), rtol=LAW, atol=LAW)


@every_smooth
def test_derivatives_of_derivatives(case):
    f, xs = program(case)
    ad.check_grads(f, xs, order=2, rng=np.random.default_rng(3), tolerance=1e-5)


@every_constant
def test_constant_rows_have_derivative_zero(case):
    f, xs = program(case)
    if xs:
        _, dots = ad.jvp(f, xs, xs)
        assert not any(np.any(dot) for dot in leaves(dots))


ON_PLAIN_MATRICES = {
    "factored": lambda A: A,
    "lu_solve": lambda A, b, **params: lu_solve.numpy(factored.numpy(A), b, **params),
}


@every_row
def test_lowered_to_sympy_it_has_the_value_that_numpy_computes(case):
    row, args, params = case
    moves = row.kind in ("linear", "bilinear") and row.entries is None
    if not (row.sympy or row.entries or moves):
        f, xs = program(case)
        with pytest.raises(ad.NotLowerable, match="has no element-by-element SymPy form"):
            ad.to_sympy(ad.trace(lambda *xs: f(*xs), *xs))
        return
    node = type("node", (), {"primitive": row, "params": params, "name": "v1"})
    numbers = [to_30_digits(a) for a in args]
    lowered = lower_node(node, numbers)
    lowered = lowered.value if isinstance(lowered, Assuming) else lowered
    several = isinstance(lowered, tuple)
    found = lowered if several else (lowered,)
    expected = ON_PLAIN_MATRICES.get(row.name, row.numpy)(*args, **params)
    for mine, theirs in zip(found, expected if several else (expected,), strict=True):
        if mine is None:  # the singular values of lstsq
            continue
        mine = np.asarray(mine, dtype=object)
        assert mine.shape == np.shape(theirs)
        as_numbers = [bool(e) if e in (True, False) else float(e) for e in mine.ravel()]
        np.testing.assert_allclose(as_numbers, np.ravel(theirs), rtol=1e-12, atol=1e-14)


def to_30_digits(a):
    number = np.frompyfunc(
        lambda v: sympy.sympify(v) if v in (True, False) else sympy.Float(v, 30), 1, 1
    )
    return number(np.asarray(a).astype(object))


elementwise = [row for row in rows() if row.kind == "elementwise"]


@pytest.mark.parametrize("row", elementwise, ids=repr)
def test_partials_are_the_derivatives_that_sympy_finds(row):
    symbols = sympy.symbols("x y w", real=True)[: row.arity]
    expression = formula(row.sympy)(*symbols)
    steps = {step: sympy.Dummy() for step in expression.atoms(sympy.floor)}  # constant pieces
    back = {dummy: step for step, dummy in steps.items()}
    args, _ = samples_of(row)[0]
    point = dict(zip(symbols, map(sympy.Rational, args), strict=True))
    z = row.numpy(*args)
    for symbol, partial in zip(symbols, row.partials, strict=True):
        derivative = sympy.diff(expression.xreplace(steps), symbol).xreplace(back)
        expected = float(derivative.subs(point).evalf(30))
        np.testing.assert_allclose(partial.value(z, args), expected, rtol=1e-12, atol=1e-14)


def has_complex_form(row):
    """Whether NumPy computes the function at complex numbers, by the same formula."""
    loops = row.numpy.types if isinstance(row.numpy, np.ufunc) else ()
    kinks = (np.absolute, np.maximum, np.minimum, np.conjugate)
    return any("D" in loop for loop in loops) and row.numpy not in kinks


@pytest.mark.parametrize("row", [r for r in elementwise if has_complex_form(r)], ids=repr)
def test_partials_agree_with_the_complex_step(row):
    args, _ = samples_of(row)[0]
    z = row.numpy(*args)
    for k, partial in enumerate(row.partials):
        moved = [complex(a, 1e-30) if i == k else complex(a) for i, a in enumerate(args)]
        derivative = row.numpy(*moved).imag / 1e-30
        np.testing.assert_allclose(partial.value(z, args), derivative, rtol=1e-13, atol=1e-15)
