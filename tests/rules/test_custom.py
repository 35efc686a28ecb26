"""A user's own rules in every transformation, against the same function without them."""

import numpy as np
import pytest

import adcourse as ad
from adcourse.core.primitive import table
from adcourse.rules.custom import custom_jvp, custom_vjp, primitive
from adcourse.transforms.batch import vmap


@pytest.fixture(autouse=True)
def clean_table():
    before = dict(table)
    yield
    table.clear()
    table.update(before)


def product_by_jvp():
    f = custom_jvp(lambda x, y: np.sum(x * y))

    @f.defjvp
    def rule(primals, tangents):
        (x, y), (x_dot, y_dot) = primals, tangents
        return f(x, y), np.sum(x_dot * y) + np.sum(x * y_dot)

    return f


def product_by_vjp():
    f = custom_vjp(lambda x, y: np.sum(x * y))
    f.defvjp(lambda x, y: (f(x, y), (x, y)), lambda kept, bar: (bar * kept[1], bar * kept[0]))
    return f


def product_as_primitive():
    return primitive(
        lambda x, y: np.sum(x * y),
        arity=2,
        vjp=lambda x, y, z_bar: (z_bar * y, z_bar * x),
    )


@pytest.mark.parametrize("make", [product_by_jvp, product_by_vjp, product_as_primitive])
def test_all_transformations(make):
    f = make()
    x, y = np.array([1.0, 2.0]), np.array([3.0, -1.0])
    ad.check_grads(lambda x, y: f(np.sin(x), y) ** 2, (x, y), order=2)
    np.testing.assert_allclose(ad.grad(f)(x, y), y)
    np.testing.assert_allclose(vmap(f, in_axes=(0, None))(np.stack([x, 2 * x]), y), [1.0, 2.0])
    assert ad.trace(f, x, y)(x, y) == 1.0


def test_the_given_rule_is_the_one_that_is_used():
    clipped = custom_vjp(lambda x: x)
    clipped.defvjp(lambda x: (x, None), lambda kept, bar: (np.minimum(bar, 1.0),))
    assert ad.grad(lambda x: 5.0 * clipped(x))(2.0) == 1.0


def test_f_sees_plain_arrays_and_may_write_in_place():
    def running_sum(x):
        y = x.copy()
        for i in range(1, len(y)):
            y[i] += y[i - 1]
        return y

    f = primitive(running_sum, jvp=lambda x_dot: f(x_dot), vjp=lambda z_bar: f(z_bar[::-1])[::-1])
    ad.check_grads(f, (np.array([1.0, 2.0, 4.0]),), order=2)


def test_mistakes():
    with pytest.raises(ad.MissingRule, match="partials, or jvp="):
        primitive(lambda x: x)
    with pytest.raises(ad.MissingRule, match="defjvp"):
        ad.grad(custom_jvp(np.sin))(1.0)
