"""A student's page: what they need, nothing that is hidden, nothing that runs."""

from adcourse.__main__ import main
from adcourse.course.grading.feedback import feedback_page, write_feedback
from adcourse.course.grading.store import Record, Store
from adcourse.course.notebooks import file_name

from .conftest import marks, put


def test_the_page_shows_points_reasons_and_protection():
    errors = ((2, "NameError: <b>name</b> is not defined"),)
    page = feedback_page(Record("04_reverse_mode", "Ann", marks(), errors=errors, late=True))
    assert "<strong>3 of 6 points</strong>, 1 of them not marked yet" in page
    assert "handed in late" in page and "The sign: go the other way." in page
    assert "protection: limits; limits only." in page
    assert "Your code cell 2: <code>NameError: &lt;b&gt;name&lt;/b&gt;" in page
    assert "▸" not in page and "http" not in page and "<script" not in page


def test_hostile_names_and_reasons_stay_text(tmp_path):
    name = "../../<script>alert(1)</script>"
    record = Record("04_reverse_mode", name, marks(reason="<img src=x onerror=alert(1)>"))
    path = write_feedback(tmp_path / "out", record)
    assert path.parent == tmp_path / "out"
    page = path.read_text(encoding="utf-8")
    assert "<script" not in page and "<img" not in page


def test_each_student_has_a_file_of_their_own():
    names = ["a/b", "a_b", "a:b", "", ".", "..", "x" * 300, "x" * 301, "Çağla Ünal", " a_b"]
    files = [file_name(name) for name in names]
    assert len(set(files)) == len(names)
    assert all(name and "/" not in name and name.strip(".") for name in files)
    assert max(map(len, files)) < 100
    assert file_name("Çağla Ünal") == "Çağla Ünal"


def test_the_instructors_words_are_on_the_page(store_path, tmp_path, capsys):
    with Store(store_path, write=True) as store:
        put(store, "cy")
        store.give([("04_reverse_mode", "cy", "04.catch", 1.0, "Well said.")])
    out = ["--out", str(tmp_path / "pages"), "--store", str(store_path)]
    assert main(["feedback", *out]) == 0
    assert "wrote 3 pages" in capsys.readouterr().out
    page = (tmp_path / "pages" / "cy.html").read_text(encoding="utf-8")
    assert "Well said." in page and "not marked yet</p>" not in page
