"""The page of attacks says what the corpus says."""

from .__main__ import PAGE, page
from .corpus import CORPUS


def test_the_page_is_the_one_that_the_command_writes():
    message = "run python -m tests.course.hostile"
    assert PAGE.read_text(encoding="utf-8") == page(), message


def test_every_entry_has_its_row():
    rows = [line.split(" | ")[0].removeprefix("| ") for line in page().splitlines() if "|" in line]
    assert {entry.name.replace("<", "&lt;") for entry in CORPUS} <= set(rows)
