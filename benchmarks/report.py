"""The figures as Markdown and as JSON."""

import json
from dataclasses import asdict

LABELS = {
    "numpy": "by hand",
    "jax": "JAX",
    "jax_jit": "JAX jit",
    "torch": "PyTorch",
    "mygrad": "MyGrad",
}

HOW = """\
Medians over rounds, with quartiles in brackets; each round runs every provider once and takes the
ratio to the derivative written by hand in NumPy in the same round. One thread, float64, CPU time;
every answer was checked before it was timed. Bold: adcourse reaches its target. “–”: the provider
has no such derivative; “absent”: it was not installed."""


def markdown(rows, names, machine, curves=None):
    """The report: ratios, absolute times, why figures are missing, and the machine."""
    parts = ["# Speed, side by side", HOW, ratios(rows, names)]
    parts += ["## Time of one call, µs", seconds(rows, names)]
    if curves:
        parts += ["## Cost per operation of a scalar program", costs(curves)]
    reasons = notes(rows)
    if reasons:
        parts += ["## Notes", reasons]
    parts += ["## Machine", facts(machine)]
    return "\n\n".join(parts) + "\n"


def table(head, lines):
    """A Markdown table; the first column is text, the others are figures."""
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join("| " + " | ".join(line) + " |" for line in [head, rule, *lines])


def ratios(rows, names):
    shown = [n for n in names if n != "numpy"]
    lines = []
    for row in rows:
        goal = "" if row.target is None else f"≤ {row.target:g}"
        cells = [cell(row, name) for name in shown]
        lines.append([f"{row.key} {row.title} ({row.unit})", goal, *cells, cell(row, "numpy")])
    return table(["workload", "target", *map(label, shown), label("numpy")], lines)


def cell(row, name):
    """The figure and its quartiles, or the word that stands for it."""
    if name not in row.cells:
        return row.words.get(name, "–").split(" (")[0]
    figure, low, high = row.cells[name]
    text = digits(figure)
    if name == "adcourse" and row.target is not None and figure <= row.target:
        text = f"**{text}**"
    return text if low == high else f"{text} ({digits(low)}–{digits(high)})"


def seconds(rows, names):
    lines = []
    for row in rows:
        if row.seconds:
            times = [digits(1e6 * row.seconds[n]) if n in row.seconds else "" for n in names]
            lines.append([f"{row.key} {row.title}", *times])
    return table(["workload", *map(label, names)], lines)


def costs(curves):
    lines = []
    for name, points in curves.items():
        for size, microseconds, each in points:
            held = "–" if each is None else digits(each)
            lines.append([label(name), f"{size:,}".replace(",", " "), digits(microseconds), held])
    return table(["provider", "operations", "µs per operation", "bytes per operation"], lines)


def notes(rows):
    """Why a figure is missing, where a word does not say it."""
    return "\n".join(
        f"- {row.key}, {label(name)}: {word}"
        for row in rows
        for name, word in row.words.items()
        if " (" in word
    )


def facts(machine):
    versions = ", ".join(f"{name} {v}" for name, v in machine["versions"].items())
    rest = ", ".join(f"{key}: {value}" for key, value in machine.items() if key != "versions")
    return f"{rest}\n\n{versions}"


def label(name):
    return LABELS.get(name, name)


def digits(x):
    """Three significant digits, without an exponent."""
    if x >= 100:
        return f"{x:.0f}"
    return f"{x:.1f}" if x >= 10 else f"{x:.2f}" if x >= 0.1 else f"{x:.3f}"


def as_json(rows, machine, curves=None):
    whole = {"machine": machine, "rows": [asdict(row) for row in rows], "flat": curves or {}}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"
