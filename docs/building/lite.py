"""The notebooks in the browser: JupyterLite, whose Python runs in the reader's own browser.

Everything is served as files: JupyterLite, copies of the notebooks and the wheel of adcourse. Only
Python itself (Pyodide) and the packages that adcourse needs come from Pyodide's own address, unless
a folder that holds them is named.
"""

import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from shutil import copytree, move, rmtree
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

from adcourse.course.errors import CourseError
from adcourse.course.notebooks import read_notebook

ROOT = Path(__file__).resolve().parent.parent.parent
# The kernel named `python` starts without a question; `python3` would make JupyterLite ask for one.
KERNEL = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
INSTALL = """\
# Runs in your browser. The first time, this fetches NumPy, SciPy, SymPy and Matplotlib.
%pip install -q adcourse"""
# JupyterLite ends a run at every error, also at one that the notebook announces by this tag.
ANNOUNCED = "raises-exception"
GO_ON = """\
> In the browser, *Run All Cells* stops at the error above, which is meant to be there. Go on with
> *Run → Run Selected Cell and All Below*."""
# The kernel loads `comm` when it starts, and Pyodide does not have it.
BUNDLED = ("comm",)
KERNEL_PACKAGE = "jupyterlite-pyodide-kernel"
SETTINGS = {"appName": "adcourse"}


def build_lite(notebooks, out, pyodide=None):
    """Build JupyterLite with these notebooks into out/lite; returns that folder.

    `notebooks` are paths like lectures/NAME.ipynb, each kept under its folder's name, so that
    out/lite/lab/index.html?path=lectures/NAME.ipynb opens it (notebooks/index.html?path=... in the
    plainer view). `pyodide` is a folder to serve Pyodide from; without it, browsers fetch Pyodide
    from its public address. Raises CourseError when a notebook cannot be read or JupyterLite is
    missing or fails; out/lite is then as it was.
    """
    with TemporaryDirectory() as folder:
        work = Path(folder)
        stage(notebooks, work / "files")
        wheels = [course_wheel(work / "wheels")]
        wheels += [installed_wheel(name, work / "wheels") for name in BUNDLED]
        run_jupyterlite(work, work / "lite", wheels, kernel_extension(), pyodide)
        target = Path(out) / "lite"
        rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        return Path(move(work / "lite", target))


def stage(notebooks, folder):
    """Copies of notebooks, and of the pictures beside them, as a browser needs them."""
    paths = [Path(path).resolve() for path in notebooks]
    copies = {path: copy_for_browser(read_notebook(path)) for path in paths}
    for path, copy in copies.items():
        target = folder / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        # Not by nbformat, which leaves out the mark that a cell is trusted.
        target.write_text(json.dumps(copy, ensure_ascii=False, indent=1), encoding="utf-8")
    for parent in {path.parent for path in paths}:
        if (parent / "images").is_dir():
            copytree(parent / "images", folder / parent.name / "images", dirs_exist_ok=True)


def copy_for_browser(notebook):
    """The notebook with its kernel's name, a first cell that installs, and live pictures."""
    from nbformat.v4 import new_code_cell, new_markdown_cell

    cells = [new_code_cell(INSTALL, id="install")]
    for cell in notebook.cells:
        cells.append(cell)
        if cell.cell_type == "code":
            # JupyterLab shows live pictures of a run elsewhere only in cells marked like this.
            cell.metadata["trusted"] = True
        if ANNOUNCED in cell.metadata.get("tags", ()):
            cells.append(new_markdown_cell(GO_ON, id=f"{cell.id[:50]}-go-on"))
    notebook.cells = cells
    notebook.metadata["kernelspec"] = KERNEL
    return notebook


def course_wheel(folder):
    """The wheel of adcourse, built from this tree."""
    run(["-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], "The wheel of adcourse")
    (wheel,) = folder.glob("adcourse-*.whl")
    return wheel


def installed_wheel(name, folder):
    """The wheel that a pure Python package was installed from, put together again."""
    found = distribution(name)
    tag = next(line for line in found.read_text("WHEEL").splitlines() if line.startswith("Tag: "))
    wheel = folder / f"{name}-{found.version}-{tag.removeprefix('Tag: ')}.whl"
    folder.mkdir(parents=True, exist_ok=True)
    with ZipFile(wheel, "w", ZIP_DEFLATED) as archive:
        for file in found.files:
            if ".." not in file.parts and "__pycache__" not in file.parts:
                archive.write(file.locate(), file.as_posix())
    return wheel


def kernel_extension():
    """The folder of the kernel's part that runs in the browser, as pip has installed it."""
    files = distribution(KERNEL_PACKAGE).files
    return next(f.locate().resolve().parent for f in files if f.name == "install.json")


def distribution(name):
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError:
        raise CourseError(
            f"JupyterLite needs the package {name}: run `python3 start.py site`, or install the "
            "extra `site`."
        ) from None


def run_jupyterlite(work, out, wheels, extension, pyodide=None):
    """Build the site of the notebooks in work/files into `out`."""
    build = {
        "apps": ["lab", "notebooks"],
        "cache_dir": str(work / "cache"),
        "contents": [str(work / "files")],
        "federated_extensions": [str(extension)],
        # Extensions of this machine's own JupyterLab would ask for a server that is not there.
        "ignore_sys_prefix": ["federated_extensions"],
        "no_sourcemaps": True,
        "output_dir": str(out),
    }
    config = {
        "LiteBuildConfig": build,
        "PipliteAddon": {"piplite_urls": [str(wheel) for wheel in wheels]},
    }
    if pyodide:
        copytree(pyodide, work / "static" / "pyodide")  # where JupyterLite looks for it
    (work / "jupyter_lite_config.json").write_text(json.dumps(config), encoding="utf-8")
    settings = {"jupyter-lite-schema-version": 0, "jupyter-config-data": SETTINGS}
    (work / "jupyter-lite.json").write_text(json.dumps(settings), encoding="utf-8")
    run(["-m", "jupyterlite_core", "build", "--lite-dir", str(work)], "JupyterLite", work)


def run(arguments, what, folder=ROOT):
    """Run a Python program that builds `what`; its last error says why it could not."""
    done = subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        lines = [line.strip() for line in (done.stdout + done.stderr).splitlines()]
        errors = [line for line in lines if re.match(r"[\w.]+(Error|Exception)\b", line)]
        reason = [f"it ended with code {done.returncode}", *errors][-1]
        raise CourseError(f"{what} could not be built: {reason}")
