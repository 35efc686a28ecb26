"""The command: `python -m benchmarks.problem_lists --help`."""

import argparse
import json
import platform
import sys
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from benchmarks.problem_lists import engine, sympy_side, tables, truth
from benchmarks.problem_lists.limited import Limited
from benchmarks.problem_lists.lists import questions

RESULTS = Path(__file__).parents[1] / "results"
NAME = "problem_lists"


def arguments(argv):
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.problem_lists",
        description="Ask adcourse and SymPy for the derivatives on the problem lists.",
    )
    parser.add_argument(
        "--only", nargs="+", metavar="site/Ax", help="beginnings of keys; other rows stay"
    )
    parser.add_argument("--no-sympy", action="store_true", help="keep SymPy's answers of last time")
    parser.add_argument("--no-engine", action="store_true", help="keep adcourse's of last time")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the table")
    return parser.parse_args(argv)


def described(question):
    """What a row of the table says of its question."""
    return {
        "key": question.key,
        "collection": question.collection,
        "name": question.name,
        "asked": question.asked,
        "wrt": question.wrt,
        "map": question.is_map,
        "arguments": {
            a.name: " ".join(["×".join(a.axes) or "scalar", a.word]).strip()
            for a in question.arguments.values()
        },
        "source": question.source,
        "closed form": question.cites or None,
    }


def asked_engine(run, question):
    expected = [truth.tensor(question, question.point(*point)) for point in engine.POINTS]
    late = {"verdict": "time limit", "reason": f"no answer in {engine.SECONDS} s"}
    return run(question.key, expected) or late


def asked_sympy(run, question):
    """One entry per formulation."""
    if not question.sympy:
        return []
    args = question.point(0, 0)
    expected = truth.tensor(question, args)
    first = None
    if question.asked == "hessian":
        first = truth.tensor(replace(question, asked="gradient"), args)
    late = ("time limit", f"no answer in {sympy_side.SECONDS} s")
    answers = [(text, run(question.key, text, expected, first) or late) for text in question.sympy]
    return [
        {"formulation": text, "class": found, "answer": answer}
        for text, (found, answer) in answers
    ]


def progress(row):
    ours = row.get("engine", {}).get("verdict", "–")
    return f"{row['key']}: adcourse {ours}, SymPy {tables.sympy_class(row) or '–'}"


def before(path):
    """Key -> row of the last run."""
    if not path.exists():
        return {}
    return {r["key"]: r for r in json.loads(path.read_text(encoding="utf-8"))["questions"]}


def main(argv=None):
    options = arguments(argv)
    path = options.results / f"{NAME}.json"
    old = before(path)
    rows = []
    with (
        Limited(engine.attempt, engine.SECONDS) as ours,
        Limited(sympy_side.attempt, sympy_side.SECONDS) as theirs,
    ):
        for key, question in questions.items():
            last = old.get(key, {})
            row = described(question) | {n: last[n] for n in ("engine", "sympy") if n in last}
            if not options.only or key.startswith(tuple(options.only)):
                if not options.no_engine:
                    row["engine"] = asked_engine(ours, question)
                if not options.no_sympy:
                    row["sympy"] = asked_sympy(theirs, question)
                print(progress(row), file=sys.stderr, flush=True)
            rows.append(row)

    versions = {"Python": platform.python_version()}
    versions |= {name: version(name) for name in ("numpy", "sympy", "jax")}
    options.results.mkdir(exist_ok=True)
    path.write_text(tables.as_json(rows, versions), encoding="utf-8")
    path.with_suffix(".md").write_text(tables.markdown(rows, versions), encoding="utf-8")
    print(tables.figures(rows))
    return 1 if any(row.get("engine", {}).get("verdict") == "wrong" for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
