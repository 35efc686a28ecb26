"""One visual language for all figures of the course: one colour for one idea everywhere."""

VALUE = "#1b5fc1"  # primal values: blue
TANGENT = "#1a7f37"  # tangents and forward mode: green
ADJOINT = "#c4420f"  # adjoints and reverse mode: orange
THEORY = "#6b6b6b"  # a predicted slope or bound: grey, dashed
EXTRA = "#8250a0"  # whatever is compared with them: purple

SETTINGS = {
    "figure.figsize": (7.0, 3.6),
    "figure.dpi": 110,
    "savefig.dpi": 110,
    "figure.constrained_layout.use": True,
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.labelsize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "lines.markersize": 5,
    "image.cmap": "viridis",
    "svg.hashsalt": "adcourse",
}


def use():
    """Set Matplotlib's defaults for a notebook of the course.

    >>> from adcourse.course import style
    >>> style.use()
    """
    import matplotlib.pyplot as plt
    from cycler import cycler

    cycle = cycler(color=[VALUE, ADJOINT, TANGENT, EXTRA, THEORY])
    plt.rcParams.update(SETTINGS | {"axes.prop_cycle": cycle})


def slope_line(axes, x, anchor, slope, label):
    """Draw the straight line of a power law through `anchor` = (x₀, y₀) on log-log axes."""
    x0, y0 = anchor
    axes.plot(x, [y0 * (t / x0) ** slope for t in x], "--", color=THEORY, lw=1.2, label=label)
