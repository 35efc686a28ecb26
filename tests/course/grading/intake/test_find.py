"""One submission for each student, in whatever form a class hands in."""

import json
import os
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest

from adcourse.course.errors import CourseError
from adcourse.course.grading.intake import find_submissions, read_cells


def notebook(text):
    cell = {"cell_type": "code", "source": text, "metadata": {}, "outputs": []}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})


def zipped(files, **options):
    """The bytes of a zip file: name → text or bytes."""
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


@pytest.fixture
def found(tmp_path):
    """A function: files by name → submissions by student, read from a folder."""

    def find(files, exercise="hw", **options):
        for name, content in files.items():
            path = tmp_path / "in" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            content = content.encode() if isinstance(content, str) else content
            path.write_bytes(content)
        return find_in(tmp_path / "in", tmp_path, exercise, **options)

    return find


def find_in(root, tmp_path, exercise="hw", **options):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return {one.student: one for one in find_submissions(root, exercise, scratch, **options)}


def code(submission):
    return read_cells(submission.path)[0]["source"]


def test_students_are_files_folders_or_archives(found):
    one = found(
        {
            "ann.ipynb": notebook("ann"),
            "bob/hw/hw.ipynb": notebook("bob"),
            "bob/draft.ipynb": notebook("draft"),
            "bob/.ipynb_checkpoints/hw.ipynb": notebook("old"),
            "cy/mine.ipynb": notebook("cy"),
            "dan/a.ipynb": notebook("a"),
            "dan/b.ipynb": notebook("b"),
            "eve.pdf": "essay",
            ".hidden": "",
            "fay/x.txt": "",
            "gus.zip": zipped({"folder/hw.ipynb": notebook("gus"), "__MACOSX/._hw.ipynb": "x"}),
            "hal/work.zip": zipped({"in.zip": zipped({"hw.ipynb": notebook("hal")})}),
        }
    )
    assert one.keys() == {"ann", "bob", "cy", "dan", "eve", "fay", "gus", "hal"}
    good = ("ann", "bob", "cy", "gus", "hal")
    assert {name: code(one[name]) for name in good} == {name: name for name in good}
    assert one["dan"].reason == "2 notebooks; keep one hw.ipynb."
    assert one["eve"].reason == "eve.pdf is not a notebook (.ipynb)."
    assert one["fay"].reason == "x.txt is not a notebook (.ipynb)."
    assert one["hal"].file == "hal/work.zip/in.zip/hw.ipynb"


def test_an_empty_folder_is_a_student_too(found, tmp_path):
    (tmp_path / "in" / "ann").mkdir(parents=True)
    assert found({})["ann"].reason == "ann holds no notebook."


def test_a_download_of_canvas_with_later_versions(found):
    one = found(
        {
            "kingada_101_7001_hw.ipynb": notebook("first"),
            "kingada_101_7001_hw-1.ipynb": notebook("second"),
            "kingada_LATE_101_7001_hw-2.ipynb": notebook("third"),
            "kingada_101_7001_notes.ipynb": notebook("notes"),
            "smithjo_102_7002_mine.ipynb": notebook("jo"),
            "smithjo_103_7003_mine.ipynb": notebook("another jo"),
            "doejane_104_7004_work.zip": zipped({"hw.ipynb": notebook("jane")}),
            "twotwo_105_7005_a.ipynb": notebook("a"),
            "twotwo_105_7005_b.ipynb": notebook("b"),
        }
    )
    assert code(one["kingada"]) == "third"
    assert one["kingada"].late and one["kingada"].platform_id == "101"
    assert "3 versions were handed in; the latest counts" in one["kingada"].note
    assert code(one["smithjo (102)"]) == "jo" and code(one["smithjo (103)"]) == "another jo"
    assert code(one["doejane"]) == "jane"
    assert one["twotwo"].reason == "2 notebooks; keep one hw.ipynb."


def test_a_download_of_moodle_as_one_archive(tmp_path):
    path = tmp_path / "class.zip"
    path.write_bytes(
        zipped(
            {
                "Ada King_11_assignsubmission_file_/hw.ipynb": notebook("ada"),
                "Bo Lee_12_assignsubmission_file_/bo.zip": zipped({"hw.ipynb": notebook("bo")}),
                "Çağla Ünal_13_assignsubmission_file_/hw.ipynb": notebook("cagla"),
                "Di Foy_14_assignsubmission_onlinetext_/onlinetext.html": "<p>Hello</p>",
            }
        )
    )
    one = find_in(path, tmp_path)
    assert {name: sub.platform_id for name, sub in one.items()} == {
        "Ada King": "11",
        "Bo Lee": "12",
        "Çağla Ünal": "13",
        "Di Foy": "14",
    }
    assert code(one["Bo Lee"]) == "bo" and code(one["Çağla Ünal"]) == "cagla"
    assert "is not a notebook" in one["Di Foy"].reason


@pytest.mark.parametrize("top", ["", "submitted/"])
def test_nbgraders_folders(tmp_path, found, top):
    files = {
        f"{top}ann/hw/hw.ipynb": notebook("ann"),
        f"{top}ann/other/other.ipynb": notebook("other"),
        f"{top}bob/hw/renamed.ipynb": notebook("bob"),
        f"{top}cy/other/other.ipynb": notebook("cy"),
    }
    one = found(files) if top else None
    if one is None:
        root = tmp_path / "submitted"
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        one = find_in(root, tmp_path)
    assert one.keys() == {"ann", "bob"}  # cy handed in another assignment
    assert code(one["ann"]) == "ann" and code(one["bob"]) == "bob"


def test_one_student_twice_the_latest_counts(found, tmp_path):
    old = tmp_path / "in" / "ann.ipynb"
    old.parent.mkdir()
    old.write_text(notebook("old"), encoding="utf-8")
    os.utime(old, (1e9, 1e9))
    one = found({"ann/hw.ipynb": notebook("new"), "ann.txt": "a note"})
    assert code(one["ann"]) == "new"
    assert one["ann"].note == "2 versions were handed in; the latest counts: ann/hw.ipynb."


def test_a_deadline_marks_the_late(tmp_path, found):
    folder = tmp_path / "in"
    folder.mkdir()
    for name, when in (("early", "2026-11-27 11:59"), ("late", "2026-11-27 12:01")):
        (folder / f"{name}.ipynb").write_text(notebook(name), encoding="utf-8")
        stamp = datetime.fromisoformat(when).timestamp()
        os.utime(folder / f"{name}.ipynb", (stamp, stamp))
    one = found({}, deadline=datetime(2026, 11, 27, 12))
    assert not one["early"].late and one["late"].late


def test_a_pattern_groups_and_what_it_misses_has_a_row(found):
    one = found(
        {"try1/ann@x.ipynb": notebook("a1"), "try1/bob@x.ipynb": notebook("b"), "readme.txt": ""},
        pattern=r"try\d/(?P<student>\w+)@",
    )
    assert one.keys() == {"ann", "bob", "readme.txt"}
    assert "does not match the student pattern" in one["readme.txt"].reason


@pytest.mark.skipif(os.name != "posix", reason="links and names of POSIX")
def test_links_are_not_followed_and_names_may_be_any_bytes(tmp_path, found):
    (tmp_path / "secret.ipynb").write_text(notebook("the key"), encoding="utf-8")
    folder = tmp_path / "in"
    (folder / "dir").mkdir(parents=True)
    (folder / "eve.ipynb").symlink_to(tmp_path / "secret.ipynb")
    (folder / "dir" / "all").symlink_to("/")
    os.mkfifo(folder / "pipe.ipynb")
    for raw in (b"\xff", b"\xfe", "m\u0308".encode()):
        path = os.path.join(os.fsencode(folder), raw + b".ipynb")
        Path(os.fsdecode(path)).write_text(notebook("x"), encoding="utf-8")
    one = found({})
    assert "links are not followed" in one["eve"].reason
    assert "links are not followed" in one["dir"].reason
    assert one["pipe"].reason == "pipe.ipynb is not a file."
    names = set(one) - {"eve", "dir", "pipe"}
    assert len(names) == 3 and all(name.encode("utf-8") for name in names)
    assert all(code(one[name]) == "x" for name in names)


def bomb(size):
    return zipped({"hw.ipynb": b" " * size})


def encrypted(data):
    """A zip file whose first entry claims to be encrypted."""
    data = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    return bytes(data)


def linked():
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        info = zipfile.ZipInfo("hw.ipynb")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return data.getvalue()


def understated(size):
    """A zip file that lies about the size of what it unpacks to."""
    data = bytearray(zipped({"hw.ipynb": b" " * size}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(signature) + offset
        data[at : at + 4] = (100).to_bytes(4, "little")
    return bytes(data)


def nested(depth):
    data = zipped({"hw.ipynb": notebook("deep")})
    for _ in range(depth):
        data = zipped({"x.zip": data})
    return data


HOSTILE = {
    "not a zip": (b"PK\x03\x04 nonsense", "is a broken zip file"),
    "empty": (b"", "is a broken zip file"),
    "cut": (zipped({"hw.ipynb": notebook("x")})[:-30], "is a broken zip file"),
    "bomb": (bomb(19 << 20), "unpacks to far more than it should"),
    "bigger": (bomb(30 << 20), "unpacks to far more than it should"),
    "lies": (understated(5 << 20), "hw.ipynb"),
    "encrypted": (encrypted(zipped({"hw.ipynb": notebook("x")})), "is encrypted"),
    "link": (linked(), "links are not followed"),
    "deep": (nested(5), "zip files deep"),
    "many": (zipped({f"{n}.ipynb": "" for n in range(3000)}), "2000 notebooks; keep one"),
    "clutter": (zipped({"__MACOSX/hw.ipynb": ""}), "holds no notebook"),
    "table": (zipped({f"{n:0100d}": "" for n in range(40_000)}), "holds too many files"),
    "nothing": (zipped({}), "eve.zip holds no notebook"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_archive_is_a_row_with_a_reason(found, tmp_path, kind):
    data, reason = HOSTILE[kind]
    one = found({"eve.zip": data, "ann.ipynb": notebook("ann")})
    assert one["eve"].path is None and reason in one["eve"].reason, one["eve"].reason
    assert code(one["ann"]) == "ann"
    assert sum(path.stat().st_size for path in (tmp_path / "scratch").iterdir()) < 1 << 20


def test_broken_bytes_inside_an_archive_are_a_row_too(found):
    data = bytearray(zipped({"hw.ipynb": notebook("x" * 1000)}))
    data[60:70] = b"\0" * 10
    assert "is broken in its zip file" in found({"eve.zip": bytes(data)})["eve"].reason


def test_names_in_an_archive_lead_nowhere(found, tmp_path):
    names = ["../../evil/hw.ipynb", "/etc/hw.ipynb", "C:\\x\\hw.ipynb", "a/../../hw.ipynb"]
    one = found({f"s{n}.zip": zipped({name: notebook(f"s{n}")}) for n, name in enumerate(names)})
    assert [code(one[f"s{n}"]) for n in range(4)] == ["s0", "s1", "s2", "s3"]
    unpacked = {path for path in tmp_path.rglob("*") if path.suffix == ".ipynb"}
    assert unpacked == {one[f"s{n}"].path for n in range(4)}
    assert all(path.parent == tmp_path / "scratch" for path in unpacked)
    assert not Path("/etc/hw.ipynb").exists()


@pytest.mark.parametrize("content", [b"", b"not a zip"])
def test_a_root_that_cannot_be_read_is_one_sentence(tmp_path, content):
    path = tmp_path / "class.zip"
    path.write_bytes(content)
    with pytest.raises(CourseError, match="class.zip is a broken zip file"):
        find_in(path, tmp_path)
    (tmp_path / "scratch").rmdir()
    with pytest.raises(CourseError, match="is not a folder or zip file"):
        find_in(tmp_path / "nowhere", tmp_path)
