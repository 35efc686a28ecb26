"""Numbers and arrays as they are shown: four decimals, a true minus sign, shapes where large."""

import numpy as np

SMALL = 4  # an array with at most this many entries is shown entry by entry


def number(x):
    """A number as text.

    >>> number(3.0), number(0.34673417), number(-0.5), number(1.23456e-7)
    ('3', '0.3467', '−0.5', '1.2346e−7')
    """
    if isinstance(x, bool | np.bool_):
        return str(bool(x))
    x = float(x)
    if not np.isfinite(x):
        return str(x).replace("-", "−").replace("inf", "∞")
    if x == int(x) and abs(x) < 1e6:
        return str(int(x)).replace("-", "−")
    if 1e-3 <= abs(x) < 1e5:
        text = f"{x:.4f}"
        # Zeros at the end stay where they are rounded digits: 1.4420 is not 1.442.
        text = text.rstrip("0").rstrip(".") if float(text) == x else text
    else:
        mantissa, exponent = f"{x:.4e}".split("e")
        mantissa = mantissa.rstrip("0").rstrip(".")
        text = f"{mantissa}e{int(exponent)}"
    return text.replace("-", "−")


def short(x):
    """A number inside an array: three digits."""
    if isinstance(x, bool | np.bool_):
        return str(bool(x))
    return number(float(f"{float(x):.3g}"))


def entries(x):
    """A small array as text: `[1, 2]`, a matrix as `[1, 2; 3, 4]`."""
    if np.ndim(x) > 2:
        return "[" + ", ".join(entries(part) for part in x) + "]"
    return "[" + "; ".join(", ".join(map(short, row)) for row in np.atleast_2d(x)) + "]"


def value_text(x):
    """What a card shows of a value: a number, the entries of a small array, or a shape.

    >>> value_text(np.array([0.5, 2.0])), value_text(np.ones((4, 5)))
    ('[0.5, 2]', 'shape (4, 5)')
    """
    shape = np.shape(x)
    if not shape:
        return number(x)
    return entries(x) if 0 < np.size(x) <= SMALL else f"shape {shape}"
