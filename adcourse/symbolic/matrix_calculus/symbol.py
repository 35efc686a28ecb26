"""Named matrices, and arrays of a program as constants."""

from adcourse.core.errors import WrongStructure
from adcourse.symbolic.matrix_calculus.base import Expression

PROPERTIES = ("symmetric", "positive definite", "diagonal", "orthonormal columns")


def properties(given):
    """A property, or several, as a set."""
    given = {given} if isinstance(given, str) else set(given)
    if wrong := given - set(PROPERTIES):
        raise WrongStructure(
            f"{next(iter(wrong))!r} is no property of a matrix here. Choose from: "
            f"{', '.join(PROPERTIES)}."
        )
    return frozenset(given)


class Sym(Expression):
    """A named matrix. `value` is an array if it is a constant of the program."""

    def __new__(cls, name, shape, properties=frozenset(), value=None):
        rows, columns = shape
        if (rows, columns) == (1, 1) and value is None:
            raise WrongStructure(f"A matrix with one entry is a number: number({name!r}).")
        if rows != columns and (of_square := set(properties) - {"orthonormal columns"}):
            raise WrongStructure(
                f"{name} of shape {shape} cannot be {of_square.pop()}: not square."
            )
        if "orthonormal columns" in properties and isinstance(rows, int) and rows < columns:
            raise WrongStructure(f"{name} of shape {shape} has too many columns to be orthonormal.")
        return super().__new__(cls, shape, (), (name, frozenset(properties), Fixed(value)))

    name = property(lambda self: self.data[0])
    properties = property(lambda self: self.data[1])
    value = property(lambda self: self.data[2].value)

    def find_symbols(self):
        return frozenset({self}) if self.value is None else frozenset()

    def is_a(self, prop):
        return prop in self.properties


class Fixed:
    """An array that hashes by its contents, so that a constant can be a part of a key."""

    def __init__(self, value):
        self.value = value
        self.key = None if value is None else (value.shape, value.tobytes())

    def __eq__(self, other):
        return isinstance(other, Fixed) and self.key == other.key

    def __hash__(self):
        return hash(self.key)
