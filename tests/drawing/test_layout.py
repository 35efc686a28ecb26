"""A drawing hides nothing: no card on a card, no arrow behind a card, no pill on another."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import adcourse as ad
from adcourse.drawing.layers import crossings, ordered, places
from adcourse.drawing.layout import PILL, overlap
from adcourse.drawing.still import names_of
from adcourse.drawing.story import Story
from adcourse.drawing.walk import walk


def cards_of(graph, mode="reverse"):
    return Story(graph, walk(graph, mode), names_of(graph)).cards


def along(route):
    """Points of an edge, close to each other, from its two ends inwards."""
    pieces = range(len(route.points) - 1)
    return [route.sample(share, piece) for piece in pieces for share in np.linspace(0, 1, 25)]


def inside(point, box):
    (x, y), (left, top, wide, high) = point, box
    return left + 0.1 < x < left + wide - 0.1 and top + 0.1 < y < top + high - 0.1


def check_drawing(graph):
    cards = cards_of(graph)
    layout = cards.layout
    boxes = list(layout.boxes.values())
    for i, box in enumerate(boxes):
        assert box[0] >= 0 and box[1] >= 0
        assert box[0] + box[2] <= layout.width and box[1] + box[3] <= layout.height
        assert all(overlap(box, other) == 0 for other in boxes[:i])
    for (node, k), route in layout.routes.items():
        left, top, wide, high = layout.boxes[node.args[k]]
        assert route.points[0][0] == left + wide and top < route.points[0][1] < top + high
        left, top, wide, high = layout.boxes[node]
        assert route.points[-1][0] == left and top < route.points[-1][1] < top + high
        for point in along(route):
            assert not any(inside(point, box) for box in boxes), (node.name, k)
            assert 0 <= point[1] <= layout.height
    pills = [
        (x - cards.pill_widths[edge] / 2, y - PILL / 2, cards.pill_widths[edge], PILL)
        for edge in cards.pills
        for x, y in [layout.routes[edge].pill]
    ]
    for i, pill in enumerate(pills):
        assert pill[0] >= 0 and pill[0] + pill[2] <= layout.width
        assert sum(overlap(pill, other) for other in pills[:i]) < 0.5 * PILL * pill[2]
        assert sum(overlap(pill, box) for box in boxes) < 0.2 * PILL * pill[2]


def test_drawings_of_the_programs(graph):
    check_drawing(graph)


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_drawings_of_random_programs(programs_at_random, data):
    check_drawing(ad.trace(data.draw(programs_at_random), 0.7, 1.3))


def test_nothing_in_the_way_of_the_example(L):
    """The pills of the course's picture touch neither cards nor each other."""
    cards = cards_of(ad.trace(L, 2.0, 3.0))
    taken = list(cards.layout.boxes.values())
    for edge in cards.pills:
        x, y = cards.layout.routes[edge].pill
        pill = (x - cards.pill_widths[edge] / 2, y - PILL / 2, cards.pill_widths[edge], PILL)
        assert not any(overlap(pill, other) for other in taken)
        taken.append(pill)


def test_inputs_stand_next_to_their_first_user(L):
    boxes = cards_of(ad.trace(L, 2.0, 3.0)).layout.boxes
    left = {node.name: box[0] for node, box in boxes.items()}
    assert left["w1"] < left["v1"] == left["w2"] < left["v2"] < left["v3"] < left["v4"]


def test_crossings_are_counted_and_undone():
    """x feeds the lower of two nodes and y the upper: as recorded the edges cross, as drawn not."""
    graph = ad.trace(lambda x, y: (np.sin(y), np.cos(x)), 1.0, 2.0)
    columns, _ = places(graph)
    for column in columns:
        for rank, place in enumerate(column):
            place.rank = rank
    assert crossings(columns) == 1
    assert crossings(ordered(columns)) == 0
