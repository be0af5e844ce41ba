# SPDX-License-Identifier: Apache-2.0
"""compare_ycsb_cpp over stand-ins for the programs: what is asked of them, and the arithmetic."""

import json
import os
import re

import pytest

RATES = {"ycsb": (100, 200, 400), "stalemark": (150, 240, 800)}  # The first three runs of a case.
COMMON = """#!/usr/bin/python3 -SE
import json, os, pathlib, sys
log = pathlib.Path(__file__).parent / "log"
words = sys.argv[1:]

def earlier(call):
    told = log.read_text().splitlines() if log.exists() else []
    with log.open("a") as out:
        print(json.dumps(call), file=out)
    return told.count(json.dumps(call))
"""
# The lines are those of YCSB-cpp, commit 723fff7.
YCSB = """
given = dict(word.split("=", 1) for word in words if "=" in word)
folder = pathlib.Path(given["rocksdb.dbname"])
loads = "-load" in words
number = int(given["recordcount" if loads else "operationcount"])
if loads:
    folder.mkdir()
    (folder / "1.sst").write_text("loaded")
else:
    case = [given[name] for name in ("operationcount", "threadcount", "updateproportion")]
    before = earlier(["ycsb", *case])
    seconds = 0.5 + (number and number / RATES["ycsb"][before])
fresh = loads or (folder / "1.sst").read_text() == "compacted" and not (folder / "used").exists()
if not loads:
    (folder / "used").touch()
name = "INSERT" if loads else "READ"
failed = " [READ-FAILED: Count=3 Max=5.53 Min=0.80]" if "FAILS" in os.environ or not fresh else ""
print("2026-11-30 02:43:33 0 sec: 0 operations;")
print(f"2026-11-30 02:43:37 3 sec: {number} operations; [{name}: "
      f"Count={number - 3 * bool(failed)} Max=5533.69 Min=0.80 Avg=3.03 90=4.10]{failed}")
if not loads:
    print(f"Run runtime(sec): {seconds:g}")
    print(f"Run operations(ops): {number}")
    print(f"Run throughput(ops/sec): {number / seconds:g}")
"""
LDB = """
table = pathlib.Path(words[0].removeprefix("--db=")) / "1.sst"
table.write_text("compacted")
"""
STALEMARK = """
given = dict(zip(words, words[1:]))
loaded = pathlib.Path(given["--db"]) / "loaded"
loaded.mkdir(parents=True, exist_ok=True)
(loaded / "1.sst").write_text("seventy seven bytes".ljust(77))
names = ("run", "--strategy", "--clients", "--operations", "--verify")
before = earlier(["stalemark", *[given.get(name, "") for name in names]])
faster = 2 if given.get("--verify") == "off" else 1
rate = RATES["stalemark"][before] if given["--operations"] != "1" else 0
print(json.dumps({"operations_per_second": rate * faster}))
"""


@pytest.fixture
def compare(call, tmp_path):
    for name, text in (("ycsb", YCSB), ("ldb", LDB), ("stalemark", STALEMARK)):
        (tmp_path / name).write_text(f"{COMMON}\nRATES = {RATES}\n{text}")
        (tmp_path / name).chmod(0o755)

    def run(*more, ycsb="ycsb", binary="stalemark", **environment):
        words = [tmp_path / ycsb, "--binary", tmp_path / binary, "--operations", "1000", *more]
        path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
        return call("compare_ycsb_cpp", *words, env={**os.environ, **path, **environment})

    return run


def test_the_ratio_is_the_median_of_those_of_the_pairs(compare):
    ended = compare("--pairs", "3", "--json")
    assert (ended.returncode, ended.stderr) == (0, "")
    told = json.loads(ended.stdout)
    assert told["table_bytes"] == {"YCSB-cpp": len("compacted"), "Stalemark": 77}
    rows = {(row["workload"], row["clients"], row["side"]): row for row in told["rows"]}
    full = {"A": ["ycsb_a", "ycsb_f"], "C": ["ycsb_c"]}
    assert len(rows) == 2 * (5 + 3)
    for workload, names in full.items():
        for clients in (1, 2):
            base = rows[workload, clients, "YCSB-cpp"]
            # What a run without operations takes is subtracted: 0.5 s.
            assert base["operations_per_second"] == pytest.approx(RATES["ycsb"], rel=1e-4)
            assert base["ratios"] == [1, 1, 1]
            for name in names:
                ours = rows[workload, clients, f"no_cache {name}"]
                assert ours["operations_per_second"] == list(RATES["stalemark"])
                assert ours["ratios"] == pytest.approx([1.5, 1.2, 2.0], rel=1e-4)
                assert ours["median_operations_per_second"] == 240
                assert ours["median_ratio"] == pytest.approx(1.5, rel=1e-4)
                unverified = rows[workload, clients, f"no_cache {name} --verify off"]
                assert unverified["median_ratio"] == pytest.approx(3, rel=1e-4)


def test_both_are_asked_for_as_many_operations_by_as_many_clients(compare, tmp_path):
    ended = compare("--pairs", "1")
    assert ended.returncode == 0
    calls = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert sorted(call[1:] for call in calls if call[0] == "ycsb") == sorted(
        [operations, clients, updates]
        for updates in ("0.5", "0")
        for operations, clients in (("0", "1"), ("0", "1"), ("1000", "1"), ("1000", "2"))
    )
    assert sorted(call[1:] for call in calls if call[0] == "stalemark") == sorted(
        [[name, "no_cache", clients, "1000", verify]
         for name in ("ycsb_a", "ycsb_c", "ycsb_f") for clients in ("1", "2")
         for verify in ("", "off")] + [["ycsb_c", "no_cache", "1", "1", ""]]
    )  # fmt: skip


def test_a_person_reads_the_rates_and_the_ratios(compare):
    lines = compare("--pairs", "2").stdout.splitlines()
    assert lines[0].startswith("YCSB-cpp: 0.0 MB in tables, Stalemark: ")
    assert len(lines) == 1 + 2 * (5 + 3)
    assert re.fullmatch(r"A, 1 client, +YCSB-cpp +150 operations/s +x1.00 \(.*\)", lines[1])
    assert re.fullmatch(r"C, 2 clients, no_cache ycsb_c +195 operations/s +x1.35 \(1.20 to 1.50\)",
                        lines[-2])  # fmt: skip


def test_operations_that_failed_are_no_measurement(compare, tmp_path):
    ended = compare("--pairs", "1", FAILS="1")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == (
        f"compare_ycsb_cpp: {tmp_path / 'ycsb'}: 99997 of 100000 operations succeeded\n"
    )


@pytest.mark.parametrize("wrong", [{"ycsb": "absent"}, {"binary": "absent"}, {"ycsb": "."}])
def test_a_wrong_path_is_refused_in_one_line(compare, tmp_path, wrong):
    ended = compare(**wrong)
    path = tmp_path / next(iter(wrong.values()))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"compare_ycsb_cpp: {path}: no such program\n"


def test_a_program_that_is_not_ycsb_is_refused_in_one_line(compare, tmp_path):
    ended = compare(ycsb="ldb")
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert compare("--pairs", "0").returncode == 2
