"""What stops a build, in one sentence, and that the site before it is then still whole."""

import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from adcourse.course.errors import CourseError

from ..browser.conftest import ROOT, start_module
from .conftest import run_builder

if any(find_spec(name) is None for name in ("mathjax", "myst_nb", "sphinx_book_theme")):
    pytest.skip("the site needs the packages of the extra `site`", allow_module_level=True)

from docs.building import carried
from docs.building.output import LIST, files_in, replacing
from docs.building.staging import Links, pages_of, refuse_errors, stage


def written(out, **files):
    """Build a site of these files."""
    with replacing(out) as scratch:
        for name, text in files.items():
            (scratch / "new" / name).write_text(text)


def contents(folder):
    return {name: (folder / name).read_text() for name in files_in(folder)}


def test_a_site_replaces_the_one_before(tmp_path):
    out = tmp_path / "deep" / "site"
    written(out, a="1", b="2")
    written(out, b="3", c="4")
    assert contents(out) == {"b": "3", "c": "4", LIST: f"b\nc\n{LIST}\n"}
    assert list(out.parent.iterdir()) == [out]


def test_an_empty_folder_may_be_taken(tmp_path):
    written(tmp_path / "site", a="1")
    (tmp_path / "empty").mkdir()
    written(tmp_path / "empty", a="1")
    assert contents(tmp_path / "empty") == contents(tmp_path / "site")


@pytest.mark.parametrize("built_before", [False, True])
def test_foreign_files_are_never_removed(tmp_path, built_before):
    out = tmp_path / "site"
    if built_before:
        written(out, a="1")
    (out / "deep").mkdir(parents=True)
    (out / "deep" / "thesis.tex").write_text("years of work")
    before = contents(out)
    with pytest.raises(CourseError, match="site holds deep/thesis.tex, which no build"):
        written(out, a="2")
    assert contents(out) == before
    assert list(tmp_path.iterdir()) == [out]


def test_foreign_files_that_come_during_the_build_are_seen(tmp_path):
    out = tmp_path / "site"
    with pytest.raises(CourseError, match="holds late"), replacing(out):
        out.mkdir()
        (out / "late").write_text("mine")
    assert contents(out) == {"late": "mine"}


def test_a_file_is_not_taken_for_a_folder(tmp_path):
    (tmp_path / "site").write_text("mine")
    with pytest.raises(CourseError, match="is a file"):
        written(tmp_path / "site", a="1")
    assert (tmp_path / "site").read_text() == "mine"


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemExit, CourseError])
def test_an_interrupted_build_leaves_the_site_whole(tmp_path, interruption):
    out = tmp_path / "site"
    written(out, a="1")
    with pytest.raises(interruption), replacing(out) as scratch:
        (scratch / "new" / "a").write_text("half")
        raise interruption
    assert contents(out) == {"a": "1", LIST: f"a\n{LIST}\n"}
    assert list(tmp_path.iterdir()) == [out]


def test_an_interrupted_exchange_leaves_the_site_whole(tmp_path, monkeypatch):
    out = tmp_path / "site"
    written(out, a="1")
    rename = type(out).rename

    def fails(path, target):
        if path.name == "new":
            raise KeyboardInterrupt
        return rename(path, target)

    with pytest.raises(KeyboardInterrupt), monkeypatch.context() as patch:
        patch.setattr(type(out), "rename", fails)
        written(out, a="2")
    assert contents(out) == {"a": "1", LIST: f"a\n{LIST}\n"}
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without asking it")
@pytest.mark.parametrize(("end", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_build_that_is_ended_cleans_up(tmp_path, end, code):
    out = tmp_path / "site"
    written(out, a="1")
    command = [sys.executable, "-m", "docs.building", "--no-lite", "--out", str(out)]
    build = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True)
    try:
        for _ in range(600):
            if any(tmp_path.glob(".site-building-*/source/lectures/*")):
                break
            time.sleep(0.05)
        build.send_signal(end)
        build.communicate(timeout=60)
    finally:
        build.kill()
    assert build.returncode == code
    assert contents(out) == {"a": "1", LIST: f"a\n{LIST}\n"}
    assert list(tmp_path.iterdir()) == [out]


def test_a_refusal_is_one_line_and_exit_code_1(tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    done = run_builder("--out", tmp_path, "--no-lite")
    assert done.returncode == 1
    assert done.stderr.startswith(f"site: {tmp_path} holds thesis.tex")
    assert done.stderr.count("\n") == 1 and done.stdout == ""


def test_an_address_has_to_be_one(tmp_path):
    environment = {**os.environ, "ADCOURSE_BINDER": "mybinder.org"}
    done = run_builder("--out", tmp_path / "site", env=environment)
    assert done.returncode == 2
    assert done.stderr.endswith("'mybinder.org' is no address that begins with https://\n")


def test_a_missing_package_is_named():
    with pytest.raises(CourseError, match="needs tex-svg.js, which the package other carries"):
        carried.carried_file("no_such_module", "other", "static/tex-svg.js")


@pytest.fixture
def course(tmp_path):
    """A repository of one lecture and one text."""
    for folder in ("docs", "lectures/source"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "docs" / "index.md").write_text("# Start\n")
    (tmp_path / "lectures" / "source" / "01_x.md").write_text("")
    cell = new_code_cell("1 + 1", execution_count=1)
    nbformat.write(new_notebook(cells=[cell]), tmp_path / "lectures" / "01_x.ipynb")
    return tmp_path


def test_a_missing_notebook_is_named(course):
    (course / "lectures" / "01_x.ipynb").unlink()
    with pytest.raises(CourseError, match="01_x.ipynb does not exist; build it with"):
        stage(course, course / "staged")


def test_a_broken_notebook_is_named(course):
    (course / "lectures" / "01_x.ipynb").write_text("{")
    with pytest.raises(CourseError, match="01_x.ipynb is not a notebook"):
        stage(course, course / "staged")


def test_a_link_to_nowhere_is_named(course):
    (course / "docs" / "index.md").write_text("[x](../lectures/02_y.ipynb)")
    with pytest.raises(CourseError, match="index.md links to ../lectures/02_y.ipynb, which is not"):
        stage(course, course / "staged")


def test_an_error_has_to_be_announced():
    error = new_output("error", ename="ValueError", evalue="no", traceback=[])
    failed = new_code_cell("f()", outputs=[error], execution_count=1)
    with pytest.raises(CourseError, match=r"01_x shows an error in cell 1 \(ValueError: no\)"):
        refuse_errors(new_notebook(cells=[failed]), "01_x", lecture=True)
    failed.metadata["tags"] = ["raises-exception"]
    refuse_errors(new_notebook(cells=[failed]), "01_x", lecture=True)


def test_a_lecture_has_to_be_run():
    notebook = new_notebook(cells=[new_code_cell("1 + 1")])
    with pytest.raises(CourseError, match="01_x was not run to its end"):
        refuse_errors(notebook, "01_x", lecture=True)
    refuse_errors(notebook, "01_x", lecture=False)


@pytest.mark.parametrize(
    ("markdown", "fitted"),
    [
        ("[a](../docs/derivatives.md#np-sin)", "[a](../derivatives.md#np-sin)"),
        ("[a](../README.md)", "[a](../index.md)"),
        ("[a](04_reverse_mode.ipynb 'title')", "[a](04_reverse_mode.ipynb 'title')"),
        ("[`a`](../adcourse/core/graph.py) b", "`a` b"),
        ("![a b](images/stepper.png)", "![a b](images/stepper.png)"),
        ("[a](https://example.org/b.md) [c](#d)", "[a](https://example.org/b.md) [c](#d)"),
        ("`[a](b)` and ``[a](`b`)``", "`[a](b)` and ``[a](`b`)``"),
        ("$v[i](x)$ and $$v[i](x)$$", "$v[i](x)$ and $$v[i](x)$$"),
        (r"v\[i](x)", r"v\[i](x)"),
        ("````\n```\n[a](b)\n```\n````\n", "````\n```\n[a](b)\n```\n````\n"),
    ],
)
def test_links_fit_the_site(tmp_path, markdown, fitted):
    links = Links(ROOT, "lectures/04_reverse_mode.ipynb", tmp_path, pages_of(ROOT), None)
    assert links.fitted(markdown) == fitted


def test_files_of_the_repository_are_linked_where_they_can_be_read(tmp_path):
    links = Links(ROOT, "lectures/04_reverse_mode.ipynb", tmp_path, pages_of(ROOT), "https://x/b")
    assert (
        links.fitted("[a](../adcourse/core/graph.py)") == "[a](https://x/b/adcourse/core/graph.py)"
    )


def test_start_py_takes_folders_from_where_it_is_typed(tmp_path, monkeypatch):
    start = start_module(ROOT)
    monkeypatch.chdir(tmp_path)
    command = start.site_command(["--no-lite", "--out", "web"])
    assert command[1:] == ["-m", "docs.building", "--out", str(tmp_path / "web"), "--no-lite"]
    assert start.site_command([])[4] == str(ROOT / "site")
