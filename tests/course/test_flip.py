"""A book of figures: one page is seen, each has its text, and no script runs."""

import re

import matplotlib
import pytest

from adcourse.course import style
from adcourse.course.flip import flip

matplotlib.use("agg")


@pytest.fixture
def shown(monkeypatch):
    """What `flip` hands to the page."""
    bundles = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: bundles.append(data))
    return bundles


def figures(count):
    import matplotlib.pyplot as plt

    with matplotlib.rc_context():
        style.use()
        pages = {}
        for k in range(count):
            pages[f"h < {k}"], axes = plt.subplots(figsize=(2, 1))
            axes.plot([0, k])
    return pages


def test_one_page_is_seen_and_each_has_a_button_and_its_text(shown):
    flip(figures(3), "A line,\n  rising", first=1, name="step")
    html = shown[0]["text/html"]
    pages = re.findall(r'<img [^>]*alt="([^"]*)" class="p(\d)"( hidden)?>', html)
    hidden = [" hidden", "", " hidden"]
    assert pages == [(f"h &lt; {k}. A line, rising", str(k), hidden[k]) for k in range(3)]
    buttons = re.findall(r'<input type="radio" class="r(\d)"[^>]*?( checked)?>', html)
    assert buttons == [("0", ""), ("1", " checked"), ("2", "")]
    for k in range(3):
        assert f":has(.r{k}:checked) .p{k}{{display:block}}" in html
    assert shown[0]["text/plain"] == "A line, rising"
    assert "<script" not in html and "§" not in html


def test_two_books_on_a_page_have_their_own_buttons(shown):
    flip(figures(2), "Two lines")
    flip(figures(3), "Three lines")
    flip(figures(2), "Two lines")
    names = [set(re.findall(r'name="(\w+)"', bundle["text/html"])) for bundle in shown]
    assert names[0] != names[1] and names[0] == names[2] and all(len(n) == 1 for n in names)


def test_no_page_and_no_text_are_refused():
    with pytest.raises(ValueError, match="needs pages"):
        flip({}, "Nothing")
    with pytest.raises(ValueError, match="needs its text"):
        flip(figures(1) | {"": figures(1)["h < 0"]}, " ")
