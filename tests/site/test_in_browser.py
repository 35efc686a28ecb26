"""The site in Chromium: formulas, search, stepping, dark, narrow and printed pages, axe-core."""

import os
from importlib.util import find_spec
from pathlib import Path

import pytest

from ..browser.conftest import ROOT
from .test_pages import EXERCISES, LECTURES

pytestmark = pytest.mark.browser

TEXTS = [path.stem for path in sorted(ROOT.glob("docs/*.md"))]
TEXTS += ["benchmarks/index", "benchmarks/problem_lists", "search", "genindex"]
PAGES = [f"lectures/{n}" for n in LECTURES] + [f"exercises/{n}" for n in EXERCISES] + TEXTS
LAPTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
# Formulas that MathJax has not seen, or has not understood.
RAW = r"""() => {
    const found = [...document.querySelectorAll('[data-mml-node=merror]')].map(e => e.textContent);
    const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const text = walk.currentNode;
        if (text.parentElement.closest('script, style, code, pre, mjx-container')) continue;
        if (/\\\(|\\\[|\\[a-zA-Z]{2,}|\$[^$]+\$/.test(text.data)) found.push(text.data);
    }
    return found;
}"""
SAID = """() => [...document.querySelectorAll('[role=group] .say')]
    .filter(say => say.checkVisibility({visibilityProperty: true}) && say.offsetHeight)
    .map(say => say.querySelector('.words').textContent)"""
AXE = """() => axe.run({exclude: ['mjx-container > *', 'tbody tr:nth-child(n + 20)']}, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], resultTypes: ["violations"],
    preload: false
}).then(found => found.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))]))"""


def open_page(page, address, name):
    """Show a page and wait until its formulas are typeset."""
    response = page.goto(f"{address}/{name}.html")
    assert response.status == 200
    page.evaluate("window.MathJax?.startup?.promise")


def test_on_a_phone_every_page_is_typeset_and_only_boxes_scroll(page, address):
    trouble = []
    page.set_viewport_size(PHONE)
    page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    formulas = 0
    for name in PAGES:
        open_page(page, address, name)
        trouble += [f"{name}: {text}" for text in page.evaluate(RAW)]
        formulas += page.locator("mjx-container").count()
        if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
            trouble.append(f"{name} is wider than a phone")
    assert trouble == []
    assert formulas > 3000


def test_search_finds_the_adjoint(page, address):
    page.goto(f"{address}/search.html?q=adjoint")
    page.locator('#search-results a[href*="lectures/04_reverse_mode.html"]').first.wait_for()


@pytest.mark.parametrize("name", ["index", "lectures/04_reverse_mode"])
def test_arrow_keys_step(page, address, name):
    open_page(page, address, name)
    picture = page.locator("[role=group]:has(input)").first
    picture.locator("input").first.focus()
    assert page.evaluate(SAID)[0].startswith("given: w1 = 2")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(SAID)[0].startswith("v1 = log w1")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(SAID)[0].startswith("v1 = log w1")
    picture.get_by_text("Next →").locator("visible=true").click()
    assert page.evaluate(SAID)[0].startswith("v2 = w2")


def test_the_start_page_fits_a_laptop(page, address):
    page.set_viewport_size(LAPTOP)
    open_page(page, address, "index")
    bottoms = [
        box.bounding_box()["y"] + box.bounding_box()["height"]
        for box in page.locator(".door").all()
    ]
    assert len(bottoms) == 3 and max(bottoms) <= 800
    assert page.evaluate("""() => [...document.querySelectorAll('.stepping .scroll, .stepping pre')]
        .every(box => box.scrollWidth <= box.clientWidth)""")


def test_the_reader_chooses_dark(page, address):
    page.set_viewport_size(LAPTOP)
    page.emulate_media(color_scheme="light")
    open_page(page, address, "lectures/00_start_here")
    paper = (
        "() => ['body', '[role=group]'].map(s => getComputedStyle(document.querySelector(s)).{})"
    )
    colour = paper.format("backgroundColor")
    light = page.evaluate(colour)
    page.get_by_role("button", name="Color mode").locator("visible=true").click()
    page.get_by_role("button", name="Dark").click()
    dark = page.evaluate(colour)
    assert light[0] != dark[0] and light[1] != dark[1]
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_paper_shows_the_article_alone(page, address):
    open_page(page, address, "lectures/04_reverse_mode")
    page.emulate_media(media="print")
    for part in (".bd-sidebar-primary", ".bd-sidebar-secondary", ".ways", ".header-article"):
        assert not page.locator(part).first.is_visible(), part
    assert page.evaluate(SAID)[0].startswith("the gradient")
    assert page.pdf().startswith(b"%PDF")


@pytest.fixture(scope="module")
def axe():
    found = find_spec("axe_playwright_python")
    if found is None:
        pytest.skip("checking accessibility needs axe-core: pip install axe-playwright-python")
    return Path(found.origin).with_name("axe.min.js").read_text(encoding="utf-8")


CHECKED = ["index", "lectures/08_matrix_calculus_svd", "exercises/04_reverse_mode", "derivatives"]
CHECKED += ["api"]
if os.environ.get("ADCOURSE_BROWSER") == "all":
    CHECKED += [name for name in PAGES if name not in CHECKED]


@pytest.mark.parametrize(
    ("scheme", "screen", "names"),
    [("light", LAPTOP, CHECKED), ("dark", LAPTOP, CHECKED), ("light", PHONE, CHECKED[:2])],
)
def test_no_violation_of_wcag(page, address, axe, scheme, screen, names):
    # Without motion: else colours that are on their way from light to dark are measured.
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size(screen)
    found = {}
    for name in names:
        open_page(page, address, name)
        page.evaluate(axe)
        violations = page.evaluate(AXE)
        if violations:
            found[name] = violations
    assert found == {}
