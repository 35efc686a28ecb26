"""The parts of the site in their order: pages, slides, notebooks that run in the browser."""

import io
import os
import sys

from adcourse.course.errors import CourseError

from .carried import MATHJAX, carried_file
from .lite import build_lite
from .output import replacing
from .slides import build_slides
from .staging import stage


def build(root, options):
    """Write the site to the folder options.out, whole or not at all."""
    carried_file(*MATHJAX)  # before Sphinx, which would bury the sentence
    with replacing(options.out) as scratch:
        new = scratch / "new"
        notebooks = stage(root, scratch / "source", options.repository)
        lectures = [path for path in notebooks if path.parent.name == "lectures"]
        places = {"lite": not options.no_lite, "binder": options.binder, "colab": options.colab}
        build_pages(root, scratch, places)
        build_slides(lectures, new)
        if not options.no_lite:
            build_lite(notebooks, new)
        (new / ".nojekyll").touch()  # GitHub Pages would leave out folders that begin with _


def build_pages(root, scratch, places):
    """Let Sphinx write the pages; what it would only warn of is an error here."""
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError
    from sphinx.util.console import nocolor
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    nocolor()
    warnings = io.StringIO()
    confdir = str(root / "docs")
    try:
        with patch_docutils(confdir), docutils_namespace():
            app = Sphinx(
                srcdir=str(scratch / "source"),
                confdir=confdir,
                outdir=str(scratch / "new"),
                doctreedir=str(scratch / "doctrees"),
                buildername="html",
                confoverrides={"places": places},
                tags=["lite"] if places["lite"] else [],
                status=None,
                warning=warnings,
            )
            app.build()
    except SphinxError as error:
        raise CourseError(f"Sphinx stopped: {str(error).splitlines()[0]}") from None
    found = warnings.getvalue().replace(f"{scratch / 'source'}{os.sep}", "")
    if found:
        sys.stderr.write(found)
        raise CourseError("The pages have the flaws above: mend them and build again.")
