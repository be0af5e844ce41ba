# SPDX-License-Identifier: Apache-2.0
"""bench_commits on a small repository whose builds are a script that tells known times.

The fake `cmake` builds what the real one does: two programs, which answer as the commit says in
speed.json. So the answer is known, and no test depends on how fast a machine is.
"""

import json
import math
import os
import pathlib
import shutil
import signal
import subprocess
import time

import pytest
import two_sides
from conftest import REPOSITORY, SCRIPTS
from stalemark.compare.visible_change import visible_change

STALEMARK = '''#!/usr/bin/python3 -IS
import json, os, pathlib, random, sys
here = pathlib.Path(__file__).resolve().parent.parent.parent
speed = json.loads((here / "speed.json").read_text())
out = sys.argv[sys.argv.index("--out") + 1]
if sys.argv[1] == "suite":
    pathlib.Path(out).mkdir(parents=True)
    data = json.loads((here / "simulated.json").read_text())
    data["store"]["reads"] += speed["reads"]
    out += "/one.json"
else:
    data = json.loads((here / "real.json").read_text())
    factor = speed["time"] * random.lognormvariate(0, 0.01)
    data["resources"] = {"cpu_user_ns": round(1e7 * factor), "cpu_system_ns": 0}
    data["operations_per_second"] = 1e5 / factor
    data["context"]["cpu"] = str(sorted(os.sched_getaffinity(0)))
    for name in ("p50", "p99", "mean"):
        data["operations"]["read"]["latency_ns"][name] = round(1e6 * factor)
pathlib.Path(out).write_text(json.dumps(data))
'''
BENCH = '''#!/usr/bin/python3 -IS
import json, os, pathlib, random, sys
here = pathlib.Path(__file__).resolve().parent.parent.parent
speed = json.loads((here / "speed.json").read_text())
words = dict(word.split("=", 1) for word in sys.argv[1:])
data = json.loads((here / "benchmark.json").read_text())
for row in data["benchmarks"]:
    row["cpu_time"] *= speed["time"] * random.lognormvariate(0, 0.01)
data["context"]["cpu"] = str(sorted(os.sched_getaffinity(0)))
pathlib.Path(words["--benchmark_out"]).write_text(json.dumps(data))
'''
CMAKE = '''#!/bin/bash
[[ $1 == --build ]] || exit 0
[[ -e no_build ]] && { echo "error: no such type"; exit 1; }
[[ -e slow_build ]] && { sleep 600 & echo $! > "$STARTED"; wait; }
mkdir -p build/release
echo "[1/2] compiling"; echo "[2/2] linking"
for name in stalemark strategy_bench; do
    cp $name.py build/release/$name && chmod +x build/release/$name
done
'''


class Repository:
    def __init__(self, folder):
        self.folder = folder / "clone"
        self.tools = folder / "tools"
        self.temporary = folder / "temporary"
        for each in (self.folder / "bench", self.tools, self.temporary):
            each.mkdir(parents=True)
        shutil.copytree(SCRIPTS, self.folder / "scripts",
                        ignore=shutil.ignore_patterns("__pycache__"))  # fmt: skip
        (self.folder / "results").mkdir()
        shutil.copy(REPOSITORY / "results/schema.json", self.folder / "results")
        real = two_sides.simulated()
        del real["virtual"]
        real["configuration"]["runtime"] = "threads"
        real["context"] = {"build_type": "RelWithDebInfo", "cpu": "none"}
        self.write({"simulated.json": two_sides.one_client(), "real.json": real,
                    "benchmark.json": two_sides.benchmark_file([50.0])})  # fmt: skip
        for path, text in (("stalemark.py", STALEMARK), ("strategy_bench.py", BENCH),
                           ("bench/strategy_bench.cc", ""), (".gitignore", "build\n")):  # fmt: skip
            (self.folder / path).write_text(text)
        (self.tools / "cmake").write_text(CMAKE)
        (self.tools / "cmake").chmod(0o755)
        self.git("init", "--quiet")
        self.commit("start")

    def write(self, files):
        for name, data in files.items():
            (self.folder / name).write_text(json.dumps(data))

    def git(self, *words):
        who = ["-c", "user.name=a", "-c", "user.email=a@b"]
        done = subprocess.run(["git", *who, *words], cwd=self.folder, check=True,
                              capture_output=True, text=True)  # fmt: skip
        return done.stdout.strip()

    def commit(self, tag, time_factor=1.0, reads=0, mark=None):
        """A commit whose programs are so much slower, and read the store so much more often."""
        self.write({"speed.json": {"time": time_factor, "reads": reads}})
        if mark:
            (self.folder / mark).write_text("")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", tag)
        self.git("tag", tag)
        if mark:
            self.git("rm", "--quiet", mark)
            self.git("commit", "--quiet", "--message", f"after {tag}")

    def environment(self):
        return {**os.environ, "PATH": f"{self.tools}:{os.environ['PATH']}",
                "TMPDIR": str(self.temporary), "STARTED": str(self.tools / "started"),
                "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip

    def start(self, *words):
        return subprocess.Popen(
            [self.folder / "scripts/bench_commits", *map(str, words)], cwd=self.tools,
            env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip

    def bench(self, *words):
        process = self.start(*words)
        out, err = process.communicate()
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def is_clean(self):
        """As it was: no worktree, no file in the checkout, none among the temporary ones."""
        return (
            len(self.git("worktree", "list").splitlines()) == 1
            and self.git("status", "--porcelain") == ""
            and list(self.temporary.iterdir()) == []
            and self.git("branch", "--list").count("\n") == 0
        )


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path)


FEW = ("--pairs", "6", "--see", "0")  # And no more of them.
ENOUGH = ("--pairs", "12", "--see", "0")  # Six cannot show anything among eight metrics.


def test_one_commit_against_itself_exits_with_0(repository):
    outcome = repository.bench("start", "start", *FEW)
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.startswith("NO REGRESSION") or "undecided" in outcome.stdout
    assert repository.is_clean()


def test_a_slower_commit_is_found_whichever_the_metric(repository):
    repository.commit("slow", time_factor=1.3)
    outcome = repository.bench("start", "slow", *ENOUGH, "--suite", "none", "--fail-on",
                               "processor_time:10", "--fail-on", "cpu_time:10")  # fmt: skip
    assert outcome.returncode == 1
    failing = [line for line in outcome.stdout.splitlines() if line.startswith("✗")]
    told = " ".join(failing)
    assert "cpu_time" in told and "processor_time" in told
    assert repository.bench("slow", "start", *FEW, "--suite", "none").returncode == 0
    assert repository.is_clean()


def test_one_more_store_read_is_found_by_the_simulated_runs(repository):
    repository.commit("chatty", reads=1)
    outcome = repository.bench("start", "chatty", *FEW)
    assert outcome.returncode == 1
    failing = [line for line in outcome.stdout.splitlines() if line.startswith("✗")]
    assert len(failing) == 1 and "store.reads" in failing[0]


def test_a_regression_is_confirmed_by_a_second_session(repository, tmp_path):
    repository.commit("slow", time_factor=1.3)
    outcome = repository.bench("start", "slow", *FEW, "--suite", "none", "--confirm", "--out",
                               tmp_path / "kept", "--workloads", "none")  # fmt: skip
    assert outcome.returncode == 1
    assert (tmp_path / "kept/second/head").is_dir()


def test_what_was_kept_compares_to_the_same(repository, call, tmp_path):
    kept = tmp_path / "kept"
    outcome = repository.bench("start", "start", *FEW, "--suite", "none", "--out", kept)
    again = call("compare.py", kept / "first/base", "--", kept / "first/head")
    assert again.stdout == outcome.stdout
    sessions = [json.loads(path.read_text())["session"] for path in
                sorted((kept / "first").glob("*/benchmark.p*.json"))]  # fmt: skip
    assert len({session["id"] for session in sessions}) == 1
    assert [session["pair"] for session in sessions] == [*range(1, 13), *range(1, 13)]
    assert {session["position"] for session in sessions[:12]} == {1, 2}
    for one, other in zip(sessions[:12], sessions[12:]):
        assert {one["position"], other["position"]} == {1, 2}
    assert all(session["canary_cpu_ns"] > 0 for session in sessions)


def test_a_noisy_benchmark_gets_more_pairs_until_enough_would_show(repository, tmp_path):
    repository.bench("start", "start", *FEW, "--suite", "none", "--workloads", "none", "--see",
                     "0.5", "--out", tmp_path / "kept")  # fmt: skip
    sides = [sorted((tmp_path / "kept/first" / side).glob("*.json")) for side in ("base", "head")]
    times = [[json.loads(path.read_text())["benchmarks"][0]["cpu_time"] for path in side]
             for side in sides]  # fmt: skip
    logs = [math.log(after / before) for before, after in zip(*times)]
    assert len(logs) > 12
    assert visible_change(logs) <= 0.005
    assert visible_change(logs[:-2]) > 0.005


def test_a_pair_of_benchmarks_has_one_processor_and_a_workload_has_all(repository, tmp_path):
    repository.bench("start", "start", "--suite", "none", "--pairs", "8", "--out", tmp_path / "a")

    def processors(side, name):
        files = sorted((tmp_path / "a/first" / side).glob(f"{name}.p*.json"))
        return [json.loads(file.read_text())["context"]["cpu"] for file in files]

    ours = sorted(os.sched_getaffinity(0))
    pairs = processors("base", "benchmark")
    assert len(pairs) >= 16 and pairs == processors("head", "benchmark")
    assert set(pairs) <= {str([number]) for number in ours}
    assert set(processors("base", "ycsb_b.cache_aside")) == {str(ours)}


def test_the_tosses_follow_the_seed(repository, tmp_path):
    def order(seed, name):
        repository.bench("start", "start", *FEW, "--suite", "none", "--workloads", "none",
                         "--seed", seed, "--out", tmp_path / name)  # fmt: skip
        files = sorted((tmp_path / name / "first/base").glob("*.json"))
        return [json.loads(path.read_text())["session"]["position"] for path in files]

    assert order(1, "a") == order(1, "b") != order(2, "c")


def test_a_commit_that_does_not_build_is_told_with_the_compilers_words(repository):
    repository.commit("broken", mark="no_build")
    outcome = repository.bench("start", "broken", *FEW)
    assert outcome.returncode == 2
    assert "does not build" in outcome.stderr and "error: no such type" in outcome.stderr
    assert repository.is_clean()


WRONG = {
    "a commit that is none": (["start", "nowhere"], "nowhere: no commit"),
    "no pairs": (["start", "start", "--pairs", "0"], "more than 0"),
    "no head": (["start"], "HEAD"),
    "nothing to run": (
        ["start", "start", "--strategies", "none", "--suite", "none"], "nothing to run"),
    "an unknown metric": (
        ["start", "start", *FEW, "--suite", "none", "--fail-on", "cpu_tim:5"], "mean cpu_time"),
}  # fmt: skip


@pytest.mark.parametrize(("words", "told"), WRONG.values(), ids=WRONG)
def test_wrong_usage_exits_with_2_and_leaves_nothing(repository, words, told):
    outcome = repository.bench(*words)
    assert outcome.returncode == 2
    assert told in outcome.stderr
    assert outcome.stdout == ""
    assert repository.is_clean()


def test_results_are_never_mixed(repository, tmp_path):
    (tmp_path / "mine").write_text("mine")
    outcome = repository.bench("start", "start", "--out", tmp_path)
    assert outcome.returncode == 2
    assert "never mixed" in outcome.stderr


def is_running(number):
    """Not counting one that has ended and waits for its parent to look."""
    try:
        return pathlib.Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda each: each.name)
def test_an_interrupt_ends_all_that_it_started_and_leaves_nothing(repository, number):
    repository.commit("slow_build", mark="slow_build")
    process = repository.start("slow_build", "start")
    started = repository.tools / "started"
    while not (started.exists() and started.read_text()) and process.poll() is None:
        time.sleep(0.02)
    sleeper = int(started.read_text())
    assert is_running(sleeper)
    process.send_signal(number)
    process.communicate()
    assert process.returncode == 130
    assert not is_running(sleeper)
    assert repository.is_clean()
