"""Whose a file is, from the names that platforms give."""

import pytest

from adcourse.course.errors import CourseError
from adcourse.course.grading.intake.names import name_and_version, owner_of, student_pattern


@pytest.mark.parametrize(
    ("path", "student", "platform_id", "late"),
    [
        ("ann.ipynb", "ann", "", False),
        ("ann/deep/hw.ipynb", "ann", "", False),
        ("ann.zip/hw.ipynb", "ann", "", False),
        ("Ada King_123_assignsubmission_file_/hw.ipynb", "Ada King", "123", False),
        ("Ada King_123_assignsubmission_file_hw.ipynb", "Ada King", "123", False),
        ("Ada_King_123_assignsubmission_file_/hw.zip/hw.ipynb", "Ada_King", "123", False),
        ("kingada_101_7001_hw.ipynb", "kingada", "101", False),
        ("kingada_LATE_101_7001_hw-2.ipynb", "kingada", "101", True),
        ("mary_jane.ipynb", "mary_jane", "", False),
        ("s_12/hw.ipynb", "s_12", "", False),
    ],
)
def test_known_layouts(path, student, platform_id, late):
    owner = owner_of(tuple(path.split("/")))
    assert (owner.student, owner.platform_id, owner.late) == (student, platform_id, late)


def test_a_pattern_of_the_instructors_own():
    pattern = student_pattern(r"(?P<late>late/)?group\d/(?P<student>[^/]+)@")
    assert owner_of(("group1", "ann@uni.ipynb"), pattern).student == "ann"
    assert owner_of(("late", "group2", "bob@uni.ipynb"), pattern).late
    assert owner_of(("notes.txt",), pattern) is None


@pytest.mark.parametrize("text", ["(", "[a-z]+", "(?P<name>.*)"])
def test_a_pattern_that_finds_no_student_is_refused(text):
    with pytest.raises(CourseError, match="student pattern"):
        student_pattern(text)


@pytest.mark.parametrize(
    ("name", "stem", "version"),
    [
        ("hw.ipynb", "hw", 0),
        ("hw-2.ipynb", "hw", 2),
        ("hw (1).ipynb", "hw", 1),
        ("04_reverse_mode-10.ipynb", "04_reverse_mode", 10),
        ("2026-2027.ipynb", "2026-2027", 0),
    ],
)
def test_the_version_in_a_name(name, stem, version):
    assert name_and_version(name) == (stem, version)
