# SPDX-License-Identifier: Apache-2.0
"""The bar of long commands: seen on a terminal, and nowhere else."""

import re
import subprocess
import sys

import pytest
from places import BINARY, REPOSITORY
from tiny_workload import TINY

sys.path.append(str(REPOSITORY / "tests/scripts"))
import terminal  # noqa: E402

SEEN = re.compile(r"(.+?) +(\d+)%, (\?|[\d:]+) left \[([# ]{30})\](?: (.*))?$")


def shares(shown, stage):
    """The shares that the bar of a stage went through, in percent."""
    found = [SEEN.match(text) for text in shown.drawn]
    return [int(each[2]) for each in found if each and each[1] == stage]


@pytest.fixture
def watch(tmp_path):
    def run(*words, columns=100):
        return terminal.run([BINARY, *words], columns, cwd=tmp_path)

    return run


LENGTHS = {
    "a duration": ["--duration", "400ms"],
    "a number of operations": ["--operations", "1500", "--store-latency", "1ms"],
    "simulated time": ["--runtime", "virtual", "--duration", "10m", "--rate", "500"],
}


@pytest.mark.parametrize("words", LENGTHS.values(), ids=LENGTHS)
def test_a_run_shows_how_far_it_is_and_leaves_its_summary_alone(watch, tiny, words):
    shown = watch("run", tiny, "--store", "memory", "--warmup", "0", *words)
    assert shown.status == 0
    assert shown.lines == [] and shown.last == ""
    assert shown.out.startswith("cache_aside on tiny") and "left [" not in shown.out
    measuring = shares(shown, "measuring")
    assert measuring[0] == 0 and measuring == sorted(measuring)
    assert measuring[-1] <= 100


@pytest.mark.parametrize(("words", "length_s"), [
    (["--duration", "600ms", "--operations", "1000000000"], 0.6),
    (["--runtime", "virtual", "--duration", "1h", "--rate", "100"], 3600),
    (["--runtime", "virtual", "--operations", "360000", "--rate", "100"], 3600),
])  # fmt: skip
def test_the_share_is_that_of_the_time_or_of_the_operations(watch, tiny, words, length_s):
    shown = watch("run", tiny, "--store", "memory", "--warmup", "0", *words)
    found = [SEEN.match(text) for text in shown.drawn if text.startswith("measuring")]
    for each in found:
        elapsed_s = float(each[5].removesuffix(" s"))
        off = 100 * 0.05 / length_s + 1  # Of what is rounded.
        off += 100 / length_s * ("--operations" in words)  # Arrivals are at random.
        assert int(each[2]) == pytest.approx(100 * elapsed_s / length_s, abs=off)


def test_a_warm_up_shows_how_long_it_will_be_or_is_at_most(watch, tiny, write_json):
    words = ["--store", "memory", "--duration", "50ms"]
    fixed = watch("run", tiny, *words, "--warmup", "300ms")
    assert shares(fixed, "warming up") == sorted(shares(fixed, "warming up")) != []
    without = {name: value for name, value in TINY.items() if name != "warmup"}
    shown = watch("run", write_json("open.json", without), *words)
    assert any(text.endswith("] at most") for text in shown.drawn)
    assert max(shares(shown, "warming up")) < 100


def test_a_trace_has_no_share_that_is_known_beforehand(watch, write_json, tmp_path):
    (tmp_path / "t.csv").write_text("time_ns,operation,key,value_bytes,ttl_ns\n0,read,1,,\n")
    name = write_json("t.json", {"caption": "c", "trace": {"path": "t.csv"}, "cache_size": "1MiB"})
    shown = watch("run", name, "--store", "memory", "--warmup", "0")
    assert shown.status == 0
    assert shares(shown, "measuring") == []
    assert "measuring 0.0 s" in shown.drawn


def test_a_suite_shows_how_many_of_its_runs_have_ended(watch, suite):
    shown = watch("suite", suite(protocols=[{"strategy": "no_cache"}], repetitions=30))
    assert shown.status == 0 and shown.last == ""
    assert [line[:18] for line in shown.lines] == ["30 simulated runs:"]
    assert shares(shown, "suite")[0] == 0
    notes = [SEEN.match(text)[5] for text in shown.drawn if SEEN.match(text)]
    counts = [int(note.split()[0]) for note in notes]
    assert counts == sorted(counts) and counts[0] == 0
    assert all(" of 30 runs" in note for note in notes)


@pytest.mark.parametrize("columns", [80, 30, 10])
def test_the_line_is_cut_to_the_terminal(watch, tiny, columns):
    shown = watch("run", tiny, "--store", "memory", "--duration", "300ms", columns=columns)
    assert shown.drawn and shown.widest < columns
    assert shown.lines == []


def test_a_run_that_fails_leaves_the_message_alone(watch, tiny, tmp_path):
    (tmp_path / "out").mkdir()
    words = ["suite", "small.json", "--out", "results"]
    (tmp_path / "small.json").write_text(
        f'{{"workloads": ["./{tiny}"], "options": {{"db": "out", "duration": "50ms"}},'
        '"protocols": [{"strategy": "no_cache"}]}'
    )
    (tmp_path / "out/precious.txt").write_text("mine")
    shown = watch(*words)
    assert shown.status == 1 and shown.last == ""
    assert len(shown.lines) == 2
    assert shown.lines[0].startswith("stalemark: cannot use '")
    assert shown.lines[1].endswith("the run ended with status 2")


@pytest.mark.parametrize("command", ["run", "suite"])
def test_without_a_terminal_or_with_quiet_nothing_is_shown(stalemark, watch, tiny, suite, command):
    words = {"run": ["run", tiny, "--store", "memory", "--duration", "200ms", "--out", "a.json"],
             "suite": ["suite", suite(), "--out", "here"]}[command]  # fmt: skip
    told = stalemark(*words).err
    assert "left" not in told and "%" not in told and "\r" not in told
    assert command == "suite" or told == ""
    again = [word.replace("here", "there") for word in words]
    shown = watch(*again, "--quiet")
    assert (shown.status, shown.drawn) == (0, [])


def test_the_result_of_a_simulated_run_does_not_depend_on_who_looks(watch, tiny, tmp_path):
    words = ["run", tiny, "--runtime", "virtual", "--duration", "1m", "--rate", "500", "--out"]
    assert watch(*words, "seen.json").status == 0
    subprocess.run([BINARY, *words, "unseen.json"], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "seen.json").read_bytes() == (tmp_path / "unseen.json").read_bytes()
