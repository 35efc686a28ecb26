"""Matrix calculus: gradients, Hessians and differentials in closed form, step by step.

>>> import numpy as np
>>> f = lambda A, x, b: np.sum((A @ x - b) ** 2) / 2
>>> gradient(f, np.ones((3, 2)), np.ones(2), np.ones(3), argnums=1).result
Aᵀ(Ax − b)
"""

from adcourse.symbolic.matrix_calculus.calculus import (
    differential,
    gradient,
    hessian,
    identity,
    jacobian,
    matrix,
    number,
    pullback,
    solution,
    vector,
)
from adcourse.symbolic.matrix_calculus.derivation import Derivation
from adcourse.symbolic.matrix_calculus.forms import elementwise, inverse
from adcourse.symbolic.matrix_calculus.proofs import eigh_derivation, svd_derivation
from adcourse.symbolic.matrix_calculus.scalars import det, inner, logdet, norm, total, tr

__all__ = [
    "Derivation",
    "det",
    "differential",
    "eigh_derivation",
    "elementwise",
    "gradient",
    "hessian",
    "identity",
    "inner",
    "inverse",
    "jacobian",
    "logdet",
    "matrix",
    "norm",
    "number",
    "pullback",
    "solution",
    "svd_derivation",
    "total",
    "tr",
    "vector",
]
