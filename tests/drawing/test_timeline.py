"""Pictures of schedules: what is said agrees with the schedule, and memory is drawn as it is."""

import re
from xml.etree import ElementTree

import pytest

from adcourse.drawing import Picture, step_schedule
from adcourse.drawing.timeline import moments_of
from adcourse.transforms.schedules import KINDS, fewest_advances, most_states, schedule


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [1, 2, 7, 16])
def test_moments_cover_the_schedule(kind, n):
    actions = schedule(n, 3, kind)
    moments = moments_of(actions)
    assert [m.begin for m in moments[1:]] == [m.end for m in moments[:-1]]
    assert [m.start for m in moments if m.kind == "back"] == list(reversed(range(n)))
    held = max(len(m.held) + len(m.stored) for m in moments)
    assert held == most_states(actions)
    for moment in moments:  # nothing runs from a state that is not there
        if moment.kind == "advance":
            assert moment.start in moment.held


@pytest.mark.parametrize(("n", "states"), [(10, 3), (12, 2), (4, 1)])
def test_the_last_line_counts_what_the_formula_says(n, states):
    picture = step_schedule(n, states)
    assert isinstance(picture, Picture)
    last = str(picture).splitlines()[-1]
    pulled, run, held = map(int, re.findall(r"(\d+) (?:step|state)", last))
    assert (pulled, run, held) == (n, fewest_advances(n, states), states)


def test_steps_are_radio_buttons_in_reading_order():
    picture = step_schedule(6, 2)
    lines = str(picture).splitlines()
    assert picture.html.count('type="radio"') == len(lines)
    labels = re.findall(r'aria-label="step (\d+) of', picture.html)
    assert list(map(int, labels)) == list(range(1, len(lines) + 1))
    ElementTree.fromstring(picture.svg)
    assert "§" not in picture.html + picture.svg and "<script" not in picture.html


def test_a_long_schedule_is_drawn_without_steps():
    picture = step_schedule(64, 4)
    assert 'type="radio"' not in picture.html and "without steps" in picture.html
    assert "at most 4 states held" in str(picture)
    ElementTree.fromstring(picture.svg)


def test_two_keys_two_names():
    one, other = step_schedule(4, 2, key="a"), step_schedule(4, 2, key="b")
    assert str(one) == str(other) and one.html != other.html
    assert step_schedule(4, 2, key="a").html == one.html
