"""Grade a folder of submissions: run each by itself, compare here, write marks and feedback."""

import time
from hashlib import sha256
from pathlib import Path

from ..errors import CourseError
from ..sources import question_of
from .feedback import write_feedback
from .gradebook import Gradebook
from .judge import Judge
from .key import Key
from .marks import marks_of, no_marks
from .restore import restore
from .running.workers import run_steps
from .submissions import Unreadable, find_submissions, read_cells

OPEN = (
    "Note: submissions run under your account without a sandbox of the operating system; "
    "code that looks for them could read your files, the key and the gradebook among them."
)


def grade(exercise, submissions, key, out, timeout=20, feedback=None):
    """Grade every submission in a folder and return how many there are.

    exercise     such as "04_reverse_mode"
    submissions  folder of STUDENT.ipynb files or STUDENT/ folders
    key          the solved notebook with its hidden tests, as `adcourse build` makes it
    out          CSV file: one row per student and question, appended as each student ends
    timeout      seconds per cell; a whole run may take 60 s plus six of these
    feedback     folder for one HTML page per student, or None

    Interrupted, it goes on at the next call. Raises CourseError if key or folder cannot be used;
    a submission never raises: it gets rows with the reason.
    """
    from tqdm import tqdm

    folder = Path(submissions)
    if not folder.is_dir():
        raise CourseError(f"{folder} is not a folder of submissions.")
    found = find_submissions(folder, exercise)
    with Key(key) as opened, Judge() as judge:
        questions = map(question_of, opened.questions)
        book = Gradebook(out, sha256(Path(key).read_bytes()).hexdigest(), questions)
        opened.expected({name: book.seed("", name) for name in opened.checks})
        prints = {one.student: one.fingerprint() for one in found}
        done = book.keep(prints)
        tqdm.write(OPEN)
        with tqdm(found, desc=exercise, unit="submission") as progress:
            for one in progress:
                if one.student in done:
                    continue
                start = time.perf_counter()
                fingerprint = prints[one.student]
                try:
                    marks, outcome = _grade_one(one, opened, judge, book, timeout)
                except Exception as error:
                    # Whatever goes wrong with one must not stop the others; it is tried again.
                    reason = f"could not be graded: {' '.join(str(error).split())}"
                    marks, outcome, fingerprint = no_marks(opened.questions, reason), None, ""
                if feedback is not None:
                    write_feedback(feedback, exercise, one.student, marks, outcome)
                book.add(one.student, marks, fingerprint)
                tqdm.write(_line(one.student, marks, time.perf_counter() - start))
    return len(found)


def _grade_one(submission, key, judge, book, timeout):
    """Marks and, if it ran, the outcome of one submission."""
    seeds = {name: book.seed(submission.student, name) for name in key.checks}
    try:
        if submission.path is None:
            raise Unreadable(submission.reason)
        cells = read_cells(submission.path)
    except Unreadable as reason:
        return no_marks(key.questions, str(reason)), None
    outcome = run_steps(restore(key.cells, cells, seeds), timeout)
    return marks_of(outcome, key.questions, key.expected(seeds), judge), outcome


def _line(student, marks, seconds):
    points = sum(mark.points or 0 for mark in marks)
    total = sum(mark.max_points for mark in marks)
    return f"{student}: {points:g} of {total:g} points, {seconds:.1f} s"
