"""The picture as a piece of a page: no scripts, the same bytes every time, legible colours."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pytest

import adcourse as ad
from adcourse.drawing import Picture
from adcourse.drawing.style import palette

SVG = "{http://www.w3.org/2000/svg}"
MAKE = """
import hashlib
import numpy as np
import adcourse as ad

def L(w1, w2):
    v = w2 * np.log(w1)
    return v + np.sqrt(v) * np.sum(np.exp(np.stack([w1, w2])))

graph = ad.trace(L, 2.0, 3.0)
for picture in (ad.draw(graph), graph.step(), graph.step(mode="forward")):
    print(hashlib.sha256((picture.html + picture.svg + str(picture)).encode()).hexdigest())
"""


class Page(HTMLParser):
    """All start tags of a piece of HTML, after checking that every tag is closed."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag != "input":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def having(self, name):
        return [attributes for tag, attributes in self.tags if tag == name]


@pytest.fixture(params=["still", "forward", "reverse"])
def picture(request, graph):
    return ad.draw(graph) if request.param == "still" else graph.step(mode=request.param)


def test_a_picture_in_three_forms(picture):
    assert isinstance(picture, Picture)
    bundle = picture._repr_mimebundle_()
    assert bundle == {
        "text/html": picture._repr_html_(),
        "image/svg+xml": picture.svg,
        "text/plain": str(picture),
    }
    assert repr(picture) == str(picture)


def test_it_is_well_formed_and_runs_nothing(picture):
    root = ElementTree.fromstring(picture.svg)
    assert root.tag == f"{SVG}svg"
    page = Page(picture.html)
    for tag, attributes in page.tags:
        assert tag not in ("script", "iframe", "object", "a", "img", "link", "marker", "use")
        assert not any(name.startswith("on") or name in ("href", "src") for name in attributes)
    for text in (picture.html, picture.svg):
        assert "<script" not in text and "url(" not in text and "@import" not in text
        assert re.findall(r"https?://[^\"]*", text) == ["http://www.w3.org/2000/svg"]


def test_a_file_needs_no_page(picture):
    """As a file the picture has fixed colours and shows its last state only."""
    assert "var(" not in picture.svg and "opacity=" not in picture.svg
    assert "§" not in picture.svg + picture.html


def test_the_graph_shows_itself(graph):
    assert graph._repr_html_() == ad.draw(graph).html


def test_every_card_says_its_value(graph):
    words = "".join(ElementTree.fromstring(ad.draw(graph).svg).itertext())
    for node in graph.nodes:
        if not node.shape:
            value = float(node.value)
            shown = str(node.value) if node.primitive.kind == "constant" else f"{value:.4f}"
            shown = shown.rstrip("0").rstrip(".") if float(f"{value:.4f}") == value else shown
            assert shown.replace("-", "−").replace("True", "True") in words


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_one_radio_button_per_step(graph, mode):
    picture = graph.step(mode=mode)
    page = Page(picture.html)
    radios = page.having("input")
    assert len(radios) == len(str(picture).splitlines())
    assert len({radio["name"] for radio in radios}) == 1
    assert len({radio["id"] for radio in radios}) == len(radios)
    assert ["checked" in radio for radio in radios] == [True] + [False] * (len(radios) - 1)
    for i, radio in enumerate(radios, start=1):
        assert radio["type"] == "radio"
        assert radio["data-lm-suppress-shortcuts"] == "true"
        assert radio["aria-label"].startswith(f"step {i} of {len(radios)}: ")
    ways = [label["for"] for label in page.having("label") if "for" in label]
    assert set(ways) == {radio["id"] for radio in radios}
    assert ".ad" not in re.sub(r"<style>.*?</style>", "", picture.html, flags=re.DOTALL)


def test_browsers_without_has_and_printers_see_the_end(L):
    picture = ad.trace(L, 2.0, 3.0).step()
    divs = Page(picture.html).having("div")
    said = [div for div in divs if "say" in div.get("class", "").split()]
    assert ["hidden" in div for div in said] == [True] * (len(said) - 1) + [False]
    style = re.search("<style>(.*?)</style>", picture.html, re.DOTALL)[1]
    always, stepping = style.split("@supports selector(:has(*)){@media screen{")
    assert ":has" not in always and ":has(" in stepping
    drawing = ElementTree.fromstring(re.search("<svg.*</svg>", picture.html, re.DOTALL)[0])
    seen = [g for g in drawing.iter(f"{SVG}g") if g.get("class") == "m" and not g.get("opacity")]
    words = {"".join(g.itertext()) for g in seen}
    assert {"2.0201", "0.9335", "1.3467", "4.0402"} <= words


def test_the_same_bytes_under_every_hash_seed():
    hashes = set()
    for seed in ("0", "1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", MAKE]
        hashes.add(subprocess.check_output(command, env=environment, text=True))
    assert len(hashes) == 1
    assert len(set(hashes.pop().split())) == 3


def test_two_of_a_kind_on_one_page(L):
    graph = ad.trace(L, 2.0, 3.0)
    names = [Page(graph.step(key=key).html).having("input")[0]["name"] for key in ("", "a", "b")]
    assert len(set(names)) == 3
    assert graph.step().html == ad.trace(L, 2.0, 3.0).step().html


def chain(length):
    def f(x):
        for _ in range(length):
            x = np.sin(x)
        return x

    return ad.trace(f, 1.0)


def test_many_nodes_are_drawn_without_steps():
    assert "radio" in chain(39).step().html
    picture = chain(40).step()
    assert "This graph has 41 nodes; more than 40 are too many to step through" in picture.html
    assert "This graph has 41 nodes" in str(picture)
    assert "radio" not in picture.html and picture.svg.count('class="rim"') == 41


def test_too_many_nodes_are_listed():
    picture = ad.draw(chain(1000))
    assert "This graph has 1001 nodes, too many to draw" in picture.html
    assert len(str(picture).splitlines()) == 15
    assert "image/svg+xml" not in picture._repr_mimebundle_()


def test_a_program_without_inputs():
    graph = ad.trace(lambda: 3.0)
    assert "returns 3.0" in str(ad.draw(graph)) and "returns 3.0" in graph.step().html


def test_what_cannot_be_drawn():
    with pytest.raises(ad.NotLowerable, match=r"write ad\.trace\(sin, …\)"):
        ad.draw(np.sin)
    with pytest.raises(ad.NotLowerable, match="not a float"):
        ad.draw(3.0)


def test_the_result_is_called_like_the_function(L):
    assert "L = v2 + v3" in str(ad.trace(L, 2.0, 3.0).step())
    assert "f = v2 + v3" in str(ad.trace(lambda a, b: L(a, b), 2.0, 3.0).step())

    def x(x):
        return np.sin(x)

    assert "v1 = sin x" in str(ad.trace(x, 2.0).step())  # that name is taken


def luminance(colour):
    """Relative luminance of #rrggbb (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


PAGES = {
    "plain": ("#000000", "#ffffff"),
    "JupyterLab dark": ("#ffffff", "#111111"),
    "Sphinx light": ("#222832", "#ffffff"),
    "Sphinx dark": ("#ced6dd", "#14181e"),
    "Chromium dark": ("#ffffff", "#121212"),
}


@pytest.mark.parametrize("page", PAGES)
def test_text_has_contrast(page):
    colours = palette(*PAGES[page])
    phases = ("value", "tangent", "adjoint")
    pairs = [("ink", "paper"), ("ink", "band"), ("soft", "paper"), ("soft", "band")]
    for phase in phases:
        pairs += [(phase, "paper"), ("ink", f"{phase}-tint"), ("soft", f"{phase}-tint")]
        pairs += [(phase, f"{phase}-tint"), ("paper", phase)]
        pairs += [("value", f"{phase}-tint")]  # a value that a tangent's sentence computes
    for text, behind in pairs:
        assert contrast(colours[text], colours[behind]) >= 4.5, (text, behind)
    for mark in ("line", *phases):  # graphics: WCAG 1.4.11
        assert contrast(colours[mark], colours["paper"]) >= 3, mark


def test_contrast_knows_the_extremes():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
