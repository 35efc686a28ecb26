"""The table of derivatives. Importing this package fills it.

A fresh reader finds a rule by searching its NumPy name in this folder.
"""

from adcourse.rules import (
    batching,
    composites,
    elementary,
    linalg,
    piecewise,
    products,
    reductions,
    structure,
)

batching.enter()

__all__ = [
    "batching",
    "composites",
    "elementary",
    "linalg",
    "piecewise",
    "products",
    "reductions",
    "structure",
]
