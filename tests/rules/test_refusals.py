"""Options without a rule, and programs that write into arrays: one clear sentence each."""

import numpy as np
import pytest
import scipy.special as sp

import adcourse as ad

X = np.array([1.0, 2.0, 3.0])
MATRIX = np.ones((2, 3))

REFUSED = {
    "where=": (lambda x: np.mean(x, where=x > 1), ad.MissingRule, r"where= of np\.mean"),
    "dtype=": (lambda x: np.var(x, dtype=np.float32), ad.MissingRule, r"dtype= of np\.var.*astype"),
    "initial=": (lambda x: np.prod(x, initial=2.0), ad.MissingRule, r"initial= of np\.prod"),
    "initial= of max": (lambda x: np.max(x, initial=9.0), ad.MissingRule, "initial="),
    "order=K": (lambda x: np.sum(x.ravel("K")), ad.MissingRule, "how an array lies in memory"),
    "order=A": (lambda x: np.sum(np.reshape(x, (3, 1), order="A")), ad.MissingRule, "order='C'"),
    "pad mode": (lambda x: np.sum(np.pad(x, 1, mode="mean")), ad.MissingRule, "mode='mean'"),
    "odd reflection": (
        lambda x: np.sum(np.pad(x, 1, mode="reflect", reflect_type="odd")),
        ad.MissingRule,
        "reflect_type='odd'",
    ),
    "periodic interp": (
        lambda x: np.interp(0.5, X, x, period=3.0),
        ad.MissingRule,
        "period=.*Repeat the first point",
    ),
    "einsum of lists": (lambda x: np.einsum(x, [0], x, [0]), ad.MissingRule, "as text"),
    "plane cross": (lambda x: np.cross(x[:2], x[1:]), ad.MissingRule, r"x\[0\] \* y\[1\]"),
    "complex": (lambda x: np.sum(x.astype(complex)), ad.NotReal, "makes other ones"),
    "fill": (lambda x: x.fill(0.0), ad.InPlaceWrite, r"x\.fill.*in place"),
    "sort in place": (lambda x: x.sort(), ad.InPlaceWrite, "np.sort"),
    "out= of a composite": (
        lambda x: np.std(x, out=np.zeros(())),
        ad.InPlaceWrite,
        "leave out= away",
    ),
    "copyto": (lambda x: np.copyto(np.zeros(3), x), ad.InPlaceWrite, r"np\.copyto.*np\.ones"),
    "full": (lambda x: np.sum(np.full(3, x[0])), ad.LosesDerivative, "np.stack"),
    "logaddexp.reduce": (np.logaddexp.reduce, ad.MissingRule, "Write ad.logsumexp"),
    "SciPy's Python functions": (lambda x: sp.logsumexp(x), ad.LosesDerivative, "logsumexp"),
    "another special function": (lambda x: np.sum(sp.j0(x)), ad.MissingRule, "rule for j0"),
    "squeeze": (lambda x: np.sum(np.squeeze(x, 0)), ValueError, "not of length 1"),
    "unequal split": (lambda x: np.sum(np.split(x, 2)[0]), ValueError, "do not divide"),
    "short gradient": (lambda x: np.sum(np.gradient(x[:1])), ValueError, "at least 2"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_one_sentence(name):
    f, error, words = REFUSED[name]
    with pytest.raises(error, match=words):
        ad.grad(f)(X)


def test_one_argument_of_where():
    with pytest.raises(ad.MissingRule, match="np.nonzero"):
        ad.trace(lambda x: x[np.where(x > 1)], X)


def test_defaults_of_numpy_may_be_spelled_out():
    f = lambda x: np.sum(x, axis=None, dtype=None, out=None, keepdims=False, where=True)
    np.testing.assert_array_equal(ad.grad(f)(X), 1.0)
    g = lambda x: np.mean(x, None, None, None, False) + np.std(a=x)
    np.testing.assert_allclose(ad.grad(g)(X), 1 / 3 + (X - 2) / (3 * np.std(X)))
