"""The pullback and the pushforward of one row in symbols and words: v̄3 · W2ᵀ, ẋ · W1 + x · Ẇ1."""

from adcourse.core.graph import Node
from adcourse.drawing import ink
from adcourse.drawing.formulas import (
    APPLIED,
    ATOM,
    MINUS,
    PRODUCT,
    SUM,
    Formula,
    apply,
    numeral,
    symbol,
)


def words_of(node, k, names):
    """What a row that moves or mixes entries does to a cotangent: (pill, z̄ ↦ tokens)."""
    name = node.primitive.name
    parts = [symbol(a, names) if isinstance(a, Node) else numeral(a) for a in node.args]
    z = symbol(node, names)
    bar = symbol(node, names, "bar").tokens
    t = (("sup", ink.text("T")),)
    if name == "np.matmul":
        vectors = all(len(part.shape) == 1 for part in parts)
        factor = (*parts[1 - k].inside(ATOM), *(() if vectors else t))
        if k == 0:
            return (*ink.text("· "), *factor), (*bar, *ink.text(" · "), *factor)
        return (*factor, *ink.text(" ·")), (*factor, *ink.text(" · "), *bar)
    if name == "np.linalg.solve":
        back = (*parts[0].inside(ATOM), ("sup", ink.text("−T")), *ink.text(" · "), *bar)
        if k == 1:
            return back[:2], back
        return ink.text("solve"), (*ink.text("−"), *back, *ink.text(" · "), *z.tokens, *t)
    if name == "np.linalg.inv":
        return ink.text("inverse"), (
            *ink.text("−"), *z.tokens, *t, *ink.text(" · "), *bar, *ink.text(" · "), *z.tokens, *t,
        )  # fmt: skip
    if name == "np.transpose" and node.params.get("axes") is None:
        return ink.text("transpose"), (*bar, *t)
    if name == "np.where":
        condition = parts[0].inside(ATOM)
        where = (*ink.text("where " if k == 1 else "where not "), *condition)
        summed = ", summed over the copies" if node.shape != node.args[k].shape else ""
        return where, (*bar, *ink.text(" "), *where, *ink.text(f", else 0{summed}"))
    if name == "x[index]":
        index = apply(node.primitive, [Formula(())], node.params).tokens
        return (*ink.text("into "), *index), (*bar, *ink.text(" placed at "), *index)
    pill, words = WORDS.get(name, ("pullback", f"pulled back through {name}"))
    return ink.text(pill), (*bar, *ink.text(f" {words}"))


WORDS = {
    "np.sum": ("spread", "spread over what was summed"),
    "np.reshape": ("reshape", "in the shape it had"),
    "np.transpose": ("transpose", "with its axes moved back"),
    "np.broadcast_to": ("sum", "summed over the copies"),
    "np.concatenate": ("its part", "cut back to its part"),
    "scatter": ("read", "read where it was placed"),
}


def pushed(node, moving, names, partials):
    """The terms of a tangent: one per moving argument, or the row itself applied to tangents.

    `partials[k]` is the formula of an elementwise partial, else None.
    """
    dots = {k: symbol(node.args[k], names, "dot") for k in moving}
    parts = [symbol(a, names) if isinstance(a, Node) else numeral(a) for a in node.args]
    if node.primitive.kind == "elementwise":
        return [product(dots[k], partials[k]) for k in moving]
    if node.primitive.kind == "linear":
        mixed = [dots.get(k, part) for k, part in enumerate(parts)]
        return [apply(node.primitive, mixed, node.params)]
    if node.primitive.kind == "bilinear":
        pairs = [[dots[k] if i == k else part for i, part in enumerate(parts)] for k in moving]
        return [apply(node.primitive, pair, node.params) for pair in pairs]
    of = [token for dot in dots.values() for token in (*ink.text(", "), *dot.tokens)][1:]
    return [Formula((*of, *ink.text(f" pushed forward through {node.primitive.name}")), SUM)]


def added(terms):
    """A sum of formulas; a negative term that is not the first stands in parentheses."""
    tokens = list(terms[0].inside(SUM))
    for term in terms[1:]:
        tokens += [*ink.text(" + "), *term.inside(PRODUCT)]
    return tuple(tokens)


def product(rate, partial):
    """A tangent or cotangent times a partial; a partial of 1 is left out."""
    words = ink.plain(partial.tokens)
    if words == "1":
        return rate
    if words == "−1":
        return Formula((*ink.text("−"), *rate.inside(ATOM)), MINUS)
    sign = " ⊙ " if partial.shape else " · "
    return Formula((*rate.inside(ATOM), *ink.text(sign), *partial.inside(APPLIED)), PRODUCT)
