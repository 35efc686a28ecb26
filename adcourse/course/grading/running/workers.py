"""Many submissions, run side by side: one warm process per core, the longest first."""

import itertools
import os
import queue
import threading

from .runner import PlainRuns
from .sandbox import choose
from .warm import Stopped, WarmRuns

AHEAD = 256  # jobs that are held in memory, from which the longest is taken


class Workers:
    """Processes that run submissions: `with Workers() as workers`, then `workers.run(jobs)`.

    count    how many submissions run at a time; one per core if None
    sandbox  "auto": the best isolation that this system has; "required": refuse to run without
             isolation by the operating system; "off": limits, a scratch folder and an empty
             environment only
    plain    run each submission in a fresh kernel under nbval instead of a copy of a warm process
             (always so where processes cannot be copied, on Windows)
    timeout  seconds per cell

    Both ways give the same marks. Raises CourseError if isolation is required and this system has
    none, or when no process gets warm. `protection` says in a few words what isolates the runs.
    """

    def __init__(self, count=None, sandbox="auto", plain=False, timeout=20):
        self.count = count or len(cores())
        self.sandbox, self.timeout = choose(sandbox), timeout
        self.plain = plain or not hasattr(os, "fork")
        self.protection = self.sandbox.words
        self._runs = []

    def __enter__(self):
        self._prepare()
        return self

    def __exit__(self, *_):
        for runs in self._runs:
            runs.stop()
        self._runs = []

    def run(self, jobs):
        """Yield (name, Outcome) as the runs end, for jobs given as pairs (name, steps).

        Jobs are read as they are needed, so there may be very many; among the next few hundred the
        longest is taken first. A run never raises for what a submission does: its Outcome says what
        happened. Leaving the loop early ends the runs that go on.
        """
        self._prepare()
        waiting, ended, finished = queue.PriorityQueue(), queue.SimpleQueue(), False
        threads = [
            threading.Thread(target=_work, args=(runs, waiting, ended), daemon=True)
            for runs in self._runs
        ]
        try:
            for thread in threads:
                thread.start()
            jobs, numbers, open_jobs = iter(jobs), itertools.count(), 0
            while True:
                for name, steps in itertools.islice(jobs, AHEAD - open_jobs):
                    waiting.put((weight(steps), next(numbers), name, steps))
                    open_jobs += 1
                if open_jobs == 0:
                    finished = True
                    return
                name, outcome = _next(ended)
                open_jobs -= 1
                yield name, outcome
        finally:
            if not finished:
                self.__exit__()  # ends what runs; a next call prepares anew
            for _ in threads:
                waiting.put(LAST)
            for thread in threads:
                thread.join()

    def _prepare(self):
        if not self._runs:
            kind, how = PlainRuns if self.plain else WarmRuns, (self.sandbox, self.timeout)
            first = kind(*how)
            self._runs = [first, *(kind(*how, first) for _ in range(self.count - 1))]


LAST = ((1, 0), -1, None, None)


def weight(steps):
    """Sorts first what may take longest, by the look of it."""
    return -len(steps), -sum(len(step.source) for step in steps)


def cores():
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return os.sched_getaffinity(0)
    return range(os.cpu_count() or 1)


def run_steps(steps, timeout=20, sandbox="auto", plain=False):
    """The Outcome of one submission; several are run faster by `Workers`."""
    with Workers(1, sandbox, plain, timeout) as workers:
        ((_, outcome),) = workers.run([("", steps)])
    return outcome


def _work(runs, waiting, ended):
    """Run jobs until there are no more; a fault of ours is handed on."""
    while True:
        _, _, name, steps = waiting.get()
        if steps is None:
            return
        try:
            ended.put((name, runs.run(steps)))
        except Stopped:
            return
        except BaseException as error:
            ended.put((name, error))
            return


def _next(ended):
    while True:
        try:
            # A wait without end could not be interrupted everywhere.
            name, outcome = ended.get(timeout=1)
        except queue.Empty:
            continue
        if isinstance(outcome, BaseException):
            raise outcome
        return name, outcome
