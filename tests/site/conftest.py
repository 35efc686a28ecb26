"""The browser of the site's tests is the one of JupyterLab's."""

from ..browser.conftest import browser  # noqa: F401
