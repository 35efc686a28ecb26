"""What answers did: runs of a function, derivatives asked of the package."""

import numpy as np

import adcourse as ad
from adcourse.course import by_hand, counted


def test_runs_are_counted_on_numbers_and_on_traced_values():
    f = counted(lambda x: np.sum(x**2))
    f(np.ones(3))
    ad.grad(f)(np.ones(3))
    assert f.runs == 2
    ad.jacfwd(f)(np.ones(3))
    assert f.runs > 2


def test_every_transformation_is_seen():
    f, x = np.sin, 0.5
    asked = [
        lambda: ad.grad(f)(x),
        lambda: ad.jvp(f, (x,), (1.0,)),
        lambda: ad.vjp(f, x),
        lambda: ad.hessian(lambda v: np.sum(np.sin(v)))(np.ones(2)),
        lambda: ad.trace(f, x),
        lambda: ad.vmap(f)(np.ones(3)),
    ]
    for ask in asked:
        with by_hand() as used:
            ask()
        assert used.transforms >= 1


def test_numbers_alone_are_by_hand():
    with by_hand() as used:
        np.linalg.solve(np.eye(3), np.ones(3))
        ad.finite_difference(np.sin, 0.5)
    assert used.transforms == 0


def test_nested_counts_and_an_error_inside_do_not_disturb():
    with by_hand() as outer:
        with by_hand() as inner:
            ad.grad(np.sin)(0.5)
        try:
            with by_hand() as failed:
                ad.grad(np.sin)(0.5)
                raise ValueError
        except ValueError:
            pass
    assert inner.transforms == failed.transforms == 1
    assert outer.transforms >= 2
