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
    jacobian,
    pullback,
)
from adcourse.symbolic.matrix_calculus.constructors import (
    diag,
    eigenvalues,
    identity,
    kron,
    matrix,
    number,
    ones,
    singular_values,
    solution,
    sylvester,
    vector,
)
from adcourse.symbolic.matrix_calculus.derivation import Derivation
from adcourse.symbolic.matrix_calculus.forms import elementwise, inverse
from adcourse.symbolic.matrix_calculus.proofs import eigh_derivation, svd_derivation
from adcourse.symbolic.matrix_calculus.scalars import det, inner, logdet, norm, total, tr

__all__ = [
    "Derivation",
    "det",
    "diag",
    "differential",
    "eigenvalues",
    "eigh_derivation",
    "elementwise",
    "gradient",
    "hessian",
    "identity",
    "inner",
    "inverse",
    "jacobian",
    "kron",
    "logdet",
    "matrix",
    "norm",
    "number",
    "ones",
    "pullback",
    "singular_values",
    "solution",
    "svd_derivation",
    "sylvester",
    "total",
    "tr",
    "vector",
]
