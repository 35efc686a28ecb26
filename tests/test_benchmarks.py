"""The benchmarks answer rightly on tiny inputs, and their report can be written. No times here."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

import adcourse as ad
from benchmarks import compiling, depth, figures, first, flat, page, plot, report, symbolic
from benchmarks.__main__ import arguments, chosen, known
from benchmarks.figures import Part
from benchmarks.problem import Problem, difference
from benchmarks.profiling import Line, profile, timed
from benchmarks.providers import OWN, Provider, load
from benchmarks.providers.own import derivative
from benchmarks.run import Row, run
from benchmarks.timing import Times, race
from benchmarks.workloads import workloads

ROOT = Path(__file__).parents[1]


def python(*arguments):
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("key", workloads)
def test_adcourse_agrees_with_the_derivative_by_hand(key, name):
    workload = workloads[key]
    problem = workload.problem(tiny=True)
    call = load(name).call(workload.task, problem)
    by_hand = problem.by_hand(*problem.args, *problem.vectors)
    assert difference(call(), by_hand) < 1e-9
    assert difference(call(), by_hand) < 1e-9


@pytest.mark.parametrize("key", [k for k, w in workloads.items() if w.task in ("gradient", "hvp")])
def test_no_array_is_a_constant_of_the_compiled_program(key):
    problem = workloads[key].problem(tiny=True)
    f, args = derivative(workloads[key].task, problem)
    compiled = ad.compile(f, *args)
    text = compiled.source
    others = [1.1 * a for a in args]
    assert difference(compiled(*others), problem.by_hand(*others)) < 1e-9
    assert compiled.source == text  # the same program, and not a second one


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
    one = Row("W1", "first", {"adcourse": 12, "compiled": 1.5})
    one.cells = {
        "numpy": (1.0, 1.0, 1.0),
        "adcourse": (9.87, 9.5, 10.21),
        "compiled": (2.0, 2.0, 2.0),
        "jax": (17.0, 16.0, 18.0),
    }
    one.seconds = {"numpy": 1e-6, "adcourse": 9.87e-6, "compiled": 2e-6, "jax": 17e-6}
    one.words = {"torch": "absent", "mygrad": "– (AttributeError: no solve)"}
    one.first = {"compiled": (1e-3, 0.9e-3, 1.1e-3)}
    one.lines = [Line("v = v * v", 3, 9e-7), Line("v1 = w1 | w2", 1, 1e-7)]
    two = Row("W2", "second", {"adcourse": 0.8}, unit="µs per operation", note="of scalars")
    two.cells = {"numpy": (0.1234, 0.1234, 0.1234)}
    two.words = {"adcourse": "not yet (MissingRule: no row)"}
    return [one, two]


def parts(load=0.5):
    facts = {"processor": "P", "load": load, "versions": {"numpy": "2"}}
    return {row.key: Part(facts, [row]) for row in rows()}


def test_the_tables_say_every_figure_or_why_there_is_none():
    lines = report.tables(parts()).splitlines()
    heads = "adcourse | adcourse compiled | MyGrad | PyTorch | JAX | by hand |"
    assert f"| workload | targets | {heads}" in lines
    assert (
        "| W1 first (× numpy) | ≤ 12, ≤ 1.5 | **9.87** (9.50–10.2) | 2.00 | – | absent "
        "| 17.0 (16.0–18.0) | 1.00 |"
    ) in lines
    assert "| W2 second (µs per operation) | ≤ 0.8 | not yet | – | – | – | – | 0.12 |" in lines
    assert "| W1 first | 1.00 | 9.87 | 2.00 |  |  | 17.0 |" in lines
    assert "| W1 first | 1.00 (0.90–1.10) | 126 | – | – |" in lines  # (1000 - 9.87) / 7.87
    assert "| W1 | 2.00, ≤ 1.5 | 2.00 | 1.00 | 90% `3 × v = v * v`; 10% `v1 = w1 \\| w2` |" in lines
    assert "- W1, MyGrad: – (AttributeError: no solve)" in lines
    assert "- W2: of scalars" in lines
    assert "- W2, adcourse: not yet (MissingRule: no row)" in lines
    assert "processor: P, load: 0.5" in lines


def test_the_tables_say_which_rows_belong_to_which_machine():
    several = parts()
    several["W3"] = Part({"processor": "Q", "versions": {"numpy": "2"}}, [Row("W3", "third")])
    several["W2"].run = several["W1"].run | {"load": 1.5}
    lines = report.tables(several).splitlines()
    assert "W1, W2: processor: P, load: 1.5" in lines
    assert "W3: processor: Q, load: None" in lines


def test_figures_are_read_as_they_were_written(tmp_path):
    figures.save(tmp_path / "figures.json", parts())
    read = figures.load(tmp_path / "figures.json")
    assert list(read) == ["W1", "W2"]
    assert report.tables(read) == report.tables(parts())
    assert read["W1"].rows[0].lines == rows()[0].lines


@pytest.mark.parametrize("text", ["", "{}", '{"runs": [], "parts": {"W1": {"run": 0}}}'])
def test_a_file_of_another_kind_is_refused(tmp_path, text):
    (tmp_path / "figures.json").write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit, match="does not hold figures of this version"):
        figures.load(tmp_path / "figures.json")
    with pytest.raises(SystemExit, match="There is no .*none.json. To measure"):
        figures.load(tmp_path / "none.json")


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def pass_by(self, seconds):
        self.now += seconds


def test_the_first_result_is_that_of_a_new_function_in_a_warm_process():
    clock, steps = Clock(), []
    problem = Problem(lambda xp, x: x, lambda x: x, (1.0,))

    class Compiler(Provider):
        def forget(self):
            steps.append("forget")

        def call(self, task, which):
            known = []

            def call():
                steps.append("other" if which is first.OTHER else "first")
                clock.pass_by(0.25 if known else 3.0)
                known.append(True)

            return call

    providers = {"adcourse": Unable(), "compiled": Compiler()}
    found = first.measure("gradient", problem, providers, budget=0, clock=clock)
    assert found == {"compiled": (3.0, 3.0, 3.0)}
    assert steps == ["forget", "other", "first"] * 3
    steps.clear()
    first.measure("gradient", problem, providers, budget=1000, clock=clock)
    assert steps.count("first") == first.FEW


@pytest.mark.parametrize(
    ("eager", "later", "calls", "shown"),
    [(0.5, 0.1, 5, "5"), (0.5, 0.5, None, "never"), (None, 0.1, None, "–"), (3.0, 0.1, 0, "0")],
)
def test_compiling_has_paid_when_quicker_calls_have_made_up_for_it(eager, later, calls, shown):
    row = Row("W1", "one", first={"compiled": (2.5, 2.5, 2.5)}, seconds={"compiled": later})
    row.seconds |= {"adcourse": eager} if eager else {}
    assert first.paid_after(row, "compiled") == calls
    assert report.pair(row, "compiled") == ("2500", shown)
    assert report.pair(row, "jax_jit") == ("–", "–")


def test_a_profile_says_which_lines_take_the_time():
    clock = Clock()
    text = """def f(n):
    v1 = wait(5)
    for k in range(n):
        v2 = wait(1)
        v3 = wait(1)
    if v1: wait(2)
    return wait(v1, v3)"""
    space = {"wait": lambda *seconds: clock.pass_by(seconds[0] or 0)}
    lines = timed(text, space, (4,), budget=0, clock=clock)
    spent = {line.text: (line.times, line.seconds) for line in lines}
    assert spent == {
        "v = wait(1)": (2, 8.0),
        "v1 = wait(5)": (1, 5.0),
        "for k in range(n):": (1, 0.0),
        "if v1: wait(2)": (1, 0.0),
        "wait(2)": (1, 0.0),
        "return wait(v1, v3)": (1, 0.0),
    }
    assert [line.seconds for line in lines] == sorted(spent_seconds(spent), reverse=True)


def spent_seconds(spent):
    return [seconds for _, seconds in spent.values()]


def test_the_profile_of_a_program_knows_all_its_lines():
    workload = workloads["W3"]
    problem = workload.problem(tiny=True)
    f, args = derivative(workload.task, problem)
    body = [line for line in ad.compile(f, *args).source.splitlines()[1:] if "#" not in line]
    lines = profile(workload.task, problem, budget=0)
    assert sum(line.times for line in lines) == len(body)


def test_bars_have_a_panel_for_each_row(tmp_path):
    plot.bars(rows(), tmp_path / "one.svg")
    plot.bars(rows(), tmp_path / "two.svg")
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


def test_each_stage_of_compiling_is_measured_at_every_size(tmp_path):
    entries = compiling.measure(rounds=1, budget=0, sizes=(40, 400))
    assert [entry["operations"] for entry in entries] == [40, 400]
    assert all(set(entry["seconds"]) == set(compiling.STAGES) for entry in entries)
    # three partials for each of four operations, and less at the ends
    nodes = [entry["nodes"] for entry in entries]
    assert nodes[1] - nodes[0] == pytest.approx(9 * nodes[0], rel=0.1)
    plot.compiling(entries, tmp_path / "compiling.svg")
    (panel,) = [e for e in ElementTree.parse(tmp_path / "compiling.svg").iter() if is_panel(e)]
    facts = {"processor": "P", "versions": {}}
    stages = {stage: (0.001, 0.001, 0.001) for stage in compiling.STAGES}
    entry = {"operations": 1000, "nodes": 4000, "seconds": stages}
    lines = report.tables({"compiling": Part(facts, compiling=[entry])}).splitlines()
    assert "| 1 000 | 4 000 | 0.25 | 0.25 | 0.25 | 0.25 | 1.00 |" in lines
    assert "Generating code for 1000 scalar operations takes 4.00 ms." in lines


def test_memory_is_what_a_call_holds_at_its_highest():
    program = """
import numpy as np
from benchmarks import memory
print(memory.needed(lambda: [np.ones(10**6).sum() for _ in range(9)]), memory.peak())
"""
    needed, known = python("-c", program).split()
    assert known == "None" or 7e6 < int(needed) < 16e6


def test_workloads_are_chosen_by_number_or_by_name():
    keys = known()
    assert [k for k in keys if k.startswith("W1")] == ["W1", "W10", "W11", "W12", "W13"]
    assert keys[-2:] == ["compiling", "flat"]
    assert chosen(["W1", "W6f100"], keys) == ["W1", "W6f100"]
    assert chosen(["W9", "flat"], keys) == ["W9v", "W9u", "flat"]
    with pytest.raises(SystemExit, match="no workload W99"):
        chosen(["W99"], keys)


def test_a_run_replaces_its_rows_and_the_page_is_that_of_the_file(tmp_path):
    path, readme = tmp_path / "figures.json", tmp_path / "README.md"
    figures.save(path, parts())
    before = figures.load(path)
    (tmp_path / "why.md").write_text("## Why\n\nBy a person.\n", encoding="utf-8")
    few = ["--only", "W1", "--providers", *OWN, "--rounds", 1]
    said = python("-m", "benchmarks", *few, "--json", path, "--page")

    data = json.loads(path.read_text(encoding="utf-8"))
    assert list(data["parts"]) == ["W1", "W2"]
    (row,) = data["parts"]["W1"]["rows"]
    assert row["title"] == workloads["W1"].title and row["words"]["torch"] == "not run"
    assert set(row["seconds"]) == {"numpy", *OWN} and set(row["first"]) == {"compiled"}
    assert data["runs"][data["parts"]["W1"]["run"]]["versions"]["numpy"] == np.__version__
    read = figures.load(path)
    assert read["W2"] == before["W2"] and read["W1"] != before["W1"]

    new = {"W1": read["W1"]}
    assert said.strip() == report.tables(new).strip()
    written = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    text = readme.read_text(encoding="utf-8")
    assert text == page.text(read, "## Why\n\nBy a person.\n")
    assert "(ratios.svg)" in text and text.endswith("## Why\n\nBy a person.\n")
    readme.unlink()
    (tmp_path / "ratios.svg").unlink()
    python("-m", "benchmarks", "--page", tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == written


def test_the_published_page_is_that_of_the_published_figures():
    published = figures.load(page.RESULTS / "figures.json")
    why = (page.RESULTS / "why.md").read_text(encoding="utf-8")
    text = (page.RESULTS / "README.md").read_text(encoding="utf-8")
    assert text == page.text(published, why)


def test_a_page_by_itself_measures_nothing(capsys):
    with pytest.raises(SystemExit):
        arguments(["--only", "W1", "--page"])
    assert "--page by itself measures nothing" in capsys.readouterr().err


def test_a_profile_is_printed_and_nothing_else():
    said = python("-m", "benchmarks", "--profile", "W1").splitlines()
    assert said[0].startswith("W1 ") and "lines of its program" in said[0]
    assert any(".log(w1)" in line for line in said[1:])
    assert sum(float(line.split("%")[0]) for line in said[1:]) == pytest.approx(100, abs=1)


def test_the_symbolic_page_names_every_verdict_and_figure(monkeypatch):
    monkeypatch.setattr(symbolic, "times", lambda call, repeat=5: (call(), (2.0, 1.0, 3.0))[1])
    text = symbolic.report()
    assert "| logistic, two forms | proved | 2 (1–3) | 2 (1–3) | yes |" in text
    assert "| least squares, transpose missing | differs | 2 (1–3) | – | – |" in text
    assert text.count("2 (1–3)") >= 20 and "sympy" in text
