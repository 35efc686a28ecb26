"""The figures as pictures: bars per workload, the cost of compiling, the cost per operation."""

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import NullFormatter

from benchmarks.compiling import STAGES
from benchmarks.report import digits, label, present

OWN, COMPILED, OTHER, BY_HAND = "#fb923c", "#c2410c", "#94a3b8", "#475569"
COLOURS = {"numpy": BY_HAND, "adcourse": OWN, "compiled": COMPILED}
TARGET = {"color": "black", "linewidth": 1.8, "solid_capstyle": "butt"}
CURVES = {
    "numpy": "black",
    "adcourse": OWN,
    "autograd": "#2563eb",
    "torch": "#059669",
    "mygrad": "#7c3aed",
}
COLUMNS = 3


def bars(rows, path):
    """One panel per row: horizontal bars on a logarithmic axis, shorter is faster."""
    shown = [row for row in rows if row.cells]
    names = present(shown)
    lines = -(-len(shown) // COLUMNS)
    figure = Figure(figsize=(13, 2.4 * lines), layout="constrained")
    grid = figure.subplots(lines, COLUMNS, squeeze=False)
    for axes in grid.flat[len(shown) :]:
        axes.remove()
    for axes, row in zip(grid.flat, shown, strict=False):
        panel(axes, row, [n for n in reversed(names) if n in row.cells])
    keys = [Patch(color=colour, label=label(name)) for name, colour in COLOURS.items()]
    keys.append(Patch(color=OTHER, label="peers"))
    keys.append(Line2D([], [], label="target of this bar", **TARGET))
    figure.legend(handles=keys, loc="outside upper left", ncols=5, fontsize=8, frameon=False)
    save(figure, path)


def panel(axes, row, names):
    figures = [row.cells[n][0] for n in names]
    colours = [COLOURS.get(n, OTHER) for n in names]
    axes.barh([label(n) for n in names], figures, color=colours)
    axes.set_xscale("log")
    axes.xaxis.set_minor_formatter(NullFormatter())
    aims = {names.index(name): row.targets[name] for name in names if name in row.targets}
    for place, target in aims.items():
        axes.plot([target, target], [place - 0.5, place + 0.5], **TARGET)
    for place, figure in enumerate(figures):
        beside = {"xytext": (4, 0), "textcoords": "offset points", "va": "center", "fontsize": 7}
        axes.annotate(digits(figure), (max(figure, aims.get(place, 0)), place), **beside)
    ends = [*figures, *aims.values()]
    axes.set_xlim(min(ends) / 2, max(ends) * 4)
    axes.set_title(f"{row.key} {row.title}", fontsize=8, loc="left")
    axes.set_xlabel(row.unit, fontsize=7)
    axes.tick_params(labelsize=7)
    axes.spines[["top", "right"]].set_visible(False)


def compiling(entries, path):
    """Microseconds per node of each stage, against the number of nodes."""
    figure = Figure(figsize=(7.5, 4.5), layout="constrained")
    axes = figure.subplots()
    nodes = [entry["nodes"] for entry in entries]
    times = {
        meaning: [entry["seconds"][stage][0] for entry in entries]
        for stage, meaning in STAGES.items()
    }
    whole = [sum(each) for each in zip(*times.values(), strict=True)]
    for name, seconds in times.items():
        axes.plot(nodes, per_node(seconds, nodes), marker="o", linewidth=1.2, label=name)
    style = {"marker": "o", "linewidth": 2.5, "color": COMPILED, "label": "all stages"}
    axes.plot(nodes, per_node(whole, nodes), **style)
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_xlabel("nodes of the recorded derivative")
    axes.set_ylabel("µs per node")
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside upper left", ncols=3, fontsize=8, frameon=False)
    save(figure, path)


def per_node(seconds, nodes):
    return [1e6 * s / n for s, n in zip(seconds, nodes, strict=True)]


def flat(curves, path):
    """Time and memory per operation against the length of the program."""
    figure = Figure(figsize=(10, 4), layout="constrained")
    left, right = figure.subplots(1, 2)
    for name, points in curves.items():
        width = 2.5 if name == "adcourse" else 1.2
        style = {"label": label(name), "marker": "o", "color": CURVES[name], "linewidth": width}
        left.plot([p[0] for p in points], [p[1] for p in points], **style)
        known = [p for p in points if p[2] is not None]
        right.plot([p[0] for p in known], [p[2] for p in known], **style)
    for axes, title in [(left, "µs per operation"), (right, "bytes per operation")]:
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_title(title, fontsize=10, loc="left")
        axes.set_xlabel("operations")
        axes.spines[["top", "right"]].set_visible(False)
    left.legend(fontsize=8)
    save(figure, path)


def save(figure, path):
    """The same figures give the same file: no date, and names that do not change."""
    with rc_context({"svg.hashsalt": "adcourse"}):
        figure.savefig(path, format="svg", metadata={"Date": None})
