# SPDX-License-Identifier: Apache-2.0
"""`stalemark suite WORKLOAD`: the protocols of the default suite run on it."""

import json
import os
import re
import shutil
import subprocess

import pytest
from places import BINARY, REPOSITORY

WORKLOADS = REPOSITORY / "workloads"
DEFAULT = re.search(
    r'default_suite = "(\w+)"', (REPOSITORY / "src" / "suite" / "suite.h").read_text()
)[1]
SUITE = json.loads((WORKLOADS / "suites" / f"{DEFAULT}.json").read_text())
LABELS = {protocol["strategy"] + (f"+ttl={protocol['ttl']}" if "ttl" in protocol else "")
          for protocol in SUITE["protocols"]}  # fmt: skip
SMALL = ["--runtime", "virtual", "--keys", 100, "--operations", 50, "--warmup", 0, "--clients", 4,
         "--ttl", "60s", "--repeat", 1]  # fmt: skip


@pytest.fixture
def run(stalemark, tmp_path):
    """The results of a small suite by the names of their files, and its messages."""

    def run_suite(name, *words, folder="results"):
        ended = stalemark("suite", name, "--out", folder, *SMALL, *words)
        assert (ended.status, ended.out) == (0, ""), ended.err
        return read(tmp_path / folder), ended.err

    return run_suite


def read(folder):
    return {path.name: json.loads(path.read_text()) for path in folder.iterdir()}


def strategies(results):
    return {result["configuration"]["protocol"]["strategy"] for result in results.values()}


def is_refused(ended, *parts):
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.count("\n") == 1
    assert all(part in ended.err for part in parts), ended.err


def test_the_protocols_of_the_default_suite_run_on_it(stalemark, tmp_path):
    ended = stalemark("suite", "user_profile", "--reads", 0.9, "--quiet", *SMALL)
    assert ended == (0, "", "")
    results = read(tmp_path / "results" / "user_profile")
    assert set(results) == {f"user_profile.{label}.r1.json" for label in LABELS}
    for name, result in results.items():
        workload = result["configuration"]["workload"]
        ttl = "5s" if "ttl=5s" in name else "1m"  # A protocol's own wins.
        assert (workload["name"], workload["ttl"]) == ("user_profile", ttl)
        assert workload["phases"][0]["mix"]["read"] == 0.9


def test_they_meet_it_under_the_options_of_the_suite(stalemark, write_json, tmp_path):
    # But for its workloads it is the default suite.
    name = write_json("mine.json", {**SUITE, "workloads": ["ycsb_a"]})
    few = ["--runtime", "virtual", "--keys", 100, "--operations", 50, "--repeat", 2, "--ttl", "1s"]
    for suite, folder in (("ycsb_a", "named"), (name, "written")):
        assert stalemark("suite", suite, "--out", folder, "--quiet", *few).status == 0
    named, written = read(tmp_path / "named"), read(tmp_path / "written")
    assert len(named) == 2 * len(LABELS)
    assert named == written


def test_it_repeats_as_often_as_the_default_suite(stalemark, tmp_path):
    words = SMALL[: SMALL.index("--repeat")]
    assert stalemark("suite", "ycsb_a", "--out", "results", "--quiet", *words).status == 0
    assert len(read(tmp_path / "results")) == SUITE["repetitions"] * len(LABELS)


def test_a_path_is_a_workload_or_a_suite_by_what_is_in_the_file(run, write_json, small_workloads):
    results, _ = run("./one.json", folder="workload")
    assert set(results) == {f"one.{label}.r1.json" for label in LABELS}
    two = {"workloads": ["./two.json"], "protocols": [{"strategy": "no_cache"}]}
    results, _ = run(write_json("user_profile.json", two), folder="suite")
    assert set(results) == {"two.no_cache.r1.json"}


def test_the_folder_is_called_after_a_workload_with_a_path(stalemark, small_workloads, tmp_path):
    assert stalemark("suite", "./one.json", "--quiet", *SMALL).status == 0
    assert len(read(tmp_path / "results" / "one")) == len(LABELS)


@pytest.mark.parametrize("content, parts", [
    ({"caption": "c", "kyes": 5}, ["did you mean 'keys'?"]),
    ({"caption": "c", "mix": {"read": 2}}, ["mix.read: expected a number"]),
    ({"keys": 5}, ["caption: missing"]),
    ({"caption": "c", "options": {"seed": 1}}, ["options.seed: is not for a workload"]),
    ({"caption": "c", "workload": "ycsb_a"}, ["workloads: missing"]),
    ({"caption": "c", "protcols": [{"strategy": "no_cache"}], "workloads": ["ycsb_a"]},
     ["protocols: expected at least one"]),
    ({"workloads": ["ycsb_a"], "mix": {"read": 1}, "protocols": [{"strategy": "no_cache"}]},
     ["unknown field 'mix'"]),
    ({"product": [{"ttl": ["5s"]}]}, ["product.0", "strategy: missing"]),
    ([1, 2], ["expected an object {...}, got \"[1,2]\""]),
    ("{", [":1"]),
])  # fmt: skip
def test_of_a_wrong_file_the_reader_that_it_was_written_for_complains(
    refuse, write_json, content, parts
):
    refuse(write_json("file.json", content), "file.json", *parts)


@pytest.mark.parametrize("name, nearest", [
    ("user_profiel", "user_profile"), ("ycsb-b", "ycsb_b"), ("embeded", "embedded"),
    ("virtaul", "virtual"),
])  # fmt: skip
def test_a_wrong_name_is_told_with_the_nearest_of_both(refuse, name, nearest):
    refuse(name, f"unknown suite or workload '{name}'; did you mean '{nearest}'?")


@pytest.mark.parametrize("words, said", [
    (["--ttl", "never"], "--ttl never: ttl: expected a duration"),
    (["--cache-size", "5Q"], "--cache-size 5Q: cache_size: expected a size"),
    (["--flush-batch", "x"], "--flush-batch x: expected a whole number"),
    (["--deployment", "nosuch"], "unknown deployment 'nosuch'"),
])  # fmt: skip
def test_a_wrong_value_is_no_matter_of_a_protocol(stalemark, tmp_path, words, said):
    for suite in ("user_profile", "embedded"):
        ended = stalemark("suite", suite, "--out", "results", *words)
        is_refused(ended, said)
        assert ended.err.startswith(f"stalemark: {said}")  # And not with a place in the suite.
        assert not (tmp_path / "results").exists()


def test_a_name_of_both_is_the_suite(tmp_path):
    mine = tmp_path / "mine"
    shutil.copytree(WORKLOADS, mine)
    shutil.copy(WORKLOADS / "ycsb_c.json", mine / "both.json")
    both = {"workloads": ["ycsb_a"], "protocols": [{"strategy": "no_cache"}]}
    (mine / "suites" / "both.json").write_text(json.dumps(both))
    words = [BINARY, "suite", "both", "--out", "results", "--quiet", *map(str, SMALL)]
    environment = {**os.environ, "STALEMARK_WORKLOADS": str(mine)}
    subprocess.run(words, check=True, cwd=tmp_path, env=environment)
    assert set(read(tmp_path / "results")) == {"ycsb_a.no_cache.r1.json"}


def test_a_protocol_that_makes_no_sense_for_the_workload_is_left_out(run):
    results, err = run("user_profile", "--invalidate", "none")
    known = {label.split("+")[0] for label in LABELS}
    assert strategies(results) == known - {"write_through", "write_behind"}
    assert "write_through is left out: --invalidate none: write_through takes only" in err
    assert "write_behind is left out: " in err
    assert "no_cache is left out" not in err


@pytest.mark.parametrize("words, part", [
    (["--keys", "many"], "stalemark: --keys many"),
    (["--beta", "-1"], "stalemark: --beta -1"),
    (["--nodes", "5000", "--clients", "4"], "stalemark: --nodes 5000: some of them"),
    (["--strategy", "no_cache"], "--strategy"),
    (["--fault", "store-dwon@1s+1s"], "mean 'store-down'?"),
])  # fmt: skip
def test_what_no_protocol_can_do_is_refused(stalemark, tmp_path, words, part):
    ended = stalemark("suite", "user_profile", *words)
    is_refused(ended, part)
    assert list(tmp_path.iterdir()) == []


def test_help_says_so(stalemark):
    text = " ".join(stalemark("suite", "--help").out.split())
    assert f"(default {DEFAULT}) or a workload" in text
