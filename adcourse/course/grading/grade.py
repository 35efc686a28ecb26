"""Grade what was handed in: run each by itself, compare here, store its marks at once."""

import errno
import json
import tempfile
from dataclasses import asdict, dataclass
from hashlib import sha256

from ..errors import CourseError
from ..sources import grading, question_of
from .intake import Unreadable, find_submissions, read_cells
from .intake.find import parse_deadline
from .judge import Judge
from .key import Key
from .marks import marks_of, no_marks
from .restore import restore
from .running.cluster import Cluster
from .running.workers import Workers
from .store import Record

TOGETHER = 32  # students whose inputs the key is asked for at once
ERROR_LIMIT = 300  # characters of an error in a student's cell


@dataclass(frozen=True)
class Setup:
    """What marks are earned with; the store keeps it, so that `regrade` knows.

    submissions  folder or zip file, see intake.find_submissions
    key          the solved notebook with its hidden tests, as `adcourse build` makes it
    pattern      regular expression that finds the student's name in a path, or None
    deadline     such as "2026-11-27 18:00": what is younger is noted as late; or None
    """

    submissions: str
    key: str
    pattern: str | None = None
    deadline: str | None = None


@dataclass(frozen=True)
class Running:
    """How submissions are run: see running.workers.Workers, and running.cluster.Cluster.

    scheduler  address of a Dask scheduler, or None for the cores of this machine
    """

    count: int | None = None
    sandbox: str = "auto"
    plain: bool = False
    timeout: float = 20
    scheduler: str | None = None

    def workers(self):
        """The workers that run submissions, as a context manager."""
        if self.scheduler is not None:
            return Cluster(self.scheduler, self.sandbox, self.plain, self.timeout)
        return Workers(self.count, self.sandbox, self.plain, self.timeout)


def grade(store, exercise, setup, running=None, questions=None, students=None):
    """Grade every submission whose marks in the store are not of its present version and key.

    store      a Store that is open for writing
    exercise   such as "04_reverse_mode"
    questions  names, such as "04.tape", of the only questions whose marks are replaced; these are
               earned again also where nothing has changed
    students   names of the only students who are graded, also where nothing has changed

    Returns how many submissions there are and how many were run now. Interrupted, it goes on at
    the next call. Raises CourseError if key, submissions or store cannot be used; a submission
    never raises: it gets marks with the reason.
    """
    key = Key(setup.key)
    deadline = None if setup.deadline is None else parse_deadline(setup.deadline)
    with tempfile.TemporaryDirectory(prefix="submissions-") as scratch:
        found = find_submissions(setup.submissions, exercise, scratch, setup.pattern, deadline)
        asked = {question_of(name): how for name, how in key.questions.items()}
        questions = _chosen(questions, asked, "question")
        students = _chosen(students, {one.student for one in found}, "student")
        mine = [one for one in found if not students or one.student in students]
        run = _Run(store, exercise, key, questions or tuple(asked))
        pending = run.pending(mine)
        if pending or questions or students:
            with key, Judge() as run.judge:
                if key.has_formulas:
                    run.judge.begin()
                run.expected("")  # a key that cannot be used is refused before anything is stored
                store.begin(exercise, run.fingerprint, asked, asdict(setup))
                if questions or students:
                    store.expire(exercise, students, questions)
                    pending = run.pending(mine)
                _run_all(run, pending, running or Running())
        store.describe(exercise, mine)  # such as a deadline that was given later
        store.finish(exercise)
    return len(found), len(pending)


def _run_all(run, pending, running):
    from tqdm import tqdm

    bar = {"total": len(pending), "desc": run.exercise, "unit": "submission"}
    with running.workers() as workers, tqdm(**bar) as progress:
        for line in run.lines(pending, workers):
            progress.update()
            tqdm.write(line)


def key_fingerprint(cells):
    """What tells a key from another one that may give other marks: its code, not its prose."""
    facts = [[cell["source"], grading(cell)] for cell in cells if cell["cell_type"] == "code"]
    facts += [grading(cell) for cell in cells if cell["cell_type"] != "code"]
    return sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


class _Run:
    """One run of the grader over the submissions of an exercise."""

    def __init__(self, store, exercise, key, questions):
        self.store, self.exercise, self.key, self.questions = store, exercise, key, questions
        self.fingerprint, self.judge = key_fingerprint(key.cells), None
        self.known = {}  # student → what the key shows, where it is known ahead

    def seeds(self, student):
        """Grade id → SEED of its hidden test, for one student."""
        return {name: self.store.seed(student, name) for name in self.key.checks}

    def expected(self, student):
        """What the key shows with the inputs of one student."""
        return self.key.expected(self.seeds(student), self.store.personal(student, self.exercise))

    def expected_of(self, student, others):
        """The same, asked for together with that of others whose runs are going to end soon."""
        if student not in self.known:
            some = [student, *(name for name in others if name not in self.known)][:TOGETHER]
            if self.key.is_personal:
                some = [student]
                each = [self.expected(student)]
            else:
                each = self.key.expected_each([self.seeds(name) for name in some])
            self.known.update(zip(some, each, strict=True))
        return self.known.pop(student)

    def pending(self, found):
        """Triples (submission, its fingerprint, basis) of those whose marks are not up to date."""
        done, todo = self.store.done(self.exercise, self.questions), []
        for one in found:
            mark = one.fingerprint()
            basis = sha256(f"{self.fingerprint} {mark}".encode()).hexdigest()
            if done.get(one.student) != basis:
                todo.append((one, mark, basis))
        return todo

    def lines(self, pending, workers):
        """Run and store submissions; yields a line for each as it ends."""
        open_jobs, early = {}, []

        def jobs():
            for one, mark, basis in pending:
                try:
                    steps = self._steps(one)
                except Unreadable as reason:
                    marks = no_marks(self.key.questions, str(reason))
                    early.append(self._store(one, mark, basis, marks))
                except Exception as error:
                    early.append(self._failed(one, mark, error))
                else:
                    open_jobs[one.student] = one, mark, basis
                    yield one.student, steps

        for name, outcome in workers.run(jobs()):
            while early:
                yield early.pop(0)
            one, mark, basis = open_jobs.pop(name)
            try:
                expected = self.expected_of(name, open_jobs)
                marks = marks_of(outcome, self.key.questions, expected, self.judge)
            except Exception as error:
                yield self._failed(one, mark, error)
            else:
                yield self._store(one, mark, basis, marks, outcome)
        yield from early

    def _steps(self, one):
        if one.path is None:
            raise Unreadable(one.reason)
        personal = self.store.personal(one.student, self.exercise)
        cells = read_cells(one.path, one.file)
        return restore(self.key.cells, cells, self.seeds(one.student), personal)

    def _failed(self, one, mark, error):
        """Whatever goes wrong with one must not stop the others; it is tried again."""
        if isinstance(error, CourseError):
            raise error
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise CourseError(
                f"The disk is full ({error.filename or 'while grading'}): free some space and give "
                "the same command again; every mark that was stored is kept."
            ) from None
        reason = f"could not be graded: {' '.join(str(error).split())}"
        return self._store(one, mark, "", no_marks(self.key.questions, reason))

    def _store(self, one, mark, basis, marks, outcome=None):
        record = Record(
            self.exercise, one.student, marks, one.file, one.platform_id, one.late, one.note,
            own_errors(outcome),
        )  # fmt: skip
        self.store.add(record, mark, basis, self.questions)
        late, waiting = " (late)" if one.late else "", ""
        if record.waiting:
            waiting = f", {record.waiting:g} of them for the instructor to give"
        seconds = sum(cell["seconds"] for cell in outcome.cells) if outcome else 0.0
        points = f"{record.points:g} of {record.max_points:g} points{waiting}"
        return f"{one.student}{late}: {points}, {seconds:.1f} s"


def own_errors(outcome):
    """The errors in a student's own cells, which often explain a check that found nothing."""
    own = [cell for cell in outcome.cells if cell["role"] == "student"] if outcome else []
    return tuple(
        (number, ": ".join(part for part in cell["error"] if part)[:ERROR_LIMIT])
        for number, cell in enumerate(own, 1)
        if cell["error"]
    )


def _chosen(names, known, what):
    """The names that were asked for; raises CourseError if one is not known."""
    for name in names or ():
        if name not in known:
            near = ", ".join(sorted(known)[:20])
            raise CourseError(f"There is no {what} {name}; there are: {near}.")
    return tuple(names or ())
