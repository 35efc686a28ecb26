"""The table of derivatives. Importing this package fills it.

A fresh reader finds a rule by searching its NumPy name in this folder.
"""

from adcourse.rules import (
    composites,
    elementary,
    linalg,
    piecewise,
    products,
    reductions,
    structure,
)

__all__ = ["composites", "elementary", "linalg", "piecewise", "products", "reductions", "structure"]
