"""Derivatives from values alone, and traces from products with vectors alone."""

from adcourse.numeric.differences import complex_step, finite_difference
from adcourse.numeric.traces import Estimate, hutchinson_diagonal, hutchinson_trace, hutchpp_trace
from adcourse.numeric.zero_order import two_point_gradient

__all__ = [
    "Estimate",
    "complex_step",
    "finite_difference",
    "hutchinson_diagonal",
    "hutchinson_trace",
    "hutchpp_trace",
    "two_point_gradient",
]
