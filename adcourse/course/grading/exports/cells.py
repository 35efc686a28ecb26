"""Cells of a table that a spreadsheet takes as text, whatever a student wrote into them."""

import csv
import os
import re
from contextlib import contextmanager
from pathlib import Path

from ...errors import CourseError

# What makes a spreadsheet run a cell; full-width signs are read as the plain ones by some.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?|-")


def harmless(text):
    """The text with a quote before it, where it would be a formula without one.

    >>> harmless("=1+1"), harmless("-2.5"), harmless("'tis")
    ("'=1+1", '-2.5', "''tis")
    """
    if text.lstrip(" ")[:1] in (*FORMULA, "'") and not NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def plain(text):
    """What `harmless` was given."""
    return text[1:] if text[:1] == "'" and harmless(text[1:]) == text else text


@contextmanager
def reading(path):
    """A CSV file open for reading; what cannot be read raises CourseError with one sentence."""
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            yield file
    except UnicodeDecodeError:
        raise CourseError(f"{path} is not UTF-8 text: save it as CSV UTF-8.") from None
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}.") from None
    except csv.Error as error:
        raise CourseError(f"{path} is not a CSV file: {error}.") from None


@contextmanager
def new_table(path):
    """A function that writes a row of texts, into a file that appears at `path` when it is full."""
    path = Path(path)
    draft = path.with_name(f"{path.name}.new")
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            yield lambda row: writer.writerow([harmless(str(cell)) for cell in row])
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
