"""Laws of the engine on random expressions: whatever rewrites or writes keeps the value."""

import pickle
import threading

import numpy as np
import sympy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus import gradient, inner, matrix, number, total, tr, vector
from adcourse.symbolic.matrix_calculus.exchange import (
    from_matrix_expression,
    to_matrix_expression,
)
from adcourse.symbolic.matrix_calculus.forms import (
    add,
    expanded,
    hadamard,
    inverse,
    mul,
    scale,
    transpose,
)
from adcourse.symbolic.matrix_calculus.normal import normal, same
from adcourse.symbolic.matrix_calculus.numbers import tidy_number
from adcourse.symbolic.matrix_calculus.tidy import tidy
from tests.symbolic.matrix_calculus.evaluate import Values, direction_of, point_of

SIZES = (1, 2, 3)
SYMBOLS = [
    e.Sym(f"{name}{m}{n}", (m, n))
    for name in "AB"
    for m in SIZES
    for n in SIZES
    if (m, n) != (1, 1)
]
SYMBOLS += [matrix(f"S{n}", n, n, "symmetric") for n in (2, 3)]
SYMBOLS += [matrix(f"D{n}", n, n, "diagonal") for n in (2, 3)]
CONSTANT = e.Sym("c1", (3, 1), value=np.array([[0.0], [2.0], [0.0]]))
PLACE = e.Sym("e_2", (3, 1), value=np.array([[0.0], [1.0], [0.0]]))
NUMBERS = [number("s"), sympy.Integer(-2), sympy.Rational(1, 3), number("s") ** 2 + 1]
laws = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
t, u = e.slots(2)


@st.composite
def matrices(draw, shape=None, depth=4, sympy_only=False):
    """A random expression of a shape; with `sympy_only` of kinds that SymPy has, too."""
    m, n = shape or draw(st.tuples(st.sampled_from(SIZES), st.sampled_from(SIZES)))
    leaves = [a for a in SYMBOLS + ([] if sympy_only else [CONSTANT, PLACE]) if a.shape == (m, n)]
    leaves += (
        [e.Ones(m, n)] + ([] if sympy_only else [e.Zero(m, n)]) + ([e.Eye(m)] if m == n else [])
    )
    if depth == 0:
        return draw(st.sampled_from(leaves))

    def part(*shape):
        return draw(matrices(shape, depth - 1, sympy_only))

    kinds = ["leaf", "sum", "product", "scale", "transpose", "entries", "hadamard", "number"]
    kinds += ["diag", "part", "inverse"] if m == n else ["part"] if n == 1 else []
    kinds += [] if sympy_only else ["two"] + ["softmax"] * (m > 1)
    kind = draw(st.sampled_from(kinds))
    if kind == "leaf":
        return draw(st.sampled_from(leaves))
    if kind == "sum":
        return add(*[part(m, n) for _ in range(draw(st.integers(2, 3)))])
    if kind == "product":
        k = draw(st.sampled_from(SIZES))
        return mul(part(m, k), part(k, n))
    if kind == "scale":
        return scale(draw(st.sampled_from(NUMBERS)), part(m, n))
    if kind == "number":
        k = draw(st.sampled_from(SIZES))
        return scale(tr(part(k, k)), part(m, n))
    if kind == "transpose":
        return transpose(part(n, m))
    if kind == "entries":
        formula = draw(st.sampled_from([sympy.tanh(t), t**2 + t, 1 / (1 + t**2), sympy.sin(t)]))
        return e.Ew(part(m, n), formula)
    if kind == "two":
        return e.Ew(part(m, n), part(m, n), draw(st.sampled_from([t * u + u, sympy.cos(t) * u])))
    if kind == "hadamard":
        return hadamard(part(m, n), part(m, n))
    if kind == "softmax":
        return e.Softmax(e.Ew(part(m, n), sympy.tanh(t)), 0 if n == 1 else draw(st.integers(0, 1)))
    if kind == "diag":
        return e.Diag(part(m, 1))
    if kind == "part":
        return e.DiagPart(part(m, m)) if n == 1 else e.Diag(e.DiagPart(part(m, m)))
    return inverse(add(scale(6, e.Eye(m)), e.Ew(part(m, m), sympy.tanh(t))))


def values_at(*parts, seed=0):
    symbols = set().union(*(a.symbols if isinstance(a, e.Expression) else
                            e.scalar_symbols(a) for a in parts))  # fmt: skip

    class Arguments:
        arguments = symbols

    return Values(point_of(Arguments, np.random.default_rng(seed)))


def equal(a, b):
    values = values_at(a, b)
    x, y = values.of(a), values.of(b)
    np.testing.assert_allclose(x, y, rtol=1e-8, atol=1e-8 * (1 + np.max(np.abs(x))))


@laws
@given(matrices())
def test_forms_keep_the_value(a):
    equal(a, tidy(a))
    equal(a, normal(a))
    equal(a, expanded(a))
    assert tidy(a).shape == normal(a).shape == a.shape


@laws
@given(matrices())
def test_transposes_and_traces(a):
    values = values_at(a)
    np.testing.assert_allclose(values.of(transpose(a)), values.of(a).T, atol=1e-12)
    assert transpose(transpose(a)) is a or same(transpose(transpose(a)), a)
    square = mul(a, transpose(a))
    np.testing.assert_allclose(
        float(values.of(tidy_number(tr(square)))), np.trace(values.of(square)), rtol=1e-8, atol=1e-8
    )


@laws
@given(matrices(sympy_only=True))
def test_through_sympy_and_back(a):
    back = from_matrix_expression(to_matrix_expression(a), {f"S{n}": "symmetric" for n in (2, 3)}
                                  | {f"D{n}": "diagonal" for n in (2, 3)})  # fmt: skip
    equal(a, back)


@laws
@given(matrices(depth=3), st.integers(0, 5))
def test_gradients_code_and_text(a, seed):
    """Code gives what the expression is, and that is the slope along a random direction."""
    f = total(elementwise_sin(a)) + inner(a, a)
    targets = sorted((s for s in e.scalar_symbols(f)), key=lambda s: s.name)
    if not targets:
        return
    derivation = gradient(f, *targets)
    values = values_at(f, *derivation.results, *targets, seed=seed)
    rng = np.random.default_rng(seed)
    values.changes = {s: direction_of(s, rng, values.point[s]) for s in targets}
    slope = sum(np.sum(values.of(g) * values.changes[s])
                for s, g in zip(targets, derivation.results, strict=True))  # fmt: skip
    np.testing.assert_allclose(slope, values.slope(f), rtol=2e-5, atol=1e-4)
    run = derivation.run(*[as_argument(values.point[s]) for s in derivation.arguments])
    for got, g in zip(run if len(targets) > 1 else [run], derivation.results, strict=True):
        want = np.reshape(values.of(g), np.shape(got))
        np.testing.assert_allclose(got, want, rtol=1e-8, atol=1e-8 * (1 + np.max(np.abs(want))))
    for style in ("inner", "trace", "index"):
        assert "object at" not in derivation.text(style)
        latex = derivation.latex(style)
        assert latex.count("{") == latex.count("}")


def elementwise_sin(a):
    return e.Ew(a, sympy.sin(t))


def as_argument(x):
    """Columns and rows are 1-d in code, and matrices with one entry are numbers."""
    return np.reshape(x, [n for n in np.shape(x) if n != 1])


@laws
@given(matrices())
def test_equal_expressions_are_one_object_after_pickling(a):
    assert pickle.loads(pickle.dumps(a)) is a


def test_slots_are_the_same_in_every_process():
    """Formulas of entries travel between processes, so their placeholders have fixed numbers."""
    assert [slot.dummy_index for slot in e.slots(3)] == [0, 1, 2]


def test_threads_share_equal_expressions():
    made, start = [], threading.Barrier(8)

    def make():
        start.wait()
        made.append([vector(f"v{k}", 7) + vector("w", 7) for k in range(300)])

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert all(a is b for row in made for a, b in zip(row, made[0], strict=True))
