"""The static drawing of a graph: its formulas and its values."""

from html import escape

from adcourse.core.graph import Node
from adcourse.drawing import ink
from adcourse.drawing.formulas import SUM, formula_of
from adcourse.drawing.numbers import value_text
from adcourse.drawing.picture import picture
from adcourse.drawing.svg import WIDEST, Cards, Mark, svg_of, width

MOST = 150  # nodes; beyond, a drawing is a thicket
LISTED = 12  # nodes that are listed in place of a drawing
SMALLEST = 0.6  # how far the drawing may shrink before it scrolls
LONGEST_TITLE = 5  # a function name of so many letters serves as the name of its result


def names_of(graph):
    """The names that differ from the nodes' own: the one result is called like the function."""
    title, results = graph.title, [o for o in graph.outputs if isinstance(o, Node)]
    taken = {node.name for node in (*graph.inputs, *graph.nodes)}
    single = len(graph.outputs) == 1 and results and results[0].primitive is not None
    fits = title.isalnum() and len(title) <= LONGEST_TITLE and title not in taken
    return {results[0]: title} if single and fits else {}


def outlets_of(graph, names):
    """The results that need to be marked as such, because no name says it."""
    results = [o for o in graph.outputs if isinstance(o, Node)]
    if not results or results[0] in names:
        return {}
    if len(graph.outputs) == 1:
        return {results[0]: "output"}
    labels = {}
    for i, node in enumerate(graph.outputs, start=1):
        if isinstance(node, Node):
            labels[node] = f"{labels[node]}, {i}" if node in labels else f"output {i}"
    return labels


def notes_of(graph, names, *sentences):
    """What the drawing cannot show: constant results and the branches that were taken."""
    notes = list(sentences)
    for i, output in enumerate(graph.outputs, start=1):
        if not isinstance(output, Node):
            which = f"Output {i}" if len(graph.outputs) > 1 else "The output"
            notes.append(f"{which} is the constant {value_text(output)}.")
    taken = [f"{names.get(node, node.name)} is {answer}" for node, answer in graph.guards]
    if taken:
        notes.append(f"This is the path that the program takes where {' and '.join(taken)}.")
    return "".join(f'<p class="note">{escape(note)}</p>' for note in notes)


def heading(node, names):
    """What stands at the top of a card; a formula that is too wide loses its arguments."""
    name = ink.name(names.get(node, node.name))
    if node.primitive is None:
        return name
    tokens = (*name, *ink.text(" = "), *formula_of(node, names).inside(SUM))
    if width(tokens, 16) <= WIDEST:
        return tokens
    return (*name, *ink.text(f" = {node.primitive.name.removeprefix('np.')}(…)"))


def drawing(graph, *sentences):
    """The static picture of a graph; `sentences` are added beneath it."""
    nodes = (*graph.inputs, *graph.nodes)
    if not nodes or len(nodes) > MOST:
        return listing(graph, *sentences)
    names = names_of(graph)
    rows = {node: ("value",) for node in nodes}
    texts = {(node, "value"): [value_text(node.value)] for node in nodes}
    cards = Cards(graph, {n: heading(n, names) for n in nodes}, rows, texts, {})
    marks = [Mark(cards.edge(edge)) for edge in cards.layout.routes]
    for node in nodes:
        flat = node.primitive is not None and node.primitive.kind == "constant"
        (number,) = texts[node, "value"]
        marks += [Mark(cards.card(node, flat)), Mark(cards.number(node, "value", number))]
    marks.append(Mark(cards.outlets(outlets_of(graph, names))))
    size = (cards.layout.width, cards.layout.height)
    label = f"Graph of {graph.title}: " + ", ".join(ink.plain(heading(n, names)) for n in nodes)
    limits = f' style="min-width:{SMALLEST * size[0]:.0f}px;max-width:{size[0]:.0f}px"'
    live = svg_of(marks, size, label, 0, False, limits)
    body = scrolling(live) + notes_of(graph, names, *sentences)
    text = "\n".join([repr(graph), *sentences])
    words = escape(f"graph of {graph.title}")
    return picture(body, svg_of(marks, size, label, 0, False), text, words=words)


def scrolling(svg):
    """A box that scrolls where the page is too narrow for the picture."""
    return f'<div class="scroll" role="region" aria-label="picture" tabindex="0">{svg}</div>'


def listing(graph, *sentences):
    """A graph that is too large to draw, or empty: its first lines."""
    lines = repr(graph).splitlines()
    if len(lines) > LISTED + 2:
        lines = [*lines[:LISTED], f"  … {len(lines) - LISTED - 1} lines more …", lines[-1]]
    count = len(graph.inputs) + len(graph.nodes)
    if count > MOST:
        sentences = (f"This graph has {count} nodes, too many to draw; this is how it begins.",)
    text = "\n".join([*lines, *sentences])
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in sentences)
    return picture(f"<pre>{escape(chr(10).join(lines))}</pre>{notes}", "", text)
