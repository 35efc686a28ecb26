"""Calls that may hang or die: each runs in a process of its own kind, with a limit of time."""

import multiprocessing
import traceback


class Limited:
    """`Limited(task, seconds)(*args)` is `task(*args)`, or None when the time is over.

    task: a function of a module, whose arguments and results can be pickled. The process is kept
    from call to call and replaced when a call went over its time. An error in the task is raised
    here as RuntimeError with its traceback; a process that died counts as over its time.
    """

    def __init__(self, task, seconds):
        self.task, self.seconds, self.process = task, seconds, None

    def __call__(self, *args):
        if self.process is None:
            self.start()
        self.ours.send(args)
        try:
            if self.ours.poll(self.seconds):
                result, error = self.ours.recv()
                if error:
                    raise RuntimeError(error)
                return result
        except EOFError:
            pass  # the process died
        self.stop()
        return None

    def start(self):
        context = multiprocessing.get_context("spawn")
        self.ours, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(self.task, theirs), daemon=True)
        self.process.start()
        theirs.close()
        self.ours.recv()  # it has imported everything; only now the clock may start

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.process = None

    def __enter__(self):
        return self

    def __exit__(self, *reason):
        self.stop()


def serve(task, pipe):
    pipe.send("ready")
    while True:
        try:
            args = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send((task(*args), None))
        except Exception:
            pipe.send((None, traceback.format_exc()))
