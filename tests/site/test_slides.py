"""The decks: what becomes a slide, and how each lecture looks and steps in a browser, offline."""

import re
from importlib.util import find_spec

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from adcourse.course.errors import CourseError

from ..browser.conftest import ROOT

if any(find_spec(name) is None for name in ("markdown_it", "mathjax", "sphinx_revealjs")):
    pytest.skip("the slides need the packages of the extra `site`", allow_module_level=True)

from docs.building import slides

LECTURES = sorted(ROOT.glob("lectures/*.ipynb"))


def told(text, kind=None, cell=new_markdown_cell, **more):
    """A cell that says what it is in a slide show."""
    return cell(text, metadata={"slideshow": {"slide_type": kind}} if kind else {}, **more)


def deck_of(*cells):
    return slides.deck(new_notebook(cells=list(cells)), "07_x")


def shape(html):
    """The nesting of sections, as one bracket per section."""
    return "".join(
        "(" if tag[1] == "s" else ")" for tag in re.findall("<section>|</section>", html)
    )


def test_the_metadata_say_where_slides_begin():
    html = deck_of(
        told("# 07 · A title", "slide"),
        told("more"),
        told("below", "subslide"),
        told("unseen", "skip"),
        told("later", "fragment"),
        told("aloud", "notes"),
        told("## Next", "slide"),
    )
    assert shape(html) == "(()())(())"
    assert html.index("more") < html.index("</section>") < html.index("below")
    assert "unseen" not in html
    assert '<div class="fragment"><p>later</p>' in html
    assert '<aside class="notes"><p>aloud</p>' in html
    assert "<title>07 · A title</title>" in html


def test_a_notebook_that_says_nothing_is_one_slide():
    assert shape(deck_of(told("a"), told("b"))) == "(())"


def test_formulas_reach_mathjax_as_they_are_written():
    html = deck_of(told(r"$a_1 < b_2$ costs \$5: $$\bar x_i * y_i *$$"))
    assert r"\(a_1 &lt; b_2\)" in html
    assert r"\[\bar x_i * y_i *\]" in html
    assert "costs $5:" in html and 'body class="tex2jax_ignore"' in html


@pytest.mark.parametrize(
    ("link", "html"),
    [
        ("04_y.ipynb#part", '<a href="../lectures/04_y.html#part">here</a>'),
        ("../exercises/07_x.ipynb", '<a href="../exercises/07_x.html">here</a>'),
        ("../adcourse/core/tape.py", "<p>here</p>"),
        ("https://example.org/a.ipynb", '<a href="https://example.org/a.ipynb">here</a>'),
        ("#part", '<a href="#part">here</a>'),
    ],
)
def test_links_are_those_of_the_site(link, html):
    assert html in deck_of(told(f"[here]({link})"))


def test_outputs_are_shown_in_their_richest_form():
    rich = {"text/html": "<b>bold</b> $x$", "text/plain": "poor"}
    formula = {"text/latex": "$y^2$", "text/plain": "poor"}
    html = deck_of(
        told(
            "f(1 < 2)",
            cell=new_code_cell,
            outputs=[
                new_output("stream", text="a < b\n"),
                new_output("execute_result", rich),
                new_output("display_data", formula),
                new_output("display_data", {"text/plain": "plain"}),
                new_output("error", traceback=["\x1b[31mKeyError\x1b[0m: 1"]),
            ],
        )
    )
    assert "poor" not in html and "\x1b" not in html and "KeyError: 1" in html
    assert "a &lt; b" in html and "<b>bold</b>" in html and r"\(y^2\)" in html and "plain" in html
    assert '<div class="highlight">' in html and '<details class="code">' not in html


def test_the_code_of_a_figure_is_folded():
    figure = new_output("display_data", {"text/html": '<img src="data:," alt="a line">'})
    html = deck_of(told("draw()\nshow()", cell=new_code_cell, outputs=[figure]))
    assert '<details class="code"><summary>Code, 2 lines</summary>' in html


def test_a_missing_package_is_one_sentence_and_nothing_is_written(tmp_path, monkeypatch):
    missing = ("no_such_module", "no-such-package", "dist/reveal.js")
    monkeypatch.setattr(slides, "CARRIED", [*slides.CARRIED, missing])
    with pytest.raises(CourseError, match="reveal.js, which the package no-such-package carries"):
        slides.build_slides(LECTURES[:1], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_notebook_is_one_sentence_and_nothing_is_written(tmp_path):
    with pytest.raises(CourseError, match="99_none.ipynb does not exist"):
        slides.build_slides([LECTURES[0], tmp_path / "99_none.ipynb"], tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    """The folder of all decks; beside it there is no other page of the site."""
    out = tmp_path_factory.mktemp("site")
    built = slides.build_slides(LECTURES, out)
    assert [path.stem for path in built] == [path.stem for path in LECTURES]
    return out / "slides"


@pytest.fixture
def show(browser, decks):
    """A function that opens a deck; in the end, nothing but files may have been asked for."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    asked, wrong = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: wrong.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))

    def opened(name, query=""):
        page.goto(f"{(decks / name).as_uri()}.html{query}")
        page.wait_for_function("window.Reveal?.isReady()", timeout=60_000)
        return page

    yield opened
    context.close()
    assert wrong == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


# What is wrong on any slide; for this once all of them are there at the same time.
LOOK = r"""() => {
    const found = [];
    const slides = Reveal.getSlides();
    const all = document.head.appendChild(document.createElement('style'));
    all.textContent = '.reveal .slides section { display: block !important; transform: none }';
    for (const slide of slides) {
        const { h, v } = Reveal.getIndices(slide);
        const complain = text => found.push(`slide ${h}/${v}: ${text}`);
        if (slide.scrollWidth > slide.clientWidth) complain('wider than its frame');
        if (slide.scrollHeight > slide.clientHeight) complain('taller than its frame');
        const frame = slide.getBoundingClientRect();
        for (const node of slide.querySelectorAll('.page > *, .output > *, mjx-container, td')) {
            const box = node.getBoundingClientRect();
            if (box.width && (box.left < frame.left || box.right > frame.right + 1))
                complain(`${node.tagName} ends outside: ${node.textContent.slice(0, 40)}`);
            if (['auto', 'scroll'].includes(getComputedStyle(node).overflowX)
                && node.scrollWidth > node.clientWidth + 1)
                complain(`${node.tagName} is cut: ${node.textContent.slice(0, 40)}`);
        }
        if (+slide.querySelector('.page').style.zoom < 0.7) complain('letters are too small');
        const prose = slide.querySelector('.page').cloneNode(true);
        for (const node of prose.querySelectorAll('pre, code, style, svg, mjx-container'))
            node.remove();
        const raw = prose.textContent.match(/\\[a-zA-Z({[]+|\$[^\s$][^$]*\$/);
        if (raw) complain(`raw formula ${raw[0]}`);
        if (slide.querySelector('[data-mml-node=merror]')) complain('formula with an error');
    }
    const count = selector => document.querySelectorAll(selector).length;
    return {
        found, slides: slides.length, formulas: count('.page mjx-container'),
        titles: [...document.querySelectorAll('.page :is(h1, h2, h3)')].length,
        codes: count('.page .highlight'), folds: count('.page > details:not(.code)'),
        back: document.querySelector('footer a').getAttribute('href'),
    };
}"""


@pytest.mark.browser
@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_deck(path, show):
    seen = show(path.stem).evaluate(LOOK)
    assert seen["found"] == []

    # Nothing is lost when slides are divided, and nothing appears twice.
    cells = nbformat.read(path, as_version=4).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    begun = [cell for cell in cells if slides.kind_of(cell) in slides.BEGINS]
    assert seen["slides"] >= len(begun) >= 9
    assert seen["titles"] == len(re.findall("^#{1,3} ", prose, re.MULTILINE))
    assert seen["folds"] == prose.count("<details>")
    assert seen["codes"] == sum(cell.cell_type == "code" for cell in cells)
    assert seen["formulas"] > 0 and seen["back"] == f"../lectures/{path.stem}.html"


def where(page):
    return page.evaluate("[Reveal.getIndices().h, Reveal.getIndices().v]")


def checked(page):
    """The number of the step that the picture on this slide shows."""
    return page.evaluate(
        "[...Reveal.getCurrentSlide().querySelectorAll('input')].findIndex(dot => dot.checked)"
    )


@pytest.mark.browser
def test_keys_step_the_picture_or_turn_the_page(show):
    page = show("03_forward_mode")
    page.evaluate("""() => {
        const picture = document.querySelector('.page input').closest('section');
        const { h, v } = Reveal.getIndices(picture);
        Reveal.slide(h, v);
    }""")
    slide = where(page)
    page.locator("section.present input").first.click()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    assert (checked(page), where(page)) == (2, slide)
    assert page.locator("section.present .say2").is_visible()

    page.keyboard.press("Escape")  # leaves the picture; a second one shows all slides
    assert not page.evaluate("Reveal.isOverview()")
    page.keyboard.press("ArrowRight")
    assert where(page) != slide
    page.keyboard.press("ArrowLeft")
    assert (checked(page), where(page)) == (2, slide)
    page.locator("section.present input").nth(2).focus()
    page.keyboard.press("PageDown")
    assert where(page) != slide
    page.keyboard.press("Escape")
    assert page.evaluate("Reveal.isOverview()")


@pytest.mark.browser
def test_an_answer_opens_scrolls_and_is_among_the_notes(show):
    page = show("03_forward_mode")
    page.evaluate("""() => {
        const fold = document.querySelectorAll('.page > details:not(.code)')[1];
        const { h, v } = Reveal.getIndices(fold.closest('section'));
        Reveal.slide(h, v);
    }""")
    slide = where(page)
    assert "The only parent of" in " ".join(page.evaluate("Reveal.getSlideNotes()").split())
    page.locator("section.present .page summary").click()
    assert page.locator("section.present .page details p").first.is_visible()
    page.set_viewport_size({"width": 1280, "height": 720})
    page.evaluate("Reveal.getCurrentSlide().querySelector('.page').style.zoom = 2")
    page.keyboard.press("ArrowDown")
    page.wait_for_function("Reveal.getCurrentSlide().scrollTop > 0")
    assert where(page) == slide
    page.keyboard.press("Space")
    assert where(page) != slide


@pytest.mark.browser
def test_paper_gets_one_page_for_each_slide(show):
    page = show("00_start_here", "?print-pdf")
    page.wait_for_function("document.querySelectorAll('.pdf-page').length > 0")
    page.emulate_media(media="print", color_scheme="dark")
    cut = """() => [...document.querySelectorAll('.pdf-page')].filter(paper =>
        paper.querySelector('.page').getBoundingClientRect().bottom
        > paper.getBoundingClientRect().bottom + 1).length"""
    assert page.evaluate(cut) == 0
    sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
    assert sheets == page.evaluate("document.querySelectorAll('.pdf-page').length") >= 9
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 27, 31)"


@pytest.mark.browser
def test_the_colours_follow_the_reader_and_a_phone_gets_narrow_slides(browser, decks):
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = context.new_page()
    page.goto((decks / "00_start_here.html").as_uri())
    page.wait_for_function("window.Reveal?.isReady()", timeout=60_000)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 24, 28)"
    letters = "document.querySelector('.present .page > p').getBoundingClientRect().height"
    assert page.evaluate("Reveal.getConfig().width * Reveal.getScale()") == pytest.approx(
        390, abs=2
    )
    assert page.evaluate(letters) > 30  # two lines or more that an eye can read
    context.close()
