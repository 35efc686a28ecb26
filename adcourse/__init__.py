"""Automatic differentiation that a student can read, see and prove.

A function to differentiate is plain NumPy:

>>> import numpy as np
>>> import adcourse as ad
>>> def L(w1, w2):
...     v = w2 * np.log(w1)
...     return v + np.sqrt(v)
>>> ad.grad(L, argnums=(0, 1))(2.0, 3.0)
(2.0201012595319114, 0.9334849949934259)
"""

from importlib import import_module

from adcourse.core.errors import (
    AdcourseError,
    AnswerError,
    BranchChanged,
    DegenerateSpectrumError,
    EscapedTracer,
    GradientMismatch,
    InPlaceWrite,
    LosesDerivative,
    MissingRule,
    NotLowerable,
    NotReal,
    NotRepeatable,
    NotScalar,
    WrongStructure,
)
from adcourse.core.graph import Graph
from adcourse.core.recording import trace
from adcourse.transforms.forward import jvp
from adcourse.transforms.reverse import grad, value_and_grad, vjp

__version__ = "0.1.0"

import_module("adcourse.rules")  # fills the table of derivatives

_later = {  # opened on first use, so that the import costs little more than NumPy
    "check_grads": "adcourse.checks",
    "checkpoint": "adcourse.transforms.checkpoint",
    "checkpoint_schedule": "adcourse.transforms.loops",
    "compare": "adcourse.symbolic",
    "compile": "adcourse.compiling",
    "complex_step": "adcourse.numeric",
    "custom_jvp": "adcourse.rules.custom",
    "custom_vjp": "adcourse.rules.custom",
    "draw": "adcourse.drawing",
    "eigh_function": "adcourse.rules.spectral",
    "expm": "adcourse.rules.scipy_linalg",
    "finite_difference": "adcourse.numeric",
    "from_sympy": "adcourse.symbolic",
    "hessian": "adcourse.transforms.jacobians",
    "hutchinson_diagonal": "adcourse.numeric",
    "hutchinson_trace": "adcourse.numeric",
    "hutchpp_trace": "adcourse.numeric",
    "hvp": "adcourse.transforms.jacobians",
    "jacfwd": "adcourse.transforms.jacobians",
    "jacobian": "adcourse.transforms.jacobians",
    "jacrev": "adcourse.transforms.jacobians",
    "linearize": "adcourse.transforms.linear",
    "logsumexp": "adcourse.rules.reductions",
    "matrix_calculus": "adcourse.symbolic",
    "parse_answer": "adcourse.symbolic",
    "primitive": "adcourse.rules.custom",
    "solve_triangular": "adcourse.rules.scipy_linalg",
    "stop_gradient": "adcourse.rules.stop",
    "svd_function": "adcourse.rules.spectral",
    "swell": "adcourse.symbolic",
    "to_sympy": "adcourse.symbolic",
    "two_point_gradient": "adcourse.numeric",
    "vmap": "adcourse.transforms.batch",
}


def __getattr__(name):
    if name not in _later:
        raise AttributeError(f"module 'adcourse' has no attribute {name!r}")
    return getattr(import_module(_later[name]), name)


def __dir__():
    return __all__


__all__ = [
    "AdcourseError",
    "AnswerError",
    "BranchChanged",
    "DegenerateSpectrumError",
    "EscapedTracer",
    "Graph",
    "GradientMismatch",
    "InPlaceWrite",
    "LosesDerivative",
    "MissingRule",
    "NotLowerable",
    "NotReal",
    "NotRepeatable",
    "NotScalar",
    "WrongStructure",
    "grad",
    "jvp",
    "trace",
    "value_and_grad",
    "vjp",
    *_later,
]
