"""Each step in words and numbers: v̄2 ← v̄2 + v̄3 · ∂v3/∂v2 = 1 + 1 · 0.3467 = 1.3467."""

from dataclasses import dataclass

import numpy as np

from adcourse.core.graph import Node
from adcourse.drawing import ink
from adcourse.drawing.formulas import (
    ATOM,
    PRODUCT,
    SUM,
    apply,
    formula_of,
    numeral,
    symbol,
)
from adcourse.drawing.maps import added, product, pushed, words_of
from adcourse.drawing.numbers import value_text
from adcourse.transforms.linearised import values_of

MOST_NAMED = 4  # inputs that a sentence lists


@dataclass(frozen=True)
class Sentence:
    """What is said at a step: `lines` of tokens, each with its phase, and an `aside` in grey."""

    lines: tuple
    aside: tuple = ()

    @property
    def text(self):
        lines = [ink.plain(tokens) for _, tokens in self.lines]
        return " ; ".join(lines) + (f"   ({ink.plain(self.aside)})" if self.aside else "")


class Narrator:
    """Writes the sentences of one walk; `names` are the names that the picture shows."""

    def __init__(self, graph, walk, names, partials):
        self.graph, self.walk, self.names, self.partials = graph, walk, names, partials
        self.rate = "tangent" if walk.mode == "forward" else "adjoint"
        self.kind = "dot" if walk.mode == "forward" else "bar"

    def sentence(self, step):
        """The sentence of one step."""
        return getattr(self, f"say_{step.kind}")(step)

    def named(self, node, kind="name"):
        return symbol(node, self.names, kind).tokens

    def say_inputs(self, step):
        values = [(*self.named(n), *being(n.value)) for n in self.graph.inputs]
        lines = [("value", (*ink.text("given: "), *listing(values)))]
        if self.walk.mode == "forward":
            dots = [(*self.named(n, "dot"), *being(self.walk.seeds[n])) for n in self.graph.inputs]
            lines.append(("tangent", (*ink.text("chosen: "), *listing(dots))))
        return Sentence(tuple(lines))

    def say_value(self, step):
        return Sentence((("value", self.computed(step.node)),))

    def computed(self, node):
        """v2 = w2 · v1 = 3 · 0.6931 = 2.0794"""
        tokens = [*self.named(node), *ink.text(" = "), *formula_of(node, self.names).inside(SUM)]
        if not any(np.ndim(x) for x in values_of(node.args)):
            parts = [numeral(x) for x in values_of(node.args)]
            inserted = apply(node.primitive, parts, node.params).inside(SUM)
            if ink.plain(inserted) != value_text(node.value):
                tokens += [*ink.text(" = "), *inserted]
        return (*tokens, *being(node.value, "hot"))

    def say_push(self, step):
        lines = [("value", self.computed(step.node))]
        if step.after is not None:
            lines.append(("tangent", self.pushed(step.node, step.after)))
            return Sentence(tuple(lines))
        return Sentence(tuple(lines), ink.text("does not change with the inputs: no tangent"))

    def pushed(self, node, dot):
        """v̇2 = ẇ2 · v1 + v̇1 · w2 = 0 · 0.6931 + 0.5 · 3 = 1.5"""
        moving = self.walk.local[node]
        partials = {k: self.partials[node, k].formula for k in moving}
        tokens = (*self.named(node, "dot"), *ink.text(" = "))
        tokens = (*tokens, *added(pushed(node, moving, self.names, partials)))
        scalar = not any(np.ndim(x) for x in (node.value, *values_of(node.args)))
        if scalar and node.primitive.kind == "elementwise":
            dots = [self.walk.derivatives.get(a) for a in node.args]
            slopes = [numeral(self.partials[node, k].value) for k in moving]
            factors = zip([numeral(dots[k]) for k in moving], slopes, strict=True)
            numbers = added([product(x, y) for x, y in factors])
            if ink.plain(numbers) != value_text(dot):
                tokens = (*tokens, *ink.text(" = "), *numbers)
        return (*tokens, *being(dot, "hot"))

    def say_seed(self, step):
        tokens = [*self.named(step.node, "bar"), *ink.text(" ← ")]
        if step.before is not None:
            tokens += [*self.named(step.node, "bar"), *ink.text(" + seed")]
        else:
            tokens += ink.text("seed")
        aside = ink.text("the walk back starts at the result")
        if not step.node.shape and step.after == 1:
            aside = (*self.slope(step.node, step.node), *ink.text(" = 1: "), *aside)
        return Sentence((("adjoint", (*tokens, *being(step.after, "hot"))),), aside)

    def say_pull(self, step):
        node, k, target = step.node, step.k, step.target
        partial = self.partials[node, k]
        bar, slope = self.named(target, "bar"), self.slope(node, target)
        tokens = [*bar, *ink.text(" ← ")]
        tokens += [*bar, *ink.text(" + ")] if step.before is not None else []
        if partial.value is not None:
            z_bar = self.walk.derivatives[node]
            tokens += [*self.named(node, "bar"), *ink.text(" · "), *slope, *ink.text(" = ")]
            if step.before is not None:
                tokens += [*numeral(step.before).tokens, *ink.text(" + ")]
            tokens += [*numeral(z_bar).inside(ATOM), *ink.text(" · ")]
            tokens += numeral(partial.value).inside(ATOM)
            aside = [*slope]
            if partial.formula and ink.plain(partial.formula.tokens) != ink.plain(partial.pill):
                aside += [*ink.text(" = "), *partial.formula.tokens]
            aside += [*ink.text(" = "), *partial.pill]
        elif partial.formula:
            share = product(symbol(node, self.names, "bar"), partial.formula)
            summed = target.shape != node.shape
            if summed:
                tokens += [*ink.text("sum of "), *share.inside(ATOM)]
            else:
                tokens += share.inside(SUM if step.before is None else PRODUCT)
            aside = [*slope, *ink.text(" = "), *partial.formula.tokens]
            aside += ink.text(", summed over the copies" if summed else ", entry by entry")
        else:
            tokens += words_of(node, k, self.names)[1]
            aside = ink.text(f"shapes: {node.shape} back to {target.shape}")
        if sum(a is target for a in node.args) > 1:
            aside = [*aside, *ink.text(f", as argument {k + 1} of {len(node.args)}")]
        return Sentence((("adjoint", (*tokens, *being(step.after, "hot"))),), tuple(aside))

    def slope(self, z, x):
        return (*ink.text("∂"), *self.named(z), *ink.text("/∂"), *self.named(x))

    def say_result(self, step):
        outputs = list(dict.fromkeys(o for o in self.graph.outputs if isinstance(o, Node)))
        backward = self.walk.mode == "reverse"
        known = outputs[0] if len(outputs) == 1 and not outputs[0].shape else None
        turned = {n: s for n, s in self.walk.seeds.items() if np.any(s)}
        unit = len(turned) == 1 and all(np.ndim(s) == 0 and s == 1 for s in turned.values())
        if not turned or not outputs:
            return Sentence(((self.rate, ink.text("the derivative is zero")),))
        words = "the pullback of the seed: " if backward else "the pushforward of the seed: "
        words = ("the gradient: " if backward else "the derivative: ") if known and unit else words
        facts = []
        for node in self.graph.inputs if backward else outputs:
            rate = self.walk.derivatives.get(node, 0.0)
            other = known if backward else next(iter(turned))
            pair = (known, node) if backward else (node, other)
            is_slope = known and unit and not node.shape
            slope = (*self.slope(*pair), *ink.text(" = ")) if is_slope else ()
            facts.append((*slope, *self.named(node, self.kind), *being(rate, "hot")))
        return Sentence(((self.rate, (*ink.text(words), *listing(facts))),))


def being(value, kind="text"):
    """= and a number, or the shape of an array; hot is the number at which a sentence arrives."""
    text = value_text(value)
    words = ink.text(text)
    sign = " of " if text.startswith("shape") else " = "
    return (*ink.text(sign), ("hot", words)) if kind == "hot" else (*ink.text(sign), *words)


def listing(parts):
    """Some of a list, separated by commas."""
    shown = list(parts[:MOST_NAMED])
    rest = len(parts) - len(shown)
    shown += [ink.text(f"and {rest} more")] if rest else []
    return tuple(token for part in shown for token in (*ink.text(", "), *part))[1:]
