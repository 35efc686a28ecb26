"""Building: outputs kept, nothing written twice, disagreements and failures named."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import adcourse
from adcourse.__main__ import main

LECTURE = """# A lecture

```{code-cell} ipython3
import matplotlib.pyplot as plt

print("at", __import__("os").path.basename(__import__("os").getcwd()))
```

```{code-cell} ipython3
plt.plot([1, 2]);
```
"""


@pytest.fixture(scope="module")
def lecture(tmp_path_factory):
    """A course root with one lecture, built by the command line."""
    root = tmp_path_factory.mktemp("lectures")
    source = root / "lectures" / "source" / "01_first.md"
    source.parent.mkdir(parents=True)
    source.write_text(LECTURE, encoding="utf-8")
    assert main(["build", "--root", str(root)]) == 0
    return root


def test_a_lecture_is_run_in_its_folder_and_keeps_text_and_pictures(lecture):
    notebook = json.loads((lecture / "lectures" / "01_first.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert code[0]["outputs"][0]["text"] == ["at lectures\n"]
    assert "image/png" in code[1]["outputs"][0]["data"]
    assert notebook["metadata"].keys() == {"kernelspec", "language_info"}
    assert "version" not in notebook["metadata"]["language_info"]
    assert all(cell["metadata"] == {} for cell in notebook["cells"])


def test_a_second_build_writes_and_runs_nothing(lecture, monkeypatch, capsys):
    def fail(*_):
        raise AssertionError("a notebook was run")

    monkeypatch.setattr("adcourse.course.build.run", fail)
    path = lecture / "lectures" / "01_first.ipynb"
    before = path.stat().st_mtime_ns
    assert main(["build", "--root", str(lecture)]) == 0
    assert path.stat().st_mtime_ns == before and capsys.readouterr().out == ""


def test_a_forced_build_gives_the_same_bytes(lecture, capsys):
    path = lecture / "lectures" / "01_first.ipynb"
    before = path.read_bytes()
    assert main(["build", "01", "--force", "--root", str(lecture)]) == 0
    assert path.read_bytes() == before and capsys.readouterr().out == ""


def test_check_names_a_notebook_that_is_behind_its_source(course, tmp_path, capsys):
    assert main(["build", "--check", "--root", str(course)]) == 0
    source = tmp_path / "exercises" / "source" / "07_sample.md"
    source.parent.mkdir(parents=True)
    text = (course / "exercises" / "source" / "07_sample.md").read_text(encoding="utf-8")
    source.write_text(text.replace("At 1 the slope", "At one the slope"), encoding="utf-8")
    assert main(["build", "--check", "--root", str(tmp_path)]) == 1
    assert "07_sample.ipynb is missing: run `adcourse build 07_sample`" in capsys.readouterr().err
    blank = course / "exercises" / "07_sample.ipynb"
    (tmp_path / "exercises" / blank.name).write_bytes(blank.read_bytes())
    assert main(["build", "--check", "--root", str(tmp_path)]) == 1
    assert "differs from 07_sample.md" in capsys.readouterr().err


def test_a_failing_cell_is_one_sentence_and_stops_no_other(tmp_path, capsys):
    folder = tmp_path / "lectures" / "source"
    folder.mkdir(parents=True)
    text = "# T\n\n```{code-cell} ipython3\n\nx = {}\nx['a b']\n```\n"
    (folder / "01_bad.md").write_text(text, encoding="utf-8")
    (folder / "02_worse.md").write_text("+++ {no\n", encoding="utf-8")
    assert main(["build", "--root", str(tmp_path)]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert first == "adcourse: 01_bad.ipynb, cell 2 (`x = {}`): KeyError: 'a b'"
    assert second.startswith("adcourse: 02_worse.md: ")
    assert not (tmp_path / "lectures" / "01_bad.ipynb").exists()


def test_release_makes_the_blank_without_running_anything(course, tmp_path, blank):
    assert main(["release", "07", "--out", str(tmp_path), "--root", str(course)]) == 0
    released = json.loads((tmp_path / "07_sample.ipynb").read_text(encoding="utf-8"))
    for one, other in zip(released["cells"], blank["cells"], strict=True):
        assert (one["source"], one["metadata"]) == (other["source"], other["metadata"])
    text = json.dumps(released)
    assert "SOLUTION" not in text and "HIDDEN" not in text and "2 * x + 3" not in text
    assert all(cell.get("outputs", []) == [] for cell in released["cells"])


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["build", "99"], "There is no source called 99"),
        (["build", "--root", "/"], "is not in a course"),
        (["grade", "07_sample", "nowhere"], "is not a folder or zip file of submissions"),
        (["grade", "07_sample", ".", "--key", "k.ipynb"], "k.ipynb does not exist"),
    ],
)
def test_a_wrong_command_is_one_sentence(course, monkeypatch, capsys, arguments, sentence):
    monkeypatch.chdir(course)
    assert main(arguments) == 1
    assert sentence in capsys.readouterr().err


def test_plain_nbval_passes_the_key_and_fails_exactly_the_checks_of_the_blank(course, blank):
    """What a student or an instructor sees without adcourse's own grader."""
    code = [cell for cell in blank["cells"] if cell["cell_type"] == "code"]
    checks = {
        number
        for number, cell in enumerate(code)
        if cell["metadata"].get("nbgrader", {}).get("locked")
    }
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider"]
    command += ["-c", os.devnull, "--rootdir", str(course), "exercises"]
    run = subprocess.run(
        command,
        cwd=course,
        env=os.environ | {"PYTHONPATH": str(Path(adcourse.__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=120,
    )
    failed = {line.split(" - ")[0] for line in run.stdout.splitlines() if line[:6] == "FAILED"}
    assert failed == {f"FAILED exercises/07_sample.ipynb::Cell {n}" for n in checks}, run.stdout
    assert f"{len(checks)} failed, {2 * len(code) - len(checks)} passed" in run.stdout
