"""Every row lowered at its sample points, in both forms, with its gradient program."""

import warnings

import numpy as np
import pytest
import sympy
from samples import CASES, case_id, rows
from samples_linalg import as_program

import adcourse as ad
from adcourse.core.tree import flatten
from adcourse.symbolic.lower import input_symbols

NO_FORMULA = "eigenvalues and factors are no formulas of the entries"
DATA = "the result is a place in an array, which depends on the order of the values"
SIZE = "the length of the result depends on the values"
AT_DATA = "where an entry comes from depends on the values"
REFUSED = {
    "np.linalg.eigh": NO_FORMULA,
    "np.linalg.eigvalsh": NO_FORMULA,
    "np.linalg.eig": NO_FORMULA,
    "np.linalg.eigvals": NO_FORMULA,
    "np.linalg.svd": NO_FORMULA,
    "np.linalg.svdvals": NO_FORMULA,
    "np.linalg.qr": NO_FORMULA,
    "expm": "an infinite series",
    "np.linalg.matrix_rank": "a count of singular values",
    "independent": "stands in derivatives of eigenvectors alone",
    "with_full_rank": "stands in derivatives of Q and R alone",
    "alike": "stands in derivatives of eigenvalues of general matrices alone",
    "eigh_along": NO_FORMULA,
    "svd_along": NO_FORMULA,
    "apart": "stands in derivatives of eigenvectors and singular vectors alone",
    "rotation_free": "stands in derivatives of eigenvectors and singular vectors alone",
    "np.argmax": DATA,
    "np.argmin": DATA,
    "np.argsort": DATA,
    "np.argpartition": DATA,
    "ranks": DATA,
    "np.searchsorted": DATA,
    "np.digitize": DATA,
    "np.argwhere": SIZE,
    "np.flatnonzero": SIZE,
    "nonzero_along": SIZE,
    "pick_at": AT_DATA,
    "scatter_at": AT_DATA,
}
NO_GRADIENT = {
    "np.sort": "its derivative goes back by the order of the values, np.argsort",
    "np.linalg.lstsq": "its derivative by the singular values is a decomposition",
}


def program(case):
    """The row as a function of its real arguments, and these arguments."""
    row, args, params = case
    called = as_program(row)
    moving = [k for k, a in enumerate(args) if np.result_type(a).kind == "f"]

    def f(*xs):
        full = list(args)
        for k, x in zip(moving, xs, strict=True):
            full[k] = x
        z = called(*full, **params)
        return z[:3] if row.name == "np.linalg.lstsq" else z  # not the singular values

    return f, tuple(args[k] for k in moving)


def at_point(graph, results, point):
    """Numbers of SymPy results at the traced point."""
    symbols = [s for given in input_symbols(graph) for s in np.ravel(np.asarray(given, object))]
    values = [sympy.Float(v, 30) for x in point for v in np.ravel(x)]
    here = dict(zip(symbols, values, strict=True))
    found = []
    for leaf in flatten(results)[0]:
        flat = sympy.flatten(leaf) if isinstance(leaf, sympy.NDimArray) else [leaf]
        numbers = [sympy.sympify(e).xreplace(here) for e in flat]
        numbers = [bool(n) if n in (True, False) else float(sympy.N(n, 30)) for n in numbers]
        found.append(np.reshape(numbers, getattr(leaf, "shape", ())))
    return found


def evaluated(let, graph, point):
    """Numbers of a let form, definition by definition."""
    symbols = [s for given in input_symbols(graph) for s in np.ravel(np.asarray(given, object))]
    here = dict(zip(symbols, (sympy.Float(v, 30) for x in point for v in np.ravel(x)), strict=True))
    for symbol, e in let.definitions:
        assert symbol not in here
        assert e.free_symbols <= set(here)
        here[symbol] = sympy.N(e.xreplace(here), 30)
    found = []
    for leaf in flatten(let.results)[0]:
        flat = sympy.flatten(leaf) if isinstance(leaf, sympy.NDimArray) else [leaf]
        numbers = [sympy.sympify(e).xreplace(here) for e in flat]
        numbers = [bool(n) if n in (True, False) else float(n) for n in numbers]
        found.append(np.reshape(numbers, getattr(leaf, "shape", ())))
    return found


def agree(found, expected, tolerance):
    for mine, theirs in zip(found, flatten(expected)[0], strict=True):
        assert mine.shape == np.shape(theirs)
        np.testing.assert_allclose(mine, theirs, rtol=tolerance, atol=tolerance)


def test_what_is_refused_is_in_the_table():
    names = {row.name for row in rows()}
    assert set(REFUSED) <= names and set(NO_GRADIENT) <= names


TRACED = [case for case in CASES if program(case)[1]]  # others have whole numbers alone


@pytest.mark.parametrize("case", TRACED, ids=map(case_id, TRACED))
def test_row_lowers_to_its_value_in_both_forms_or_is_refused_by_name(case):
    row = case[0]
    f, xs = program(case)
    graph = ad.trace(lambda *xs: f(*xs), *xs)
    if row.name in REFUSED and graph.nodes:
        with pytest.raises(ad.NotLowerable, match=r"^v\d+ = "):
            ad.to_sympy(graph)
        return
    agree(at_point(graph, ad.to_sympy(graph), xs), f(*xs), 1e-11)
    let = ad.to_sympy(graph, form="let")
    agree(evaluated(let, graph, xs), f(*xs), 1e-11)
    assert let.inline() == ad.to_sympy(graph)


SMOOTH = [
    case
    for case in CASES
    if case[0].kind != "constant" and case[0].name not in {**REFUSED, **NO_GRADIENT}
]


@pytest.mark.parametrize("case", SMOOTH, ids=map(case_id, SMOOTH))
def test_gradient_program_lowers_to_its_value(case):
    f, xs = program(case)

    def loss(*xs):
        weights = np.random.default_rng(5)
        leaves = [np.asarray(leaf) if np.isscalar(leaf) else leaf for leaf in flatten(f(*xs))[0]]
        return sum(np.sum(z * weights.uniform(0.5, 1.5, np.shape(z))) for z in leaves)

    gradient = ad.grad(loss, argnums=tuple(range(len(xs))))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        graph = ad.trace(gradient, *xs)
        expected = gradient(*xs)
    let = ad.to_sympy(graph, form="let")
    agree(evaluated(let, graph, xs), expected, 1e-9)
