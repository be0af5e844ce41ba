# SPDX-License-Identifier: Apache-2.0
"""Every long command shows a bar on a terminal, and without one says nothing of how far it is."""

import argparse
import os
import re
import shutil
import subprocess

import cluster_runs
import comparison_power
import pytest
import scenarios
import terminal
from conftest import SCRIPTS
from stalemark.common import progress, results
from stalemark.predictions import predictions
from test_bench_commits import FEW, Repository

SEEN = re.compile(r"(.+?) +(\d+)%, (\?|[\d:]+) left \[([# ]{30})\](?:, (.*))?$")


def bars(shown):
    """{name of a bar: the shares that it went through, in percent}."""
    found = {}
    for text in shown.drawn:
        if seen := SEEN.match(text):
            found.setdefault(seen[1], []).append(int(seen[2]))
    return found


def test_bench_commits_shows_the_build_and_the_measuring(tmp_path):
    repository = Repository(tmp_path)
    words = [repository.folder / "scripts/bench_commits", "start", "start", *FEW]
    shown = terminal.run(words, 200, cwd=repository.tools, env=repository.environment())
    found = bars(shown)
    assert shown.status == 0
    assert shown.lines == [] and shown.last == ""
    assert any(name.startswith("building ") for name in found)
    assert found["measuring"][0] == 0
    assert "left [" not in shown.out


def test_bench_commits_says_nothing_without_a_terminal(tmp_path):
    ended = Repository(tmp_path).bench("start", "start", *FEW)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.fixture
def bench(tmp_path):
    """scripts/bench with two programs of three benchmarks and of one."""
    for folder in ("scripts", "tools", "build/release"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("bench", "progress.py"):
        shutil.copy(SCRIPTS / name, tmp_path / "scripts")
    shutil.copytree(SCRIPTS / "stalemark", tmp_path / "scripts/stalemark")
    made = {"scripts/install": "", "tools/cmake": 'echo "[1/1] all"'}
    for name, number in (("a_bench", 3), ("b_bench", 1)):
        made[f"build/release/{name}"] = (
            f"[[ $1 == --benchmark_list_tests ]] && seq {number} || echo 'table of {name}'"
        )
    for name, text in made.items():
        (tmp_path / name).write_text(f"#!/bin/bash\n{text}\n")
        (tmp_path / name).chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path / 'tools'}:{os.environ['PATH']}"}
    return [tmp_path / "scripts/bench", "--quick"], environment


def test_bench_shows_how_many_benchmarks_have_run(bench):
    words, environment = bench
    shown = terminal.run(words, env=environment)
    assert shown.status == 0 and shown.lines == [] and shown.last == ""
    assert set(bars(shown)["measuring"]) >= {0, 75}
    silent = subprocess.run(words, env=environment, capture_output=True, text=True)
    assert silent.stderr == "" and silent.stdout == shown.out
    assert silent.stdout.splitlines()[:2] == ["table of a_bench", "table of b_bench"]


def test_bench_fails_if_one_of_its_programs_does(bench):
    words, environment = bench
    (words[0].parent.parent / "build/release/a_bench").write_text("#!/bin/bash\nexit 3\n")
    assert subprocess.run(words, env=environment, capture_output=True).returncode != 0


class Noted(progress.Bar):
    """Keeps what the bars were told."""

    bars = {}

    def __init__(self, name, total):
        super().__init__(name, total)
        self.told = self.bars.setdefault(name, [])
        self.disable = False
        self.all = total

    def reach(self, done, note=""):
        self.told.append((done, self.all, note))

    def refresh(self, *_, **__):
        pass

    def close(self):
        self.disable = True


@pytest.fixture
def noted(monkeypatch):
    monkeypatch.setattr(progress, "Bar", Noted)
    monkeypatch.setattr(Noted, "bars", {})
    return Noted.bars


def test_the_runs_for_eighty_percent_are_counted(noted, monkeypatch):
    monkeypatch.setattr(cluster_runs, "_run", lambda task: task.line)
    monkeypatch.setattr(results, "group", lambda members: [members])
    found = cluster_runs.simulate("places", {("a", "b"): ({}, ["--x", "--y"])}, seeds=(1, 2))
    assert len(found["a", "b"]) == 4
    assert [(done, all_) for done, all_, _ in noted["places"]] == [(n, 4) for n in range(1, 5)]
    assert noted["places"][-1][2] == "4 of 4 runs"


def test_the_runs_for_predictions_are_counted(noted, monkeypatch):
    ended = subprocess.CompletedProcess([], 0, "{}", "")
    monkeypatch.setattr(predictions.subprocess, "run", lambda *_, **__: ended)
    form = argparse.Namespace(options="--reads 1")
    assert predictions.measure([form], range(3)) == {"--reads 1": [{}, {}, {}]}
    assert noted["predictions"][-1] == (3, 3, "3 of 3 runs")


def test_the_comparisons_of_the_campaign_are_counted(noted, tmp_path):
    class Campaign(comparison_power.Campaign):
        def __init__(self):
            self.options = argparse.Namespace(numbers={"aa": 2, "chatty": 1})
            self.lines = [{"kind": "aa", "trial": 1}]

        def compare(self, name, trial):
            pass

    Campaign().carry_out()
    assert [(done, all_) for done, all_, _ in noted["comparing"]] == [(0, 2), (1, 2)]
    assert noted["comparing"][0][2].startswith("1 of 2: ")


def test_the_pictures_of_scenarios_are_counted(noted, monkeypatch, tmp_path):
    (tmp_path / "scenarios.md").write_text("page")
    monkeypatch.setattr(scenarios.scenario_charts, "CHARTS", {"a": str, "b": str})
    monkeypatch.setattr(scenarios.scenario_tables, "table", lambda *_: "")
    monkeypatch.setattr(scenarios.page_parts, "with_part", lambda text, *_: text)
    monkeypatch.setattr(scenarios.svg_pictures, "svg", str)
    assert len(scenarios.generated({"a": 1, "b": 2}, tmp_path)) == 3
    assert noted["drawing"] == [(0, 2, "a"), (1, 2, "b")]
