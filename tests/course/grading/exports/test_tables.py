"""Tables as spreadsheets and platforms read them: right ids, right points, no formulas."""

import csv
import json

import pytest

from adcourse.__main__ import main
from adcourse.course.grading.exports.canvas import assignment_column
from adcourse.course.grading.exports.cells import harmless, plain
from adcourse.course.grading.store import Store

from ..conftest import put

FORMULAS = ["=1+1", "+1+1", "-1+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1", " =1", "＝1"]


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def export(store_path, out, *options):
    code = main(["export", "--store", str(store_path), "--out", str(out), *map(str, options)])
    assert code == 0
    return table(out)


@pytest.mark.parametrize("text", [*FORMULAS, "'quoted", "''=1", "plain", "", "-2.5", "-", "+3"])
def test_a_cell_is_made_harmless_and_read_again(text):
    assert plain(harmless(text)) == text
    if text in FORMULAS:
        assert harmless(text) == f"'{text}"
    if text in ("plain", "", "-2.5", "-", "+3"):
        assert harmless(text) == text


def test_no_table_holds_a_formula(store_path, tmp_path):
    with Store(store_path, write=True) as store:
        for text in FORMULAS:
            put(store, f"{text}student", reason=f"{text}reason", platform_id=f"{text}id")
    (tmp_path / "canvas.csv").write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,=X (1)\n"
        "    Points Possible,,,,,6\n"
        '"=1+1student","@id","=sis",=other,"+section",\n',
        encoding="utf-8",
    )
    tables = [
        export(store_path, tmp_path / "1.csv"),
        export(store_path, tmp_path / "2.csv", "--format", "canvas"),
        export(store_path, tmp_path / "3.csv", "--format", "moodle"),
        export(store_path, tmp_path / "4.csv", "--format", "canvas", "--roster",
               tmp_path / "canvas.csv", "--column", "=X"),
    ]  # fmt: skip
    cells = [cell for rows in tables for row in rows for cell in row]
    assert sum("student" in cell for cell in cells) >= 3 * len(FORMULAS)
    assert not [cell for cell in cells if cell.lstrip(" ").startswith(tuple("=+-@\t\r\n＝"))]


def test_the_plain_table(store_path, tmp_path):
    head, bob, *_ = export(store_path, tmp_path / "t.csv")
    row = dict(zip(head, bob, strict=True))
    assert row["student"] == "'=bob" and row["reason"] == "'=HYPERLINK(1)"
    assert (row["points"], row["max_points"], row["seconds"]) == ("0", "3", "0.25")
    rows = [dict(zip(head, row, strict=True)) for row in table(tmp_path / "t.csv")[1:]]
    assert [r["points"] for r in rows if r["student"] == "ann"] == ["3", "0", ""]
    assert {r["late"] for r in rows if r["student"] == "ann"} == {"late"}


CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Exercise 04: reverse mode (77),Exercise 03 (76),Final
    Points Possible,,,,,6,6,(read only)
"Lovelace, Ann",101,S1,ann@uni,A,,5,1
"King, Bob",102,S2,bob@uni,A,,,2
"Turing, Alan",103,S3,alan@uni,B,1,,3
"""


def test_canvas_gets_its_own_ids_back(store_path, tmp_path, capsys):
    with Store(store_path, write=True) as store:
        put(store, "kingbob", points=1.0)  # as Canvas squashes names in files
        put(store, "nobody")
        store.give([("04_reverse_mode", "ann", "04.catch", 0.5, "")])
    (tmp_path / "g.csv").write_text(CANVAS, encoding="utf-8-sig")
    options = "--format", "canvas", "--roster", tmp_path / "g.csv"
    rows = export(store_path, tmp_path / "up.csv", *options)
    who = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert rows == [
        [*who, "Exercise 04: reverse mode (77)"],
        ["    Points Possible", "", "", "", "", "6"],
        ["Lovelace, Ann", "101", "S1", "ann@uni", "A", "3.5"],
        ["King, Bob", "102", "S2", "bob@uni", "A", ""],  # waits for the instructor
        ["Turing, Alan", "103", "S3", "alan@uni", "B", ""],
    ]
    said = capsys.readouterr().err
    assert "1 totals are left empty because they wait" in said
    assert "2 students are not in the roster, and not in the file: =bob, nobody." in said
    assert export(store_path, tmp_path / "up.csv", *options, "--partial")[3][-1] == "1"


def test_two_submissions_of_one_student_are_not_merged_in_silence(store_path, tmp_path, capsys):
    with Store(store_path, write=True) as store:
        put(store, "ann@uni")
    (tmp_path / "g.csv").write_text(CANVAS, encoding="utf-8")
    command = ["export", "--store", str(store_path), "--out", str(tmp_path / "x"), "--format"]
    assert main([*command, "canvas", "--roster", str(tmp_path / "g.csv")]) == 1
    assert "ann and ann@uni are the same student" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_the_column_of_an_assignment():
    header = ["Student", "ID", "04 reverse mode (1)", "05 forward (2)", "04 reverse mode, late (3)"]
    assert assignment_column(header[:4], "04_reverse_mode") == "04 reverse mode (1)"
    assert assignment_column(header, "07_other") == "07_other"
    assert assignment_column(header, "04_reverse_mode", "05") == "05 forward (2)"
    for ask in (("04_reverse_mode",), ("04_reverse_mode", "04"), ("x", "nothing")):
        with pytest.raises(Exception, match="column"):
            assignment_column(header, *ask)


def test_moodle_without_a_roster(store_path, tmp_path):
    with Store(store_path, write=True) as store:
        put(store, "cy@uni.org", points=3.0, reason="a < b")
    head, _, ann, cy = export(store_path, tmp_path / "m.csv", "--format", "moodle", "--partial")
    assert head == [
        "Identifier", "Email address", "Full name", "04_reverse_mode", "Feedback comments",
    ]  # fmt: skip
    assert ann[:4] == ["Participant 101", "", "ann", "3"]
    assert cy[:4] == ["", "cy@uni.org", "", "3"]
    assert cy[4].startswith("04.tape: 3 of 3, a &lt; b<br>04.law: 0 of 2, The sign")


def test_moodles_worksheet_is_filled_in(store_path, tmp_path):
    (tmp_path / "w.csv").write_text(
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Feedback comments\n"
        "Participant 101,Ann Lovelace,ann@uni,Submitted,,6.00,\n"
        "Participant 102,Alan Turing,alan@uni,No submission,-,6.00,old words\n",
        encoding="utf-8",
    )
    options = "--format", "moodle", "--partial", "--roster", tmp_path / "w.csv"
    head, ann, alan = export(store_path, tmp_path / "m.csv", *options)
    assert head == table(tmp_path / "w.csv")[0]
    assert ann[:6] == ["Participant 101", "Ann Lovelace", "ann@uni", "Submitted", "3", "6.00"]
    assert ann[6].startswith("04.tape: 3 of 3")
    assert alan == table(tmp_path / "w.csv")[2]


def test_moodles_participants_by_first_and_last_name(store_path, tmp_path):
    with Store(store_path, write=True) as store:
        put(store, "Ada Byron King")
    (tmp_path / "p.csv").write_text(
        "First name,Last name,ID number,Institution\nAda Byron,King,S9,X\n", encoding="utf-8"
    )
    options = "--format", "moodle", "--partial", "--roster", tmp_path / "p.csv"
    head, row = export(store_path, tmp_path / "m.csv", *options, "--column", "Exercise 4")
    assert head == ["First name", "Last name", "ID number", "Exercise 4", "Feedback comments"]
    assert row[:4] == ["Ada Byron", "King", "S9", "3"]


def test_gradescope_reads_one_file_a_student(store_path, tmp_path):
    out = ["--format", "gradescope", "--out", str(tmp_path / "gs")]
    assert main(["export", "--store", str(store_path), *out]) == 0
    files = sorted((tmp_path / "gs").glob("*/results.json"))
    assert len(files) == 2 and files[1].parent.name == "ann"
    ann = json.loads(files[1].read_text(encoding="utf-8"))
    assert ann["score"] == 3 and "late" in ann["output"]
    tape, law, catch = ann["tests"]
    assert (tape["score"], tape["max_score"], tape["status"]) == (3, 3, "passed")
    assert (law["status"], law["output"]) == ("failed", "The sign: go the other way.")
    assert "score" not in catch and catch["max_score"] == 1
    assert "▸" not in files[1].read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is empty"),
        ("a,b\n1,2\n", "has no columns Student and ID"),
        (b"Student,ID\n\xff,1\n", "is not UTF-8 text"),
        (None, "cannot be read"),
    ],
)
def test_a_roster_that_is_none_is_one_sentence(store_path, tmp_path, capsys, content, sentence):
    path = tmp_path / "r.csv"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    command = ["export", "--store", str(store_path), "--out", str(tmp_path / "x"), "--format"]
    assert main([*command, "canvas", "--roster", str(path)]) == 1
    assert sentence in capsys.readouterr().err


def test_where_a_table_cannot_be_written_the_old_one_stays(store_path, tmp_path, capsys):
    (tmp_path / "t.csv").mkdir()
    command = ["export", "--store", str(store_path), "--out", str(tmp_path / "t.csv")]
    assert main(command) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir() if p.suffix == ".new"] == []
