"""Difference quotients against closed forms, with the error that theory predicts."""

import numpy as np
import pytest

import adcourse as ad


@pytest.mark.parametrize(
    "scheme, error", [("forward", 1e-7), ("backward", 1e-7), ("central", 1e-9)]
)
def test_accuracy_on_exp(scheme, error):
    derivative = ad.finite_difference(np.exp, 1.0, scheme=scheme)
    assert abs(derivative - np.e) < error
    assert abs(derivative - np.e) > 1e-14  # a difference is never exact to the last digit here


def test_complex_step_is_exact():
    assert ad.complex_step(np.exp, 1.0) == pytest.approx(np.e, rel=1e-15)


@pytest.mark.parametrize("method", [ad.finite_difference, ad.complex_step])
def test_shapes(method):
    A = np.arange(6.0).reshape(2, 3)
    np.testing.assert_allclose(method(lambda x: A @ x, np.ones(3)), A, atol=1e-9)
    np.testing.assert_allclose(method(lambda X: np.sum(X * X), A), 2 * A, atol=1e-7)
    assert method(lambda x: np.sum(x), np.zeros((2, 0))).shape == (2, 0)
    assert np.shape(method(np.sin, 0.5)) == ()


def test_given_step_and_order_of_the_schemes():
    cubic = lambda x: x**3
    assert ad.finite_difference(cubic, 1.0, "forward", h=0.1) == pytest.approx(3 + 3 * 0.1 + 0.01)
    assert ad.finite_difference(cubic, 1.0, "backward", h=0.1) == pytest.approx(3 - 3 * 0.1 + 0.01)
    assert ad.finite_difference(cubic, 1.0, "central", h=0.1) == pytest.approx(3.01)


def test_unknown_scheme():
    with pytest.raises(ValueError, match="forward, backward, central"):
        ad.finite_difference(np.sin, 1.0, scheme="sideways")


@pytest.mark.parametrize("scheme, count", [("forward", 5), ("backward", 5), ("central", 8)])
def test_one_sided_schemes_share_the_value_at_the_point(scheme, count):
    seen = []
    ad.finite_difference(lambda x: seen.append(x) or np.sum(x**2), np.ones((2, 2)), scheme)
    assert len(seen) == count
    assert sum(np.array_equal(x, np.ones((2, 2))) for x in seen) == (scheme != "central")
