"""The site, built once, a server in front of it, and the browser of JupyterLab's tests."""

import socketserver
import subprocess
import sys
import threading
from functools import partial
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
    """The folder of the whole site."""
    out = tmp_path_factory.mktemp("site") / "site"
    done = run_builder("--out", out, "--binder", BINDER, "--colab", COLAB)
    assert done.returncode == 0, done.stderr
    return out


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def serve():
    """A function that serves a folder of files; returns its address."""
    servers = []

    def served(folder):
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield served
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def address(serve, site):
    """The address at which the site is served."""
    return serve(site)


class Refuse(socketserver.StreamRequestHandler):
    """A proxy that notes what it is asked for and gives nothing: workers cannot get around it."""

    def handle(self):
        self.server.asked.append(self.rfile.readline().decode(errors="replace").strip())


@pytest.fixture
def lone_page(browser):  # noqa: F811
    """A window of a browser that reaches this machine alone; in the end it may not have tried."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Refuse) as proxy:
        proxy.asked = []
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{proxy.server_address[1]}"
        context = browser.new_context(
            viewport={"width": 1400, "height": 1000},
            proxy={"server": address, "bypass": "127.0.0.1"},
        )
        yield context.new_page()
        context.close()
        proxy.shutdown()
    # Chromium asks its maker about the fields of forms; no page can ask for that.
    assert [line for line in proxy.asked if "content-autofill." not in line] == []
