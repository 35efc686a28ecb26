"""The figures as pictures: bars per workload, and cost per operation."""

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from benchmarks.report import digits, label

OWN, OTHER = "#c2410c", "#94a3b8"
CURVES = {
    "numpy": "black",
    "adcourse": OWN,
    "autograd": "#2563eb",
    "torch": "#059669",
    "mygrad": "#7c3aed",
}
COLUMNS = 3


def bars(rows, names, path):
    """One panel per row: horizontal bars on a logarithmic axis, shorter is faster."""
    shown = [row for row in rows if row.cells]
    lines = -(-len(shown) // COLUMNS)
    figure = Figure(figsize=(13, 2.3 * lines), layout="constrained")
    grid = figure.subplots(lines, COLUMNS, squeeze=False)
    for axes in grid.flat[len(shown) :]:
        axes.remove()
    for axes, row in zip(grid.flat, shown, strict=False):
        present = [n for n in reversed(names) if n in row.cells]
        figures = [row.cells[n][0] for n in present]
        colours = [OWN if n == "adcourse" else OTHER for n in present]
        drawn = axes.barh([label(n) for n in present], figures, color=colours)
        plate = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}  # above the target's line
        axes.bar_label(drawn, [digits(x) for x in figures], padding=2, fontsize=7, bbox=plate)
        axes.set_xscale("log")
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.set_xlim(min(figures) / 2, max(figures) * 4)
        if row.target is not None:
            axes.axvline(row.target, color="black", linewidth=0.8, linestyle=":")
        axes.set_title(f"{row.key} {row.title}, {row.unit}", fontsize=8, loc="left")
        axes.tick_params(labelsize=7)
        axes.spines[["top", "right"]].set_visible(False)
    save(figure, path)


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
