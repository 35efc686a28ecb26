"""Random estimates against what their closed forms say about mean and variance.

Each bound is five standard errors of the number that is tested, and the seed is fixed.
"""

import numpy as np
import pytest

import adcourse as ad

SIGMAS = 5


def gradients(count, d, distribution):
    """Many independent estimates at one point, and the exact gradient there."""
    rng = np.random.default_rng(7)
    x = rng.normal(size=d)
    g = 2 * x + 1
    f = lambda x: np.sum(x * x + x)
    return np.stack(
        [ad.two_point_gradient(f, x, rng, distribution=distribution) for _ in range(count)]
    ), g


@pytest.mark.parametrize("distribution", ["sphere", "gaussian"])
@pytest.mark.parametrize("d", [1, 2, 10])
def test_the_mean_of_two_point_estimates_is_the_gradient(d, distribution):
    G, g = gradients(2000, d, distribution)
    error = G.std(axis=0) / np.sqrt(len(G))
    assert np.all(np.abs(G.mean(axis=0) - g) <= SIGMAS * error + 1e-6)


@pytest.mark.parametrize("distribution, extra", [("sphere", 0), ("gaussian", 2)])
@pytest.mark.parametrize("d", [2, 10])
def test_the_mean_square_of_an_estimate_grows_with_d(d, distribution, extra):
    G, g = gradients(4000, d, distribution)
    squares = np.sum(G * G, axis=1)
    error = squares.std() / np.sqrt(len(G))
    assert abs(squares.mean() - (d + extra) * (g @ g)) <= SIGMAS * error


def test_it_is_the_gradient_of_the_ball_average():
    """For f = Σ xᵢ⁴ the average over the ball of radius ε adds 6ε²/(d + 2) Σ xᵢ² and a constant."""
    d, epsilon, x = 3, 1.5, np.array([1.0, -0.5, 0.25])
    rng = np.random.default_rng(1)
    f = lambda x: np.sum(x**4)
    G = np.stack([ad.two_point_gradient(f, x, rng, epsilon=epsilon) for _ in range(20_000)])
    error = G.std(axis=0) / np.sqrt(len(G))
    smoothed = 4 * x**3 + 12 * epsilon**2 / (d + 2) * x
    assert np.all(np.abs(G.mean(axis=0) - smoothed) <= SIGMAS * error)
    assert np.any(np.abs(G.mean(axis=0) - 4 * x**3) > SIGMAS * error)


def test_shapes_cost_and_refusals_of_two_points():
    calls = []
    f = lambda X: calls.append(X.shape) or np.sum(X * X)
    rng = np.random.default_rng(0)
    assert ad.two_point_gradient(f, np.ones((2, 3)), rng, directions=4).shape == (2, 3)
    assert calls == [(2, 3)] * 8
    assert ad.two_point_gradient(np.sin, 0.0, rng) == pytest.approx(1)
    with pytest.raises(ValueError, match='"sphere" or "gaussian"'):
        ad.two_point_gradient(f, np.ones(2), rng, distribution="cube")
    with pytest.raises(ValueError, match="at least 1"):
        ad.two_point_gradient(f, np.ones(2), rng, directions=0)


@pytest.fixture(scope="module")
def X():
    A = np.random.default_rng(3).normal(size=(6, 6))
    return A + A.T


def variance(X, distribution):
    total, diagonal = np.sum(X * X), np.sum(np.diag(X) ** 2)
    return 2 * (total - diagonal) if distribution == "rademacher" else 2 * total


@pytest.mark.parametrize("distribution", ["rademacher", "gaussian"])
def test_hutchinson_has_the_mean_and_the_variance_of_the_book(X, distribution):
    rng, count = np.random.default_rng(5), 20_000
    value, error = ad.hutchinson_trace(lambda v: X @ v, 6, count, rng, distribution)
    exact = np.sqrt(variance(X, distribution) / count)
    assert abs(value - np.trace(X)) <= SIGMAS * exact
    assert error == pytest.approx(exact, rel=0.05)


def test_signs_are_exact_on_diagonal_matrices():
    D = np.arange(1.0, 6.0)
    rng = np.random.default_rng(0)
    value, error = ad.hutchinson_trace(lambda v: D * v, 5, 3, rng)
    assert value == 15 and error == 0
    value, error = ad.hutchinson_diagonal(lambda v: D * v, 5, 2, rng)
    assert np.array_equal(value, D) and not np.any(error)
    assert ad.hutchinson_trace(lambda v: D * v, 5, 3, rng, "gaussian").error > 0


def test_the_diagonal_has_the_mean_and_the_variance_of_the_book(X):
    rng, count = np.random.default_rng(6), 20_000
    value, error = ad.hutchinson_diagonal(lambda v: X @ v, 6, count, rng)
    exact = np.sqrt((np.sum(X * X, axis=1) - np.diag(X) ** 2) / count)
    assert np.all(np.abs(value - np.diag(X)) <= SIGMAS * exact)
    np.testing.assert_allclose(error, exact, rtol=0.05)


@pytest.mark.parametrize("rank", [0, 1, 4])
def test_hutchpp_is_exact_on_low_rank(rank):
    B = np.random.default_rng(8).normal(size=(30, rank))
    matrix = B @ B.T
    value, error = ad.hutchpp_trace(lambda v: matrix @ v, 30, 12, np.random.default_rng(9))
    assert value == pytest.approx(np.sum(B * B), rel=1e-12, abs=1e-12)
    assert error == pytest.approx(0, abs=1e-10)


def test_hutchpp_beats_hutchinson_where_few_eigenvalues_matter():
    rng, n, count = np.random.default_rng(10), 60, 30
    Q = np.linalg.qr(rng.normal(size=(n, n)))[0]
    matrix = (Q / np.arange(1.0, n + 1) ** 2) @ Q.T
    exact = np.sum(1 / np.arange(1.0, n + 1) ** 2)
    off = {}
    for method in (ad.hutchinson_trace, ad.hutchpp_trace):
        runs = [method(lambda v: matrix @ v, n, count, rng) for _ in range(200)]
        values = np.array([value for value, _ in runs])
        off[method] = np.sqrt(np.mean((values - exact) ** 2))
        assert abs(values.mean() - exact) <= SIGMAS * values.std() / np.sqrt(200)
    assert off[ad.hutchpp_trace] < off[ad.hutchinson_trace] / 5


@pytest.mark.parametrize("samples", [3, 10, 12, 40])
def test_hutchpp_counts_all_products(samples, X):
    calls = []
    matvec = lambda v: calls.append(v) or X @ v
    value, _ = ad.hutchpp_trace(matvec, 6, samples, np.random.default_rng(2))
    assert len(calls) == samples
    if samples // 3 >= 6:
        assert value == pytest.approx(np.trace(X))


def test_the_trace_of_a_hessian():
    """For f = Σ exp(k xₖ) the Hessian is diagonal with k² exp(k xₖ): one sample is exact."""
    k, x = np.arange(1.0, 4.0), np.array([0.1, 0.2, 0.3])
    f = lambda x: np.sum(np.exp(k * x))
    value, error = ad.hutchinson_trace(lambda v: ad.hvp(f, x, v), 3, 1, np.random.default_rng(0))
    assert value == pytest.approx(np.sum(k**2 * np.exp(k * x))) and np.isnan(error)


def test_refusals_of_trace_estimators(X):
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="rademacher, gaussian"):
        ad.hutchinson_trace(lambda v: X @ v, 6, 5, rng, distribution="cauchy")
    with pytest.raises(ValueError, match="at least 1"):
        ad.hutchinson_diagonal(lambda v: X @ v, 6, 0, rng)
    with pytest.raises(ValueError, match="at least 3"):
        ad.hutchpp_trace(lambda v: X @ v, 6, 2, rng)
    with pytest.raises(ValueError, match=r"shape \(5,\), but n is 6"):
        ad.hutchinson_trace(lambda v: X[:5] @ v, 6, 5, rng)
