"""Formulas evaluated exactly: number systems, matrices over them, points that obey constraints."""

from adcourse.symbolic.exact.decimals import Decimals
from adcourse.symbolic.exact.degrees import Degrees
from adcourse.symbolic.exact.fields import Modular, Rationals
from adcourse.symbolic.exact.point import Point
from adcourse.symbolic.exact.scalars import evaluate

__all__ = ["Decimals", "Degrees", "Modular", "Point", "Rationals", "evaluate"]
