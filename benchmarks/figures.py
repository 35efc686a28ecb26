"""The figures as JSON: what was run again takes the place of what was there."""

import json
import sys
from dataclasses import asdict, dataclass, field

from benchmarks.profiling import Line
from benchmarks.run import Row


@dataclass
class Part:
    """What one key gives: rows of the report, or one of the two curves.

    run: the machine, the versions and the options that the figures belong to.
    """

    run: dict
    rows: list = field(default_factory=list)
    flat: dict = field(default_factory=dict)
    compiling: list = field(default_factory=list)


def load(path):
    """key -> Part, from a file that `save` has written."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return {key: part(one, data["runs"]) for key, one in data["parts"].items()}
    except FileNotFoundError:
        sys.exit(f"There is no {path}. To measure and write it: python -m benchmarks --json {path}")
    except (KeyError, TypeError, ValueError) as mistake:
        sys.exit(f"{path} does not hold figures of this version ({mistake!r}). Name another file.")


def part(one, runs):
    rows = [Row(**row | {"lines": [Line(**line) for line in row["lines"]]}) for row in one["rows"]]
    return Part(**one | {"run": runs[one["run"]], "rows": rows})


def save(path, parts):
    """Write the parts; what several of them say of their run is written once."""
    runs, lines = [], {}
    for key, one in parts.items():
        if one.run not in runs:
            runs.append(one.run)
        lines[key] = asdict(one) | {"run": runs.index(one.run)}
    text = json.dumps({"runs": runs, "parts": lines}, indent=1, ensure_ascii=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")


def rows(parts):
    return [row for one in parts.values() for row in one.rows]


def runs(parts):
    """Pairs (facts, keys): parts of runs that differ in the machine's load alone go together."""
    groups = {}
    for key, one in parts.items():
        same = json.dumps(one.run | {"load": None})
        groups.setdefault(same, []).append(key)
    pairs = []
    for keys in groups.values():
        loads = [parts[key].run.get("load") for key in keys]
        highest = max((load for load in loads if load is not None), default=None)
        pairs.append((parts[keys[0]].run | {"load": highest}, keys))
    return pairs
