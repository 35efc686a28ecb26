"""Shapes and random points: what "A m×n, S n×n positive definite" says."""

from dataclasses import dataclass

import numpy as np

# Two sizes, so that no answer is right by the accident of one shape.
SIZES = (
    {"n": 3, "m": 5, "k": 2, "p": 4, "q": 4},  # q = k²
    {"n": 4, "m": 6, "k": 3, "p": 2, "q": 9},
)

# The words that are a property of the matrix and not only of the point: an engine may use them.
ASSUMED = ("symmetric", "positive definite", "diagonal")


@dataclass(frozen=True)
class Argument:
    """An argument of a function: the letters of its axes, and a word about its entries."""

    name: str
    axes: tuple
    word: str = ""

    @property
    def assumed(self):
        return self.word if self.word in ASSUMED else None

    def shape(self, size):
        return tuple(SIZES[size][axis] for axis in self.axes)

    def project(self, array):
        """The part of a derivative that matters when the argument moves within its structure.

        An argument that is declared symmetric moves among symmetric matrices, so its gradient is
        the symmetric G with df = ⟨G, dS⟩; in the same way for diagonal matrices.
        """
        if self.word in ("symmetric", "positive definite"):
            return (array + array.T) / 2
        return np.diag(np.diag(array)) if self.word == "diagonal" else array


def parsed(text):
    """Name -> Argument for "A m×n, x n positive, c scalar"."""
    arguments = {}
    for part in text.split(","):
        name, shape, *words = part.split()
        axes = () if shape == "scalar" else tuple(shape.split("×"))
        word = " ".join(words)
        assert word in WORDS, part
        arguments[name] = Argument(name, axes, word)
    return arguments


def drawn(argument, size, rng):
    """A random array in the domain of the argument; a float for a scalar."""
    array = WORDS[argument.word](rng, argument.shape(size))
    return float(array) if argument.axes == () else array


def anything(rng, shape):
    return rng.uniform(-1, 1, shape)


def symmetric(rng, shape):
    a = anything(rng, shape)
    return a + a.T


def positive_definite(rng, shape):
    a = anything(rng, shape)
    return a @ a.T + np.eye(len(a))


def orthogonal(rng, shape):
    return np.linalg.qr(rng.standard_normal(shape))[0]


def near_identity(rng, shape):
    """Invertible, with a positive determinant and all eigenvalues to the right of 0."""
    return np.eye(*shape) + 0.4 * anything(rng, shape) / np.sqrt(shape[0])


def real_eigenvalues(rng, shape):
    """Distinct positive eigenvalues, not symmetric."""
    basis = near_identity(rng, shape)
    return basis @ np.diag(1 + np.arange(shape[0]) + rng.uniform(0, 0.3, shape[0])) @ np.linalg.inv(
        basis
    )


def well_conditioned(rng, shape):
    return 2 * np.eye(*shape) + anything(rng, shape)


def probabilities(rng, shape):
    return rng.dirichlet(np.full(shape[-1], 3.0), shape[:-1])


def one_hot(rng, shape):
    return np.eye(shape[-1])[rng.integers(shape[-1], size=shape[:-1])]


WORDS = {
    "": anything,
    "symmetric": symmetric,
    "positive definite": positive_definite,
    "diagonal": lambda rng, shape: np.diag(rng.uniform(0.5, 2, shape[0])),
    "orthogonal": orthogonal,
    "invertible": well_conditioned,
    "near the identity": near_identity,
    "with real eigenvalues": real_eigenvalues,
    "small": lambda rng, shape: 0.4 * anything(rng, shape) / np.sqrt(shape[0]),
    "positive": lambda rng, shape: rng.uniform(0.5, 2, shape),
    "large": lambda rng, shape: rng.uniform(6, 8, shape),
    "probabilities": probabilities,
    "one-hot": one_hot,
    "signs": lambda rng, shape: rng.choice([-1.0, 1.0], shape),
    "zeros and ones": lambda rng, shape: rng.choice([0.0, 1.0], shape),
    "counts": lambda rng, shape: rng.poisson(2.0, shape).astype(float),
}
