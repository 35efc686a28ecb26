"""The page of results: README.md and its plots, written from figures alone."""

from pathlib import Path

from benchmarks import figures, plot, report

RESULTS = Path(__file__).parent / "results"
FIGURES, PAGE, WHY = "figures.json", "README.md", "why.md"
CAPTIONS = {
    "ratios.svg": "Every workload with every provider on a logarithmic axis; shorter is faster",
    "compiling.svg": "Cost of compiling against the length of the program",
    "flat.svg": "Cost per operation against the length of the program",
}
HEAD = """\
# Speed, side by side: the figures

`python -m benchmarks --page` writes this page from [figures.json](figures.json). To measure again,
all rows or one, and write the page anew:

    python -m benchmarks --json benchmarks/results/figures.json --page
    python -m benchmarks --only W3 --json benchmarks/results/figures.json --page

The peers are installed by `pip install -e ".[bench]"`."""


def write(parts, folder):
    """Write the page and the plots into a folder; a `why.md` there is taken into the page."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (draw, what) in plots(parts).items():
        draw(what, folder / name)
    why = folder / WHY
    reasons = why.read_text(encoding="utf-8") if why.exists() else ""
    (folder / PAGE).write_text(text(parts, reasons), encoding="utf-8")


def plots(parts):
    """File -> function that draws it, and what it draws; of those that there are figures for."""
    drawn = {
        "ratios.svg": (plot.bars, figures.rows(parts)),
        "compiling.svg": (plot.compiling, [e for part in parts.values() for e in part.compiling]),
        "flat.svg": (plot.flat, {n: c for part in parts.values() for n, c in part.flat.items()}),
    }
    return {name: both for name, both in drawn.items() if both[1]}


def text(parts, reasons=""):
    """The page; `reasons` are a person's own words."""
    pictures = [f"![{CAPTIONS[name]}]({name})" for name in plots(parts)]
    sections = [HEAD, report.HOW, report.tables(parts), "## Plots", *pictures, reasons]
    return "\n\n".join(section.strip() for section in sections if section) + "\n"
