"""Typed answers: the right reading, a sentence for everything else, and never a crash."""

import time

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import adcourse as ad
from adcourse.core.errors import AnswerError
from adcourse.symbolic.answers import parse_answer
from adcourse.symbolic.case import in_field
from adcourse.symbolic.exact import Decimals, Point, Rationals, sampling
from adcourse.symbolic.formula import Formula

SYMBOLS = {"A": ("n", "n"), "B": ("n", "n"), "x": ("n",), "y": ("n",), "X": ("m", "n"), "c": ()}
u, v = sympy.symbols("u v", real=True)

SCALARS = {
    "u**2 + 2*u*v - v/3": u**2 + 2 * u * v - v / 3,
    "0.1*u": u / 10,
    "1e-2 * u": u / 100,
    "-u**2": -(u**2),
    "2**-u": 2 ** (-u),
    "np.exp(-u)*np.sin(v)": sympy.exp(-u) * sympy.sin(v),
    "ln(u) + log1p(v)": sympy.log(u) + sympy.log(1 + v),
    "arctan(u) + abs(v)": sympy.atan(u) + sympy.Abs(v),
    "sigmoid(u) + softplus(v) + relu(u)": 1 / (1 + sympy.exp(-u))
    + sympy.log(1 + sympy.exp(v))
    + sympy.Max(u, 0),
    "sqrt(u)*maximum(u, v)": sympy.sqrt(u) * sympy.Max(u, v),
    "+u - -v": u + v,
    "u.T @ v": u * v,
}


@pytest.mark.parametrize("text", SCALARS)
def test_scalar_answers(text):
    assert parse_answer(text, [u, v]) == SCALARS[text]


MATRICES = {  # text -> the same in NumPy
    "A @ x - y": lambda A, B, x, y, X, c: A @ x - y,
    "x.T @ A @ x": lambda A, B, x, y, X, c: x.T @ A @ x,
    "x @ y.T + c*eye(n)": lambda A, B, x, y, X, c: x @ y.T + c * np.eye(3),
    "inv(A) @ np.linalg.inv(B)": lambda A, B, x, y, X, c: np.linalg.inv(A) @ np.linalg.inv(B),
    "solve(A, x) / norm(y)**2": lambda A, B, x, y, X, c: np.linalg.solve(A, x) / (y.T @ y),
    "trace(A @ B) * det(A) * x": lambda A, B, x, y, X, c: np.trace(A @ B) * np.linalg.det(A) * x,
    "A*B - c*ones(n, n)": lambda A, B, x, y, X, c: A * B - c,
    "diag(x) @ A - outer(x, y)": lambda A, B, x, y, X, c: np.diag(x[:, 0]) @ A - np.outer(x, y),
    "diag(A) + x**2 + 1": lambda A, B, x, y, X, c: np.diag(A)[:, None] + x**2 + 1,
    "X @ x + ones(m)*n": lambda A, B, x, y, X, c: X @ x + 3,
    "sum(A) * inner(A, B)": lambda A, B, x, y, X, c: np.sum(A) * np.sum(A * B),
    "transpose(X) @ X - zeros(n, n)": lambda A, B, x, y, X, c: X.T @ X,
    "1/(1 + x*x)": lambda A, B, x, y, X, c: 1 / (1 + x * x),
    "A @ (B @ x) + c*x/2": lambda A, B, x, y, X, c: A @ B @ x + c * x / 2,
    "x - (y - x) - c*(x/c)": lambda A, B, x, y, X, c: x - y,
}


def random_point(seed=0):
    rng = np.random.default_rng(seed)
    sizes = {"n": 3, "m": 2}
    values = {
        name: sampling.draw(Rationals(), tuple(sizes[d] for d in shape), "none", rng)
        for name, shape in SYMBOLS.items()
    }
    return Point(values, sizes)


@pytest.mark.parametrize("text", MATRICES)
def test_matrix_answers_against_numpy(text):
    formula, point = parse_answer(text, SYMBOLS), random_point()
    assert isinstance(formula, Formula)
    D = Decimals(40)
    value = formula.over(D, in_field(D, point))
    arrays = [np.array(point[name], dtype=float) for name in SYMBOLS]
    np.testing.assert_allclose(np.array(value, dtype=float), MATRICES[text](*arrays), rtol=1e-9)


REFUSED = {
    "d + 1": "Column 1: there is no symbol d",
    "c + cc": "Column 5: there is no symbol cc here; did you mean c?",
    "A @ X": r"Column 1: @ cannot multiply shapes \(n, n\) and \(m, n\)",
    "c*(A + x)": r"Column 4: the shapes \(n, n\) and \(n, 1\) differ",
    "A*x": "the product of matrices is @",
    "x @ y": "a vector is a column",
    "A + 1": "eye",
    "1/A": "inv",
    "A**2": "A @ A",
    "c**A": "exponent is a matrix",
    "det(X)": "square",
    "9**9**9": "power is too large",
    "((2*c)**1000)**1000": "power is too large",
    "c**1e300": "power is too large",
    "'c'": "a string",
    "f'{c}'": "a string",
    "x.__class__": "__class__ is not read",
    "().__class__.__bases__[0]": "is not read",
    "(lambda: c)()": "not a function",
    "lambda: c": "lambda",
    "[c for c in x]": "a comprehension",
    "__import__('os')": "not a function",
    "import os": "not a formula",
    "c := 1": "not a formula",
    "c; c": "not a formula",
    "exec('c')": "not a function",
    "x[0]": "an index",
    "c < 1": "a comparison",
    "c if c else c": "a condition",
    "c^2": "x\\*\\*2",
    "c − 1": "Write - instead",
    "с": "plain ASCII",  # Cyrillic
    "1j": "not read",
    "True": "not read",
    "1e999999999": "not read",
    "exp": r"write exp\(",
    "exp(c, c)": "exp takes 1 argument",
    "exp(a=c)": "exp takes 1 argument",
    "expp(c)": "did you mean exp?",
    "eye(k)": "no symbol k",
    "eye(1000)": "up to 100",
    "eye(-1)": "up to 100",
    "": "empty",
    "c" * 2000: "characters",
    "-" * 500 + "c": "nested",
    "(" * 300 + "c" + ")" * 300: "nested|not a formula",
    "c\x00": "character",
    "c\n+ 1": "character",
}


@pytest.mark.parametrize(
    "text", REFUSED, ids=lambda text: text[:20].encode("unicode_escape").decode()
)
def test_everything_else_is_refused_with_a_sentence(text):
    start = time.perf_counter()
    with pytest.raises(AnswerError, match=REFUSED[text]):
        parse_answer(text, SYMBOLS)
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize("text", [None, 3, b"c", ["c"]])
def test_only_text_is_read(text):
    with pytest.raises(AnswerError, match="An answer is text"):
        parse_answer(text, SYMBOLS)


PIECES = list("ABxycXdnm2'[].=^{}#:_j") + [
    *("0.5", "1e3", "9**9", " + ", " - ", "*", "@", "/", "**", "(", ")", ".T", "-", ",", "exp("),
    *("inv(", "norm(", "trace(", "diag(", "kron(", "eye(n)", "ones(m)", "sqrt(", "__class__"),
    *("lambda ", "if", "π", "²", "\n", "\x00", "f'", "np."),
]
VALID = st.sampled_from(sorted([*MATRICES, *SCALARS]))


@st.composite
def mutated(draw):
    """A valid answer with some of its text replaced."""
    text = draw(VALID)
    for _ in range(draw(st.integers(1, 3))):
        i = draw(st.integers(0, len(text)))
        j = min(len(text), i + draw(st.integers(0, 3)))
        text = text[:i] + draw(st.sampled_from(PIECES)) + text[j:]
    return text


TYPED = st.one_of(
    st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=12).map("".join), mutated()
)


@settings(max_examples=400, deadline=1000)
@given(TYPED)
def test_any_text_gives_a_formula_or_an_answer_error(text):
    try:
        made = parse_answer(text, SYMBOLS)
    except AnswerError as error:
        assert len(str(error)) < 600 and str(error).endswith(".")
    else:
        assert isinstance(made, Formula | sympy.Expr)


@settings(max_examples=150, deadline=3000)
@given(TYPED)
def test_any_text_can_be_compared(text):
    verdict = ad.compare(text, "A @ x", shapes=SYMBOLS)
    assert verdict.status in ("proved", "exact", "digits", "differs", "undecided")


def formulas():
    """Random formulas over numbers and vectors, built without the parser."""
    leaf = st.one_of(
        st.integers(0, 30).map(lambda k: parse_answer(f"{k}.5*ones(n)", SYMBOLS).args[0]),
        st.just(Formula("symbol", (), (), "c")),
        st.just(Formula("dimension", (), (), "n")),
    )

    def grow(inner):
        pair = st.tuples(inner, inner)
        return st.one_of(
            st.tuples(st.sampled_from("+-*/"), pair).map(lambda t: Formula(t[0], t[1])),
            inner.map(lambda a: Formula("neg", (a,))),
            inner.map(lambda a: Formula("T", (a,))),
            inner.map(lambda a: Formula("**", (a, Formula("symbol", (), (), "c")))),
            inner.map(lambda a: Formula("**", (Formula("symbol", (), (), "c"), a))),
            inner.map(lambda a: Formula("exp", (a,))),
        )

    x = Formula("symbol", (), ("n", 1), "x")
    return st.recursive(leaf, grow, max_leaves=12).map(lambda a: Formula("*", (a, x), ("n", 1)))


@settings(max_examples=300)
@given(formulas())
def test_what_is_printed_is_read_again(formula):
    assert parse_answer(str(formula), SYMBOLS) == formula


@pytest.mark.parametrize("text", MATRICES)
def test_answers_are_printed_and_read_again(text):
    formula = parse_answer(text, SYMBOLS)
    assert parse_answer(str(formula), SYMBOLS) == formula
