"""check_grads passes right derivatives and catches planted wrong ones."""

import numpy as np
import pytest

import adcourse as ad
from adcourse.core.primitive import table
from adcourse.rules.kinds import Elementwise, General


def test_right_derivatives_pass():
    ad.check_grads(
        lambda x, y: {"a": np.sin(x) * y, "b": [x @ y]}, (np.ones(3), np.arange(3.0)), order=3
    )


@pytest.fixture
def planted():
    """Rows with wrong rules, taken out of the table afterwards."""
    before = dict(table)
    yield
    table.clear()
    table.update(before)


def cubed(x):
    return x**3


def test_a_wrong_partial_is_caught(planted):
    wrong = Elementwise(cubed, lambda x: 2 * x**2)
    with pytest.raises(ad.GradientMismatch, match=r"order 1, forward mode.*central difference"):
        ad.check_grads(wrong, (1.5,))


def test_a_wrong_transpose_is_caught(planted):
    wrong = General(
        cubed, jvp=lambda x, x_dot: 3 * x**2 * x_dot, vjp=lambda x, z_bar: -3 * x**2 * z_bar
    )
    with pytest.raises(ad.GradientMismatch, match=r"order 1, reverse mode"):
        ad.check_grads(wrong, (1.5,))
    ad.check_grads(wrong, (1.5,), modes=("forward",))


def test_a_wrong_second_derivative_is_caught(planted):
    def detached(x):  # right value, but the rule hides its dependence on x
        return 3 * np.sign(x) * x**0 * np.floor(x**2 * 1e12) / 1e12

    wrong = General(
        cubed, jvp=lambda x, x_dot: detached(x) * x_dot, vjp=lambda x, z_bar: detached(x) * z_bar
    )
    ad.check_grads(wrong, (1.5,), order=1)
    with pytest.raises(ad.GradientMismatch, match="order 2"):
        ad.check_grads(wrong, (1.5,), order=2)


def test_nan_is_a_mismatch():
    with pytest.warns(RuntimeWarning), pytest.raises(ad.GradientMismatch, match="nan"):
        ad.check_grads(np.log, (-1.0,))


def test_unknown_mode():
    with pytest.raises(ValueError, match="'forward' and 'reverse', not fwd"):
        ad.check_grads(np.sin, (1.0,), modes=("fwd",))


def test_small_scales_far_points_and_float32_are_judged_fairly():
    ad.check_grads(np.sin, (1e8,))
    ad.check_grads(np.log, (1e-4,))
    ad.check_grads(lambda x: 1e-8 * x**3, (1.5,))
    ad.check_grads(lambda x: np.sum(np.tanh(x) ** 2), (np.ones(3, np.float32),))
    ad.check_grads(lambda x: x * 0.0, (1.0,))


def test_a_small_wrong_derivative_is_caught(planted):
    wrong = Elementwise(cubed, lambda x: 2 * x**2)
    with pytest.raises(ad.GradientMismatch):
        ad.check_grads(lambda x: 1e-8 * wrong(x), (1.5,))


def test_no_modes():
    with pytest.raises(ValueError, match="nothing would be checked"):
        ad.check_grads(np.sin, (1.0,), modes=())
