"""linearize is jvp without running the program again; stop_gradient is a constant."""

import numpy as np

import adcourse as ad
from adcourse.rules.stop import stop_gradient
from adcourse.transforms.linear import linearize


def test_linearize_agrees_with_jvp_and_runs_the_program_once():
    runs = []

    def f(x, p):
        runs.append(1)
        return {"a": np.sin(x) @ p["w"], "b": x * p["s"], "c": 1.0}

    x, p = np.array([0.3, -1.2]), {"w": np.array([2.0, 1.0]), "s": 0.5}
    y, push = linearize(f, x, p)
    for seed in range(3):
        rng = np.random.default_rng(seed)
        dots = (rng.normal(size=2), {"w": rng.normal(size=2), "s": float(rng.normal())})
        expected_y, expected = ad.jvp(f, (x, p), dots)
        result = push(*dots)
        for key in expected:
            np.testing.assert_allclose(y[key], expected_y[key], rtol=1e-15)
            np.testing.assert_allclose(result[key], expected[key], rtol=1e-13)
    assert len(runs) == 1 + 3


def test_linearize_inside_a_derivative():
    g = ad.grad(lambda x: linearize(lambda t: t**3, x)[1](1.0))
    assert g(2.0) == 12.0


def test_stop_gradient():
    assert ad.grad(lambda x: stop_gradient(x))(3.0) == 0.0
    assert ad.grad(lambda x: x * stop_gradient({"a": x})["a"])(3.0) == 3.0
    assert ad.jvp(lambda x: x * stop_gradient(x * x), (3.0,), (1.0,)) == (27.0, 9.0)
    assert ad.grad(ad.grad(lambda x: x * x * stop_gradient(x)))(3.0) == 6.0
    assert ad.trace(lambda x: x * stop_gradient(x), 3.0)(5.0) == 25.0
    assert stop_gradient(2.0) == 2.0
