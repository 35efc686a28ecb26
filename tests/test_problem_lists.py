"""The problem lists are right before anything is measured by them, and so is the judging.

Independent of each other: JAX differentiates the function, the closed form is from the literature.
"""

import json
import sys
import time
from types import ModuleType

import numpy as np
import pytest

import adcourse as ad
import adcourse.symbolic
from adcourse.core.errors import NotLowerable
from benchmarks.problem_lists import __main__ as command
from benchmarks.problem_lists import engine, sympy_side, tables, truth
from benchmarks.problem_lists.limited import Limited
from benchmarks.problem_lists.lists import questions
from benchmarks.problem_lists.points import WORDS, drawn, parsed

CLOSED = [key for key, question in questions.items() if question.by_hand]
VARIANTS = [key for key, question in questions.items() if question.variant]
SIZE = 0  # JAX compiles each operation anew for each shape
TIGHT = 1e-9


@pytest.mark.parametrize("key", CLOSED)
def test_the_closed_form_agrees_with_jax(key):
    question = questions[key]
    args, direction = question.point(SIZE, 0), question.direction(SIZE, 0)
    expected = truth.answer(question, truth.tensor(question, args), direction)
    by_hand = truth.by_hand(question, args, direction)
    assert by_hand.shape == expected.shape
    np.testing.assert_allclose(by_hand, expected, rtol=0, atol=TIGHT * truth.scale(expected))


@pytest.mark.parametrize("key", questions)
def test_the_function_is_defined_at_its_points(key):
    question = questions[key]
    for point in engine.POINTS:
        value = question.f(*question.point(*point))
        assert np.all(np.isfinite(value))
        assert (np.ndim(value) == 0) == (question.asked != "jacobian")


@pytest.mark.parametrize("key", VARIANTS)
def test_a_variant_is_the_same_function(key):
    question = questions[key]
    args = question.point(1, 0)
    assert question.variant(*args) == pytest.approx(question.f(*args), rel=1e-12)


def test_the_lists_are_complete():
    rows = [command.described(question) for question in questions.values()]
    groups = [tables.group(row) for row in rows]
    assert (groups.count("site, gradients"), groups.count("site, Hessians")) == (35, 12)
    assert all(question.source for question in questions.values())
    assert all(len(question.sympy) <= 3 for question in questions.values())


@pytest.mark.parametrize(
    ("word", "holds"),
    [
        ("symmetric", lambda a: np.array_equal(a, a.T)),
        ("positive definite", lambda a: np.array_equal(a, a.T) and np.linalg.eigvalsh(a)[0] > 0),
        ("diagonal", lambda a: np.array_equal(a, np.diag(np.diag(a)))),
        ("orthogonal", lambda a: np.allclose(a.T @ a, np.eye(len(a)))),
        ("invertible", lambda a: abs(np.linalg.det(a)) > 0.1),
        ("near the identity", lambda a: np.linalg.det(a) > 0.1),
        ("with real eigenvalues", lambda a: not np.iscomplexobj(np.linalg.eigvals(a))),
        ("probabilities", lambda a: np.allclose(a.sum(1), 1) and np.all(a > 0)),
        ("one-hot", lambda a: np.array_equal(np.sort(a), np.eye(len(a))[[-1] * len(a)])),
    ],
)
def test_points_have_their_property(word, holds):
    assert word in WORDS
    for seed in range(20):
        rng = np.random.default_rng(seed)
        assert holds(drawn(parsed(f"A n×n {word}")["A"], 0, rng))


# SymPy's side: a class for each kind of answer, on answers that are known.


def judged(key, text):
    question = questions[key]
    expected = truth.tensor(question, question.point(0, 0))
    return sympy_side.attempt(key, text, expected)


@pytest.mark.parametrize(
    ("key", "text", "found"),
    [
        ("site/least-squares/gradient-x", "(A*x - b).T*(A*x - b)/2", "solved"),
        ("site/least-squares/gradient-x", "(A*x - b).T*(A*x - b)", "wrong"),
        ("site/quadratic/gradient-x", "x.T*A*x/2 + b.T*x", "solved"),
        ("site/Ax/jacobian-x", "A*x", "solved"),
        ("site/Ax/jacobian-A", "A*x", "array form"),
        ("site/layer/gradient-W", "(W*x + b - y).T*(W*x + b - y)/2", "array form"),
        ("site/trace/gradient-X", "Trace(X.T)", "solved"),
        ("site/trace/gradient-X", "Trace(2*X)", "wrong"),
        ("cookbook/xBx/gradient-x", "x.T*B", "wrong"),
        ("site/linear/gradient-x", "c.T*x + undefined", "exception"),
    ],
)
def test_sympy_is_judged(key, text, found):
    assert judged(key, text)[0] == found


def test_the_best_formulation_counts():
    attempts = [{"class": c} for c in ("wrong", "array form", "exception")]
    assert sympy_side.verdict(attempts) == "array form"
    assert sympy_side.verdict([]) == "not expressible"


# adcourse's side: an engine that is known to be right, one that is wrong, one that refuses.


def engine_of(monkeypatch, derive):
    module = ModuleType("adcourse.symbolic.matrix_calculus")
    module.gradient = derive
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(adcourse.symbolic, "matrix_calculus", module, raising=False)


def asked(key):
    question = questions[key]
    points = [truth.tensor(question, question.point(*point)) for point in engine.POINTS]
    return engine.attempt(key, points)


class Answer:
    """As much of a derivation as is looked at."""

    is_map = False

    def __init__(self, result, run):
        self.result, self.run = result, run

    def __call__(self, *args):
        return self.run(*args)


def by_adcourse(f, *args, argnums, assume):
    return Answer("∇f", ad.grad(f, argnums))


def twice(f, *args, argnums, assume):
    return Answer("2∇f", lambda *args: 2 * ad.grad(f, argnums)(*args))


def only_here(f, *args, argnums, assume):
    """Right at the point of the derivation alone."""
    frozen = ad.grad(f, argnums)(*args)
    return Answer("∇f", lambda *args: frozen)


def refuse(f, *args, argnums, assume):
    raise NotLowerable("node v3, np.linalg.cond, has no matrix form")


@pytest.mark.parametrize(
    ("derive", "verdict"),
    [(by_adcourse, "solved"), (twice, "wrong"), (only_here, "wrong"), (refuse, "refused")],
)
def test_the_engine_is_judged(monkeypatch, derive, verdict):
    engine_of(monkeypatch, derive)
    assert asked("site/norm-Ax/gradient-x")["verdict"] == verdict


def test_the_engine_is_told_of_symmetry(monkeypatch):
    told = []

    def derive(f, *args, argnums, assume):
        told.append(assume)
        return by_adcourse(f, *args, argnums=argnums, assume=assume)

    engine_of(monkeypatch, derive)
    # df = ⟨abᵀ, dX⟩ is right for every symmetric dX, although abᵀ is not symmetric.
    assert asked("cookbook/symmetric-form/gradient-X")["verdict"] == "solved"
    assert told[0] == {"X": "symmetric"}


# The runner


def test_a_call_has_a_limit():
    with Limited(time.sleep, 0.2) as run:
        assert run(30) is None
    with Limited(abs, 30) as run:
        assert run(-3) == 3
        with pytest.raises(RuntimeError, match="TypeError"):
            run("three")
        assert run(-4) == 4


def test_the_table_is_written(tmp_path, capsys):
    only = ["--only", "site/linear", "--results", str(tmp_path)]
    command.main(only)
    first = json.loads((tmp_path / "problem_lists.json").read_text(encoding="utf-8"))
    row = next(r for r in first["questions"] if r["key"] == "site/linear/gradient-x")
    assert [a["class"] for a in row["sympy"]] == ["solved", "solved", "wrong"]
    assert row["engine"]["verdict"] in engine.VERDICTS
    command.main([*only, "--no-sympy"])
    again = json.loads((tmp_path / "problem_lists.json").read_text(encoding="utf-8"))
    assert [r.get("sympy") for r in again["questions"]] == [
        r.get("sympy") for r in first["questions"]
    ]
    text = (tmp_path / "problem_lists.md").read_text(encoding="utf-8")
    assert text.count("\n## ") == len({tables.group(r) for r in first["questions"]}) + 1
    assert "| site, gradients | 35 |" in capsys.readouterr().out
