"""The benchmarks answer rightly on tiny inputs, and their report can be written. No times here."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from benchmarks import depth, flat, plot, report, symbolic
from benchmarks.__main__ import chosen, runners
from benchmarks.problem import difference
from benchmarks.providers import Provider, load
from benchmarks.run import Row, run
from benchmarks.timing import Times, race
from benchmarks.workloads import workloads

ROOT = Path(__file__).parents[1]


def python(*arguments):
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("key", workloads)
def test_adcourse_agrees_with_the_derivative_by_hand(key):
    workload = workloads[key]
    problem = workload.problem(tiny=True)
    answer = load("adcourse").call(workload.task, problem)()
    by_hand = problem.by_hand(*problem.args, *problem.vectors)
    assert difference(answer, by_hand) < 1e-9


@pytest.mark.parametrize("key", [k for k, w in workloads.items() if w.task == "gradient"])
def test_gradients_by_hand_agree_with_difference_quotients(key):
    problem = workloads[key].problem(tiny=True)
    value, gradients = problem.by_hand(*problem.args)
    rng = np.random.default_rng(1)
    dots = [rng.standard_normal(np.shape(a)) for a in problem.args[: problem.active]]

    def along(t):
        moved = [a + t * dot for a, dot in zip(problem.args, dots, strict=False)]
        return problem.f(np, *moved, *problem.args[problem.active :])

    slope = sum(np.sum(g * dot) for g, dot in zip(gradients, dots, strict=True))
    h = 1e-5
    assert value == pytest.approx(along(0.0), rel=1e-13)
    assert slope == pytest.approx((along(h) - along(-h)) / (2 * h), rel=1e-7)


@pytest.mark.parametrize("mode", depth.MODES)
def test_the_deep_network_agrees_with_the_derivative_by_hand(mode):
    problem = depth.problem(load("adcourse"), mode, 6, 2, 3)
    answer = load("adcourse").call("gradient", problem)()
    assert difference(answer, problem.by_hand(*problem.args)) < 1e-12
    assert difference(answer, depth.gradient_by_hand(*problem.args, 6, 6)) < 1e-12


class Doubled(Provider):
    """Wrong by a factor of two."""

    def call(self, task, problem):
        value, gradients = problem.by_hand(*problem.args)
        return lambda: (value, [2 * g for g in gradients])


class Unable(Provider):
    xp = np


def test_only_right_answers_are_timed():
    providers = {"numpy": load("numpy"), "a": Doubled(), "b": Unable(), "c": None}
    (row,) = run(workloads["W3"], providers, rounds=1, budget=0, tiny=True)
    assert list(row.cells) == ["numpy"] and row.cells["numpy"] == (1.0, 1.0, 1.0)
    assert row.words == {"a": "wrong by 1.0e+00", "b": "–", "c": "absent"}


def test_ratios_are_taken_within_a_round():
    times = Times({"numpy": [1.0, 10.0, 100.0], "peer": [3.0, 30.0, 400.0]})
    assert times.ratio("peer") == (3.0, 3.0, 3.5)
    assert times.median("peer") == 30.0


def test_a_race_runs_every_call_in_every_round():
    now, ran = 0.0, []

    def takes(name, seconds):
        def call():
            nonlocal now
            now += seconds
            ran.append(name)

        return call

    calls = {"numpy": takes("numpy", 2.0), "peer": takes("peer", 6.0)}
    times = race(calls, rounds=3, budget=60, clock=lambda: now)
    assert times.seconds == {"numpy": [2.0] * 3, "peer": [6.0] * 3}
    assert ran == ["numpy", "peer"] + ["numpy", "peer", "peer", "numpy", "numpy", "peer"]


def rows():
    one = Row("W1", "first", target=12)
    one.cells = {"numpy": (1.0, 1.0, 1.0), "adcourse": (9.87, 9.5, 10.21), "jax": (17.0, 16, 18)}
    one.seconds = {"numpy": 1e-6, "adcourse": 9.87e-6, "jax": 17e-6}
    one.words = {"torch": "absent", "mygrad": "– (AttributeError: no solve)"}
    two = Row("W2", "second", target=0.8, unit="µs per operation")
    two.cells = {"numpy": (0.1234, 0.1234, 0.1234)}
    two.words = {"adcourse": "not yet (MissingRule: no row)"}
    return [one, two]


def test_the_table_says_every_figure_or_why_there_is_none():
    names = ["numpy", "adcourse", "mygrad", "torch", "jax"]
    text = report.markdown(rows(), names, {"processor": "P", "versions": {"numpy": "2"}})
    lines = text.splitlines()
    assert "| workload | target | adcourse | MyGrad | PyTorch | JAX | by hand |" in lines
    assert (
        "| W1 first (× numpy) | ≤ 12 | **9.87** (9.50–10.2) | – | absent | 17.0 (16.0–18.0) "
        "| 1.00 |"
    ) in lines
    assert "| W2 second (µs per operation) | ≤ 0.8 | not yet | – | – | – | 0.12 |" in lines
    assert "| W1 first | 1.00 | 9.87 |  |  | 17.0 |" in lines
    assert "- W1, MyGrad: – (AttributeError: no solve)" in lines
    assert "- W2, adcourse: not yet (MissingRule: no row)" in lines


def test_bars_have_a_panel_for_each_row(tmp_path):
    plot.bars(rows(), ["numpy", "adcourse", "jax"], tmp_path / "one.svg")
    plot.bars(rows(), ["numpy", "adcourse", "jax"], tmp_path / "two.svg")
    panels = [e for e in ElementTree.parse(tmp_path / "one.svg").iter() if is_panel(e)]
    assert len(panels) == 2
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()


def is_panel(element):
    return element.get("id", "").startswith("axes_")


def test_cost_per_operation_is_measured_at_every_size(tmp_path):
    providers = {name: load(name) for name in ("numpy", "adcourse")}
    curves = flat.measure(providers, rounds=1, budget=0, sizes=(40, 400))
    assert [point[0] for point in curves["adcourse"]] == [40, 400]
    assert all(each > 8 for _, _, each in curves["adcourse"])  # a tape keeps a number or more
    plot.flat(curves, tmp_path / "flat.svg")
    assert len([e for e in ElementTree.parse(tmp_path / "flat.svg").iter() if is_panel(e)]) == 2
    assert not flat.affordable([(10**5, 50.0, None)], 10**6)


def test_memory_is_what_a_call_holds_at_its_highest():
    program = """
import numpy as np
from benchmarks import memory
print(memory.needed(lambda: [np.ones(10**6).sum() for _ in range(9)]), memory.peak())
"""
    needed, known = python("-c", program).split()
    assert known == "None" or 7e6 < int(needed) < 16e6


def test_workloads_are_chosen_by_number_or_by_name():
    known = list(runners())
    assert [k for k in known if k.startswith("W1")] == ["W1", "W10", "W11", "W12", "W13"]
    assert chosen(["W1", "W6f100"], known) == ["W1", "W6f100"]
    assert chosen(["W9"], known) == ["W9v", "W9u"]
    with pytest.raises(SystemExit, match="no workload W99"):
        chosen(["W99"], known)


def test_the_command_writes_all_files(tmp_path):
    files = {kind: tmp_path / f"out.{kind}" for kind in ("json", "markdown", "plot")}
    options = [word for kind, path in files.items() for word in (f"--{kind}", path)]
    few = ["--only", "W1", "--providers", "adcourse", "--rounds", 1]
    said = python("-m", "benchmarks", *few, *options)
    assert said.strip() == files["markdown"].read_text(encoding="utf-8").strip()
    data = json.loads(files["json"].read_text(encoding="utf-8"))
    (row,) = data["rows"]
    assert row["key"] == "W1" and set(row["seconds"]) == {"numpy", "adcourse"}
    assert data["machine"]["versions"]["numpy"] == np.__version__
    assert files["plot"].read_text(encoding="utf-8").startswith("<?xml")


def test_the_symbolic_page_names_every_verdict_and_figure(monkeypatch):
    monkeypatch.setattr(symbolic, "times", lambda call, repeat=5: (call(), (2.0, 1.0, 3.0))[1])
    text = symbolic.report()
    assert "| logistic, two forms | proved | 2 (1–3) | 2 (1–3) | yes |" in text
    assert "| least squares, transpose missing | differs | 2 (1–3) | – | – |" in text
    assert text.count("2 (1–3)") >= 20 and "sympy" in text
