"""What every test shares, and the time that a lecture may take when nbval runs it."""

import time
from collections import defaultdict

import pytest

# `pytest --nbval` collects notebooks. Those under tests/ are material: blank, wrong, hostile.
collect_ignore_glob = ["*.ipynb"]


class Budget:
    """Adds up the cells of each notebook as nbval runs them; nothing is run for this alone.

    A lecture is promised to take less than 60 seconds on two cores; half as much again is for
    machines that have something else to do.
    """

    seconds = 90

    def __init__(self, clock=time.perf_counter):
        self.clock, self.spent = clock, defaultdict(float)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item):
        start = self.clock()
        result = yield
        if item.path.suffix == ".ipynb":
            self.spent[item.path] += self.clock() - start
            assert self.spent[item.path] <= self.seconds, (
                f"{item.path.name} takes longer than {self.seconds} s: its {item.name} ended "
                f"after {self.spent[item.path]:.0f} s"
            )
        return result


def pytest_configure(config):
    config.pluginmanager.register(Budget(), "budget of notebooks")
