"""The page of the table of derivatives: as committed, and right in rows that anyone can check."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from adcourse.__main__ import main

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def page():
    """The page of a fresh process, for tests elsewhere enter rows of their own."""
    command = [sys.executable, "-X", "utf8", "-m", "adcourse", "rules"]
    return subprocess.check_output(command, cwd=ROOT, encoding="utf-8")


def sections(page):
    """The tables of the page: heading -> first name of a row -> its cells by column."""
    tables = {}
    for part in page.split("\n## ")[1:]:
        lines = [line for line in part.splitlines() if line.startswith("|")]
        table = [re.split(r"(?<!\\) \| ", line.strip("| ")) for line in lines]
        assert all(len(cells) == len(table[0]) for cells in table)
        tables[part.splitlines()[0]] = {
            cells[0].split("`")[1]: dict(zip(table[0], cells, strict=True)) for cells in table[2:]
        }
    return tables


def is_in_numpy(name):
    """Whether this NumPy has a function; old ones have fewer."""
    value = np
    for part in name.split("."):
        value = getattr(value, part, None)
    return value is not None


def has_all(line):
    """Whether this NumPy has the functions that a line of a table begins with."""
    return all(map(is_in_numpy, re.findall(r"`np\.([\w.]+)", line.partition(" | ")[0])))


def test_the_committed_page_is_up_to_date(page):
    committed = (ROOT / "docs" / "derivatives.md").read_text(encoding="utf-8")
    lines = [line for line in committed.splitlines() if has_all(line)]
    assert lines == page.splitlines(), (
        "docs/derivatives.md is not what the table of derivatives says: "
        "write it again with `adcourse rules --out docs/derivatives.md`."
    )


@pytest.mark.parametrize(
    ("name", "partials"),
    [
        ("np.sin", ["`cos x`", "–"]),
        ("np.exp", ["`z`", "–"]),
        ("np.log2", ["`1 / (log 2 · x)`", "–"]),
        ("np.sqrt", ["`1 / (2z)`", "–"]),
        ("np.multiply", ["`y`", "`x`"]),
        ("np.arctan2", ["`y / (x² + y²)`", "`−x / (x² + y²)`"]),
        ("scipy.special.erf", ["`2/√π · exp(−x · x)`", "–"]),
    ],
)
def test_partials_are_those_of_school(page, name, partials):
    row = sections(page)["Elementwise"][name]
    assert [row["∂z/∂x"], row["∂z/∂y"]] == partials
    assert (row["forward"], row["reverse"], row["batched"]) == ("derived", "derived", "by kind")


@pytest.mark.parametrize(
    ("kind", "name", "facts"),
    [
        ("Bilinear", "np.matmul", {"reverse": "given", "batched": "own rule"}),
        ("Linear", "np.sum", {"SymPy": "on entries", "options": "`axis`, `keepdims`"}),
        ("Linear", "scatter_at", {"SymPy": "none"}),
        ("General", "np.linalg.cholesky", {"forward": "given", "source": "Murray 2016, section 3"}),
        ("Several outputs", "np.linalg.svd", {"options": "`full_matrices`"}),
        ("Spelled", "np.linalg.solve", {"forward": "by its rows"}),
        ("Constant", "np.floor", {"forward": "zero", "SymPy": "`floor(x)`"}),
        ("Composites", "np.moveaxis(x, source, destination)",
         {"spelled in": "`adcourse/rules/shaping.py`"}),
    ],
)  # fmt: skip
def test_rows_stand_under_their_kind(page, kind, name, facts):
    row = sections(page)[kind][name]
    assert {column: row[column] for column in facts} == facts


def test_a_function_is_found_by_each_of_its_names(page):
    for name in ("np.abs", "np.mod", "np.pow", "np.amax", "np.permute_dims", "np.concat"):
        assert f"`{name}`" in page


def test_every_row_has_an_address_of_its_own(page):
    marks = re.findall(r'<a id="([^"]+)" href="#([^"]+)">`', page)
    places = [place for place, _ in marks]
    assert all(place == link for place, link in marks)
    assert all(re.fullmatch(r"[\w.-]+", place) for place in places)
    # The site makes places of headings, too.
    headings = [
        line[3:].lower().replace(" ", "-") for line in page.splitlines() if line[:3] == "## "
    ]
    assert len(set(places + headings)) == len(places + headings)
    rows = [line for line in page.splitlines() if line.startswith("| <a id=")]
    tables = [line for line in page.splitlines() if line.startswith("| ---")]
    lines = [line for line in page.splitlines() if line.startswith("| ")]
    assert len(lines) == len(rows) + 2 * len(tables)
    wanted = {"np.sin", "np.abs", "np.linalg.svd", "np.linalg.svd-options", "np.mean", "np.concat"}
    assert wanted <= set(places)


def test_the_page_is_written_to_a_file(tmp_path, capsys):
    assert main(["rules", "--out", str(tmp_path / "page.md")]) == 0
    assert capsys.readouterr().out == f"wrote {tmp_path / 'page.md'}\n"
    assert (tmp_path / "page.md").read_bytes().startswith(b"# The table of derivatives\n")


@pytest.mark.skipif(os.name == "nt", reason="Windows closes pipes in another way")
def test_a_reader_who_has_seen_enough_gets_no_traceback():
    command = [sys.executable, "-m", "adcourse", "rules"]
    with subprocess.Popen(command, cwd=ROOT, stdout=-1, stderr=-1) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1
