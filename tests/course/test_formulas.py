"""A derived answer is written down where the student's code runs, and judged elsewhere."""

import json
import time

import pytest
import sympy

from adcourse.course import show_formula
from adcourse.course.formulas import PREFIX
from adcourse.course.grading.judge import Judge
from adcourse.symbolic import matrix_calculus as mc

SHAPES = {"X": ("n", "p"), "w": ("p",), "y": ("n",)}
x, w1 = sympy.symbols("x w1")


@pytest.fixture
def shown(capsys):
    def show(answer, variables="x", assume=None):
        show_formula(answer, variables, assume)
        return capsys.readouterr().out.strip()

    return show


@pytest.fixture(scope="module")
def judge():
    with Judge() as one:
        yield one


def test_a_formula_is_shown_with_its_variables(shown):
    text = shown(2 * x * w1, "x, w1")
    assert text.startswith(PREFIX)
    assert json.loads(text.removeprefix(PREFIX)) == {
        "answer": "2*w1*x",
        "variables": {"x": [], "w1": []},
        "assume": {},
    }


@pytest.mark.parametrize(
    ("key", "got", "variables"),
    [
        (x**2 - 1, (x - 1) * (x + 1), "x"),
        (x**2 - 1, lambda: (x - 1) * (x + 1), "x"),
        (x**2 - 1, "(x+1)*(x-1)", "x"),
        ([x, 2], (sympy.Symbol("x", positive=True), 2.0), "x"),
        (sympy.Matrix([x, x**2]), [[x], [x * x]], "x"),
        ("X.T @ (X @ w - y)", "X.T @ X @ w - X.T @ y", SHAPES),
        (
            "X.T @ (X @ w - y)",
            mc.gradient(
                mc.norm(mc.matrix("X", "n", "p") @ mc.vector("w", "p") - mc.vector("y", "n")) ** 2
                / 2,
                mc.vector("w", "p"),
            ),
            SHAPES,
        ),
    ],
)
def test_any_equal_form_is_right(shown, judge, key, got, variables):
    right, reason = judge.verdict(shown(key, variables), shown(got, variables))
    assert right is True, reason


@pytest.mark.parametrize(
    ("key", "got"),
    [
        (x**2, x**3),
        ([x, x], [x]),
        ([x, x], x),
        (x, [x]),
        (x, None),
        (x, lambda: 1 / 0),
        ([x, x], [x, None]),
        (x, w1 - w1 + 2),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_other_formulas_are_wrong(shown, judge, key, got):
    assert judge.verdict(shown(key), shown(got))[0] is False


@pytest.mark.parametrize(
    ("got", "reason"),
    [
        (sympy.Integral(sympy.exp(x**2), x), "Integral"),
        ("2x", "cannot be read"),
        (x * w1, "no symbol w1"),
        ("__import__('os')", "cannot be read"),
        (object(), "object is no formula"),
        ("x+" * 20_000 + "x", "characters"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
def test_what_cannot_be_decided_is_for_the_instructor(shown, judge, got, reason):
    right, why = judge.verdict(shown(x), shown(got))
    assert right is None and reason in why


def test_symmetry_that_the_key_assumes_is_known_to_the_judge(shown, judge):
    shapes = {"A": ("n", "n"), "x": ("n",)}
    key = shown("2 * A @ x", shapes, {"A": "symmetric"})
    assert judge.verdict(key, shown("A @ x + A.T @ x", shapes))[0] is True
    assert judge.verdict(shown("2 * A @ x", shapes), shown("A @ x + A.T @ x", shapes))[0] is False


def test_a_student_cannot_choose_the_variables(shown, judge):
    # In one dimension every matrix commutes; the key says that there are more.
    got = shown("B @ A", {"A": (1, 1), "B": (1, 1)}, {"A": "diagonal", "B": "diagonal"})
    assert judge.verdict(shown("A @ B", {"A": ("n", "n"), "B": ("n", "n")}), got)[0] is False


@pytest.mark.parametrize(
    "forged",
    ["", "{", "null", "[]", "9" * 99, '{"a": NaN}', '{"answer": 3}', '{"answer": {"unread": [1]}}'],
)
def test_forged_formulas_do_no_harm(shown, judge, forged):
    right, reason = judge.verdict(shown(x), PREFIX + forged)
    assert right is not True and isinstance(reason, str)


def test_a_comparison_that_takes_too_long_is_ended_and_the_next_one_goes_on(shown):
    with Judge(seconds=0.0) as impatient:
        right, reason = impatient.verdict(shown(x), shown(x + 0))
        assert right is None and "took longer" in reason
        impatient.seconds = 60
        assert impatient.verdict(shown(2 * x), shown(x + x))[0] is True


def test_a_pair_is_decided_once(shown, judge):
    key, got = shown(sympy.sin(2 * x)), shown(2 * sympy.sin(x) * sympy.cos(x))
    judge.verdict(key, got)
    start = time.perf_counter()
    for _ in range(1000):
        assert judge.verdict(key, got)[0] is True
    assert time.perf_counter() - start < 1
