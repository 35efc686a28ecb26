"""The command: `python -m benchmarks --help`."""

import argparse
import math
import re
import sys
from pathlib import Path

from benchmarks import (
    compiling,
    depth,
    figures,
    flat,
    machine,
    page,
    profiling,
    report,
    startup,
)
from benchmarks.figures import Part
from benchmarks.providers import PEERS, load
from benchmarks.run import run
from benchmarks.timing import YARDSTICK
from benchmarks.workloads import workloads


def runners():
    """Key -> function (providers, rounds, budget) that gives what a Part holds, in page order."""
    rows = {key: lambda *how, one=workload: run(one, *how) for key, workload in workloads.items()}
    rows |= {depth.KEY: depth.run, startup.KEY: startup.run}
    parts = {key: lambda *how, of=of: {"rows": of(*how)} for key, of in rows.items()}
    return parts | {
        compiling.KEY: lambda providers, *how: {"compiling": compiling.measure(*how)},
        flat.KEY: lambda *how: {"flat": flat.measure(*how)},
    }


def known():
    """All keys in the order of the page: workloads by number, then the curves."""
    numbers = {key: re.match(r"W(\d+)", key) for key in runners()}
    return sorted(numbers, key=lambda key: int(numbers[key][1]) if numbers[key] else math.inf)


def family(key):
    """W6f100 belongs to W6."""
    return re.match(r"W\d+|.*", key)[0]


def chosen(only, keys):
    """The keys that were asked for: `W6` means all parts of it, `W6f100` one."""
    for name in only or ():
        if not any(name in (key, family(key)) for key in keys):
            sys.exit(f"There is no workload {name}. Choose from {', '.join(keys)}.")
    return [key for key in keys if not only or key in only or family(key) in only]


def arguments(argv):
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Time adcourse and its peers side by side; keep the figures; write their page.",
    )
    add = parser.add_argument
    add("--only", nargs="+", metavar="W1", help=f"of {', '.join(known())}; W6: all parts of it")
    add("--providers", nargs="+", choices=PEERS, default=list(PEERS))
    add("--rounds", type=int, default=21, help="rounds at most (default 21)")
    add("--budget", type=float, default=15, help="seconds of rounds per workload (default 15)")
    add(
        "--json",
        type=Path,
        metavar="FILE",
        help="keep the figures here; of a file that exists, only what was run is replaced",
    )
    add(
        "--page",
        nargs="?",
        type=Path,
        const=Path(),
        metavar="FOLDER",
        help=f"write {page.PAGE} and the plots beside the JSON file; without --json nothing is "
        f"measured: the page comes from {page.FIGURES} in this folder (default: the results)",
    )
    add(
        "--profile",
        nargs="+",
        metavar="W5",
        help="measure nothing else: say which lines of these compiled calls take longest",
    )
    options = parser.parse_args(argv)
    if options.page is not None and not options.json and options.only:
        parser.error("--page by itself measures nothing. With --only, add --json FILE.")
    return options


def main(argv=None):
    options = arguments(argv)
    keys = chosen(options.profile or options.only, known())
    if options.profile:
        return show_profiles(keys)
    if options.page is not None and not options.json:
        folder = page.RESULTS if options.page == Path() else options.page
        page.write(figures.load(folder / page.FIGURES), folder)
        return 0
    parts = measured(keys, options)
    print(report.tables(parts))
    if options.page is not None:
        folder = options.json.parent if options.page == Path() else options.page
        page.write(figures.load(options.json), folder)
    words = [word for row in figures.rows(parts) for word in row.words.values()]
    return 1 if any(word.startswith("wrong") for word in words) else 0


def measured(keys, options):
    """Key -> Part of everything that was asked for; each is kept as soon as it is there."""
    machine.pin()
    kept = figures.load(options.json) if options.json and options.json.exists() else {}
    providers = {n: load(n) for n in PEERS if n == YARDSTICK or n in options.providers}
    how = (providers, options.rounds, options.budget)
    facts = machine.facts() | {"rounds": options.rounds, "budget": options.budget}
    parts = {}
    for key in keys:
        parts[key] = Part(facts, **runners()[key](*how))
        for row in parts[key].rows:
            row.words |= {name: "not run" for name in PEERS if name not in providers}
            cells = ", ".join(f"{report.label(n)} {report.cell(row, n)}" for n in providers)
            print(f"{row.key} {row.title} ({row.unit}): {cells}", file=sys.stderr, flush=True)
        if options.json:
            kept[key] = parts[key]
            figures.save(options.json, {key: kept[key] for key in known() if key in kept})
    return parts


def show_profiles(keys):
    """Print where the compiled calls of these workloads spend their time."""
    machine.pin()
    for key in keys:
        if key not in workloads:
            sys.exit(f"{key} has no compiled call. Choose from {', '.join(workloads)}.")
        print(report.profile(workloads[key], *profiling.with_call(workloads[key])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
