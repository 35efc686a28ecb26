"""Coordinates: columns of cards, curves between them, and a free spot for the pill of each edge."""

from dataclasses import dataclass, field

from adcourse.drawing.layers import ordered, places

MARGIN, SPACE, LANE = 16.0, 22.0, 30.0  # around everything; between cards; height of a waypoint
NARROWEST = 58.0  # between two columns
ARROW = 8.0
PILL = 20.0  # its height
SLACK = 12.0  # how far a single arrow may meet its card off the middle
NEARLY = 9.0  # level
SHARES = [i / 20 for i in range(2, 19)]  # where on a piece of its edge a pill may stand


@dataclass
class Route:
    """An edge: points from port to port; horizontal within a column, a curve between columns."""

    points: list
    pill: tuple = ()  # centre of its pill

    @property
    def path(self):
        (x, y), *rest = self.points
        parts, level = [f"M{x:.1f} {y:.1f}"], y
        for to_x, to_y in rest:
            if to_y == level:
                parts.append(f"H{to_x:.1f}")
            else:
                turn = (x + to_x) / 2
                curve = f"C{turn:.1f} {level:.1f} {turn:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"
                parts.append(curve)
            x, level = to_x, to_y
        return "".join(parts)

    def sample(self, share, piece):
        """The point at this share (0 to 1) of a piece of the route."""
        (x, y), (to_x, to_y) = self.points[piece], self.points[piece + 1]
        # a Bézier curve with level ends and both control points half way
        across = 1.5 * share * (1 - share) + share**3
        along = 3 * share**2 - 2 * share**3
        return x + (across if y != to_y else share) * (to_x - x), y + along * (to_y - y)


@dataclass
class Layout:
    """Boxes (x, y, width, height) of cards and routes of edges."""

    width: float = 0.0
    height: float = 0.0
    boxes: dict = field(default_factory=dict)
    routes: dict = field(default_factory=dict)


def layout(graph, widths, heights, pill_widths):
    """Where everything stands; `pill_widths` gives the width of the pill of some of the edges."""
    columns, chains = places(graph)
    columns = ordered(columns)
    for column in columns:
        for place in column:
            place.height = heights[place.node] if place.node else LANE
    stack(columns)
    result, lefts, rights = Layout(), [], []
    x = MARGIN
    for i, column in enumerate(columns):
        wide = max([widths[place.node] for place in column if place.node], default=40.0)
        lefts.append(x)
        rights.append(x + wide)
        x += wide + gap(i, chains, pill_widths)
        for place in column:
            if place.node:
                top = round(place.y - place.height / 2, 1)
                result.boxes[place.node] = (lefts[i], top, wide, place.height)
    result.width = rights[-1] + MARGIN
    result.height = max(y + h for _, y, _, h in result.boxes.values()) + MARGIN
    leave, arrive = ports(chains)
    for edge, chain in chains.items():
        result.routes[edge] = route(chain, lefts, rights, leave[edge], arrive[edge])
    lowest = max(y for route in result.routes.values() for _, y in route.points) if chains else 0
    result.height = max(result.height, lowest + PILL / 2 + MARGIN)
    place_pills(result, pill_widths)
    return result


def gap(i, chains, pill_widths):
    """The width between columns i and i + 1: the pills of arrows side by side stand in a row."""
    rows = {}
    for edge, width in pill_widths.items():
        first, last = chains[edge][0], chains[edge][-1]
        if first.layer == i or last.layer == i + 1:
            rows[first, last] = rows.get((first, last), 16.0) + width + 10
    return max([NARROWEST, *rows.values()])


def stack(columns):
    """Heights: each place near its neighbours, in the order of its column, without overlap."""
    for column in columns:
        y = 0.0
        for place in column:
            place.y = y + place.height / 2
            y += place.height + SPACE
    for sweep in range(14):
        order = columns if sweep % 2 == 0 else columns[::-1]
        for column in order:
            wishes, weights = [], []
            for place in column:
                sides = place.before + place.after
                if sweep < 10:  # first follow one side, then settle between both
                    sides = (place.before if sweep % 2 == 0 else place.after) or sides
                wishes.append(sum(o.y for o in sides) / len(sides) if sides else place.y)
                weights.append(4.0 if place.node is None else 1.0)
            settle(column, wishes, weights)
    top = min(place.y - place.height / 2 for column in columns for place in column)
    for column in columns:
        for place in column:
            place.y += MARGIN - top


def settle(column, wishes, weights):
    """The nearest positions to the wishes that keep order and distance (pooling neighbours)."""
    offsets, y = [], 0.0
    for place, following in zip(column, [*column[1:], None], strict=True):
        offsets.append(y)
        if following:
            space = SPACE if place.node and following.node else SPACE / 2
            y += (place.height + following.height) / 2 + space
    blocks = []  # [weight, mean of wish - offset, size]
    for wish, weight, offset in zip(wishes, weights, offsets, strict=True):
        blocks.append([weight, wish - offset, 1])
        while len(blocks) > 1 and blocks[-2][1] > blocks[-1][1]:
            weight, mean, size = blocks.pop()
            last = blocks[-1]
            last[1] = (last[0] * last[1] + weight * mean) / (last[0] + weight)
            last[0] += weight
            last[2] += size
    means = [mean for _, mean, size in blocks for _ in range(size)]
    for place, mean, offset in zip(column, means, offsets, strict=True):
        place.y = mean + offset


def ports(chains):
    """Where each edge leaves its source and arrives at its node, spread as the far ends lie."""
    leave, arrive = {}, {}
    for end, found, step in ((0, leave, 14.0), (-1, arrive, 24.0)):
        by_card = {}
        for edge, chain in chains.items():
            by_card.setdefault(chain[end], []).append(edge)
        for card, edges in by_card.items():
            edges.sort(key=lambda edge: chains[edge][1 if end == 0 else -2].y)
            space = min(step, (card.height - 16) / max(len(edges) - 1, 1))
            for i, edge in enumerate(edges):
                found[edge] = card.y + (i - (len(edges) - 1) / 2) * space
            if end == -1 and len(edges) == 1:  # one arrow alone may move to be straight
                (edge,) = edges
                chain = chains[edge]
                from_y = chain[-2].y if len(chain) > 2 else leave[edge]
                arrive[edge] = min(max(from_y, card.y - SLACK), card.y + SLACK)
    return leave, arrive


def route(chain, lefts, rights, leave, arrive):
    """The points of an edge; a waypoint that is nearly level with an end becomes level with it."""
    for place in chain[1:-1]:
        for level in (arrive, leave):
            place.y = level if abs(place.y - level) < NEARLY else place.y
    points = [(rights[chain[0].layer], leave)]
    for place in chain[1:-1]:
        points += [(lefts[place.layer], place.y), (rights[place.layer], place.y)]
    return Route([*points, (lefts[chain[-1].layer], arrive)])


def place_pills(result, pill_widths):
    """Each pill on its edge where it hides no card and no other pill, else where it hides least."""
    taken = list(result.boxes.values())
    for edge, width in pill_widths.items():
        found = result.routes[edge]
        node, k = edge
        twins = [i for i, a in enumerate(node.args) if a is node.args[k]]
        wish = (twins.index(k) + 0.5) / len(twins)  # arrows side by side share the way between them
        pieces = range(len(found.points) - 1)
        middle = (len(found.points) - 2) / 2
        spots = (
            found.sample(share, piece)
            for piece in sorted(pieces, key=lambda p: abs(p - middle))
            for share in sorted(SHARES, key=lambda share: abs(share - wish))
        )
        found.pill = freest(spots, width, taken)
        taken.append(pill_box(found.pill, width))


def pill_box(spot, width):
    return (spot[0] - width / 2, spot[1] - PILL / 2, width, PILL)


def freest(spots, width, taken):
    """The first spot where a pill hides nothing, else the one where it hides least."""
    best, least = None, None
    for spot in spots:
        box = pill_box(spot, width)
        hidden = round(sum(overlap(box, other) for other in taken), 1)
        if not hidden:
            return spot
        if least is None or hidden < least:
            best, least = spot, hidden
    return best


def overlap(box, other):
    """The area that two boxes share, with a little air around them."""
    wide = min(box[0] + box[2], other[0] + other[2]) - max(box[0], other[0]) + 3
    if wide <= 0:
        return 0.0
    high = min(box[1] + box[3], other[1] + other[3]) - max(box[1], other[1]) + 1
    return wide * max(high, 0.0)
