"""Programs written for autograd run here with other imports: same values, same gradients."""

import autograd
import autograd.numpy as autograd_numpy
import numpy
import pytest

import adcourse


def neural_network(np, grad):
    """Classification by a small network with L2 penalty, trained by gradient descent."""
    rng = numpy.random.RandomState(0)
    sizes = [2, 8, 8, 3]
    params = [
        (0.5 * rng.randn(m, n), 0.1 * rng.randn(n))
        for m, n in zip(sizes[:-1], sizes[1:], strict=True)
    ]
    inputs = rng.randn(30, 2)
    targets = numpy.eye(3)[rng.randint(0, 3, 30)]

    def logsumexp(x):
        biggest = np.max(x, axis=1, keepdims=True)
        return biggest + np.log(np.sum(np.exp(x - biggest), axis=1, keepdims=True))

    def predict(params, inputs):
        for W, b in params:
            outputs = np.dot(inputs, W) + b
            inputs = np.tanh(outputs)
        return outputs - logsumexp(outputs)

    def loss(params):
        penalty = sum(np.sum(W**2) + np.sum(b**2) for W, b in params)
        return 0.01 * penalty - np.mean(np.sum(predict(params, inputs) * targets, axis=1))

    slope = grad(loss)
    history = []
    for _ in range(20):
        history.append(float(loss(params)))
        steps = slope(params)
        params = [
            (W - 0.5 * dW, b - 0.5 * db) for (W, b), (dW, db) in zip(params, steps, strict=True)
        ]
    return history + [entry for W, b in params for entry in (*W.ravel(), *b)]


def gaussian_process(np, grad):
    """Log marginal likelihood of a Gaussian process in its three hyperparameters."""
    rng = numpy.random.RandomState(1)
    x = rng.rand(12, 1) * 4
    y = numpy.sin(x[:, 0]) + 0.1 * rng.randn(12)

    def covariance(params, x):
        scale, length = np.exp(params[0]), np.exp(params[1])
        differences = (x[:, None] - x[None, :]) / length
        return scale * np.exp(-0.5 * np.sum(differences**2, axis=2))

    def negative_log_likelihood(params):
        K = covariance(params, x) + np.exp(params[2]) * np.eye(12)
        sign, log_det = np.linalg.slogdet(K)
        fit = np.dot(y, np.linalg.solve(K, y))
        return 0.5 * (fit + log_det + 12 * np.log(2 * np.pi))

    params = numpy.array([0.1, -0.3, -2.0])
    slope = grad(negative_log_likelihood)
    curvature = grad(lambda p: np.dot(slope(p), numpy.ones(3)))
    return [float(negative_log_likelihood(params)), *slope(params), *curvature(params)]


def orbit_fit(np, grad):
    """Parameters of a predator-prey system from data, through a Runge-Kutta loop."""
    times, h = 40, 0.1
    data = numpy.stack([1 + 0.3 * numpy.cos(0.1 * numpy.arange(times)), numpy.ones(times)], axis=1)

    def field(state, params):
        prey, predator = state[0], state[1]
        a, b, c, d = params[0], params[1], params[2], params[3]
        return np.stack([a * prey - b * prey * predator, c * prey * predator - d * predator])

    def loss(params):
        state, total = params[4:], 0.0
        for k in range(times):
            total = total + np.sum((state - data[k]) ** 2)
            k1 = field(state, params)
            k2 = field(state + h / 2 * k1, params)
            k3 = field(state + h / 2 * k2, params)
            k4 = field(state + h * k3, params)
            state = state + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        return total / times

    params = numpy.array([1.0, 1.0, 0.9, 1.1, 1.2, 0.8])
    slope, history = grad(loss), []
    for _ in range(5):
        history.append(float(loss(params)))
        params = params - 0.02 * slope(params)
    return history + list(params)


@pytest.mark.parametrize("program", [neural_network, gaussian_process, orbit_fit])
def test_port(program):
    ours = program(numpy, adcourse.grad)
    theirs = program(autograd_numpy, autograd.grad)
    numpy.testing.assert_allclose(ours, theirs, rtol=1e-9)
