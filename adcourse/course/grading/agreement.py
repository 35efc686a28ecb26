"""Whether a submission's shown results are those of the key, number by number."""

import math
import re

# The shape of an array is text, to be met exactly; every other number has a tolerance.
# No two parts of the pattern can match the same digits: it takes linear time for any text.
TOKEN = re.compile(
    r"shape \([\d, ]*\)|'[^']*'|(?<![\w.])[-+]?(?:\d+(?:\.\d*)?(?:e[-+]?\d+)?|inf|nan)(?![\w.])"
)
MESSAGE = re.compile(r"(raised \w+): .*")


def agrees(expected, got):
    """Whether the texts `got` say what `expected`, a list of (text, digits), says.

    A number may be off by 1.5e-5 of itself where six digits are shown (1.5 units of the last digit
    of 1.00000, 15 of that of 9.99999), so that rounding at the boundary of a digit never costs a
    mark, and by what cancellation leaves beside the largest.
    """
    return len(expected) == len(got) and all(
        _same(text, digits, other) for (text, digits), other in zip(expected, got, strict=True)
    )


def _same(text, digits, other):
    words, numbers = _split(text)
    other_words, other_numbers = _split(other)
    if words != other_words or len(numbers) != len(other_numbers):
        return False
    relative = 1.5 * 10.0 ** (1 - digits)
    scale = max((abs(x) for x in numbers if math.isfinite(x)), default=0.0)
    absolute = 1e-12 * (1.0 + scale)
    return all(
        (math.isnan(x) and math.isnan(y)) or math.isclose(x, y, rel_tol=relative, abs_tol=absolute)
        for x, y in zip(numbers, other_numbers, strict=True)
    )


def _split(text):
    """The words of a text and its numbers; an error counts by its kind, not by its message."""
    numbers = []

    def take(match):
        try:
            numbers.append(float(match[0]))
        except ValueError:
            return match[0]
        return "#"

    return TOKEN.sub(take, MESSAGE.sub(r"\1", text)), numbers
