"""start.py on machines that lack something; CI itself starts with the whole installation."""

import argparse
import ast
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.sign import NotebookNotary

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def course(tmp_path):
    """A folder with start.py and pyproject.toml, its name as awkward as a student's."""
    folder = tmp_path / "my course, été"
    folder.mkdir()
    for name in ("start.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture
def start(course):
    """The module start of that folder."""
    spec = importlib.util.spec_from_file_location("start_under_test", course / "start.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_start(course, *arguments, first="", **environment):
    """Exit code and the one line on stderr, after running `first` in the same interpreter."""
    code = (
        f"import runpy, sys; {first}\nsys.argv = ['start.py', *{arguments!r}]\n"
        "runpy.run_path('start.py', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=course,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stderr.strip(), done.stdout


def test_old_pythons_can_read_it():
    newer = (
        ast.JoinedStr, ast.NamedExpr, ast.AnnAssign, ast.Nonlocal, ast.YieldFrom, ast.Match,
        ast.AsyncFunctionDef,
    )  # fmt: skip
    for node in ast.walk(ast.parse((ROOT / "start.py").read_text(encoding="ascii"))):
        assert not isinstance(node, newer), node.lineno
        if isinstance(node, ast.Raise):
            assert node.cause is None, node.lineno
        if isinstance(node, ast.FunctionDef):
            arguments = node.args
            assert not (arguments.kwonlyargs or arguments.posonlyargs or node.returns)
            assert all(argument.annotation is None for argument in arguments.args)
        if isinstance(node, (ast.List, ast.Tuple)):
            assert not any(isinstance(element, ast.Starred) for element in node.elts), node.lineno


def test_python_is_too_old(course):
    code, message, _ = run_start(course, first="sys.version_info = (3, 9, 1)")
    assert code == 1
    assert message == (
        "adcourse needs Python 3.11 or newer, but this is Python 3.9: "
        "install a newer one and run this file with it."
    )
    assert not (course / ".venv").exists()


def test_venv_is_missing(course):
    code, message, _ = run_start(course, first="sys.modules['ensurepip'] = None")
    assert code == 1
    assert "sudo apt install python3-venv" in message and "\n" not in message
    assert not (course / ".venv").exists()


def test_tests_that_are_asked_for_run_in_turn(start):
    pytest_ = [start.PYTHON, "-m", "pytest", "--nbval", "--nbval-current-env"]
    assert start.test_command(["-x", "tests/rules"]) == [*pytest_, "-x", "tests/rules"]
    everything = start.test_command([])
    assert everything[:5] == pytest_ and "loadfile" in everything  # a notebook runs on one core


def test_port_is_taken(course):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, message, _ = run_start(course, "--no-browser", "--port", str(port))
    assert code == 1
    assert message.startswith(f"Port {port} cannot be used (") and "\n" not in message
    assert not (course / ".venv").exists()


def test_half_made_venv_is_remade_and_the_network_is_missing(course, start):
    (course / ".venv" / "lib").mkdir(parents=True)
    code, message, output = run_start(
        course,
        PIP_INDEX_URL="http://127.0.0.1:9/simple",  # nothing listens there
        PIP_CONFIG_FILE=os.devnull,
        PIP_FIND_LINKS="",
        PIP_RETRIES="0",
    )
    assert code == 1
    assert "connect to the internet" in message and "\n" not in message
    assert output.startswith("Remaking .venv")
    assert start.venv_runs()


@pytest.fixture
def recorded(start, monkeypatch):
    """start.py with its two slow steps replaced: what `prepare` asks of them is written down."""
    asked = []

    def make_venv():
        asked.append("make")
        shutil.rmtree(start.VENV, ignore_errors=True)
        os.mkdir(start.VENV)

    monkeypatch.setattr(start, "make_venv", make_venv)
    monkeypatch.setattr(start, "venv_runs", lambda: os.path.isdir(start.VENV))
    monkeypatch.setattr(start, "install", lambda extras: asked.append(",".join(extras)))
    return start, asked


def test_a_second_run_does_nothing(recorded):
    start, asked = recorded
    start.prepare(["lab"])
    assert asked == ["make", "lab"]
    start.prepare(["lab"])
    assert asked == ["make", "lab"]


def test_extras_are_added_and_kept(recorded):
    start, asked = recorded
    start.prepare(["lab"])
    start.prepare(["lab", "test"])
    start.prepare(["lab"])
    assert asked == ["make", "lab", "lab,test"]


def test_a_changed_pyproject_is_installed_again(recorded, course):
    start, asked = recorded
    start.prepare(["lab"])
    with open(course / "pyproject.toml", "a") as file:
        file.write("# changed\n")
    start.prepare(["lab"])
    assert asked == ["make", "lab", "lab"]


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemError])
def test_an_interrupted_installation_starts_afresh(recorded, monkeypatch, interruption):
    start, asked = recorded

    def interrupted(extras):
        raise interruption

    with monkeypatch.context() as patch:
        patch.setattr(start, "install", interrupted)
        with pytest.raises(interruption):
            start.prepare(["lab"])
    start.prepare(["lab"])
    assert asked == ["make", "make", "lab"]


def test_a_refused_installation_keeps_what_was_there(recorded, monkeypatch):
    start, asked = recorded

    def refused(extras):
        raise start.Stop("no network")

    start.prepare(["lab"])
    with monkeypatch.context() as patch:
        patch.setattr(start, "install", refused)
        with pytest.raises(start.Stop):
            start.prepare(["lab", "test"])
    start.prepare(["lab"])
    assert asked == ["make", "lab"]


def test_a_moved_folder_and_a_torn_stamp_start_afresh(recorded):
    start, asked = recorded
    start.prepare(["lab"])
    stamp = json.loads(Path(start.STAMP).read_text())
    Path(start.STAMP).write_text(json.dumps({**stamp, "root": "elsewhere"}))
    start.prepare(["lab"])
    Path(start.STAMP).write_text('{"root": ')
    start.prepare(["lab"])
    assert asked == ["make", "lab"] * 3


def test_other_environments_stay_outside(start, monkeypatch):
    for name in start.FOREIGN + ["PIP_USER"]:
        monkeypatch.setenv(name, "elsewhere")
    monkeypatch.setenv("VIRTUAL_ENV", "elsewhere")
    environment = start.environment()
    assert "elsewhere" not in environment.values()
    assert environment["PATH"].split(os.pathsep)[0] == os.path.dirname(start.PYTHON)


def test_options_reach_jupyterlab(start):
    options = start.read_options(["--no-browser", "--port", "8999"])
    command = start.lab_command(options)
    assert {"--no-browser", "--ServerApp.port=8999"} <= set(command)
    plain = start.lab_command(argparse.Namespace(no_browser=False, port=None))
    assert not any("browser" in word or "port" in word for word in plain)


def test_notebooks_are_trusted_anew_when_they_change(start, course, tmp_path, monkeypatch):
    monkeypatch.setattr(start, "PYTHON", sys.executable)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    page = course / "lectures" / "01_page.ipynb"
    page.parent.mkdir()
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1", id="one")])

    (tmp_path / "data").mkdir()

    def trusted():
        with NotebookNotary(data_dir=str(tmp_path / "data")) as notary:
            return notary.check_signature(nbformat.read(page, as_version=4))

    nbformat.write(notebook, page)
    assert not trusted()
    start.trust_notebooks()
    assert trusted()
    notebook.cells[0].source = "2 + 2"
    nbformat.write(notebook, page)
    assert not trusted()
    start.trust_notebooks()
    assert trusted()
