"""The table of derivatives. Importing this package fills it.

A fresh reader finds a rule by searching its NumPy name in this folder.
"""

from importlib import import_module

from adcourse.core.primitive import later
from adcourse.rules import (
    again,
    batching,
    composites,
    decompositions,
    dependence,
    determinants,
    eig,
    einsum,
    elementary,
    joining,
    leastsquares,
    linalg,
    neighbours,
    norms,
    ordering,
    piecewise,
    polynomials,
    products,
    qr,
    reductions,
    scipy_linalg,
    selecting,
    shaping,
    sinc,
    spectral,
    statistics,
    structure,
)

batching.enter()
dependence.enter()
later["numpy.fft"] = lambda: import_module("adcourse.rules.fft")
later["scipy.special"] = lambda: import_module("adcourse.rules.special")

__all__ = [
    "again",
    "batching",
    "composites",
    "decompositions",
    "dependence",
    "determinants",
    "eig",
    "einsum",
    "elementary",
    "joining",
    "leastsquares",
    "linalg",
    "neighbours",
    "norms",
    "ordering",
    "piecewise",
    "polynomials",
    "products",
    "qr",
    "reductions",
    "scipy_linalg",
    "selecting",
    "shaping",
    "sinc",
    "spectral",
    "statistics",
    "structure",
]
