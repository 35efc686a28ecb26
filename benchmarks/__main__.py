"""The command: `python -m benchmarks --help`."""

import argparse
import re
import sys
from pathlib import Path

from benchmarks import depth, flat, machine, plot, report, startup
from benchmarks.providers import PEERS, load
from benchmarks.run import run
from benchmarks.timing import YARDSTICK
from benchmarks.workloads import workloads


def runners():
    """Key -> function (providers, rounds, budget) that gives rows of the report, in its order."""
    table = {
        key: lambda *how, one=workload: run(one, *how) for key, workload in workloads.items()
    } | {depth.KEY: depth.run, startup.KEY: startup.run}
    return dict(sorted(table.items(), key=lambda item: number(item[0])))


def number(key):
    """W6f100 belongs to workload 6."""
    return int(re.match(r"W(\d+)", key)[1])


def chosen(only, known):
    """The keys that were asked for: `W6` means all parts of it, `W6f100` one."""
    keys = [key for key in known if not only or key in only or f"W{number(key)}" in only]
    for name in only or ():
        if not any(name in (key, f"W{number(key)}") for key in known):
            sys.exit(f"There is no workload {name}. Choose from {', '.join(known)}.")
    return keys


def arguments(argv):
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Time adcourse and its peers side by side."
    )
    parser.add_argument("--only", nargs="+", metavar="W1", help="workloads, e.g. W1 W6 W6f100")
    parser.add_argument("--providers", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--rounds", type=int, default=21, help="rounds at most (default 21)")
    parser.add_argument(
        "--budget", type=float, default=15, help="seconds of rounds per workload (default 15)"
    )
    parser.add_argument("--json", type=Path, help="write all figures here")
    parser.add_argument("--markdown", type=Path, help="write the tables here")
    parser.add_argument("--plot", type=Path, help="write bars per workload here (SVG)")
    parser.add_argument("--flat", type=Path, help="measure cost per operation; plot here (SVG)")
    return parser.parse_args(argv)


def main(argv=None):
    options = arguments(argv)
    keys = chosen(options.only, runners())
    machine.pin()
    facts = machine.facts()
    names = [name for name in PEERS if name == YARDSTICK or name in options.providers]
    providers = {name: load(name) for name in names}
    how = (providers, options.rounds, options.budget)
    rows = []
    for key in keys:
        for row in runners()[key](*how):
            rows.append(row)
            figures = ", ".join(f"{report.label(n)} {report.cell(row, n)}" for n in names)
            print(f"{row.key} {row.title} ({row.unit}): {figures}", file=sys.stderr, flush=True)
    curves = flat.measure(*how) if options.flat else None

    text = report.markdown(rows, names, facts, curves)
    print(text)
    if options.markdown:
        options.markdown.write_text(text, encoding="utf-8")
    if options.json:
        options.json.write_text(report.as_json(rows, facts, curves), encoding="utf-8")
    if options.plot:
        plot.bars(rows, names, options.plot)
    if options.flat:
        plot.flat(curves, options.flat)
    return 1 if any(word.startswith("wrong") for row in rows for word in row.words.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
