"""The site: built once, then read as files, looked at in a browser, and asked for what is wrong."""

import subprocess
import sys
from html.parser import HTMLParser
from importlib.util import find_spec
from urllib.parse import unquote, urlsplit

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from adcourse.course.errors import CourseError

from ..browser.conftest import ROOT

if any(find_spec(name) is None for name in ("mathjax", "myst_nb", "sphinx_book_theme")):
    pytest.skip("the site needs the packages of the extra `site`", allow_module_level=True)

from docs.building import output, staging
from docs.building.extension import ways_of


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of the site, built by the command as a user builds it."""
    out = tmp_path_factory.mktemp("web") / "site"
    command = [sys.executable, "-m", "docs.building", "--no-lite", "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in out.parent.iterdir()] == ["site"]  # nothing half-made is left
    return out


class Page(HTMLParser):
    """What a page links to, and where it can be linked to."""

    def __init__(self, path):
        super().__init__()
        self.targets, self.anchors, self.loaded = [], {"", "top"}, []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.anchors.update(filter(None, (attributes.get("id"), attributes.get("name"))))
        if tag == "a" and attributes.get("href"):
            self.targets.append(attributes["href"])
        if tag in ("img", "script", "iframe") and attributes.get("src"):
            self.loaded.append(attributes["src"])
        if tag == "link" and attributes.get("rel") == "stylesheet":
            self.loaded.append(attributes["href"])


def test_every_notebook_and_document_is_a_page(site):
    for folder in ("lectures", "exercises"):
        for source in ROOT.glob(f"{folder}/source/*.md"):
            assert (site / folder / f"{source.stem}.html").is_file()
    for document in ROOT.glob("docs/*.md"):
        assert (site / f"{document.stem}.html").is_file()
    assert (site / "benchmarks" / "index.html").is_file()


def test_every_link_and_anchor_leads_somewhere_on_the_site(site):
    pages = {path: Page(path) for path in site.rglob("*.html") if "_static" not in path.parts}
    lost = []
    for path, page in pages.items():
        for target in page.targets + page.loaded:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                outside = target in page.loaded and parts.scheme != "data"
                assert not outside, f"{path} loads {target}"
                continue
            there = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            found = there.is_file() if there not in pages else True
            if not found or (there in pages and parts.fragment not in pages[there].anchors):
                lost.append((path.relative_to(site).as_posix(), target))
    assert [link for link in lost if "slides/" not in link[0]] == []


def test_words_can_be_searched(site):
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    assert "adjoint" in index and "lectures/04_reverse_mode" in index


LOOKED_AT = ("index", "lectures/04_reverse_mode", "exercises/04_reverse_mode", "derivatives")
RAW = """() => [...document.querySelectorAll('.math')]
    .filter(node => !node.querySelector('mjx-container')).map(node => node.textContent)"""
# The theme gives its columns scroll bars of their own; the page itself must not be wider.
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def window(browser):
    """A function that opens a page of the site in a window of this width."""
    contexts, asked = [], []

    def opened(path, width=1400, colours="light"):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=colours
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        page.wait_for_load_state("networkidle")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


@pytest.mark.browser
@pytest.mark.parametrize("name", LOOKED_AT)
def test_formulas_are_set_and_nothing_is_asked_for_online(site, window, name):
    page = window(site / f"{name}.html")
    if page.locator(".math").count():
        page.wait_for_function("() => window.MathJax?.startup?.promise !== undefined")
        page.evaluate("() => MathJax.startup.promise.then(() => true)")
        assert page.evaluate(RAW) == []
    assert page.locator("mjx-container").count() > 0 or "lectures" not in name


@pytest.mark.browser
@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_phone_shows_the_page_in_its_width(site, window, name):
    assert window(site / f"{name}.html", width=390).evaluate(WIDER) <= 1


@pytest.mark.browser
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_a_lecture_steps_by_keyboard(site, window, colours):
    page = window(site / "lectures" / "04_reverse_mode.html", colours=colours)
    first = page.locator("input[type=radio]:checked").first
    number = first.evaluate("radio => [...document.getElementsByName(radio.name)].indexOf(radio)")
    first.focus()
    page.keyboard.press("ArrowLeft" if number else "ArrowRight")
    second = page.locator("input[type=radio]:focus")
    assert second.is_checked()
    moved = second.evaluate("radio => [...document.getElementsByName(radio.name)].indexOf(radio)")
    assert abs(moved - number) == 1


def test_buttons_are_there_for_what_is_configured():
    none = {"slides": False, "lite": False, "binder": None, "colab": None}
    assert [said for said, _ in ways_of("lectures/04_x", none)] == ["Download the notebook"]
    every = {"slides": True, "lite": True, "binder": "https://b.example", "colab": "https://c.x"}
    addresses = [address for _, address in ways_of("lectures/04_x", every)]
    assert addresses[1] == "../lite/lab/index.html?path=lectures/04_x.ipynb"
    assert addresses[2:4] == [
        "https://b.example?labpath=lectures/04_x.ipynb", "https://c.x/lectures/04_x.ipynb",
    ]  # fmt: skip


def test_a_folder_with_files_of_others_is_refused_and_kept(tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(CourseError, match="thesis.tex, which no build of the site has written"):
        with output.replacing(tmp_path):
            raise AssertionError("nothing may be built")
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


def test_what_is_interrupted_leaves_the_old_site_whole(tmp_path):
    out = tmp_path / "site"
    with output.replacing(out) as scratch:
        (scratch / "new" / "index.html").write_text("old")
    with pytest.raises(KeyboardInterrupt), output.replacing(out) as scratch:
        (scratch / "new" / "index.html").write_text("new")
        raise KeyboardInterrupt
    assert (out / "index.html").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    with output.replacing(out) as scratch:
        (scratch / "new" / "index.html").write_text("new")
    assert (out / "index.html").read_text() == "new"


def test_a_notebook_that_fails_is_named_with_its_cell():
    error = new_output("error", ename="ValueError", evalue="no", traceback=[])
    failing = new_notebook(cells=[new_code_cell("f()", outputs=[error], execution_count=1)])
    with pytest.raises(CourseError, match=r"04_x.ipynb shows an error in cell 1 \(ValueError: no"):
        staging.refuse_errors(failing, "04_x.ipynb", lecture=True)
    failing.cells[0].metadata.tags = ["raises-exception"]
    staging.refuse_errors(failing, "04_x.ipynb", lecture=True)
    idle = new_notebook(cells=[new_code_cell("f()")])
    with pytest.raises(CourseError, match="was not run to its end"):
        staging.refuse_errors(idle, "04_x.ipynb", lecture=True)
    staging.refuse_errors(idle, "04_x.ipynb", lecture=False)
