"""The pages as files: every link leads somewhere, nothing is fetched from elsewhere."""

import re
from html.parser import HTMLParser
from importlib.util import find_spec
from urllib.parse import unquote, urlsplit

import pytest

from ..browser.conftest import ROOT
from .conftest import BINDER, COLAB

if any(find_spec(name) is None for name in ("mathjax", "myst_nb", "sphinx_book_theme")):
    pytest.skip("the site needs the packages of the extra `site`", allow_module_level=True)

LECTURES = sorted(path.stem for path in ROOT.glob("lectures/*.ipynb"))
EXERCISES = sorted(path.stem for path in ROOT.glob("exercises/*.ipynb"))
LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src"}


class Page(HTMLParser):
    """The anchors of a page, where its links lead, and what it loads."""

    def __init__(self, text):
        super().__init__()
        self.anchors, self.links, self.loads, self.words = set(), [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.anchors |= {attributes[name] for name in ("id", "name") if attributes.get(name)}
        if tag == "a" and "href" in attributes:
            self.links.append(attributes["href"])
        elif tag == "link" and attributes.get("rel") in ("stylesheet", "icon", "preload"):
            self.loads.append(attributes["href"])
        elif tag in LOADED and LOADED[tag] in attributes:
            self.loads.append(attributes[LOADED[tag]])

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture(scope="module")
def pages(site):
    return {
        path: Page(path.read_text(encoding="utf-8"))
        for path in sorted(site.rglob("*.html"))
        if not {"_static", "lite"} & set(path.relative_to(site).parts)
    }


def test_every_notebook_and_text_is_a_page(site):
    names = [f"lectures/{name}" for name in LECTURES] + [f"exercises/{name}" for name in EXERCISES]
    names += [path.stem for path in ROOT.glob("docs/*.md")] + ["benchmarks/index"]
    assert [name for name in names if not (site / f"{name}.html").is_file()] == []


def test_links_and_anchors_lead_somewhere(site, pages):
    astray = []
    for path, page in pages.items():
        for link in page.links + page.loads:
            parts = urlsplit(link)
            if parts.scheme or link in ("", "#"):
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                target /= "index.html"
            known = not parts.fragment or target not in pages
            if not target.exists() or not (
                known or unquote(parts.fragment) in pages[target].anchors
            ):
                astray.append(f"{path.relative_to(site)}: {link}")
    assert astray == []


def test_nothing_is_loaded_from_elsewhere(site, pages):
    loads = {load for page in pages.values() for load in page.loads}
    assert [load for load in loads if urlsplit(load).scheme not in ("", "data")] == []
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert re.findall(r"""(?:url\(|@import )["']?(?:https?:)?//[^)"']*""", styles) == []


@pytest.mark.parametrize("name", LECTURES)
def test_a_lecture_opens_in_every_way(site, pages, name):
    links = pages[site / "lectures" / f"{name}.html"].links
    assert f"../slides/{name}.html" in links
    assert f"../lite/lab/index.html?path=lectures/{name}.ipynb" in links
    assert f"../_sources/lectures/{name}.ipynb" in links
    assert f"{BINDER}?labpath=lectures/{name}.ipynb" in links
    assert f"{COLAB}/lectures/{name}.ipynb" in links


def test_exercises_are_blank_and_can_be_taken_along(site, pages):
    for name in EXERCISES:
        assert (
            f"../_sources/exercises/{name}.ipynb"
            in pages[site / "exercises" / f"{name}.html"].links
        )
        text = (site / "_sources" / "exercises" / f"{name}.ipynb").read_text(encoding="utf-8")
        assert "your code here" in text and "BEGIN SOLUTION" not in text


def test_ways_without_an_address_are_absent():
    from docs.building.extension import ways_of

    nowhere = {"lite": False, "binder": None, "colab": None}
    assert ways_of("exercises/04_reverse_mode", nowhere) == []
    assert ways_of("exercises/04_reverse_mode", nowhere | {"lite": True}) == [
        ("Run in the browser", "../lite/lab/index.html?path=exercises/04_reverse_mode.ipynb")
    ]


def test_the_start_page_is_for_all_three(site, pages):
    page = pages[site / "index.html"]
    words = "".join(page.words)
    assert all(word in words for word in ("Learn.", "Teach.", "Build.", "np.log(w1)"))
    first = {"lectures/00_start_here.html", "exercises/01_why_gradients.html", "derivatives.html"}
    first |= {f"lite/lab/index.html?path=lectures/{LECTURES[0]}.ipynb"}
    assert first <= set(page.links)
