"""What the sentences say is true: their arithmetic and their formulas are computed again."""

import re

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import adcourse as ad
from adcourse.drawing import evaluation_table
from adcourse.drawing.formulas import formula_of
from adcourse.drawing.ink import html, plain, svg, tex
from adcourse.drawing.numbers import number, value_text
from adcourse.drawing.partials import partial_of
from adcourse.drawing.walk import walk

NAMESPACE = {
    "log": np.log, "exp": np.exp, "sin": np.sin, "cos": np.cos, "tanh": np.tanh, "max": max,
    "arctan": np.arctan, "sqrt": np.sqrt, "sign": np.sign,
    "share": lambda x, y: 1.0 if x > y else 0.5 if x == y else 0.0,
}  # fmt: skip
FUNCTIONS = "log|exp|sin|cos|tanh|arctan|sign"


def computed(words, **values):
    """A formula as it is printed, read as Python and evaluated."""
    code = words.replace("·", "*").replace("−", "-").replace("^", "**")
    code = re.sub(r"√([\w.]+)", r"sqrt(\1)", code).replace("√(", "sqrt(")
    code = re.sub(rf"({FUNCTIONS}) ([\w.]+)", r"\1(\2)", code)
    code = re.sub(r"\b2([a-z])", r"2*\1", code)
    superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹"
    code = re.sub(f"([{superscripts}])", lambda m: f"**{superscripts.index(m[1])}", code)
    return eval(code, NAMESPACE | values)


def test_the_walk_of_the_lecture_backward(L):
    lines = str(ad.trace(L, 2.0, 3.0).step()).splitlines()
    assert [line[5:].strip() for line in lines] == [
        "forward  given: w1 = 2, w2 = 3",
        "forward  v1 = log w1 = log 2 = 0.6931",
        "forward  v2 = w2 · v1 = 3 · 0.6931 = 2.0794",
        "forward  v3 = √v2 = √2.0794 = 1.4420",
        "forward  L = v2 + v3 = 2.0794 + 1.4420 = 3.5215",
        "reverse  L̄ ← seed = 1   (∂L/∂L = 1: the walk back starts at the result)",
        "reverse  v̄3 ← L̄ · ∂L/∂v3 = 1 · 1 = 1   (∂L/∂v3 = 1)",
        "reverse  v̄2 ← L̄ · ∂L/∂v2 = 1 · 1 = 1   (∂L/∂v2 = 1)",
        "reverse  v̄2 ← v̄2 + v̄3 · ∂v3/∂v2 = 1 + 1 · 0.3467 = 1.3467"
        "   (∂v3/∂v2 = 1 / (2v3) = 0.3467)",
        "reverse  v̄1 ← v̄2 · ∂v2/∂v1 = 1.3467 · 3 = 4.0402   (∂v2/∂v1 = w2 = 3)",
        "reverse  w̄2 ← v̄2 · ∂v2/∂w2 = 1.3467 · 0.6931 = 0.9335   (∂v2/∂w2 = v1 = 0.6931)",
        "reverse  w̄1 ← v̄1 · ∂v1/∂w1 = 4.0402 · 0.5 = 2.0201   (∂v1/∂w1 = 1 / w1 = 0.5)",
        "reverse  the gradient: ∂L/∂w1 = w̄1 = 2.0201, ∂L/∂w2 = w̄2 = 0.9335",
    ]


def test_the_walk_of_the_lecture_forward(L):
    lines = str(ad.trace(L, 2.0, 3.0).step(mode="forward")).splitlines()
    assert [line[14:] for line in lines] == [
        "given: w1 = 2, w2 = 3 ; chosen: ẇ1 = 1, ẇ2 = 0",
        "v1 = log w1 = log 2 = 0.6931 ; v̇1 = ẇ1 · (1 / w1) = 1 · 0.5 = 0.5",
        "v2 = w2 · v1 = 3 · 0.6931 = 2.0794 ; v̇2 = ẇ2 · v1 + v̇1 · w2 = 0 · 0.6931 + 0.5 · 3 = 1.5",
        "v3 = √v2 = √2.0794 = 1.4420 ; v̇3 = v̇2 · (1 / (2v3)) = 1.5 · 0.3467 = 0.5201",
        "L = v2 + v3 = 2.0794 + 1.4420 = 3.5215 ; L̇ = v̇2 + v̇3 = 1.5 + 0.5201 = 2.0201",
        "the derivative: ∂L/∂w1 = L̇ = 2.0201",
    ]


def test_matrices_are_said_in_words():
    rng = np.random.default_rng(0)
    x, W = rng.normal(size=(4, 3)), rng.normal(size=(3, 5))
    text = str(ad.trace(lambda x, W: np.sum(np.tanh(x @ W)), x, W).step())
    assert "W̄ ← xᵀ · v̄1 of shape (3, 5)" in text
    assert "x̄ ← v̄1 · Wᵀ of shape (4, 3)" in text
    assert "v̄1 ← v̄2 ⊙ (1 − v2²) of shape (4, 5)" in text
    assert "v̄2 ← f̄ spread over what was summed of shape (4, 5)" in text


def test_products_of_vectors_in_words():
    A, x = np.ones((2, 3)), np.arange(3.0)
    text = str(ad.trace(lambda A, x: (A @ x) @ (A @ x), A, x).step())
    assert "Ā ← v̄2 · xᵀ of shape (2, 3)" in text  # a column times a row
    assert "x̄ ← Aᵀ · v̄2 = " in text
    assert "v̄1 ← f̄ · v2 = " in text  # an inner product: no row, no column


def test_words_for_rows_that_move_entries():
    text = str(ad.trace(lambda A: np.sum(np.where(A > 1, A.T[0], 0.5)), np.eye(2) * 2).step())
    assert "v̄3 ← v̄4 where v1, else 0, summed over the copies" in text
    assert "v̄2 ← v̄3 placed at [0] = " in text
    assert "Ā ← v̄2ᵀ = " in text


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_formulas_and_partials_say_what_is_computed(programs_at_random, data):
    f = data.draw(programs_at_random)
    graph = ad.trace(f, 0.7, 1.3)
    values = {node.name: float(node.value) for node in (*graph.inputs, *graph.nodes)}
    taken = walk(graph)
    for node in graph.nodes:
        formula = plain(formula_of(node, {}).tokens)
        assert computed(formula, **values) == pytest.approx(values[node.name], abs=1e-12), formula
        for k in taken.local[node]:
            partial = partial_of(node, k, {})
            words = plain(partial.formula.tokens)
            assert computed(words, **values) == pytest.approx(partial.value, abs=1e-12), words


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_the_arithmetic_of_each_sentence_adds_up(programs_at_random, data):
    graph = ad.trace(data.draw(programs_at_random), 0.7, 1.3)
    for mode in ("forward", "reverse"):
        for line in str(graph.step(mode=mode)).splitlines()[1:-1]:
            for said in re.split(r" ; |   \(", line):
                *_, inserted, result = ["", *said.removesuffix(")").split(" = ")]
                if re.search(r"[^\W\d_]|∂", inserted) or not inserted:
                    continue  # in symbols; the test above reads these
                size = sum(abs(float(x)) for x in re.findall(r"\d+\.?\d*", inserted))
                found = computed(inserted)
                expected = float(result.replace("−", "-"))
                assert found == pytest.approx(expected, abs=2e-4 * (1 + size)), said


@pytest.mark.parametrize(
    ("f", "words"),
    [
        (lambda x, y: (x - y) - (y - x), "v1 − v2"),
        (lambda x, y: x ** (y + 1), "x^v1"),
        (lambda x, y: (-x) ** 3, "v1³"),
        (lambda x, y: x > y, "x > y"),
        (lambda x, y: np.where(x > y, x, y), "x if v1 else y"),
        (lambda x, y: np.stack([x, y])[:1], "v3[:1]"),
        (lambda x, y: np.abs(x), "|x|"),
        (lambda x, y: x / -2.0, "x / (−2)"),
        (lambda x, y: np.sum(np.stack([x, y]), axis=0), "sum(v3, axis 0)"),
        (lambda x, y: np.stack([x, y]).T, "v3ᵀ"),
        (lambda x, y: np.logical_not(x > y), "¬v1"),
    ],
)
def test_formulas(f, words):
    last = ad.trace(f, 2.0, 3.0).nodes[-1]
    assert plain(formula_of(last, {}).tokens) == words


@pytest.mark.parametrize(
    ("x", "words"),
    [
        (3.0, "3"), (-0.5, "−0.5"), (1.442026, "1.4420"), (2.5e-9, "2.5e−9"), (1e20, "1e20"),
        (float("nan"), "nan"), (float("-inf"), "−∞"), (np.bool_(True), "True"),
        (123456.75, "1.2346e5"), (0.0, "0"), (np.float32(0.25), "0.25"),
    ],
)  # fmt: skip
def test_numbers(x, words):
    assert number(x) == words


def test_arrays_show_entries_or_their_shape():
    assert value_text(np.array([[1.0, 2.0], [0.333333, -4.0]])) == "[1, 2; 0.333, −4]"
    assert value_text(np.ones((2, 3))) == "shape (2, 3)"
    assert value_text(np.ones(0)) == "shape (0,)"
    assert value_text(np.array(2.5)) == "2.5"


def test_names_have_their_digits_below():
    assert plain((("bar", 'p["w"]'), ("dot", "x"))) == 'p̄["w"]ẋ'
    tokens = (("bar", "w12"), ("text", " < "), ("name", "loss"))
    assert plain(tokens) == "w̄12 < loss"
    assert html(tokens) == "<i>w̄</i><sub>12</sub> &lt; <i>loss</i>"
    assert tex(tokens) == r"\bar{w}_{12} < \mathrm{loss}"
    assert svg((("name", "w1"), ("text", "+")), 16) == (
        '<tspan font-style="italic">w</tspan><tspan dy="4" font-size="11.5">1</tspan>'
        '<tspan dy="-4">+</tspan>'
    )


def test_the_table_of_a_walk(L):
    table = evaluation_table(ad.trace(L, 2.0, 3.0))
    assert str(table).splitlines()[4] == (
        "v2    w2 · v1  2.0794  v̄2 = L̄ + v̄3 · (1 / (2v3))  1.3467"
    )
    assert r"w_{2} \cdot v_{1}" in table._repr_latex_()
    assert table._repr_latex_().count(r"\\") == 7
    assert r"| $v_{3}$ | $\sqrt{v_{2}}$ | $1.4420$ |" in table._repr_markdown_()


def test_the_formulas_of_the_table_are_the_derivative(L):
    """Insert each rule into the next: what stands at w1 and w2 is what SymPy derives."""
    table = evaluation_table(ad.trace(L, 2.0, 3.0))
    symbols = {name: sympy.Symbol(name, positive=True) for name in "w1 w2 v1 v2 v3 L".split()}
    bars = {}
    for row in reversed(table.rows):
        name, rule = plain(row[0]), plain(row[3]).split(" = ")[1].replace("·", "*")
        rule = re.sub(r"(\w)\u0304(\d?)", r"bar_\1\2", rule).replace("2v3", "2*v3")
        known = symbols | {f"bar_{name}": bar for name, bar in bars.items()} | {"seed": 1}
        bars[name] = sympy.sympify(rule, known)
    w1, w2, v1, v2, v3, _ = symbols.values()
    values = [(v3, sympy.sqrt(v2)), (v2, w2 * v1), (v1, sympy.log(w1))]
    formula = w2 * sympy.log(w1) + sympy.sqrt(w2 * sympy.log(w1))
    for w in (w1, w2):
        assert sympy.simplify(bars[w.name].subs(values) - formula.diff(w)) == 0
