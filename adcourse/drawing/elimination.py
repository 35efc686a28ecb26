"""The elimination of vertices as a stepping picture: paths are joined until the Jacobian is left.

At each step one vertex goes: every pair of an arrow into it and an arrow out of it becomes one
arrow, whose pill shows the sum of the products. The multiplications are counted.
"""

from adcourse.core.errors import WrongStructure
from adcourse.core.graph import Node
from adcourse.drawing import ink
from adcourse.drawing.layout import PILL, Route, overlap, pill_box
from adcourse.drawing.numbers import number
from adcourse.drawing.sentences import Sentence
from adcourse.drawing.stepper import stepped
from adcourse.drawing.still import heading, names_of, outlets_of
from adcourse.drawing.svg import Cards, Mark, pill_at, pill_width
from adcourse.transforms.elimination import Linearised, in_order
from adcourse.transforms.linearised import scalar_partial

MOST = 24  # nodes: beyond, joined arrows cannot be told apart
MOST_SAID = 3  # products that a sentence writes out
PHASES = {"forward": "tangent", "reverse": "adjoint"}
BENDS = [0, 40, -40, 70, -70, 100, -100, 140, -140]  # how far an arrow leaves the straight way
SPOTS = sorted((i / 20 for i in range(3, 18)), key=lambda share: abs(share - 0.5))
SHADOW = 0.1  # how much an arrow minds a card that is gone


def step_elimination(graph, order="reverse", key=""):
    """A picture that eliminates the vertices of a program of numbers one after the other.

    `order` is "forward", "reverse" or a list of names, as in `eliminate` of
    adcourse.transforms.elimination. At the end the arrows from inputs to outputs bear the Jacobian.

    Raises WrongStructure as `eliminate` does, for more than 24 nodes, and for a result that the
    program uses further.

    >>> from adcourse import trace
    >>> print(step_elimination(trace(lambda x: np.exp(2 * x), 0.0)))
      1  linearised the local partials: 2 arrows
      2  eliminate  v1: 1 × 1 = 1 product ; ∂f/∂x = 2 · 1 = 2   (1 multiplication so far)
      3  Jacobian   left: 1 arrow   (1 multiplication)
    """
    linearised = Linearised(graph)
    count = len(graph.inputs) + len(graph.nodes)
    if count > MOST:
        raise WrongStructure(f"This graph has {count} nodes; more than {MOST} cannot be drawn so.")
    if linearised.copies:
        name = next(iter(linearised.copies))[0]
        raise WrongStructure(
            f"{name} is a result that is used further, or an input, and cannot be drawn as an "
            f"output: return {name} * 1.0 in the program."
        )
    return Story(graph, linearised, order).picture(key)


def many(count, word):
    return f"{count} {word}{'s' * (count != 1)}"


class Story:
    """The arrows of an elimination, each with the states that show it."""

    def __init__(self, graph, linearised, order):
        self.graph, self.left = graph, linearised
        self.order = in_order(linearised.vertices, order)
        self.phase = PHASES.get(order if isinstance(order, str) else "", "value")
        self.names = names_of(graph)
        self.nodes = {node.name: node for node in (*graph.inputs, *graph.nodes)}
        self.shown = {n.name: self.names.get(n, n.name) for n in self.nodes.values()}
        every = {(n, k): ink.text(number(scalar_partial(n, k)))
                 for n in graph.nodes for k, a in enumerate(n.args)
                 if isinstance(a, Node) and (a.name, n.name) in linearised.partials}  # fmt: skip
        nodes = list(self.nodes.values())
        self.cards = Cards(
            graph, {n: heading(n, self.names) for n in nodes}, {n: () for n in nodes}, {}, every
        )
        self.boxes = self.cards.layout.boxes
        self.height = self.cards.layout.height
        self.routes, self.marks, self.said, self.open = {}, [], [], {}
        self.taken = list(self.boxes.values())
        self.gone = set()

    def picture(self, key):
        first = many(len(self.left.partials), "arrow")
        self.say(ink.text(f"the local partials: {first}"), "value", "linearised")
        for edge in self.left.partials:
            self.write(edge, 0)
        total = 0
        for k, vertex in enumerate(self.order, start=1):
            total += self.eliminate(vertex, k, total)
        left = ink.text(f"left: {many(len(self.left.partials), 'arrow')}")
        aside = ink.text(many(total, "multiplication"))
        self.said.append((Sentence(((self.phase, left),), aside), self.phase, "Jacobian"))
        for edge in list(self.open):
            self.close(edge, None)
        marks = [mark for mark, front in self.marks if not front]
        for name, node in self.nodes.items():
            marks += self.card(node, name)
        marks.append(Mark(self.cards.outlets(outlets_of(self.graph, self.names))))
        marks += [mark for mark, front in self.marks if front]
        order = ", ".join(self.shown[v] for v in self.order)
        label = f"Elimination of {order} from the graph of {self.graph.title}"
        size = (self.cards.layout.width, self.height)
        return stepped(marks, size, self.said, label, f"{label}, step by step", key)

    def card(self, node, name):
        """A card: whole until it is eliminated, then a shadow; lit while it goes."""
        if name not in self.order:
            return [Mark(self.cards.card(node))]
        k = self.order.index(name) + 1
        rims = self.cards.rim(node, f"rim strong {self.phase}")
        glow = self.cards.rim(node, f"rim glow {self.phase}")
        whole = self.cards.card(node)
        return [Mark(whole, 0, k + 1), Mark(f'<g opacity=".25">{whole}</g>', k + 1),
                Mark(glow + rims, k, k + 1)]  # fmt: skip

    def say(self, tokens, phase, group, *more, aside=()):
        lines = tuple((phase, line) for line in (tokens, *more))
        self.said.append((Sentence(lines, aside), phase, group))

    def eliminate(self, vertex, k, total):
        """Step k: what is multiplied, what is added, which arrows go and which come."""
        before, after = self.left.neighbours(vertex)
        old = dict(self.left.partials)
        count = self.left.eliminate(vertex)
        self.gone.add(vertex)
        words = f": {len(before)} × {len(after)} = {many(count, 'product')}"
        joined = [(p, s) for p in before for s in after]
        lines = [self.line(p, vertex, s, old) for p, s in joined] if count <= MOST_SAID else []
        so_far = ink.text(f"{many(total + count, 'multiplication')} so far")
        first = (*ink.name(self.shown[vertex]), *ink.text(words))
        self.say(first, self.phase, "eliminate", *lines, aside=so_far)
        for edge in old:
            if vertex in edge:
                path = self.route(edge).path
                self.put(f'<path class="edge strong {self.phase}" d="{path}"/>', k, k + 1)
                self.close(edge, k + 1)
        for edge in joined:
            if edge in old:
                self.close(edge, k)
            self.write(edge, k)
            spot, wide, tokens = self.open[edge][1:]
            self.put(pill_at(spot, wide, tokens, self.phase, on=True), k, k + 1, front=True)
        return count

    def line(self, p, vertex, s, old):
        """∂s/∂p = a · b = c in numbers."""
        upper, lower = ink.name(self.shown[s]), ink.name(self.shown[p])
        product = f"{number(old[p, vertex])} · {number(old[vertex, s])}"
        if (p, s) in old:
            product = f"{number(old[p, s])} + {product}"
        words = ink.text(f" = {product} = {number(self.left.partials[p, s])}")
        return (*ink.text("∂"), *upper, *ink.text("/∂"), *lower, *words)

    def put(self, svg, first, last, front=False):
        self.marks.append((Mark(svg, first, last), front))

    def write(self, edge, k):
        """From state k on, an edge shows its present number."""
        route, tokens = self.route(edge), ink.text(number(self.left.partials[edge]))
        wide = pill_width(tokens)
        if not route.pill:
            route.pill = self.spot(route, wide)
        self.open[edge] = (k, route.pill, wide, tokens)

    def close(self, edge, last):
        """An edge with its number goes in state `last`, or stays."""
        first, spot, wide, tokens = self.open.pop(edge)
        route = self.route(edge)
        (x, y), end = route.points[-1], route.points[-1][0] - 8
        head = f'<polygon class="head" points="{x:.1f},{y:.1f} {end:.1f},{y - 4:.1f} '
        head += f'{end:.1f},{y + 4:.1f}"/>'
        self.put(f'<path class="edge" d="{route.path}"/>{head}', first, last)
        self.put(pill_at(spot, wide, tokens, "value"), first, last, front=True)

    def route(self, edge):
        """The way of an edge: that of the argument, or a new one around the cards."""
        if edge not in self.routes:
            p, s = (self.nodes[name] for name in edge)
            own = [k for k, a in enumerate(s.args) if a is p] if s.primitive else []
            own = [k for k in own if (s, k) in self.cards.layout.routes]
            if own:
                found = self.cards.layout.routes[s, own[0]]
                self.routes[edge] = Way(found.points)
                self.routes[edge].pill = found.pill
            else:
                self.routes[edge] = self.around(p, s)
            self.taken += [(x - 4, y - 4, 8, 8) for x, y in self.routes[edge].samples()]
        return self.routes[edge]

    def around(self, p, s):
        """The least bent arrow that crosses no card between its ends."""
        (x, y, w, h), (to_x, to_y, _, to_h) = self.boxes[p], self.boxes[s]
        start, end = (x + w, y + h / 2), (to_x, to_y + to_h / 2)
        others = [
            (SHADOW if node.name in self.gone else 1.0, box)
            for node, box in self.boxes.items() if node not in (p, s)
        ]  # fmt: skip

        def hidden(bend):
            way = Way([start, end], bend)
            boxes = [(a - 3, b - 3, 6, 6) for a, b in way.samples()]
            low = max(0.0, 10 - min(b for _, b in way.samples()))
            hidden = sum(weight * overlap(box, other) for box in boxes for weight, other in others)
            return hidden + 1e3 * low + 0.3 * abs(bend)

        best = Way([start, end], min(BENDS, key=hidden))
        self.height = max(self.height, max(b for _, b in best.samples()) + PILL)
        return best

    def spot(self, route, wide):
        """Where a pill hides no card, no other pill and little of the arrows."""
        spots = [route.point(share) for share in SPOTS]

        def hidden(spot):
            return sum(overlap(pill_box(spot, wide), other) for other in self.taken)

        best = min(spots, key=hidden)
        self.taken.append(pill_box(best, wide))
        return best


class Way(Route):
    """A route, or one curve that leaves the straight way by `bend`."""

    def __init__(self, points, bend=0.0):
        super().__init__(points)
        self.bend = bend

    @property
    def path(self):
        if len(self.points) > 2 or not self.bend:
            return super().path
        (x, y), (to_x, to_y) = self.points
        third, off = (to_x - x) / 3, self.bend * 4 / 3
        return (
            f"M{x:.1f} {y:.1f}C{x + third:.1f} {y + off:.1f} {to_x - third:.1f} {to_y + off:.1f} "
            f"{to_x:.1f} {to_y:.1f}"
        )

    def point(self, share):
        """The point at this share of the whole way."""
        if len(self.points) > 2 or not self.bend:
            place = share * (len(self.points) - 1)
            piece = min(int(place), len(self.points) - 2)
            return self.sample(place - piece, piece)
        (x, y), (to_x, to_y) = self.points
        off = self.bend * 4 / 3
        t, u = share, 1 - share
        across = 3 * u * u * t * ((to_x - x) / 3) + 3 * u * t * t * (2 * (to_x - x) / 3)
        level = u**3 * y + 3 * u * u * t * (y + off) + 3 * u * t * t * (to_y + off) + t**3 * to_y
        return x + across + t**3 * (to_x - x), level

    def samples(self):
        return [self.point(i / 20) for i in range(1, 20)]
