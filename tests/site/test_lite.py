"""The notebooks in the browser's own Python: what is built, and what runs, without a network.

This tier has the shipped versions of everything, but no NumPy: no wheel of it for the browser is on
PyPI. Tier 2, in test_lite_lectures.py, has older versions, with NumPy, and runs whole lectures.
"""

import json
import tomllib
import zipfile
from contextlib import contextmanager
from importlib import metadata
from importlib.util import find_spec

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from adcourse.course.errors import CourseError

from ..browser.conftest import ROOT
from ..browser.test_jupyterlab import (
    CELLS,
    READY,
    complaints,
    run_all,
    step_by_keyboard,
)
from . import pyodide

if find_spec("jupyterlite_pyodide_kernel") is None or find_spec("jupyterlite_core") is None:
    pytest.skip("JupyterLite needs the packages of the extra `site`", allow_module_level=True)

from jupyterlite_pyodide_kernel.constants import PYODIDE_PYTHON_VERSION, PYODIDE_VERSION

from docs.building import lite

LECTURES = sorted(ROOT.glob("lectures/*.ipynb"))
EXERCISES = sorted(ROOT.glob("exercises/*.ipynb"))
NEEDED = ["micropip", "ipython", "numpy", "scipy", "sympy", "matplotlib"]


def names(path):
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_jupyterlite_and_its_kernel_match():
    pins = {
        pin.name: pin.specifier
        for pin in map(Requirement, project()["optional-dependencies"]["site"])
    }
    pair = "jupyterlite-core", "jupyterlite-pyodide-kernel"
    assert pins[pair[0]] == pins[pair[1]] and not pins[pair[0]].contains("0.9.0")
    core, kernel = (metadata.version(name).split(".")[:2] for name in pair)
    assert core == kernel == ["0", "8"]


def test_the_shipped_pyodide_has_what_adcourse_needs():
    """What cannot run here, NumPy in the shipped Pyodide, is at least of a version that will do."""
    with needs("the packages of the shipped Pyodide"):
        lock = pyodide.read_lock(pyodide.core(PYODIDE_VERSION))
    assert lock["info"]["python"].startswith(f"{PYODIDE_PYTHON_VERSION}.")
    assert SpecifierSet(project()["requires-python"]).contains(lock["info"]["python"])
    for requirement in map(Requirement, project()["dependencies"]):
        version = lock["packages"][requirement.name]["version"]
        assert requirement.specifier.contains(version), f"{requirement} is {version} in Pyodide"


@contextmanager
def needs(what):
    """Skip with a reason, never in silence, what cannot be downloaded."""
    try:
        yield
    except pyodide.Missing as missing:
        pytest.skip(f"{what} not tested: {missing}")


def test_a_copy_is_made_for_the_browser(tmp_path):
    lite.stage([LECTURES[0], EXERCISES[0]], tmp_path)
    for path in (LECTURES[0], EXERCISES[0]):
        text = (tmp_path / path.parent.name / path.name).read_text(encoding="utf-8")
        copy = nbformat.from_dict(json.loads(text))
        original = nbformat.read(path, as_version=4)
        nbformat.validate(copy)
        assert copy.metadata.kernelspec.name == "python"
        assert "%pip install -q adcourse" in copy.cells[0].source
        rest = [cell.source for cell in copy.cells[1:] if cell.source != lite.GO_ON]
        assert rest == [cell.source for cell in original.cells]
        assert all(c.metadata.trusted for c in copy.cells[1:] if c.cell_type == "code")
        assert original.metadata.kernelspec.name == "python3"
    assert (tmp_path / "lectures" / "images" / "stepper.png").exists()


def test_a_copy_says_where_a_run_stops():
    failing = new_code_cell("1 / 0", metadata={"tags": ["raises-exception"]})
    copy = lite.copy_for_browser(new_notebook(cells=[failing, new_code_cell("2")]))
    nbformat.validate(copy)
    assert [cell.source for cell in copy.cells[1:]] == ["1 / 0", lite.GO_ON, "2"]


def test_a_wheel_is_put_together_again(tmp_path):
    wheel = lite.installed_wheel("comm", tmp_path)
    assert wheel.name == f"comm-{metadata.version('comm')}-py3-none-any.whl"
    info = f"comm-{metadata.version('comm')}.dist-info"
    assert {"comm/__init__.py", f"{info}/METADATA", f"{info}/WHEEL"} <= names(wheel)
    assert not any(".pyc" in name for name in names(wheel))


def test_what_is_shipped(site):
    folder = site / "lite"
    for path in (*LECTURES, *EXERCISES):
        assert (folder / "files" / path.parent.name / path.name).exists()
    assert {path.parent.name for path in folder.glob("*/index.html")} >= {"lab", "notebooks"}
    assert list(folder.rglob("*.map")) == []
    assert set(json.loads((folder / "pypi" / "all.json").read_text())) == {"adcourse", "comm"}
    # The kernel alone: an extension of this machine's JupyterLab would miss its server.
    config = json.loads((folder / "jupyter-lite.json").read_text())["jupyter-config-data"]
    extensions = [extension["name"] for extension in config["federated_extensions"]]
    assert extensions == ["@jupyterlite/pyodide-kernel-extension"]
    # Pyodide comes from its own address, in the version that was tested.
    assert list(folder.rglob("pyodide.asm.*")) == []
    kernel = (folder / "extensions" / extensions[0]).rglob("*.js")
    assert any(f"/v{PYODIDE_VERSION}/" in file.read_text(encoding="utf-8") for file in kernel)


def test_what_is_missing_is_one_sentence_and_leaves_what_was_there(tmp_path, monkeypatch):
    (tmp_path / "lite").mkdir()
    before = (tmp_path / "lite" / "old").write_text("old")
    with pytest.raises(CourseError, match="99_none.ipynb does not exist"):
        lite.build_lite([tmp_path / "99_none.ipynb"], tmp_path)
    monkeypatch.setattr(lite, "KERNEL_PACKAGE", "no-such-package")
    with pytest.raises(CourseError, match="needs the package no-such-package: run"):
        lite.build_lite(LECTURES[:1], tmp_path)
    monkeypatch.undo()
    monkeypatch.setattr(lite, "kernel_extension", lambda: tmp_path / "nowhere")
    with pytest.raises(CourseError, match="JupyterLite could not be built: "):
        lite.build_lite(LECTURES[:1], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["lite"]
    assert len((tmp_path / "lite" / "old").read_text()) == before


def open_notebook(page, address, path):
    page.goto(f"{address}/lite/lab/index.html?path={path}")
    page.wait_for_function(READY, arg=path, timeout=120_000)
    assert page.locator(".jp-Dialog").count() == 0


def shipped_pyodide(folder):
    """The Pyodide that the kernel was made for; wheels with nothing in them stand for NumPy."""
    core = pyodide.core(PYODIDE_VERSION)
    packages = pyodide.closure(pyodide.read_lock(core), NEEDED)
    pure = pyodide.wheels(
        f"pure-{PYODIDE_VERSION}", pyodide.pure_requirements(packages), PYODIDE_PYTHON_VERSION
    )
    there = {file.name for file in pure.iterdir()}
    absent = [package for package in packages.values() if package["file_name"] not in there]
    assert {"numpy", "scipy", "matplotlib"} <= {package["name"] for package in absent}
    folder.mkdir()
    files = [*pure.iterdir(), *(pyodide.stand_in(package, folder) for package in absent)]
    return pyodide.assemble(folder / "pyodide", core, files)


def trial(path):
    """A notebook of what runs without NumPy; its picture is stored as one that was drawn before."""
    lecture = nbformat.read(ROOT / "lectures" / "04_reverse_mode.ipynb", as_version=4)
    drawn = next(cell for cell in lecture.cells if "radio" in str(cell.get("outputs")))
    (html,) = [out.data["text/html"] for out in drawn.outputs if "text/html" in out.get("data", {})]
    sources = [
        "from importlib.metadata import version\nprint(version('adcourse'))",
        "import sympy\nw = sympy.Symbol('w')\nsympy.diff(sympy.sin(w) ** 2, w)",
        "import time\nstart = time.process_time()\nsum(range(10**6))\n"
        "print(time.process_time() > start)",
        f"from IPython.display import HTML\nHTML({html!r})",
    ]
    cells = [new_code_cell(source) for source in sources]
    cells[-1].outputs = drawn.outputs
    path.parent.mkdir()
    nbformat.write(new_notebook(cells=cells), path)
    return path


@pytest.mark.browser
def test_the_shipped_kernel(lone_page, serve, tmp_path, monkeypatch):
    """Tier 1: install from the bundle, SymPy with LaTeX, and pictures stepped by keyboard."""
    page = lone_page
    with needs("the kernel in the browser"):
        local = shipped_pyodide(tmp_path / "wheels")
    monkeypatch.setitem(lite.SETTINGS, "exposeAppInBrowser", True)
    lite.build_lite([trial(tmp_path / "trial" / "trial.ipynb")], tmp_path / "site", local)
    open_notebook(page, serve(tmp_path / "site"), "trial/trial.ipynb")

    forth_and_back = ["ArrowRight", "ArrowRight", "ArrowLeft"]
    stored = step_by_keyboard(page, page.evaluate(CELLS), forth_and_back)
    assert len(set(stored[:3])) == 3 and stored[3] == stored[1]

    cells = run_all(page)
    assert complaints(cells) == []
    installed, formula, clock = (cell["outputs"][0] for cell in cells[1:4])
    assert installed["text"] == f"{metadata.version('adcourse')}\n"
    assert "sin{" in formula["data"]["text/latex"]
    assert page.locator(".jp-RenderedLatex mjx-container").count() == 1
    assert clock["text"] == "True\n"
    assert step_by_keyboard(page, cells, forth_and_back) == stored
