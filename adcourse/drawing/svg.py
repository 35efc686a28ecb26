"""The drawing itself: cards for nodes, arrows for arguments, pills for local derivatives.

A mark is a piece of SVG with the states during which it is seen, so that one list of marks gives
the stepping picture, its final state and the static drawing.
"""

from dataclasses import dataclass
from html import escape

from adcourse.drawing import ink
from adcourse.drawing.layout import ARROW, PILL, layout

HEADER, ROW, BELOW = 29, 21, 6  # heights within a card
FORMULA = 16  # font size
WIDEST = 250.0  # a formula that is wider is cut short
NARROW, WIDE = set("iljtfrI.,:;|()[]!'1 ·"), set("mwMWQOGD@%⊙√←=+−<>≥≤")


@dataclass(frozen=True)
class Mark:
    """SVG that is seen in the states first ≤ k < last; without `last` it stays."""

    svg: str
    first: int = 0
    last: int | None = None


def width(tokens, size):
    """An upper estimate of the width of a formula: fonts differ from one machine to the next."""
    total = 0.0
    for words, _, level in ink.spans(tokens):
        scale = size * (0.72 if level else 1.0)
        for c in words:
            if c not in (ink.BAR, ink.DOT):
                total += scale * (0.42 if c in NARROW else 0.9 if c in WIDE else 0.64)
    return total


class Cards:
    """The geometry of a graph's drawing: what is written on cards, and where everything stands.

    `rows` names the lines below the formula: "value" and perhaps "tangent" or "adjoint".
    `texts[node, row]` lists all numbers that will stand there, for the width of the card.
    """

    def __init__(self, graph, formulas, rows, texts, pills):
        self.graph, self.formulas, self.rows, self.pills = graph, formulas, rows, pills
        nodes = (*graph.inputs, *graph.nodes)
        self.heights = {n: HEADER + ROW * len(rows[n]) + BELOW for n in nodes}
        widths = {}
        for node in nodes:
            numbers = [
                width(ink.text(row), 11) + width(ink.text(text), 13.5) + 30
                for row in rows[node] for text in texts[node, row]
            ]  # fmt: skip
            widths[node] = round(max([92.0, width(formulas[node], FORMULA) + 18, *numbers]), 1)
        self.pill_widths = {edge: pill_width(p) for edge, p in pills.items()}
        self.layout = layout(graph, widths, self.heights, self.pill_widths)

    def card(self, node, flat=False):
        """The card without its numbers."""
        x, y, w, h = self.layout.boxes[node]
        shape = self.rim(node, "rim")
        band = f"M{x} {y + HEADER}v{9 - HEADER}q0 -9 9 -9h{w - 18:g}q9 0 9 9v{HEADER - 9}z"
        parts = [
            f'<rect class="paper" x="{x}" y="{y}" width="{w}" height="{h}" rx="9"/>',
            f'<path class="band" d="{band}"/>{shape}',
            f'<text class="formula" x="{x + w / 2:.1f}" y="{y + 20:.1f}">'
            f"{ink.svg(self.formulas[node], FORMULA)}</text>",
        ]
        for i, row in enumerate(self.rows[node]):
            parts.append(
                f'<text class="label" x="{x + 9:.1f}" y="{self.baseline(node, i):.1f}">{row}</text>'
            )
        return f'<g class="{"flat" if flat else "card"}">{"".join(parts)}</g>'

    def baseline(self, node, i):
        return self.layout.boxes[node][1] + HEADER + ROW * i + 17

    def rim(self, node, classes):
        """The outline of a card."""
        x, y, w, h = self.layout.boxes[node]
        return f'<rect class="{classes}" x="{x}" y="{y}" width="{w}" height="{h}" rx="9"/>'

    def number(self, node, row, text):
        """A number in a row of a card, in the colour of the row."""
        x, _, w, _ = self.layout.boxes[node]
        at = f'x="{x + w - 9:.1f}" y="{self.baseline(node, self.rows[node].index(row)):.1f}"'
        return f'<text class="number {row}" {at}>{escape(text)}</text>'

    def trail(self, edge, phase):
        """The way of an edge without its arrow, in the colour of what passed along it."""
        return f'<path class="edge {phase}" d="{self.layout.routes[edge].path}"/>'

    def edge(self, edge, classes="", back=False):
        """The arrow of an argument; `back` points it from the node to its argument."""
        route = self.layout.routes[edge]
        (x, y), sign = (route.points[0], 1) if back else (route.points[-1], -1)
        end = f"{x + sign * ARROW:.1f}"
        head = f"{x:.1f},{y:.1f} {end},{y - 4:.1f} {end},{y + 4:.1f}"
        space = " " if classes else ""
        return (
            f'<path class="edge{space}{classes}" d="{route.path}"/>'
            f'<polygon class="head{space}{classes}" points="{head}"/>'
        )

    def pill(self, edge, phase, on=False):
        """The local derivative on its edge; `on` while it is used."""
        spot, wide = self.layout.routes[edge].pill, self.pill_widths[edge]
        return pill_at(spot, wide, self.pills[edge], phase, on)

    def outlets(self, labels):
        """The word "output" beneath the cards that are results."""
        marks = []
        for node, word in labels.items():
            x, y, w, h = self.layout.boxes[node]
            at = f'x="{x + w / 2:.1f}" y="{y + h + 13:.1f}"'
            marks.append(f'<text class="label" text-anchor="middle" {at}>{escape(word)}</text>')
        return "".join(marks)


def pill_width(tokens):
    return max(26.0, width(tokens, 13) + 14)


def pill_at(spot, wide, tokens, phase, on=False):
    """A pill with words, centred at a spot."""
    x, y = spot
    at = f'x="{x - wide / 2:.1f}" y="{y - PILL / 2:.1f}"'
    box = f'{at} width="{wide:.1f}" height="{PILL:g}" rx="10"'
    words = f'x="{x:.1f}" y="{y + 4.3:.1f}"'
    return (
        f'<rect class="pill {phase}{" full" * on}" {box}/><text class="partial '
        f'{"on" if on else phase}" {words}>{ink.svg(tokens, 12)}</text>'
    )


def svg_of(marks, size, label, last, stepping, attributes=""):
    """The svg element: all marks with their states, or only those seen in the last state."""
    parts = []
    for mark in marks:
        ends = mark.last is not None and mark.last <= last
        if not mark.first and mark.last is None:
            parts.append(mark.svg)
        elif stepping:
            hidden = ' opacity="0"' if ends else ""
            until = f";--b:{mark.last}" if ends else ""
            parts.append(f'<g class="m"{hidden} style="--a:{mark.first}{until}">{mark.svg}</g>')
        elif not ends:
            parts.append(mark.svg)
    wide, high = size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high:.0f}" role="img" '
        f'aria-label="{escape(label)}"{attributes}>{"".join(parts)}</svg>'
    )
