# SPDX-License-Identifier: Apache-2.0
"""How a suite is carried out: several simulated runs at once, real ones alone."""

import json
import pathlib
import re
import signal

import pytest
from test_interrupt import catches_interrupts, interrupted, wait_until

SIMULATED = {"runtime": "virtual", "operations": 300, "warmup": "0"}
ENDLESS = {"runtime": "virtual", "duration": "10000h", "warmup": "0"}
STRATEGIES = ["no_cache", "cache_aside", "read_through", "write_through", "write_around"]


@pytest.fixture
def suite(write_json, tiny):
    """Writes a suite of the tiny workload; answers its name."""

    def write(options=None, **changes):
        content = {
            "repetitions": 2,
            "workloads": [f"./{tiny}"],
            "options": options or SIMULATED,
            "protocols": [{"strategy": strategy} for strategy in STRATEGIES],
            **changes,
        }
        return write_json("suite.json", content)

    return write


def files_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def children_of(program):
    """Their command lines, of those that are there at this moment."""
    lines = []
    place = pathlib.Path(f"/proc/{program.pid}/task/{program.pid}/children")
    for child in place.read_text().split():
        try:
            lines.append(pathlib.Path(f"/proc/{child}/cmdline").read_text().split("\0"))
        except OSError:
            continue
    return [words for words in lines if "run" in words]


def test_results_do_not_depend_on_the_number_of_jobs(stalemark, suite, tmp_path):
    name = suite()
    for jobs in (1, 2, 7):
        words = ["--out", f"by{jobs}", "--jobs", jobs, "--quiet"]
        assert stalemark("suite", name, *words) == (0, "", "")
    assert stalemark("suite", name, "--out", "by0", "--quiet").status == 0
    alone = files_of(tmp_path / "by1")
    assert len(alone) == 10
    for jobs in (0, 2, 7):
        assert files_of(tmp_path / f"by{jobs}") == alone


def test_simulated_results_hold_nothing_of_their_suite(stalemark, suite, tmp_path, schema):
    assert stalemark("suite", suite(), "--out", "results", "--quiet").status == 0
    for text in files_of(tmp_path / "results").values():
        result = json.loads(text)
        schema.validate(result)
        assert "session" not in result
        again = stalemark(*result["command"].split()[1:], "--out", "-", "--quiet")
        assert again.out.encode() == text


@pytest.mark.parametrize("words, first", [([], 1), (["--seed", 41], 41)])
def test_repetitions_of_a_simulated_run_have_seeds_of_their_own(
    stalemark, suite, tmp_path, words, first
):
    name = suite(repetitions=3, protocols=[{"strategy": "no_cache"}])
    assert stalemark("suite", name, "--out", "results", "--quiet", *words).status == 0
    results = [
        json.loads((tmp_path / "results" / f"tiny.no_cache.r{k}.json").read_text())
        for k in (1, 2, 3)
    ]
    assert [result["seed"] for result in results] == [first, first + 1, first + 2]
    assert len({result["virtual"]["trace_hash"] for result in results}) == 3


def test_a_seed_that_has_no_room_for_the_repetitions_is_refused(stalemark, suite):
    ended = stalemark("suite", suite(), "--out", "results", "--seed", 2**62)
    assert ended.status == 2
    assert f"--seed {2**62 + 1}" in ended.err


def test_so_many_simulated_runs_take_place_at_once(start, suite):
    with start("suite", suite(ENDLESS), "--out", "results", "--jobs", 3) as program:
        wait_until(lambda: len(children_of(program)) == 3)
        assert len(children_of(program)) == 3
        program.send_signal(signal.SIGINT)
        program.communicate(timeout=60)


def test_real_runs_are_alone_and_come_first(start, suite, tmp_path):
    real = {"strategy": "no_cache", "runtime": "threads", "duration": "200ms", "clients": 1}
    name = suite(protocols=[{"strategy": "cache_aside", "operations": 20_000}, real],
                 options={"runtime": "virtual", "warmup": "0", "store": "memory"})  # fmt: skip
    seen = []

    def is_over(program):
        children = children_of(program)
        seen.append(["threads" in words for words in children])
        return program.poll() is not None

    with start("suite", name, "--out", "results", "--jobs", 4) as program:
        wait_until(lambda: is_over(program))
        program.communicate()
    assert program.returncode == 0
    assert any(True in kinds for kinds in seen)
    for kinds in seen:
        assert True not in kinds or len(kinds) == 1
    ended = sorted((tmp_path / "results").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    assert ["no_cache" in path.name for path in ended] == [True, True, False, False]
    results = {name: json.loads(text) for name, text in files_of(tmp_path / "results").items()}
    assert {name for name, result in results.items() if "session" in result} == {
        "tiny.no_cache.r1.json", "tiny.no_cache.r2.json"
    }  # fmt: skip


def test_an_interrupt_ends_all_runs_and_keeps_what_was_finished(start, suite, tmp_path, schema):
    quick = {"strategy": "no_cache", "operations": 100}
    endless = [{"strategy": strategy} for strategy in STRATEGIES[1:]]
    name = suite(ENDLESS, protocols=[quick, *endless], repetitions=1)
    finished = tmp_path / "results" / "tiny.no_cache.r1.json"
    with start("suite", name, "--out", "results", "--jobs", 5) as program:
        place = pathlib.Path(f"/proc/{program.pid}/task/{program.pid}/children")
        wait_until(lambda: finished.exists() and len(place.read_text().split()) == 4)
        children = place.read_text().split()
        wait_until(lambda: all(catches_interrupts(child) for child in children))
        status, _ = interrupted(program, signal.SIGINT, after_s=0.1)
    assert status == 130
    assert not any(pathlib.Path(f"/proc/{child}").exists() for child in children)
    results = {name: json.loads(text) for name, text in files_of(tmp_path / "results").items()}
    for result in results.values():
        schema.validate(result)
    assert [name for name, result in results.items() if result["complete"]] == [finished.name]
    assert len(results) == 5


def test_after_a_run_that_failed_no_other_is_begun(stalemark, suite, tmp_path):
    (tmp_path / "occupied").mkdir()
    (tmp_path / "occupied" / "precious.txt").write_text("mine")
    bad = {"strategy": "cache_aside", "store": "rocksdb", "db": "occupied"}
    good = [{"strategy": strategy} for strategy in STRATEGIES if strategy != "cache_aside"]
    name = suite(protocols=[bad, *good], repetitions=20)
    ended = stalemark("suite", name, "--out", "results", "--jobs", 2)
    assert ended.status == 1
    assert re.search(
        r"^stalemark: tiny.cache_aside, repetition 1: the run ended with status 2$",
        ended.err, re.MULTILINE,
    )  # fmt: skip
    results = files_of(tmp_path / "results")
    assert len(results) < 6  # The first repetition's, and what was under way.
    assert not any("cache_aside" in name for name in results)
    assert all(json.loads(text)["complete"] for text in results.values())


def test_the_end_tells_how_much_was_simulated(stalemark, suite):
    options = {"runtime": "virtual", "duration": "90s", "rate": 10, "warmup": "1s"}
    name = suite(options, protocols=[{"strategy": "no_cache"}, {"strategy": "cache_aside"}])
    told = r"4 simulated runs: 36\d\.\d s of their time \(warm-ups not counted\) in \d+\.\d s"
    assert re.fullmatch(told + "\n", stalemark("suite", name, "--out", "results").err)


@pytest.mark.parametrize("jobs", ["0", "none", "-1", "1e9"])
def test_a_wrong_number_of_jobs_is_refused(stalemark, suite, jobs):
    ended = stalemark("suite", suite(), "--out", "results", f"--jobs={jobs}")
    assert (ended.status, ended.out) == (2, "")
    assert f"--jobs {jobs}" in ended.err and ended.err.count("\n") == 1
