"""Small real data sets that the lectures compute with; they come with the package, no network."""

from adcourse.data.pictures import Digits, digits, portrait
from adcourse.data.places import Cities, cities, great_circle

__all__ = ["Cities", "Digits", "cities", "digits", "great_circle", "portrait"]
