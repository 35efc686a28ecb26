"""JupyterLab as `start.py` starts it, and Chromium in front of it; both live for one module."""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
TOKEN = "adcourse-tests"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def start_module(folder):
    """The module start.py, told that it lies in `folder` and that this Python is its .venv's."""
    spec = importlib.util.spec_from_file_location("start_in_browser", ROOT / "start.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.ROOT, module.PYTHON = str(folder), sys.executable
    return module


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address, server, log):
    for _ in range(300):
        assert server.poll() is None, f"JupyterLab ended: {log.read_text()}"
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError(f"JupyterLab does not answer: {log.read_text()}")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the notebooks, in a folder that a run may change."""
    folder = tmp_path_factory.mktemp("course")
    for name in ("lectures", "exercises"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def jupyterlab(course, tmp_path_factory):
    """The address of a JupyterLab over `course` that reads and writes no setting of this user."""
    private = tmp_path_factory.mktemp("jupyter")
    start = start_module(course)
    port = free_port()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CONFIG", "DATA", "RUNTIME"):
            patch.setenv(f"JUPYTER_{name}_DIR", str(private / name.lower()))
        for name in ("SETTINGS", "WORKSPACES"):
            patch.setenv(f"JUPYTERLAB_{name}_DIR", str(private / name.lower()))
        patch.setenv("IPYTHONDIR", str(private / "ipython"))
        patch.setenv("JUPYTER_TOKEN", TOKEN)
        start.trust_notebooks()
        command = start.lab_command(start.read_options(["--no-browser", "--port", str(port)]))
        environment = {**start.environment(), "PYTHONPATH": str(ROOT)}
    log = private / "log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [*command, "--LabApp.expose_app_in_browser=True"],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/api", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            end = os.killpg if hasattr(os, "killpg") else os.kill
            end(server.pid, signal.SIGTERM)
            server.wait(30)


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium. It must not outlive its module: playwright keeps an event loop running."""
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="the browser tests need playwright: python3 start.py test"
    )
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip("the browser tests need Chromium: on Debian, sudo apt install chromium")
    arguments = (
        "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync"
        " --disable-background-networking --disable-component-update"
    ).split()
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    """A fresh window; at the end of the test, nothing may have been asked for online."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    window = context.new_page()
    asked = []
    window.on("request", lambda request: asked.append(request.url))
    yield window
    context.close()
    local = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")
    assert [url for url in asked if not url.startswith(local)] == []
