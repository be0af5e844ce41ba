# SPDX-License-Identifier: Apache-2.0
"""Every command that a page shows works. Runs are shortened; their figures are not compared."""

import os
import re
import shutil
import subprocess

import pages
import pytest

# These have tests of their own, in which their commands find what they have made.
OWN = ("tutorial.md", "tutorial_parts.md", "install.md")
PAGES = [page for page in pages.PAGES if page.name not in OWN]
SHOWN = [
    (page, [line for kind, _, text in pages.blocks(page) if kind == "console"
            for line in pages.commands(text)])
    for page in PAGES
]  # fmt: skip
LONG = {"scripts/quickstart", "scripts/test", "scripts/bench", "scripts/install", ".ci/run"}
LONG |= {"scripts/studies/compare_db_bench", "scripts/studies/comparison_power.py"}
LONG |= {"scripts/bench_commits"}
ELSEWHERE = "stalemark suite virtual"  # tests/program/test_virtual_suite.py runs all of it.
BUILDING = {"cmake", "ctest", "cd", "git"}


def provide(line, folder, results):
    """Puts results where a command reads some that nobody has made yet."""
    if re.match(r"(?:stalemark|build/release/stalemark) (?:run|suite|explore)\b", line):
        return
    for word in re.findall(r"(?<!--out )\b(?:results/[\w./-]+|\w+\.json)\b", line):
        target = folder / word
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            continue
        if word.endswith(".json"):
            shutil.copy(next(results.glob("*.json")), target)
        else:
            shutil.copytree(results, target)


def check(line, place, results):
    folder, environment = place
    first = re.sub(r"^(?:\w+=\S+ )+", "", line).split()[0]
    if ELSEWHERE in line:
        assert (pages.REPOSITORY / "workloads/suites/virtual.json").exists()
    elif first in LONG:
        assert os.access(folder / first, os.X_OK), first
    elif first in BUILDING:
        for preset in re.findall(r"--preset[ =](\w+)", line):
            assert f'"{preset}"' in (pages.REPOSITORY / "CMakePresets.json").read_text(), preset
    else:
        assert re.match(r"(build/release/)?stalemark$|scripts/[\w./]+$", first), f"unknown: {line}"
        provide(line, folder, results)
        outcome = subprocess.run(
            ["bash", "-c", pages.shortened(line)],
            cwd=folder, env=environment, capture_output=True, text=True,
        )  # fmt: skip
        # That nothing qualifies is an answer, too: these runs are short, and their machine busy.
        answers = (0, 1) if first.endswith("recommend.py") else (0,)
        assert outcome.returncode in answers, f"{line}\n{outcome.stdout}{outcome.stderr}"


@pytest.mark.parametrize(
    ("page", "lines"), SHOWN, ids=[str(page.relative_to(pages.REPOSITORY)) for page in PAGES]
)
def test_each_command_on_the_page_works(page, lines, place, results):
    for line in lines:
        check(line, place, results)


def test_there_are_commands_to_check():
    assert sum(len(lines) for _, lines in SHOWN) > 5


@pytest.mark.parametrize(
    "line", ["stalemark run no_such_workload", "scripts/no_such.py", "cmake --preset none", "rm x"]
)
def test_a_command_that_does_not_work_is_found(line, place, results):
    with pytest.raises(AssertionError):
        check(line, place, results)


def test_runs_are_shortened_and_nothing_else():
    assert pages.shortened("stalemark list") == "stalemark list"
    line = "stalemark run ycsb_a --duration 10s --ttl 5s > out.json"
    assert pages.shortened(line).split() == (
        "stalemark run ycsb_a --ttl 5s --duration 50ms --warmup 0 --keys 2000 > out.json".split()
    )
    spells = "stalemark run a --fault store-slow@5s+2s,x20 --fault cache-flush@1h"
    assert "--fault store-slow@10ms+20ms,x20 --fault cache-flush@10ms " in pages.shortened(spells)
    whole = "stalemark run slow_store --shield lock"
    assert pages.shortened(whole) == whole
    assert "--repeat 1" in pages.shortened("stalemark suite --out results/mine")
