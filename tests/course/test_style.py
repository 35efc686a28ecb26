"""Figures: one palette, alternative text, and the same bytes from run to run."""

import base64
import io
import re

import matplotlib
import numpy as np
import pytest
from PIL import Image

from adcourse.course import style
from adcourse.drawing.style import palette

matplotlib.use("agg")


@pytest.fixture
def axes():
    with matplotlib.rc_context():
        style.use()
        import matplotlib.pyplot as plt

        figure, axes = plt.subplots()
        yield axes
        plt.close(figure)


@pytest.fixture
def shown(monkeypatch):
    """What `show` hands to the page."""
    bundles = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: bundles.append(data))
    return bundles


def draw(axes):
    axes.loglog([1, 10, 100], [1, 10, 100], **style.series(1)[0])
    return axes.figure


def test_a_figure_comes_with_its_text(axes, shown):
    style.show(
        draw(axes),
        """A line "f < g",
        rising""",
    )
    (data,) = shown
    assert data["text/plain"] == 'A line "f < g", rising'
    match = re.fullmatch(
        r'<img src="data:image/png;base64,([^"]+)" width="700" alt="([^"]+)">', data["text/html"]
    )
    assert match[2] == "A line &quot;f &lt; g&quot;, rising"
    picture = base64.b64decode(match[1])
    assert b"atplotlib" not in picture and len(picture) < 40_000
    assert Image.open(io.BytesIO(picture)).size == (1050, 540)


def test_the_same_figure_gives_the_same_bytes(axes, shown):
    figure = draw(axes)
    style.show(figure, "A line")
    style.show(figure, "A line")
    assert shown[0] == shown[1]


@pytest.mark.parametrize("alt", ["", "  ", None])
def test_a_figure_without_text_is_refused(axes, shown, alt):
    with pytest.raises(ValueError, match="needs its text"):
        style.show(axes.figure, alt)
    assert shown == []


def test_plots_and_pictures_of_graphs_share_their_colours():
    colours = palette()
    assert [style.VALUE, style.TANGENT, style.ADJOINT] == [
        colours[name] for name in ("value", "tangent", "adjoint")
    ]


def test_curves_differ_in_more_than_colour():
    curves = style.series(6)
    for part in ("color", "marker"):
        assert len({curve[part] for curve in curves}) == 6
    with pytest.raises(ValueError, match="two figures"):
        style.series(7)


@pytest.mark.parametrize("curve", style.SERIES, ids=lambda curve: curve["color"])
def test_lines_stand_out_from_paper(curve):
    """WCAG 2.1 asks for a contrast of 4.5 for text, and labels have the colour of their curve."""
    channels = np.array([int(curve["color"][i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    assert 1.05 / (linear @ [0.2126, 0.7152, 0.0722] + 0.05) >= 4.5


@pytest.mark.parametrize("slope", [-1, 0.5, 2])
def test_slopes_are_straight_in_loglog(axes, slope):
    style.slope_line(axes, [1, 10, 1000], (10, 3), slope, "theory")
    style.slope_triangle(axes, (10, 100), 2, slope)
    line, triangle = axes.get_lines()
    steps = np.diff(np.log(line.get_ydata())) / np.diff(np.log(line.get_xdata()))
    np.testing.assert_allclose(steps, slope)
    assert line.get_ydata()[1] == pytest.approx(3)
    (x0, x1, x2, _), (y0, y1, y2, _) = triangle.get_data()
    assert (x0, x1, x2, y0, y1) == (10, 100, 100, 2, 2)
    assert np.log10(y2 / y0) == pytest.approx(slope)
    assert [text.get_text() for text in axes.texts] == ["1", f"{slope:g}".replace("-", "−")]
