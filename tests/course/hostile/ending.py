"""Attacks on others' turn: ends, crashes, loops, and everything that runs out."""

from .entry import ALL, HONEST, Entry

LAST_TWO, FIRST_TWO = (0, 3, 1), (2, 3, 0)


def late(name, tries, source, points=FIRST_TWO, **more):
    """The last answer attacks; what was checked before it counts."""
    return Entry(name, tries, HONEST | {"formula": source}, points=points, **more)


def after(name, tries, source, **more):
    """A cell after the last check attacks; every point has been earned by then."""
    return Entry(name, tries, HONEST, last=source, points=ALL, **more)


ENDING = [
    Entry(
        "sys.exit in an answer",
        "The function ends the interpreter when the check calls it.",
        HONEST | {"slope": "import sys\ndef slope(x):\n    sys.exit(0)"},
        points=LAST_TWO,
        reasons=("SystemExit", "right", "right"),
    ),
    Entry(
        "exit in a hidden test",
        "The function ends the interpreter on inputs that are not the visible ones.",
        HONEST
        | {"slope": "import sys\nslope = lambda x: 2 * x + 3 if x in (0, 1) else sys.exit()"},
        points=LAST_TWO,
        reasons=("other inputs", "right", "right"),
    ),
    late(
        "os._exit", "The process ends at once, and with a good exit code.", "import os; os._exit(0)"
    ),
    Entry(
        "os._exit in a check",
        "The process ends while the last check calls the answer.",
        HONEST
        | {
            "formula": """
            import os
            class Ends:
                free_symbols = ()
                def subs(self, *_): os._exit(0)
            formula = Ends()
            """
        },
        points=FIRST_TWO,
    ),
    late("SIGKILL to itself", "The process kills itself.", "import os; os.kill(os.getpid(), 9)"),
    late(
        "SIGSTOP to itself",
        "The process stops itself and waits to be continued.",
        "import os; os.kill(os.getpid(), 19)",
    ),
    late("segmentation fault", "A null pointer is read.", "import ctypes; ctypes.string_at(0)"),
    late(
        "endless recursion",
        "Recursion in C until the stack ends.",
        """
        import sys
        sys.setrecursionlimit(10**8)
        class Deep:
            def __getattr__(self, name): return getattr(self, name + "x")
        Deep().a
        """,
    ),
    Entry(
        "plain recursion",
        "The function calls itself for ever.",
        HONEST | {"slope": "def slope(x):\n    return slope(x)"},
        points=LAST_TWO,
        reasons=("RecursionError", "right", "right"),
    ),
    Entry(
        "endless loop",
        "A loop in an answer cell.",
        HONEST | {"slope": "while True:\n    pass"},
        points=LAST_TWO,
        reasons=("longer than", "right", "right"),
    ),
    Entry(
        "endless loop in a check",
        "A loop in the function that the check calls.",
        HONEST | {"slope": "def slope(x):\n    while True:\n        pass"},
        points=LAST_TWO,
        reasons=("longer than", "right", "right"),
    ),
    late(
        "loop that ignores interrupts",
        "Every interrupt and error is caught, and the loop goes on.",
        """
        import signal
        for number in range(1, 64):
            try: signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError, AttributeError): pass
        while True:
            try:
                while True: pass
            except BaseException: pass
        """,
    ),
    late(
        "loop in C",
        "A power with billions of digits: one call that no interrupt reaches.",
        "x = 7 ** (10 ** 9)",
    ),
    late("sleep", "Sleeps for eleven days.", "import time; time.sleep(10**6)"),
    late(
        "clock turned",
        "time and signal are patched, alarms are cancelled, then a loop.",
        """
        import signal, time
        time.time = time.monotonic = time.perf_counter = time.process_time = lambda: 0.0
        if hasattr(signal, "setitimer"):
            for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
                signal.setitimer(timer, 0)
        signal.setitimer = signal.alarm = lambda *_: 0
        while True:
            try:
                while True: pass
            except BaseException: pass
        """,
    ),
    late("input", "Waits for somebody to type.", "while True:\n    input('? ')"),
    late("debugger", "Stops in the debugger.", "breakpoint()\nimport time; time.sleep(10**6)"),
    late(
        "endless result",
        "A list whose iteration never ends is shown.",
        """
        class Endless(list):
            def __iter__(self):
                while True: yield 1.0
            free_symbols = ()
            def subs(self, *_): return 1
        formula = Endless([object()])
        """,
    ),
    after(
        "fork storm",
        "Processes that start processes.",
        """
        import os, time
        for _ in range(200):
            try:
                if os.fork() == 0:
                    time.sleep(600)
                    os._exit(0)
            except OSError:
                break
        """,
    ),
    after(
        "memory",
        "More memory than the machine may give, in steps.",
        "hoard = []\nfor _ in range(64):\n    hoard.append(bytearray(1 << 28))",
    ),
    Entry(
        "memory in a check",
        "The function asks for 100 GB.",
        HONEST | {"slope": "def slope(x):\n    return bytearray(100 << 30)"},
        points=LAST_TWO,
        reasons=("MemoryError", "right", "right"),
    ),
    after(
        "disk",
        "One large file, then many.",
        """
        block = b"x" * (1 << 20)
        for number in range(8):
            try:
                with open(f"full-{number}", "wb") as file:
                    for _ in range(300 if number == 0 else 32): file.write(block)
            except OSError:
                pass
        """,
    ),
    after(
        "many files",
        "Twenty thousand empty files and a deep tree of folders.",
        """
        import os
        for number in range(20_000):
            open(f"file-{number}", "w").close()
        for _ in range(300):
            os.mkdir("d" * 100); os.chdir("d" * 100)
        """,
    ),
    after("output of 100 MB", "Prints 100 MB.", "for _ in range(100):\n    print('x' * 1_000_000)"),
    after(
        "many outputs",
        "Displays three thousand things.",
        "for number in range(3000):\n    display(number)",
    ),
    Entry(
        "large result",
        "A result of 100 MB is displayed in the hidden test.",
        HONEST
        | {
            "formula": """
            from IPython.display import display
            import adcourse.course as course
            course.show = lambda *_, **__: display({
                "application/vnd.adcourse.show+json": {}, "text/plain": "x" * 100_000_000
            }, raw=True)
            formula = sp = __import__("sympy").Integer(1)
            """
        },
        points=FIRST_TWO,
    ),
    Entry(
        "large error",
        "An error message of 50 MB.",
        HONEST | {"slope": "def slope(x):\n    raise ValueError('x' * 50_000_000)"},
        points=LAST_TWO,
        reasons=("xxx…", "right", "right"),
    ),
    after(
        "threads left behind",
        "Threads that never end, and print.",
        """
        import threading, time
        def work():
            while True:
                print("still here"); time.sleep(0.2)
        for _ in range(20): threading.Thread(target=work, daemon=False).start()
        """,
    ),
    after(
        "daemon left behind",
        "A process in a session of its own that ignores every polite signal.",
        """
        import os, signal, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                for number in (1, 2, 15): signal.signal(number, signal.SIG_IGN)
                time.sleep(600)
            os._exit(0)
        """,
    ),
    after(
        "program left behind",
        "A program started in the background, apart from its parent.",
        """
        import subprocess, sys
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"],
                         start_new_session=True)
        """,
    ),
    after(
        "endless exit",
        "Exit handlers and finalizers that never return.",
        """
        import atexit, time
        class Stay:
            def __del__(self): time.sleep(600)
        stay = Stay()
        atexit.register(time.sleep, 600)
        """,
    ),
    late(
        "descriptors closed",
        "Every file and pipe of the process is closed.",
        "import os\nos.closerange(0, 4096)",
    ),
    late(
        "limits lifted",
        "Resource limits are set to infinity, then memory is taken.",
        """
        import resource
        for name in dir(resource):
            if name.startswith("RLIMIT_"):
                try: resource.setrlimit(getattr(resource, name), (-1, -1))
                except (OSError, ValueError): pass
        formula = len([bytearray(1 << 28) for _ in range(24)])
        """,
    ),
    Entry(
        "parent killed",
        "The parent process is killed, and all of its group.",
        HONEST
        | {
            "formula": """
            import os, time
            for target in (os.getppid(), -os.getpgrp()):
                try: os.kill(target, 9)
                except OSError: pass
            time.sleep(2)
            """
        },
        points=FIRST_TWO,
        limits=(0, 0, 0),
    ),
    Entry(
        "grader killed",
        "A process of the grader is killed, and all others if only these can be seen.",
        HONEST,
        first="""
        import os
        try:
            os.kill(A["victim"], 9)
        except ProcessLookupError:
            # That process lives: so this one sees no process but those of its own run.
            try: os.kill(-1, 9)
            except OSError: pass
        except OSError:
            pass
        """,
        points=ALL,
        wins=frozenset({"kills"}),
    ),
]
