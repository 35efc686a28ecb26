"""Submissions run on other machines: a Dask cluster in place of this machine's cores.

Only steps travel out and only outcomes travel back; the key, the store and every comparison stay
with the grader. Each worker of the cluster isolates submissions as this machine does, and needs
adcourse[lab,cluster] in the grader's version.
"""

import itertools
import threading
from dataclasses import asdict

from ....core.errors import AdcourseError
from ...errors import CourseError
from .jobs import Outcome, Step

AHEAD = 4  # submissions in flight for each thread of the cluster
LOSSES = 3  # workers that may be lost under one submission before it is given up
PATIENCE = 30  # seconds until a scheduler must answer
LOST = f"the machines that ran it were lost {LOSSES + 1} times"


class Cluster:
    """`with Cluster("tcp://host:8786") as workers`, then `workers.run(jobs)`, as with `Workers`.

    address  of a Dask scheduler, as `dask scheduler` prints it
    sandbox, plain, timeout  as for `Workers`; isolation is chosen on each machine by itself

    Raises CourseError if there is no scheduler at the address, or it has no workers.
    """

    def __init__(self, address, sandbox="auto", plain=False, timeout=20):
        self.address, self._how = address, (sandbox, plain, timeout)
        self._client = None

    def __enter__(self):
        try:
            import dask
            from distributed import Client
        except ModuleNotFoundError:
            raise CourseError("--scheduler needs Dask: install adcourse[cluster].") from None

        dask.config.set({"distributed.scheduler.allowed-failures": LOSSES})
        try:
            self._client = Client(self.address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise CourseError(f"No Dask scheduler answers at {self.address}: {reason}") from None
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            self.__exit__()
            raise CourseError(f"The scheduler at {self.address} has no workers.") from None
        return self

    def __exit__(self, *_):
        self._client.close()

    def run(self, jobs):
        """Yield (name, Outcome) as runs end, for jobs given as pairs (name, steps).

        A submission whose worker is lost is graded on another one; only the first answer counts.
        """
        from distributed import as_completed

        jobs, names = iter(jobs), {}
        results = as_completed(loop=self._client.loop)
        room = AHEAD * max(1, sum(self._client.nthreads().values()))
        try:
            self._begin(jobs, room, names, results)
            for future in results:
                name = names.pop(future.key)
                yield name, self._outcome(future)
                self._begin(jobs, 1, names, results)
        finally:
            for future in list(results.futures):
                future.cancel()

    def _begin(self, jobs, count, names, results):
        for name, steps in itertools.islice(jobs, count):
            cells = [asdict(step) for step in steps]
            future = self._client.submit(run_here, cells, *self._how, pure=False)
            names[future.key] = name
            results.add(future)

    def _outcome(self, future):
        from distributed import KilledWorker

        try:
            return Outcome(**future.result())
        except KilledWorker:
            return Outcome(trouble=LOST)
        except AdcourseError as error:
            raise CourseError(f"A machine of the cluster: {error}") from None


_local = threading.local()  # of a thread of a cluster's worker: its own warm process


def run_here(cells, sandbox, plain, timeout):
    """Run steps (as dicts) in the process of a worker of the cluster; the Outcome as a dict."""
    from .workers import Workers

    how = sandbox, plain, timeout
    if getattr(_local, "how", None) != how:
        _local.how, _local.workers = how, Workers(1, sandbox, plain, timeout)
    ((_, outcome),) = _local.workers.run([("", [Step(**cell) for cell in cells])])
    return asdict(outcome)
