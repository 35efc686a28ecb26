"""Lectures and exercises, opened, run and stepped through as a student would.

Every lecture is opened and its stored pictures are looked at. nbval runs them all, so here a few
are run; ADCOURSE_BROWSER=all in the environment runs each.
"""

import os

import nbformat
import pytest

from .conftest import ROOT, TOKEN

pytestmark = pytest.mark.browser

LECTURES = sorted(path.stem for path in ROOT.glob("lectures/*.ipynb"))
RUN_HERE = ("00_start_here", "03_forward_mode", "04_reverse_mode")
# All are alike to JupyterLab; every third is opened.
EXERCISES = sorted(path.stem for path in ROOT.glob("exercises/*.ipynb"))[::3]

# The notebook in front, as JupyterLab holds it: cells that are out of view are in no page.
CELLS = """() => {
    const content = window.jupyterapp.shell.currentWidget.content;
    return content.widgets.filter(cell => cell.model.type === 'code').map(cell => ({
        index: content.widgets.indexOf(cell),
        count: cell.model.executionCount,
        state: cell.model.executionState,
        source: cell.model.sharedModel.getSource(),
        outputs: cell.model.outputs.toJSON(),
        mayFail: (cell.model.getMetadata('tags') ?? []).includes('raises-exception'),
    }));
}"""
READY = """path => {
    const shown = window.jupyterapp?.shell.currentWidget;
    return shown?.context?.path === path && shown.context.isReady
        && shown.sessionContext.session?.kernel?.status === 'idle'
        && shown.content.widgets.length > 0;
}"""
CLEARED = f"() => ({CELLS})().every(cell => cell.count === null)"
# Run All ends with its last cell, or with the first error that the notebook does not announce.
DONE = f"""() => {{
    const cells = ({CELLS})().filter(cell => cell.source.trim());
    const failed = cells.some(
        cell => !cell.mayFail && cell.outputs.some(out => out.output_type === 'error'));
    const busy = cells.some(cell => cell.state === 'running');
    return !busy && (failed || cells.every(cell => cell.count !== null));
}}"""
SHOW = """index => window.jupyterapp.shell.currentWidget.content.scrollToItem(index, 'smart')"""
# All words of a picture that can be seen at this step, and what is said of each image in it.
VISIBLE = """radio => {
    const picture = radio.closest('.jp-OutputArea-output');
    const seen = {visibilityProperty: true, opacityProperty: true};
    return [...picture.querySelectorAll('*')]
        .filter(node => !node.children.length && node.checkVisibility(seen))
        .map(node => (node.alt ?? node.textContent).trim()).filter(text => text).join(' | ');
}"""


def open_notebook(page, jupyterlab, path):
    page.goto(f"{jupyterlab}/lab/tree/{path}?token={TOKEN}&reset")
    page.wait_for_function(READY, arg=path, timeout=60_000)


def choose(page, menu, entry):
    """Click an entry of JupyterLab's menu bar."""
    page.locator(".lm-MenuBar-itemLabel").get_by_text(menu, exact=True).click()
    page.locator(".lm-Menu-itemLabel").get_by_text(entry, exact=True).click()


def run_all(page):
    """The code cells after "Run All Cells" from nothing."""
    choose(page, "Edit", "Clear Outputs of All Cells")
    page.wait_for_function(CLEARED)
    choose(page, "Run", "Run All Cells")
    page.wait_for_function(DONE, timeout=180_000)
    return page.evaluate(CELLS)


def complaints(cells):
    """Every error that no tag announces, and everything on stderr, in the outputs."""
    outputs = [output for cell in cells if not cell["mayFail"] for output in cell["outputs"]]
    return [
        output
        for output in outputs
        if output["output_type"] == "error" or output.get("name") == "stderr"
    ]


def holds_stepper(cell):
    return any("radio" in str(output.get("data", {})) for output in cell["outputs"])


def step_by_keyboard(page, cells, presses):
    """What is to be seen of the first stepping picture, before and after each arrow key."""
    first = next(cell for cell in cells if holds_stepper(cell))
    page.evaluate(SHOW, first["index"])
    checked = page.locator(".jp-OutputArea-output input[type=radio]:checked").first
    checked.wait_for(state="attached")
    checked.focus()
    seen = [checked.evaluate(VISIBLE)]
    for key in presses:
        page.keyboard.press(key)
        seen.append(page.locator("input[type=radio]:focus").evaluate(VISIBLE))
    return seen


def texts_of_figures(page, cells):
    """The alternative text of each figure, as JupyterLab has it on the page."""
    texts = []
    for cell in cells:
        if any("<img" in str(output.get("data", {})) for output in cell["outputs"]):
            page.evaluate(SHOW, cell["index"])
            figure = page.locator(f".jp-Cell[data-windowed-list-index='{cell['index']}'] img").first
            figure.wait_for(state="attached")
            assert figure.evaluate("image => image.complete && image.naturalWidth > 300")
            texts.append(figure.get_attribute("alt"))
    return texts


@pytest.mark.parametrize("name", LECTURES)
def test_lecture(page, jupyterlab, name):
    open_notebook(page, jupyterlab, f"lectures/{name}.ipynb")
    assert page.locator(".jp-Dialog").count() == 0

    # Trusted: the stored picture steps before anything has run.
    forth_and_back = ["ArrowRight", "ArrowRight", "ArrowLeft"]
    before = page.evaluate(CELLS)
    steps = any(map(holds_stepper, before))
    stored = step_by_keyboard(page, before, forth_and_back) if steps else None

    assert all(texts_of_figures(page, before))
    if name not in RUN_HERE and os.environ.get("ADCOURSE_BROWSER") != "all":
        return
    cells = run_all(page)
    assert complaints(cells) == []
    assert all(cell["count"] for cell in cells if cell["source"].strip())
    assert all(texts_of_figures(page, cells))
    if not steps:
        return

    seen = step_by_keyboard(page, cells, forth_and_back)
    assert len(set(seen[:3])) == 3  # each press shows another step
    assert seen[3] == seen[1]
    assert seen == stored


@pytest.mark.parametrize("name", EXERCISES)
def test_exercise(page, jupyterlab, course, name):
    open_notebook(page, jupyterlab, f"exercises/{name}.ipynb")
    cells = run_all(page)

    # A blank stops at its first check, which gives its hint in one line and no stack.
    blank = nbformat.read(course / "exercises" / f"{name}.ipynb", as_version=4)
    checks = [cell for cell in blank.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    stopped = [cell for cell in cells if complaints([cell])]
    assert [cell["source"] for cell in stopped] == [checks[0].source]
    assert [output["output_type"] for output in stopped[0]["outputs"]] == ["error"]
    assert all(cell["count"] is None for cell in cells if cell["index"] > stopped[0]["index"])

    page.evaluate(SHOW, stopped[0]["index"])
    name = checks[0].metadata.nbgrader.grade_id.replace("-", ".", 1)
    shown = page.locator(".jp-OutputArea-output", has_text=f"✘ {name}: ")
    shown.scroll_into_view_if_needed()  # what is out of view has no text yet
    hint = shown.inner_text().strip()
    assert hint.startswith(f"✘ {name}: ")
    assert "\n" not in hint and "Traceback" not in hint

    # The progress of the notebook, above, says so too.
    board = next(cell for cell in cells if "progress(" in cell["source"])
    page.evaluate(SHOW, board["index"])
    first = page.locator(".jp-OutputArea-output span", has_text=name)
    assert first.inner_text() == f"✘ {name}"
