"""One visual language for all figures of the course: one colour for one idea everywhere.

Colour is never the only sign: give every curve its own marker or dashes too, as `series` does, for
green and orange look alike to some readers.
"""

from base64 import b64encode
from html import escape
from io import BytesIO

from ..drawing.style import palette

VALUE = palette()["value"]  # primal values: blue, as in the pictures of graphs
TANGENT = palette()["tangent"]  # tangents and forward mode: green
ADJOINT = palette()["adjoint"]  # adjoints, reverse mode, exact gradients: orange
EXTRA = "#8250a0"  # difference quotients and whatever else is compared: purple
OCHRE = "#946800"  # one more series
THEORY = "#6b6b6b"  # a predicted slope or bound: grey, dashed
SERIES = (
    {"color": VALUE, "marker": "o", "linestyle": "-"},
    {"color": ADJOINT, "marker": "s", "linestyle": "-"},
    {"color": TANGENT, "marker": "^", "linestyle": "-"},
    {"color": EXTRA, "marker": "D", "linestyle": "-"},
    {"color": OCHRE, "marker": "v", "linestyle": "--"},
    {"color": "#222222", "marker": "x", "linestyle": ":"},
)

PIXELS = 100  # on the page, per inch of a figure
SHARPNESS = 1.5  # pixels stored per pixel shown, for fine screens
SETTINGS = {
    "figure.figsize": (7.0, 3.6),
    "figure.dpi": PIXELS,
    "savefig.dpi": PIXELS * SHARPNESS,
    "savefig.facecolor": "white",
    "figure.constrained_layout.use": True,
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.labelsize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
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

    cycle = cycler(color=[one["color"] for one in SERIES])
    plt.rcParams.update(SETTINGS | {"axes.prop_cycle": cycle})


def series(count):
    """Colour, marker and dashes of each of up to six curves, as arguments for `axes.plot`.

    >>> [one["marker"] for one in series(3)]
    ['o', 's', '^']
    """
    if not 0 <= count <= len(SERIES):
        raise ValueError(f"There are {len(SERIES)} styles; {count} curves need two figures.")
    return [dict(one) for one in SERIES[:count]]


def show(figure, alt):
    """Put a figure on the page with `alt`, the sentence that is read to who cannot see it.

    The last line of a cell that draws, instead of `plt.show()`. Say what kind of figure it is, what
    is plotted against what, and what is to be seen. Jupyter shows a picture with this alternative
    text; a terminal prints the sentence. The bytes hold no time and no version.

    Raises ValueError if there is no sentence.
    """
    from IPython.display import display

    picture, alt = image(figure, alt)
    display({"text/html": picture, "text/plain": alt}, raw=True)


def image(figure, alt, attributes=""):
    """An img element with the picture and its text, and the text; the figure is closed."""
    import matplotlib.pyplot as plt
    from PIL import Image

    if not isinstance(alt, str) or not alt.strip():
        raise ValueError('A figure needs its text: style.show(figure, "Log-log plot of …").')
    drawn, file = BytesIO(), BytesIO()
    figure.savefig(drawn, format="png")
    plt.close(figure)  # or the notebook shows it a second time
    # 256 colours are enough for a plot and take a third of the bytes.
    Image.open(drawn).convert("RGB").quantize(256).save(file, format="png", optimize=True)
    data, wide = b64encode(file.getvalue()).decode(), round(PIXELS * figure.get_figwidth())
    alt = " ".join(alt.split())
    source = f'src="data:image/png;base64,{data}" width="{wide}" alt="{escape(alt)}"'
    return f"<img {source}{attributes}>", alt


def slope_line(axes, x, anchor, slope, label):
    """Draw the straight line of a power law through `anchor` = (x₀, y₀) on log-log axes."""
    x0, y0 = anchor
    axes.plot(x, [y0 * (t / x0) ** slope for t in x], "--", color=THEORY, lw=1.2, label=label)


def slope_triangle(axes, x, y, slope, label=None):
    """Draw a triangle of this slope on log-log axes from x = (x₀, x₁), its left corner at y.

    Its sides say "1" and the slope, or `label`. Put it beside the curve, not on it.
    """
    (x0, x1), y1 = x, y * (x[1] / x[0]) ** slope
    axes.plot([x0, x1, x1, x0], [y, y, y1, y], color=THEORY, lw=1.2, label="_nolegend_")
    words = {"color": THEORY, "fontsize": 10, "textcoords": "offset points"}
    under = -4 if slope > 0 else 4
    middle, side = (x0 * x1) ** 0.5, (y * y1) ** 0.5
    axes.annotate("1", (middle, y), (0, under), ha="center",
                  va="top" if slope > 0 else "bottom", **words)  # fmt: skip
    text = f"{slope:g}".replace("-", "−") if label is None else label
    axes.annotate(text, (x1, side), (5, 0), ha="left", va="center", **words)
