"""The page of results: README.md and its plots, written from figures alone."""

from pathlib import Path

from benchmarks import figures, plot, report

RESULTS = Path(__file__).parent / "results"
FIGURES, PAGE, WHY = "figures.json", "README.md", "why.md"
PLOTS = {  # file -> what it shows
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
    drawn = draw(parts, folder)
    why = folder / WHY
    reasons = why.read_text(encoding="utf-8") if why.exists() else ""
    (folder / PAGE).write_text(text(parts, drawn, reasons), encoding="utf-8")


def draw(parts, folder):
    """The plots that there are figures for."""
    curves = [
        (plot.bars, figures.rows(parts)),
        (plot.compiling, [entry for part in parts.values() for entry in part.compiling]),
        (plot.flat, {name: c for part in parts.values() for name, c in part.flat.items()}),
    ]
    drawn = []
    for name, (show, what) in zip(PLOTS, curves, strict=True):
        if what:
            show(what, folder / name)
            drawn.append(name)
    return drawn


def text(parts, drawn, reasons=""):
    """The page; `reasons` are a person's own words."""
    pictures = [f"![{PLOTS[name]}]({name})" for name in drawn]
    return (
        "\n\n".join(
            [HEAD, report.HOW, report.tables(parts).strip(), "## Plots", *pictures, reasons.strip()]
        ).strip()
        + "\n"
    )
