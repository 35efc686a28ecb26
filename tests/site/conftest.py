"""The site, built once, a server in front of it, and the browser of JupyterLab's tests."""

import functools
import subprocess
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ..browser.conftest import ROOT, browser, page  # noqa: F401

BINDER = "https://binder.example/v2/gh/owner/name/main"
COLAB = "https://colab.example/github/owner/name/blob/main"


def run_builder(*arguments, **more):
    """`python -m docs.building` with these arguments, to its end."""
    command = [sys.executable, "-m", "docs.building", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, **more)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder of the whole site, without the kernel that runs in the browser."""
    out = tmp_path_factory.mktemp("site") / "site"
    done = run_builder("--out", out, "--no-lite", "--binder", BINDER, "--colab", COLAB)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="session")
def address(site):
    """The address at which the site is served."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=site))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
