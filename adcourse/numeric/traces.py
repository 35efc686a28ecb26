"""Traces and diagonals of a matrix that is known only through its products with vectors."""

from typing import NamedTuple

import numpy as np

VECTORS = {
    "rademacher": lambda rng, shape: rng.choice([-1.0, 1.0], size=shape),
    "gaussian": lambda rng, shape: rng.standard_normal(shape),
}


class Estimate(NamedTuple):
    """A random estimate and its standard error; the error of a single sample is nan."""

    value: float | np.ndarray
    error: float | np.ndarray


def hutchinson_trace(matvec, n, samples, rng, distribution="rademacher"):
    """Estimate tr X of an n × n matrix X as the mean of vᵀXv over random vectors v.

    `matvec(v)` returns Xv, both of shape (n,), for example v -> hvp(f, x, v) for the Hessian of f.
    It is unbiased, because E[vvᵀ] = I. For symmetric X one sample has the variance
    2 (‖X‖² − Σ Xᵢᵢ²) with "rademacher" v, of entries ±1, and 2 ‖X‖² with "gaussian" v (Frobenius
    norms): the error falls as 1/√samples. Returns an `Estimate(value, error)` of numbers.

    Cost: one product per sample. Hutchinson 1989; Avron & Toledo 2011.

    Raises ValueError for another distribution, for fewer than one sample, and for a product that
    is not of shape (n,).

    >>> X = np.diag([1.0, 2.0, 3.0])
    >>> hutchinson_trace(lambda v: X @ v, 3, samples=5, rng=np.random.default_rng(0))
    Estimate(value=6.0, error=0.0)
    """
    V = random_vectors(rng, (n, samples), distribution)
    return mean_of(np.sum(V * products(matvec, V), axis=0))


def hutchinson_diagonal(matvec, n, samples, rng):
    """Estimate the diagonal of an n × n matrix X as the mean of v ⊙ Xv over vectors of entries ±1.

    Unbiased; one sample of entry i has the variance Σ Xᵢⱼ² over j ≠ i. Returns an
    `Estimate(value, error)` of arrays of shape (n,). `matvec`, cost and errors as in
    `hutchinson_trace`. Bekas, Kokiopoulou & Saad 2007.

    >>> X = np.array([[1.0, 0.0], [0.0, 5.0]])
    >>> hutchinson_diagonal(lambda v: X @ v, 2, samples=4, rng=np.random.default_rng(0)).value
    array([1., 5.])
    """
    V = random_vectors(rng, (n, samples), "rademacher")
    return mean_of(V * products(matvec, V))


def hutchpp_trace(matvec, n, samples, rng):
    """Estimate tr X by Hutch++: exactly on a random image of X, by Hutchinson on the rest.

    With Q an orthonormal basis of XS for a random S of k columns, tr X = tr QᵀXQ + tr PXP where
    P = I − QQᵀ, and only the second part is estimated. `samples` counts all products, a third for
    each of XS, XQ and the estimate. A matrix of rank at most k is exact up to rounding; for
    positive semidefinite X the error falls as 1/samples. The `error` is that of the second part.
    Returns an `Estimate(value, error)`; `matvec` as in `hutchinson_trace`.

    Meyer, Musco, Musco & Woodruff 2021, algorithm 1.

    Raises ValueError for fewer than three samples.

    >>> x = np.arange(4.0)
    >>> value, error = hutchpp_trace(lambda v: x * (x @ v), 4, 6, np.random.default_rng(0))
    >>> round(value, 12)
    14.0
    """
    if samples < 3:
        raise ValueError(f"Hutch++ needs at least 3 products, not {samples}.")
    k = min(samples // 3, n)
    Q = np.linalg.qr(products(matvec, random_vectors(rng, (n, k), "rademacher")))[0]
    G = random_vectors(rng, (n, samples - 2 * k), "rademacher")
    G = G - Q @ (Q.T @ G)
    rest = mean_of(np.sum(G * products(matvec, G), axis=0))
    return Estimate(float(np.sum(Q * products(matvec, Q))) + rest.value, rest.error)


def random_vectors(rng, shape, distribution):
    """Columns of independent entries of mean 0 and variance 1."""
    if distribution not in VECTORS:
        raise ValueError(f"distribution must be one of {', '.join(VECTORS)}, not {distribution!r}.")
    if shape[1] < 1:
        raise ValueError(f"samples must be at least 1, not {shape[1]}.")
    return VECTORS[distribution](rng, shape)


def products(matvec, V):
    """X applied to each column of V."""
    columns = [np.asarray(matvec(v)) for v in V.T]
    for column in columns:
        if column.shape != V.shape[:1]:
            raise ValueError(f"matvec returned shape {column.shape}, but n is {V.shape[0]}.")
    return np.stack(columns, axis=1)


def mean_of(samples):
    """Mean and standard error along the last axis."""
    count = samples.shape[-1]
    mean = np.mean(samples, axis=-1)
    if count == 1:
        error = np.full(mean.shape, np.nan)
    else:
        error = np.std(samples, axis=-1, ddof=1) / np.sqrt(count)
    if mean.ndim:
        return Estimate(mean, error)
    return Estimate(float(mean), float(error))
