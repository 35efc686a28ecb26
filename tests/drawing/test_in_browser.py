"""Pictures in Chromium: the arrow keys step, words stay on their cards, phones scroll."""

import re

import pytest

import adcourse as ad
from adcourse.drawing import step_elimination, step_schedule

pytestmark = pytest.mark.browser

FRAME = '<!doctype html><meta charset="utf-8"><style>{}</style><body style="margin:0">{}'
SEEN = """() => {
    const seen = {visibilityProperty: true, opacityProperty: true};
    const words = node => [...node.querySelectorAll('text, .words')]
        .filter(part => part.checkVisibility(seen)).map(part => part.textContent);
    return [words(document.querySelector('svg')), words(document.querySelector('.says'))];
}"""
SPILLED = """() => [...document.querySelectorAll('svg text')].filter(text => {
    const card = text.closest('g')?.querySelector('rect.paper, rect.pill');
    if (!card) return false;
    const box = text.getBBox(), edge = card.getBBox();
    return box.x < edge.x + 1 || box.x + box.width > edge.x + edge.width - 1;
}).map(text => text.textContent)"""
COLLIDING = """() => [...document.querySelectorAll('svg .number')].filter(number => {
    const box = number.getBBox();
    return [...document.querySelectorAll('svg .label')].some(label => {
        const other = label.getBBox();
        return Math.abs(label.getAttribute('y') - number.getAttribute('y')) < 1
            && other.x < box.x + box.width && box.x < other.x + other.width + 3;
    });
}).map(number => number.textContent)"""


def show(page, html, style=""):
    page.set_content(FRAME.format(style, html))


def test_arrow_keys_walk(page, L):
    show(page, ad.trace(L, 2.0, 3.0).step().html)
    lines = str(ad.trace(L, 2.0, 3.0).step()).splitlines()
    page.locator("input").first.focus()
    for line in lines:
        _, (said,) = page.evaluate(SEEN)
        assert said.replace(" ", "").startswith(line[14:].split("   (")[0].replace(" ", ""))
        page.keyboard.press("ArrowRight")
    _, (said,) = page.evaluate(SEEN)
    assert said.startswith("given")  # from the last step the keys lead to the first


def test_numbers_appear_when_they_are_computed(page, L):
    show(page, ad.trace(L, 2.0, 3.0).step().html)
    known = {"2", "3"}
    page.locator("input").first.focus()
    assert known <= set(page.evaluate(SEEN)[0]) and "0.6931" not in page.evaluate(SEEN)[0]
    for number in ("0.6931", "2.0794", "1.4420", "3.5215"):
        page.keyboard.press("ArrowRight")
        known.add(number)
        assert known <= set(page.evaluate(SEEN)[0])
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    seen = page.evaluate(SEEN)[0]
    assert "1.3467" in seen and "0.3467" in seen and "0.9335" not in seen


def test_next_and_prev(page, L):
    show(page, ad.trace(L, 2.0, 3.0).step().html)
    page.get_by_text("Next →").locator("visible=true").click()
    page.get_by_text("Next →").locator("visible=true").click()
    page.get_by_text("← Prev").locator("visible=true").click()
    assert page.evaluate(SEEN)[1] == ["v1 = log w1 = log 2 = 0.6931"]


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_words_stay_on_their_cards(page, graph, mode):
    show(page, graph.step(mode=mode).html)
    assert page.evaluate(SPILLED) == []
    assert page.evaluate(COLLIDING) == []


def test_a_phone_scrolls_the_picture_and_nothing_else(page, L):
    page.set_viewport_size({"width": 380, "height": 700})
    show(page, ad.trace(L, 2.0, 3.0).step().html)
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    box = "document.querySelector('.scroll')"
    assert page.evaluate(f"{box}.scrollWidth > {box}.clientWidth")
    page.set_viewport_size({"width": 1000, "height": 700})


def test_on_paper_the_end(page, L):
    show(page, ad.trace(L, 2.0, 3.0).step().html)
    page.emulate_media(media="print")
    drawn, said = page.evaluate(SEEN)
    page.emulate_media(media="screen")
    assert said == ["the gradient: ∂L/∂w1 = w̄1 = 2.0201, ∂L/∂w2 = w̄2 = 0.9335"]
    assert {"2.0201", "0.9335", "1.3467", "4.0402", "0.3467"} <= set(drawn)


@pytest.mark.parametrize(
    ("style", "paper"),
    [
        ("", "rgb(255, 255, 255)"),
        (":root{--jp-layout-color0:#111111;--jp-content-font-color0:#fff}", "rgb(17, 17, 17)"),
        (":root{--pst-color-background:#14181e;--pst-color-text-base:#ced6dd}", "rgb(20, 24, 30)"),
    ],
)
def test_the_colours_are_those_of_the_page(page, L, style, paper):
    show(page, ad.trace(L, 2.0, 3.0).step().html, style)
    fill = "getComputedStyle(document.querySelector('{}')).{}"
    assert page.evaluate(fill.format("rect.paper", "fill")) == paper
    assert page.evaluate(fill.format("[role=group]", "backgroundColor")) == paper


@pytest.mark.parametrize("kind", ["elimination", "schedule"])
def test_other_pictures_walk_by_the_same_keys(page, L, kind):
    if kind == "elimination":
        picture = step_elimination(ad.trace(L, 2.0, 3.0))
    else:
        picture = step_schedule(6, 2)
    show(page, picture.html)
    assert page.evaluate(SPILLED) == []
    page.locator("input").first.focus()
    lines = str(picture).splitlines()
    for line in lines:
        _, (said,) = page.evaluate(SEEN)
        words = re.sub(r"^\s*\d+\s+\w+\s+", "", line).split("   (")[0].split(" ; ")[0]
        assert said.replace(" ", "").startswith(words.replace(" ", ""))
        page.keyboard.press("ArrowRight")
    _, (said,) = page.evaluate(SEEN)
    assert lines[0].split()[-1] in said  # from the last step the keys lead to the first
