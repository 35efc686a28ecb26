"""Each mistake gets one sentence that names the thing, says why and what to write instead."""

import math

import numpy as np
import pytest

import adcourse as ad

X = np.array([1.0, 2.0])


def keeps_a_traced_value():
    kept = []
    ad.grad(lambda x: kept.append(x) or x * x)(3.0)
    return kept[0]


def fills_an_array(x):
    y = np.zeros((2, 2))
    y[0] = x
    return np.sum(y)


def adds_in_place(x):
    total = np.zeros(2)
    total += x
    return np.sum(total)


def writes_an_entry(x):
    x[0] = 1.0
    return np.sum(x)


MISTAKES = {
    "escaped value": (
        lambda: ad.grad(lambda y: keeps_a_traced_value() * y)(2.0),
        ad.EscapedTracer,
        "outlived the call of grad",
    ),
    "escaped value plus constant": (
        lambda: keeps_a_traced_value() + 1.0,
        ad.EscapedTracer,
        "Return it",
    ),
    "escaped value in a ufunc": (
        lambda: np.sin(keeps_a_traced_value()),
        ad.EscapedTracer,
        "Return it",
    ),
    "escaped value returned": (
        lambda: ad.grad(lambda y: keeps_a_traced_value())(2.0),
        ad.EscapedTracer,
        "Return it",
    ),
    "integer array": (
        lambda: ad.grad(np.sum)(np.array([1, 2])),
        ad.NotReal,
        "array of whole numbers.*decimal point",
    ),
    "text": (lambda: ad.grad(np.sin)("2.0"), ad.NotReal, "argument 0 is the str '2.0'"),
    "bool": (lambda: ad.grad(np.sin)(True), ad.NotReal, "the bool True"),
    "complex": (lambda: ad.grad(np.sin)(1j), ad.NotReal, "the complex 1j"),
    "complex array": (lambda: ad.grad(np.sum)(X * 1j), ad.NotReal, "dtype complex128"),
    "vector output": (lambda: ad.grad(np.sin)(X), ad.NotScalar, r"returned shape \(2,\).*np\.sum"),
    "several outputs": (lambda: ad.grad(lambda x: (x, x))(1.0), ad.NotScalar, "2 values.*has_aux"),
    "no output": (lambda: ad.grad(lambda x: None)(1.0), ad.NotScalar, "0 values"),
    "text output": (lambda: ad.grad(lambda x: "loss")(1.0), ad.NotReal, "returned the str 'loss'"),
    "complex output": (lambda: ad.grad(lambda x: x * 1j)(1.0), ad.NotReal, "complex"),
    "complex inside": (
        lambda: ad.grad(lambda x: np.sum(np.abs(x * np.array([1j]))))(1.0),
        ad.NotReal,
        "complex",
    ),
    "math.sin": (lambda: ad.grad(math.sin)(1.0), ad.LosesDerivative, "np.sin instead of math.sin"),
    "np.array": (
        lambda: ad.grad(lambda x: np.sum(np.array([x, x])))(1.0),
        ad.LosesDerivative,
        "np.stack",
    ),
    "np.asarray": (
        lambda: ad.grad(lambda x: np.sum(np.asarray(x)))(X),
        ad.LosesDerivative,
        "x itself",
    ),
    "int": (lambda: ad.grad(lambda x: x * int(x))(1.0), ad.LosesDerivative, "whole numbers"),
    "range": (
        lambda: ad.grad(lambda x: sum(x for _ in range(x)))(2.0),
        ad.LosesDerivative,
        "index or a count",
    ),
    "filling an array": (lambda: ad.grad(fills_an_array)(X), ad.LosesDerivative, "np.stack"),
    "x[0] = 1": (lambda: ad.grad(writes_an_entry)(X), ad.InPlaceWrite, "np.where"),
    "array += traced": (lambda: ad.grad(adds_in_place)(X), ad.InPlaceWrite, r"y = y \+ x"),
    "out=": (
        lambda: ad.grad(lambda x: np.sum(np.sin(x, out=np.zeros(2))))(X),
        ad.InPlaceWrite,
        "leave out= away",
    ),
    "out= of a function": (
        lambda: ad.grad(lambda x: np.sum(x, out=np.zeros(())))(X),
        ad.InPlaceWrite,
        "out=",
    ),
    "unknown ufunc": (
        lambda: ad.grad(lambda x: np.heaviside(x, 0.5))(1.0),
        ad.MissingRule,
        r"np\.heaviside \(.*adcourse/rules",
    ),
    "unknown function": (
        lambda: ad.grad(lambda x: np.nanmedian(x))(X),
        ad.MissingRule,
        r"np\.nanmedian \(nearest: np\.nanmean, np\.median",
    ),
    "unknown fft function": (
        lambda: ad.grad(lambda x: np.sum(np.fft.hfft(x)))(np.ones(4)),
        ad.MissingRule,
        r"np\.fft\.hfft",
    ),
    "unknown option": (
        lambda: ad.grad(lambda x: np.sum(x, where=[True, False]))(X),
        ad.MissingRule,
        r"where= of np\.sum.*np\.where",
    ),
    "unknown dtype": (
        lambda: ad.grad(lambda x: np.sum(x, dtype=np.float32))(X),
        ad.MissingRule,
        r"dtype= of np\.sum.*astype",
    ),
    "ufunc where=": (
        lambda: ad.grad(lambda x: np.sum(np.sin(x, where=np.array([True, False]))))(X),
        ad.MissingRule,
        "where=",
    ),
    "ufunc method": (
        lambda: ad.grad(np.add.reduce)(X),
        ad.MissingRule,
        r"np\.add\.reduce.*Write np\.sum",
    ),
    "missing argument": (
        lambda: ad.grad(lambda x: x, argnums=1)(1.0),
        ad.NotReal,
        "argument 1.*1 positional argument",
    ),
    "keyword only": (lambda: ad.grad(lambda x: x)(x=1.0), ad.NotReal, "0 positional arguments"),
    "tangent shape": (
        lambda: ad.jvp(np.sin, (X,), (1.0,)),
        ad.WrongStructure,
        r"shape \(\).*\(2,\)",
    ),
    "tangent nest": (lambda: ad.jvp(np.sin, (X,), ([X],)), ad.WrongStructure, "nested like"),
    "integer tangent": (lambda: ad.jvp(np.sin, (X,), (np.array([1, 2]),)), ad.NotReal, "tangents"),
    "cotangent shape": (lambda: ad.vjp(np.sin, X)[1](1.0), ad.WrongStructure, "The cotangent"),
    "other branch": (
        lambda: ad.trace(lambda x: x if x > 0 else -x, 1.0)(-1.0),
        ad.BranchChanged,
        "v1 is True",
    ),
    "graph with too few inputs": (
        lambda: ad.trace(np.hypot, 1.0, 2.0)(1.0),
        ad.WrongStructure,
        "2 arguments, not 1",
    ),
    "graph called wrongly": (
        lambda: ad.trace(np.sin, 1.0)(1.0, 2.0),
        ad.WrongStructure,
        "1 arguments, not 2",
    ),
    "eigenvalues lowered": (
        lambda: ad.to_sympy(ad.trace(np.linalg.eigvalsh, np.eye(2))),
        ad.NotLowerable,
        r"v1 = np\.linalg\.eigvalsh",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_one_sentence(name):
    mistake, error, words = MISTAKES[name]
    with pytest.raises(error, match=words) as caught:
        mistake()
    assert isinstance(caught.value, ad.AdcourseError)
    assert "\n" not in str(caught.value)
    assert str(caught.value)[0].isupper() or str(caught.value).startswith(
        (
            "grad",
            "np.",
            "adcourse",
            "float",
            "int",
            "writes",
            "f was",
            "f has",
            "v1",
            "sin",
            "hypot",
        )
    )


def test_assigning_an_entry_shows_the_reason_as_the_cause():
    def f(x):
        y = np.zeros(3)
        y[0] = x
        return np.sum(y)

    with pytest.raises((ValueError, ad.LosesDerivative)) as caught:
        ad.grad(f)(1.0)
    chain = [caught.value, caught.value.__cause__, caught.value.__context__]
    assert any(isinstance(e, ad.LosesDerivative) for e in chain)


def test_an_exception_inside_f_leaves_nothing_behind():
    def f(x):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        ad.grad(f)(1.0)
    assert ad.grad(lambda x: x * x)(3.0) == 6.0


def test_a_name_that_does_not_exist():
    with pytest.raises(AttributeError, match="no attribute 'gradient'"):
        _ = ad.gradient
