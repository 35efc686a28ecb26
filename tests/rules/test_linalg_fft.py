"""Fourier transforms of traced arrays, and the complex numbers between real ones."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import adcourse as ad
from adcourse.transforms.batch import vmap

jax.config.update("jax_enable_x64", True)
rng = np.random.default_rng(13)
x, k = rng.standard_normal((4, 6)), rng.standard_normal((4, 6))

PROGRAMS = {
    "convolution": lambda np, x: np.fft.irfft(np.fft.rfft(x) * np.fft.rfft(k)),
    "power": lambda np, x: np.abs(np.fft.rfft(x, axis=0)) ** 2,
    "derivative": lambda np, x: np.fft.irfft(1j * np.arange(4) * np.fft.rfft(x), n=6),
    "odd length": lambda np, x: np.fft.irfft(np.fft.rfft(x, n=5) ** 2, n=7),
    "quotient": lambda np, x: np.fft.ifft(np.fft.fft(x, 9) / (30 + np.fft.fft(x, 9))).real,
    "quotient of real": lambda np, x: (x[0] / (9 + np.fft.fft(x[1]))).imag,
    "divided by real": lambda np, x: np.abs(np.fft.fft(x) / (2 + x**2)),
    "two axes": lambda np, x: np.fft.irfft2(np.fft.rfft2(x) * np.fft.rfft2(k)),
    "all axes": lambda np, x: np.fft.ifftn(np.exp(0.1 * np.fft.fftn(x, norm="ortho"))).imag,
    "other axes": lambda np, x: np.abs(np.fft.ifft2(x, s=(3, 8), axes=(1, 0), norm="forward")),
    "rfftn": lambda np, x: np.fft.irfftn(np.fft.rfftn(x, axes=(0,)), axes=(0,), s=(5,)),
    "parts": lambda np, x: np.real(np.fft.fft(x)) * np.imag(np.fft.fft(x)),
    "angle": lambda np, x: np.angle(np.fft.rfft(x)[:, 1:3]),
    "conjugate": lambda np, x: (np.conj(np.fft.fft(x)) * np.fft.fft(x)).real,
    "moved": lambda np, x: np.abs(np.sum(np.fft.fftshift(np.fft.fft(x), axes=1)[::2].T, axis=1)),
    "matmul": lambda np, x: np.abs(np.fft.fft(x) @ np.fft.fft(k).T),
    "difference": lambda np, x: np.abs(2.0 - np.fft.ifftshift(-np.fft.ifft(x)) - x),
    "from real": lambda np, x: np.fft.irfft(x, n=7),
}
every = pytest.mark.parametrize("name", PROGRAMS)


@every
def test_values_and_gradients_agree_with_jax(name):
    f = PROGRAMS[name]
    loss = lambda np, x: np.sum(np.sin(f(np, x)))
    y, pullback = ad.vjp(lambda x: f(np, x), x)
    np.testing.assert_allclose(y, f(np, x), rtol=1e-12, atol=1e-12)
    theirs = jax.grad(lambda x: loss(jnp, x))(x)
    np.testing.assert_allclose(ad.grad(lambda x: loss(np, x))(x), theirs, rtol=1e-9, atol=1e-11)


@every
def test_forward_second_and_batched(name):
    f = lambda x: PROGRAMS[name](np, x)
    ad.check_grads(f, (x,), order=2, tolerance=1e-5)
    xs = np.stack([x, 1.5 * x])
    np.testing.assert_allclose(vmap(f)(xs), np.stack([f(x) for x in xs]), rtol=1e-10, atol=1e-11)
    np.testing.assert_allclose(ad.trace(f, x)(1.5 * x), f(1.5 * x), rtol=1e-12, atol=1e-12)


def test_a_spectrum_is_a_container_of_two_real_arrays():
    y, pullback = ad.vjp(np.fft.rfft, x[0])
    np.testing.assert_allclose(y.real + 1j * y.imag, np.fft.rfft(x[0]))
    (x_bar,) = pullback(type(y)(np.ones(4), np.zeros(4)))
    np.testing.assert_allclose(x_bar, ad.grad(lambda x: np.sum(np.fft.rfft(x).real))(x[0]))
    with pytest.raises(ad.NotScalar, match="2 values"):
        ad.grad(lambda x: np.fft.rfft(x)[0])(x[0])


@pytest.mark.parametrize(
    ("f", "sentence"),
    [
        (lambda z: np.log(z), r"np\.log of a complex number"),
        (lambda z: np.sqrt(z), r"np\.sqrt of a complex number"),
        (lambda z: z**0.5, "whole powers"),
        (lambda z: 2.0**z, "whole powers"),
        (lambda z: np.linalg.inv(z), r"np\.linalg\.inv of a complex number"),
        (lambda z: z if z[0] else z, "neither true nor false"),
        (lambda z: float(z[0]), "float"),
    ],
)
def test_what_complex_numbers_cannot_do_is_said(f, sentence):
    with pytest.raises((ad.NotReal, ad.LosesDerivative), match=sentence):
        ad.vjp(lambda x: f(np.fft.fft(x)), x)


def test_real_transforms_take_real_arrays():
    with pytest.raises(TypeError, match="takes a real array"):
        ad.vjp(lambda x: np.fft.rfft(np.fft.fft(x)), x)


def test_other_complex_values_are_refused():
    with pytest.raises(ad.NotReal, match="complex"):
        ad.vjp(lambda x: 1j * x, x)
