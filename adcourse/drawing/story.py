"""What is seen when: a walk over a graph as marks on its drawing."""

from adcourse.core.graph import Node
from adcourse.drawing.numbers import value_text
from adcourse.drawing.partials import partial_of
from adcourse.drawing.sentences import Narrator
from adcourse.drawing.still import heading, outlets_of
from adcourse.drawing.svg import Cards, Mark


class Story:
    """The cards, numbers, pills and sentences of one walk, each with the states that show it."""

    def __init__(self, graph, steps, names):
        self.graph, self.walk, self.names = graph, steps, names
        self.rate = "tangent" if steps.mode == "forward" else "adjoint"
        self.partials = {
            (node, k): partial_of(node, k, names) for node in graph.nodes for k in steps.local[node]
        }
        self.narrator = Narrator(graph, steps, names, self.partials)
        nodes = (*graph.inputs, *graph.nodes)
        moving = {n for n in nodes if n in graph.inputs or steps.local[n]}
        self.rows = {n: ("value", self.rate) if n in moving else ("value",) for n in nodes}
        self.written = self.numbers()
        texts = {
            (node, row): [text for _, _, text in self.written[node, row]]
            for node in nodes for row in self.rows[node]
        }  # fmt: skip
        formulas = {n: heading(n, names) for n in nodes}
        walked = {(s.node, s.k) for s in steps.steps if s.kind == "pull"}
        shown = self.partials if steps.mode == "forward" else walked
        pills = {edge: self.partials[edge].pill for edge in self.partials if edge in shown}
        self.cards = Cards(graph, formulas, self.rows, texts, pills)

    def phase(self, step):
        if step.kind in ("inputs", "value"):
            return "value"
        return self.rate

    def numbers(self):
        """For each row of a card, the texts that stand there: (first state, last state, text)."""
        nodes = (*self.graph.inputs, *self.graph.nodes)
        written = {(node, row): [] for node in nodes for row in self.rows[node]}

        def write(node, row, k, x):
            cell = written[node, row]
            if cell:
                first, _, before = cell.pop()
                cell.append((first, k, before))
            cell.append((k, None, value_text(x)))

        for k, step in enumerate(self.walk.steps):
            if step.kind == "inputs":
                for node in self.graph.inputs:
                    write(node, "value", k, node.value)
                    if self.walk.mode == "forward":
                        write(node, "tangent", k, self.walk.seeds[node])
            if step.kind in ("value", "push"):
                write(step.node, "value", k, step.node.value)
            if step.after is not None:
                write(step.target, self.rate, k, step.after)
        for node in self.graph.inputs:
            if not written[node, self.rate]:
                write(node, self.rate, len(self.walk.steps) - 1, self.walk.derivatives[node])
        return written

    def marks(self):
        """All marks, from the back to the front."""
        cards, back, front = self.cards, [], []
        nodes = (*self.graph.inputs, *self.graph.nodes)
        for edge in cards.layout.routes:
            back.append(Mark(cards.edge(edge)))
        for node in nodes:
            front.append(Mark(cards.card(node, flat=len(self.rows[node]) == 1)))
        for node in nodes:
            for row in self.rows[node]:
                for first, last, text in self.written[node, row]:
                    front.append(Mark(cards.number(node, row, text), first, last))
            starts = [self.written[node, row][:1] for row in self.rows[node]]
            starts = [start[0][0] if start else None for start in starts]
            for row, first, last in zip(self.rows[node], starts, [*starts[1:], None], strict=True):
                if first is not None and first != last and len(starts) > 1:
                    front.append(Mark(cards.rim(node, f"rim {row}"), first, last))
        for k, step in enumerate(self.walk.steps):
            phase = self.phase(step)
            for node in self.lit(step):
                rims = cards.rim(node, f"rim glow {phase}") + cards.rim(node, f"rim strong {phase}")
                front.append(Mark(rims, k, k + 1))
            if step.kind in ("value", "push"):
                for i, a in enumerate(step.node.args):
                    if isinstance(a, Node):
                        back.append(Mark(cards.edge((step.node, i), f"strong {phase}"), k, k + 1))
            for edge in self.walked(step):
                back.append(Mark(cards.trail(edge, phase), k))
                if step.kind == "pull":
                    back.append(Mark(cards.edge(edge, f"strong {phase}", back=True), k, k + 1))
                front.append(Mark(cards.pill(edge, phase), k))
                front.append(Mark(cards.pill(edge, phase, on=True), k, k + 1))
        front.append(Mark(cards.outlets(outlets_of(self.graph, self.names))))
        return back + front

    def walked(self, step):
        """The edges whose local derivative a step uses."""
        if step.kind == "pull":
            return [(step.node, step.k)]
        return [(step.node, k) for k in self.walk.local[step.node]] if step.kind == "push" else []

    def lit(self, step):
        """The cards that a step is about."""
        if step.kind == "inputs" or (step.kind == "result" and self.walk.mode == "reverse"):
            return self.graph.inputs
        if step.kind == "result":
            return list(dict.fromkeys(o for o in self.graph.outputs if isinstance(o, Node)))
        return [step.target]
