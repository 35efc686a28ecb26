"""Derivatives from values alone."""

from adcourse.numeric.differences import complex_step, finite_difference

__all__ = ["complex_step", "finite_difference"]
