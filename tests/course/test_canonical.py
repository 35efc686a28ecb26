"""What hidden tests show: equal for equal answers, different for different ones."""

import doctest
import subprocess
import sys

import numpy as np
import pytest
import sympy

from adcourse.course.canonical import canonical, submission_rng
from adcourse.course.grading.agreement import agrees

x, y = sympy.symbols("x y")


def same(one, other, digits=6, **options):
    expected = [(canonical(one, digits, **options), digits)]
    return agrees(expected, [canonical(other, digits, **options)])


EQUAL = [
    (3, 3.0),
    (2.0, np.float32(2)),
    (1 / 3, 0.33333333),
    (0.0, -1e-17),
    (1.0000005, 1.0000004999),  # either side of a rounding boundary
    ([1.0, 2.0], np.array([1, 2])),
    ((1, [2.0, 3.0]), [1, np.array([2.0, 3.0])]),
    ({"a": 1, "b": 2}, {"b": 2.0, "a": 1.0}),
    (np.nan, float("nan")),
    (1 + 0j, 1.0),
    (np.linspace(0, 1, 1000), list(np.linspace(0, 1, 1000))),
    (x * (x + 1), x**2 + x),
    (sympy.sin(x) ** 2 + sympy.cos(x) ** 2, sympy.Integer(1)),
    (sympy.log(x * y), sympy.log(sympy.Symbol("x", positive=True)) + sympy.log(y)),
    (sympy.Matrix([x, y]), sympy.ImmutableMatrix([x, 2 * y - y])),
    (lambda: 1 / 2, 0.5),
    (lambda: 1 / 0, lambda: 2 % 0),  # an error counts by its kind
]

DIFFERENT = [
    (1.0, 1.0001),
    (1.0, -1.0),
    (1.0, True),
    (2.0, [2.0]),
    ([1.0, 2.0], [2.0, 1.0]),
    (np.zeros((2, 3)), np.zeros((3, 2))),
    (np.zeros(100000), np.zeros(100001)),
    (np.arange(1000.0), np.arange(1000.0) + (np.arange(1000) == 777)),
    ([1e6, 1e-3], [1e6, 2e-3]),
    (x**2, x**3),
    (x, y),
    (sympy.Matrix([x, y]), sympy.Matrix([[x, y]])),
    (1.0, None),
    (1.0, "1"),
    (lambda: 1 / 0, lambda: [][0]),
    (1j, 1),
]


@pytest.mark.parametrize("one, other", EQUAL)
def test_equal_answers_agree(one, other):
    assert same(one, other) and same(other, one)


@pytest.mark.parametrize("one, other", DIFFERENT)
def test_different_answers_disagree(one, other):
    assert not same(one, other) and not same(other, one)


def test_digits_are_the_tolerance():
    assert same(1.0, 1.0004, digits=3)
    assert not same(1.0, 1.0004, digits=6)


def test_a_missing_or_an_additional_line_disagrees():
    assert not agrees([("▸ 1", 6)], [])
    assert not agrees([("▸ 1", 6)], ["▸ 1", "▸ 1"])


@pytest.mark.parametrize(
    "value, sentence",
    [
        (..., "nothing is written yet"),
        (None, "nothing is written yet"),
        (object(), "a object, which is not a number"),
        (np.array(["a"]), "which are not numbers"),
        (sympy.Function("f")(x), "not a finite number"),
        (sympy.true, "which is not an expression"),
        (sympy.MatrixSymbol("A", x, x), "without a numeric shape"),
        (lambda: int("a"), "raised ValueError: invalid literal"),
        (lambda n: n, "raised TypeError"),
        (sys.exit, "raised SystemExit"),
    ],
)
def test_what_is_no_answer_gets_a_sentence(value, sentence):
    assert sentence in canonical(value)


def test_an_unknown_symbol_is_named():
    assert "unknown symbol y; known: x, w" in canonical(x + y, symbols="x, w")
    assert "unknown" not in canonical(x, symbols=[x])


def test_a_list_that_holds_itself_ends():
    loop = []
    loop.append(loop)
    assert "nested" in canonical(loop)


def test_expressions_are_exact_until_they_are_shown():
    # In floating point the difference below is lost; at exact points it is not.
    shifted = (x + sympy.Integer(10) ** 20) - sympy.Integer(10) ** 20
    assert same(shifted, x)
    assert not same(sympy.expand((x + 1) ** 3), (x + 1) ** 3 + sympy.Rational(1, 1000))


def test_matrix_expressions_have_values():
    a = sympy.MatrixSymbol("A", 2, 2)
    assert same((a * a.T).T, a * a.T)
    assert not same(a * a, a * a.T)


def test_the_seed_moves_the_points_and_the_inputs():
    assert canonical(x, seed=1) != canonical(x, seed=2)
    draws = []
    for seed in (1, 1, 2):
        space = {"SEED": seed, "submission_rng": submission_rng}
        exec("value = submission_rng().random()", space)
        draws.append(space["value"])
    assert draws[0] == draws[1] != draws[2]


def test_docstring_examples_hold():
    for name in ("canonical", "check"):
        result = doctest.testmod(sys.modules[f"adcourse.course.{name}"])
        assert result.attempted and not result.failed


def test_notebooks_import_no_jupyter_and_no_sympy():
    code = (
        "import sys, adcourse.course as c; c.show([1.0]);"
        "assert not {'sympy', 'IPython', 'nbformat', 'matplotlib'} & set(sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_numbers_of_sympy_read_like_numbers_in_lists_and_arrays():
    from sympy import Integer, Rational, pi

    plain = canonical([12, 0.5, np.pi])
    assert canonical([Integer(12), Rational(1, 2), pi]) == plain
    assert canonical((Integer(12), 0.5, pi)) == plain
    assert canonical(np.array([Integer(12), Rational(1, 2), pi])) == plain
    assert canonical([[Integer(1), 2], [3, Integer(4)]]) == canonical(np.array([[1, 2], [3, 4]]))
