"""The figures as Markdown tables."""

from benchmarks import compiling, figures
from benchmarks.first import EAGER, paid_after
from benchmarks.profiling import shown, whole
from benchmarks.providers import OWN, PEERS

LABELS = {
    "numpy": "by hand",
    "compiled": "adcourse compiled",
    "jax": "JAX",
    "jax_jit": "JAX jit",
    "torch": "PyTorch",
    "mygrad": "MyGrad",
}

MOST_LINES = 12  # of a profile

HOW = """\
Medians over rounds, with quartiles in brackets; each round runs every provider once and takes the
ratio to the derivative written by hand in NumPy in the same round. One thread, float64, CPU time;
every answer was checked before it was timed. Targets: of adcourse as it stands, then compiled;
bold: reached. “–”: the provider has no such derivative; “absent”: it was not installed; “not run”:
it was left out."""

FIRST = """\
Milliseconds from the first call of a new compiled function to its result: recording, passes,
writing, Python's or XLA's compiler, and the run itself. Wall time, median and quartiles; something
else was compiled before, and no cache knows this program. Paid after: how many calls more until the
time is made up for, against calls of the same library as it stands; “never”: those are quicker."""

COMPILING = f"""\
The derivative of W2 with more and more steps. Microseconds per node of the recorded derivative:
{"; ".join(f"{stage}: {meaning}" for stage, meaning in compiling.STAGES.items())}."""

LINES = """\
Of each compiled call that misses its target, the lines of its program that take longest, with their
share of the time of all lines. The rest of a call tells which program its arguments belong to, and
gives memory back. `python -m benchmarks --profile W5` shows more of them."""


def tables(parts):
    """All tables of these parts, key -> Part: what a run prints, and what the page holds."""
    rows = figures.rows(parts)
    names = present(rows)
    sections = {
        "": ratios(rows, names),
        "## Time of one call, µs": seconds(rows, names),
        "## Time to the first result of a compiled call": said(FIRST, firsts(rows)),
        "## Cost of compiling": said(COMPILING, *stages(parts)),
        "## Cost per operation of a scalar program": costs(parts),
        "## Where compiled calls spend their time": said(LINES, spent(rows)),
        "## Notes": notes(rows),
        "## Machine": machines(parts),
    }
    texts = [text for head, body in sections.items() if body for text in (head, body) if text]
    return "\n\n".join(texts) + "\n"


def said(how, *bodies):
    """The tables under the sentences that explain them, or nothing where there is no table."""
    bodies = [body for body in bodies if body]
    return "\n\n".join([how, *bodies]) if bodies else ""


def present(rows):
    """The providers that some row knows, in the order of the report."""
    return [n for n in PEERS if any(n in row.cells or n in row.words for row in rows)]


def table(head, lines):
    """A Markdown table; the first column is text, the others are figures."""
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join("| " + " | ".join(line) + " |" for line in [head, rule, *lines])


def ratios(rows, names):
    if not rows:
        return ""
    others = [n for n in names if n != "numpy"]
    lines = []
    for row in rows:
        goals = ", ".join(f"≤ {row.targets[n]:g}" for n in OWN if n in row.targets)
        cells = [cell(row, name) for name in others]
        lines.append([f"{row.key} {row.title} ({row.unit})", goals, *cells, cell(row, "numpy")])
    return table(["workload", "targets", *map(label, others), label("numpy")], lines)


def cell(row, name):
    """The figure and its quartiles, or the word that stands for it."""
    if name not in row.cells:
        return row.words.get(name, "–").split(" (")[0]
    text = with_spread(row.cells[name])
    figure, _, rest = text.partition(" ")
    return " ".join([f"**{figure}**", rest]).strip() if row.reached(name) else text


def with_spread(figure):
    """Median and quartiles; the median alone where they are the same."""
    middle, low, high = figure
    return digits(middle) if low == high else f"{digits(middle)} ({digits(low)}–{digits(high)})"


def seconds(rows, names):
    lines = []
    for row in rows:
        if row.seconds:
            times = [digits(1e6 * row.seconds[n]) if n in row.seconds else "" for n in names]
            lines.append([f"{row.key} {row.title}", *times])
    return table(["workload", *map(label, names)], lines) if lines else ""


def firsts(rows):
    lines = []
    for row in rows:
        if row.first:
            pairs = [pair(row, name) for name in EAGER]
            lines.append([f"{row.key} {row.title}", *(text for each in pairs for text in each)])
    heads = [text for name in EAGER for text in (f"{label(name)}, ms", "paid after")]
    return table(["workload", *heads], lines) if lines else ""


def pair(row, name):
    """Milliseconds to the first result, and after how many calls they are paid."""
    if name not in row.first:
        return "–", "–"
    calls = paid_after(row, name)
    known = EAGER[name] in row.seconds
    word = "–" if not known else "never" if calls is None else f"{calls:,}".replace(",", " ")
    return with_spread([1e3 * second for second in row.first[name]]), word


def stages(parts):
    """The table of the cost of compiling, and a sentence for 1000 operations."""
    entries = [entry for part in parts.values() for entry in part.compiling]
    lines, sentence = [], ""
    for entry in entries:
        whole = sum(middle for middle, _, _ in entry["seconds"].values())
        times = [entry["seconds"][stage] for stage in compiling.STAGES]
        each = [with_spread([1e6 * t / entry["nodes"] for t in time]) for time in times]
        sizes = [f"{entry[size]:,}".replace(",", " ") for size in ("operations", "nodes")]
        lines.append([*sizes, *each, digits(1e6 * whole / entry["nodes"])])
        if entry["operations"] == 1000:
            sentence = f"Generating code for 1000 scalar operations takes {digits(1e3 * whole)} ms."
    head = ["operations", "nodes of the derivative", *compiling.STAGES, "all"]
    return (table(head, lines), sentence) if lines else ()


def costs(parts):
    lines = []
    for part in parts.values():
        for name, points in part.flat.items():
            for size, microseconds, each in points:
                held = "–" if each is None else digits(each)
                size = f"{size:,}".replace(",", " ")
                lines.append([label(name), size, digits(microseconds), held])
    head = ["provider", "operations", "µs per operation", "bytes per operation"]
    return table(head, lines) if lines else ""


def spent(rows):
    lines = []
    for row in rows:
        if row.lines:
            name = "compiled"
            figure = f"{digits(row.cells[name][0])}, ≤ {row.targets[name]:g}"
            all_of_it = whole(row.lines)
            most = [f"{x.seconds / all_of_it:.0%} `{shown(x)}`" for x in row.lines[:4]]
            times = [digits(1e6 * row.seconds[name]), digits(1e6 * all_of_it)]
            lines.append([row.key, figure, *times, "; ".join(most).replace("|", "\\|")])
    head = ["row", "figure, target", "µs a call", "µs in the lines", "lines"]
    return table(head, lines) if lines else ""


def profile(workload, call, lines):
    """A profile as text: the call, all lines of its program, and those that take longest."""
    all_of_it, count = whole(lines), sum(line.times for line in lines)
    said = [
        f"{workload.key} {workload.title}: {digits(1e6 * call)} µs a call, "
        f"{digits(1e6 * all_of_it)} µs in the {count} lines of its program"
    ]
    for line in lines[:MOST_LINES]:
        microseconds = digits(1e6 * line.seconds)
        said.append(f"{line.seconds / all_of_it:6.1%} {microseconds:>8} µs  {shown(line)}")
    return "\n".join(said)


def notes(rows):
    """What a row says of itself, and why a figure is missing where a word does not say it."""
    lines = []
    for row in rows:
        lines += [f"- {row.key}: {row.note}"] if row.note else []
        lines += [f"- {row.key}, {label(n)}: {w}" for n, w in row.words.items() if " (" in w]
    return "\n".join(lines)


def machines(parts):
    """The machine; with the keys that belong to it where there are several runs."""
    groups = figures.runs(parts)
    if len(groups) == 1:
        return facts(groups[0][0])
    return "\n\n".join(f"{', '.join(keys)}: {facts(run)}" for run, keys in groups)


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
