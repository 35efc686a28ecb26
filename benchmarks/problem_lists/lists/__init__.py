"""The lists: `questions`, in the order of the tables."""

from importlib import import_module

from benchmarks.problem_lists.question import questions

__all__ = ["questions"]

ORDER = [
    "site", "site_programs", "cookbook", "cookbook_traces", "cookbook_structure", "giles",
    "lecture", "statistics", "learning", "forms",
]  # fmt: skip

for name in ORDER:  # importing a list enters its questions into the table
    import_module(f"{__name__}.{name}")
