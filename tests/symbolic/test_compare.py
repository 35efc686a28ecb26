"""The five verdicts: equal forms are never refuted, planted errors are, with their witness."""

import time

import numpy as np
import pytest
import sympy

import adcourse as ad
from adcourse.symbolic.exact import linear

n, m = sympy.symbols("n m")
A, B, C = (sympy.MatrixSymbol(name, n, n) for name in "ABC")
U = sympy.MatrixSymbol("U", m, n)
b, c = sympy.MatrixSymbol("b", n, 1), sympy.MatrixSymbol("c", n, 1)
eye, eye_m = sympy.Identity(n), sympy.Identity(m)
x, y = sympy.symbols("x y", real=True)
SHAPES = {
    "A": ("n", "n"),
    "B": ("n", "n"),
    "X": ("m", "n"),
    "x": ("n",),
    "w": ("n",),
    "t": ("m",),
    "l": (),
}

EQUAL = {
    "push-through": (A * (eye + B * A).inverse(), (eye + A * B).inverse() * A),
    "Woodbury": (
        (A + U.T * U).inverse(),
        A.inverse()
        - A.inverse() * U.T * (eye_m + U * A.inverse() * U.T).inverse() * U * A.inverse(),
    ),
    "determinant of a product": (
        sympy.Determinant(A * B),
        sympy.Determinant(A) * sympy.Determinant(B),
    ),
    "cyclic trace": (sympy.Trace(A * B * C), sympy.Trace(C * A * B)),
    "trace of a transpose": (sympy.Trace(A * B.T), sympy.Trace(B * A.T)),
    "ridge": ("solve(X.T @ X + l*eye(n), X.T @ t)", "X.T @ solve(X @ X.T + l*eye(m), t)"),
    "logistic gradient": ("X.T @ (sigmoid(X@w) - t)", "X.T @ (exp(X@w) / (1 + exp(X@w)) - t)"),
    "softplus": ("log(1 + exp(X@w))", "X@w + softplus(-(X@w))"),
    "norm": ("w / norm(w)", "w / sqrt(w.T @ w)"),
    "trace of the identity": ("trace(eye(n))", "n"),
    "outer product": ("trace(outer(x, w))", "inner(x, w)"),
    "hyperbolic": (sympy.sinh(2 * x), 2 * sympy.sinh(x) * sympy.cosh(x)),
    "tangent": (sympy.tan(x) ** 2 + 1, sympy.cos(x) ** -2),
    "two roots": (sympy.sqrt(x) * sympy.sqrt(y), sympy.sqrt(x * y)),
    "relu": (sympy.Max(x, 0) - sympy.Max(-x, 0), x),
    "logistic map": (
        (lambda v: 4 * v * (1 - v))(4 * x * (1 - x)),
        16 * x * (1 - x) * (1 - 2 * x) ** 2,
    ),
}


def verdict_of(pair, **options):
    shapes = SHAPES if any(isinstance(side, str) for side in pair) else None
    return ad.compare(*pair, shapes=shapes, **options)


@pytest.mark.parametrize("name", EQUAL)
def test_equal_forms_are_never_refuted(name):
    verdict = verdict_of(EQUAL[name])
    assert verdict, verdict
    assert verdict.status in ("proved", "exact", "digits")
    if verdict.status == "exact":
        assert "chance of error below 1e-" in str(verdict)


def test_what_exact_points_decide_is_not_left_to_digits():
    names = ["push-through", "Woodbury", "cyclic trace", "ridge", "logistic gradient", "norm"]
    assert {verdict_of(EQUAL[name]).status for name in names} == {"exact"}


PLANTED = {
    "missing transpose": ("A.T @ x", "A @ x"),
    "factor 2": ("A @ x", "2*A @ x"),
    "sign": ("A @ x - w", "A @ x + w"),
    "order of a trace": (sympy.Trace(A * B * C), sympy.Trace(B * A * C)),
    "small factor": (A * b, A * b * (1 + sympy.Rational(1, 10**12))),
    "smaller constant": (sympy.exp(x), sympy.exp(x) + sympy.Rational(1, 10**60)),
    "constant in sums that cancel": (
        sympy.sin(x) ** 2 + sympy.cos(x) ** 2 - 1,
        sympy.Rational(1, 10**20),
    ),
    "swapped": (x - y, y - x),
    "norm without root": ("x / norm(x)", "x / (x.T @ x)"),
    "trace of the identity": (sympy.Trace(eye), 4),
    "one branch of a root": (sympy.sqrt(x**2, evaluate=False), x),
    "a multiple of the prime": ((2**61 - 1) * x, 0),
    "a threshold": (sympy.Max(x, 5), 5),
}


@pytest.mark.parametrize("name", PLANTED)
def test_planted_errors_are_refuted(name):
    verdict = verdict_of(PLANTED[name])
    assert verdict.status == "differs" and not verdict, verdict
    assert verdict.values[0] != verdict.values[1]


def test_a_witness_can_be_checked_by_hand():
    verdict = ad.compare((A + A.T) * b, 2 * A * b)
    here = verdict.witness
    M, v = here["A"], here["b"]
    assert here["n"] == 2 and M.shape == (2, 2) and all(e.is_Rational and e.q < 10 for e in M)
    left, right = (M + M.T) * v, 2 * M * v
    assert verdict.values in list(zip(left, right, strict=True))
    assert str(verdict).startswith("differs at n = 2, A = [[")


def test_the_witness_is_the_same_every_time():
    assert len({str(ad.compare(x * y, x + y)) for _ in range(5)}) == 1


ASSUMED = {
    "symmetric": ("(A + A.T) @ x", "2*A @ x"),
    "orthogonal": ("inv(A)", "A.T"),
    "positive definite": ("A - A.T + sqrt(det(A)) * A", "A * det(A)**0.5"),
    "skew": ("x.T @ A @ x", "0"),
    "diagonal": ("A", "diag(diag(A))"),
}


@pytest.mark.parametrize("prop", ASSUMED)
def test_identities_that_hold_under_an_assumption_alone(prop):
    assert verdict_of(ASSUMED[prop], assume={"A": prop})
    assert verdict_of(ASSUMED[prop]).status == "differs"


def test_orthogonal_matrices_have_two_determinants():
    assert verdict_of(("det(A)", "1"), assume={"A": "orthogonal"}).status == "differs"
    assert verdict_of(("det(A)**2", "1"), assume={"A": "orthogonal"}).status == "exact"


def test_thin_orthonormal_columns_have_one_inverse():
    assume = {"X": "orthonormal columns"}
    assert verdict_of(("X.T @ X", "eye(n)"), assume=assume)
    assert verdict_of(("X @ X.T", "eye(m)"), assume=assume).status == "differs"


PROGRAMS = {
    "quadratic form": (
        ad.grad(lambda x, A: x @ A @ x),
        "(A + A.T) @ x",
        {"x": ("n",), "A": ("n", "n")},
    ),
    "least squares": (
        ad.grad(lambda w, X, t: np.sum((X @ w - t) ** 2)),
        "2*X.T @ (X@w - t)",
        {"w": ("n",), "X": ("m", "n"), "t": ("m",)},
    ),
    "logistic": (
        ad.grad(lambda w, X, t: np.sum(np.log(1 + np.exp(X @ w)) - t * (X @ w))),
        "X.T @ (sigmoid(X@w) - t)",
        {"w": ("n",), "X": ("m", "n"), "t": ("m",)},
    ),
    "of a matrix": (
        ad.grad(lambda A, B: np.trace(A @ B @ A)),
        "(A@B + B@A).T",
        {"A": ("n", "n"), "B": ("n", "n")},
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_against_typed_formulas(name):
    program, formula, shapes = PROGRAMS[name]
    assert ad.compare(program, formula, shapes=shapes)
    wrong = ad.compare(program, f"1.5*({formula})", shapes=shapes)
    assert wrong.status == "differs" and wrong.witness


def test_a_graph_against_matrix_expressions_of_its_size():
    graph = ad.trace(lambda A, b: A @ b, np.eye(3), np.ones(3))
    assert ad.compare(graph, A * b).status == "exact"
    assert ad.compare(graph, A.T * b).witness["A"].shape == (3, 3)


def test_shapes_and_keys_are_part_of_the_answer():
    row = sympy.Matrix([[x, y]])
    verdict = ad.compare(row, row.T)
    assert verdict.status == "differs" and "(1, 2) against (2, 1)" in str(verdict)
    assert ad.compare([x, y], [x]).status == "differs"
    assert ad.compare(row.T, [x, y]).status == "proved"
    assert ad.compare({"a": x, "b": y}, {"b": y, "a": x}).status == "proved"
    assert ad.compare({"a": x, "b": y}, {"a": y, "b": x}).status == "differs"
    assert ad.compare({"a": x}, {"b": x}).status == "differs"
    assert "differs in shape" in str(verdict_of(("x.T @ A", "A.T @ x")))


def test_variables_that_do_not_meet():
    with pytest.raises(ad.WrongStructure, match="x is a number on one side"):
        ad.compare(x, sympy.MatrixSymbol("x", 2, 2)[0, 0])
    with pytest.raises(ad.WrongStructure, match="A has 2 rows or columns on one side and 3"):
        ad.compare(sympy.MatrixSymbol("A", 2, 2), sympy.MatrixSymbol("A", 3, 3))
    with pytest.raises(ad.WrongStructure, match="cannot be symmetric"):
        ad.compare("X", "X", shapes={"X": (2, 3)}, assume={"X": "symmetric"})


UNDECIDED = {
    "no domain": (lambda: ad.compare(sympy.log(-1 - x**2), sympy.log(-2 - x**2)), "domain"),
    "no point": (lambda: ad.compare(lambda x: np.log(-1 - x * x), x, x), "No point was found"),
    "no formula": (
        lambda: ad.compare(sympy.Integral(sympy.exp(-(x**2)), (x, 0, y)), y),
        "Integral",
    ),
    "no SymPy form": (
        lambda: ad.compare(lambda x: np.argmax(np.sign(x)) + x[0], "x", shapes={"x": (2,)}),
        "argmax",
    ),
    "Fermat's little theorem": (lambda: ad.compare(x ** (2**61 - 2), 1), "digits"),
    "cannot be read": (lambda: ad.compare("x +* 2", x), "Column 4"),
    "unknown symbol": (lambda: ad.compare("xx + 2", x), "no symbol xx"),
    "trick": (lambda: ad.compare("x.__class__", x), "__class__"),
    "not a number": (lambda: ad.compare("1/0", "1/0", [x]), "domain"),
    "complex": (lambda: ad.compare("sqrt(-1)*x", "sqrt(-1)", [x]), "complex"),
    "in a list": (lambda: ad.compare(["x", "open('f')"], [x, x]), "cannot be read"),
    "too small": (lambda: ad.compare("tanh(900 + x*x) - 1", saturation(900), x), "rounding hides"),
    "twice too small": (
        lambda: ad.compare("tanh(900 + x*x) - 1", "2*(tanh(900 + x*x) - 1)", x),
        "rounding hides",
    ),
}


def saturation(shift, factor=2):
    """tanh u = 1 - 2 / (1 + exp 2u) at u = shift + x²: the part that tanh loses to rounding."""
    return f"-{factor}/(1 + exp(2*({shift} + x*x)))"


@pytest.mark.parametrize("name", UNDECIDED)
def test_undecided_says_why(name):
    ask, words = UNDECIDED[name]
    verdict = ask()
    assert verdict.status == "undecided" and not verdict and words in str(verdict)


VECTORS = {"a": ("n",), "x": ("n",)}
SATURATED = {  # at large ⟨a, x⟩ one form has lost all digits, the other has not
    "slope of tanh": ("(1 - tanh(a.T @ x)**2)*a", "4*exp(2*a.T @ x)/(1 + exp(2*a.T @ x))**2*a"),
    "odds": ("(1 - tanh(a.T @ x))/(1 + tanh(a.T @ x))", "exp(-2*a.T @ x)"),
    "softplus": ("log(1 + exp(a.T @ x)) - a.T @ x", "log(1 + exp(-a.T @ x))"),
    "curvature": ("sigmoid(a.T @ x)*(1 - sigmoid(a.T @ x))", "1/(2 + 2*cosh(a.T @ x))"),
}


@pytest.mark.parametrize("name", SATURATED)
def test_lost_digits_do_not_refute(name):
    p, q = SATURATED[name]
    for _ in range(40):  # at points that cannot be foreseen
        assert ad.compare(p, q, shapes=VECTORS), name
    assert ad.compare(p, f"2*({q})", shapes=VECTORS).status == "differs"


def test_a_division_by_lost_digits_does_not_refute():
    def textbook(w):
        p = 1 / (1 + np.exp(-w))
        return -np.log(1 - p)  # its pullback divides by 1 - p

    for _ in range(40):
        assert ad.compare(lambda w: ad.grad(textbook)(300 * w), "sigmoid(300*w)", shapes={"w": ()})
    assert ad.compare(ad.grad(textbook), "2*sigmoid(w)", shapes={"w": ()}).status == "differs"


def test_where_digits_are_lost_at_every_point_more_of_them_decide():
    """1 + exp(-3000) is 1 in 800 digits; of what is left when 1 is subtracted, nothing follows."""
    s = "1/(1 + exp(-1500*x))"
    assert ad.compare(f"{s}*(1 - {s})", "exp(-1500*x)/(1 + exp(-1500*x))**2", x)
    found = ad.compare(f"{s}*(1 - {s})", f"2*{s}*(1 - {s})", x)  # where x < 0, nothing is lost
    # A value that no float can hold is not shown as 0.
    assert found.status == "differs" and "e-" in str(found).lower()
    assert ad.compare("tanh(300 + x*x) - 1", saturation(300), x).status == "digits"
    found = ad.compare("tanh(300 + x*x) - 1", saturation(300, factor=3), x)
    left, right = found.values
    assert found.status == "differs" and abs(right / left - sympy.Rational(3, 2)) < 1e-30


def test_text_in_arrays_is_not_evaluated():
    with pytest.raises(ad.NotLowerable, match="str"):
        ad.compare(np.array(["x"], dtype=object), x)


class Gram:
    """A kind of expression of its own: AᵀA, or a wrong version of it."""

    shape = ("n", "n")

    def __init__(self, wrong=False):
        self.wrong = wrong

    def symbols(self):
        return {"A": (("m", "n"), None)}

    def over(self, field, point):
        A = point["A"]
        G = linear.matmul(field, linear.transpose(A), A)
        assert linear.shape(G) == (point.size("n"), point.size("n"))
        return linear.scale(field, field.number(2), G) if self.wrong else G

    def same(self, other):
        return self.wrong == other.wrong


def test_a_further_kind_of_expression_takes_part():
    X = sympy.MatrixSymbol("A", m, n)
    assert ad.compare(Gram(), X.T * X).status == "exact"
    assert ad.compare([Gram(), x], ["A.T @ A", x], shapes={"A": ("m", "n")}).status == "exact"
    assert ad.compare(Gram(), "A.T @ A").status == "exact"
    assert ad.compare(Gram(True), X.T * X).status == "differs"
    assert ad.compare(Gram(), X * X.T).status == "differs"
    assert str(ad.compare(Gram(), Gram())) == "proved: the difference simplifies to 0"
    assert ad.compare(lambda A: A.T @ A, Gram(), shapes={"A": ("m", "n")}).status == "exact"


def test_huge_and_deep_expressions_are_answered_quickly():
    deep, swell = x, x
    for _ in range(200):
        deep = sympy.sin(deep)
    for _ in range(9):
        swell = 4 * swell * (1 - swell)
    tower = sympy.exp(sympy.exp(sympy.exp(sympy.exp(x))))
    start = time.perf_counter()
    assert ad.compare(deep, x).status == "differs"
    assert (
        ad.compare((x + 1) ** 100_000 * (y + 1), (x + 1) ** 100_000 * (1 + y) + x).status
        == "differs"
    )
    assert ad.compare(swell, swell.subs(x, 1 - x))
    assert ad.compare(tower, tower + 1).status == "differs"
    assert ad.compare("exp(" * 50 + "x" + ")" * 50, y, [x, y]).status == "undecided"
    assert time.perf_counter() - start < 10  # a second and a half, on a quiet machine


def test_points_can_be_drawn_again():
    one, two = (ad.compare(A * b, A * c, rng=np.random.default_rng(3)) for _ in range(2))
    assert one.witness == two.witness
