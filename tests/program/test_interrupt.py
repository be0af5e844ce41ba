# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C: what was measured so far is written, and the status says so."""

import json
import os
import pathlib
import signal
import time

import pytest

SAFETY_NET_S = 60


def wait_until(is_so):
    deadline = time.monotonic() + SAFETY_NET_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def fact_of(process_id, name):
    status = pathlib.Path(f"/proc/{process_id}/status").read_text()
    return next(line for line in status.splitlines() if line.startswith(f"{name}:")).split()[1]


def catches_interrupts(process_id):
    """Whether the process has got so far as to catch SIGINT."""
    return int(fact_of(process_id, "SigCgt"), 16) >> (signal.SIGINT - 1) & 1


def all_threads_sleep(process_id):
    """Whether each thread waits: a client for the store, the others for it."""
    files = pathlib.Path(f"/proc/{process_id}/task").glob("*/status")
    return all("\nState:\tS" in file.read_text() for file in files)


def interrupted(program, number, after_s=0.0):
    """Sends the signal once the program catches it; answers status and standard error."""
    wait_until(lambda: catches_interrupts(program.pid))
    time.sleep(after_s)
    program.send_signal(number)
    _, err = program.communicate(timeout=SAFETY_NET_S)
    return program.returncode, err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_interrupted_keeps_what_it_has(start, tiny, tmp_path, schema, number):
    words = ["run", tiny, "--store", "memory", "--duration", "10m", "--out", "result.json"]
    with start(*words) as program:
        assert interrupted(program, number, after_s=0.5) == (130, "")
    result = json.loads((tmp_path / "result.json").read_text())
    schema.validate(result)
    assert result["complete"] is False
    assert result["operations"]["read"]["count"] > 0
    assert "promise" not in result
    assert [race["name"] for race in result["known_races"]] == ["overtaken_fill"]
    assert [path.name for path in tmp_path.iterdir() if path.name != tiny] == ["result.json"]


def test_an_interrupted_result_can_be_shown(start, stalemark, tiny):
    words = ["run", tiny, "--store", "memory", "--duration", "10m", "--out", "result.json"]
    with start(*words) as program:
        interrupted(program, signal.SIGINT, after_s=0.3)
    assert "not complete" in stalemark("show", "result.json").out


def test_a_warm_up_can_be_interrupted(start, tiny, tmp_path, schema):
    words = ["run", tiny, "--store", "memory", "--warmup", "10m", "--out", "result.json"]
    with start(*words) as program:
        assert interrupted(program, signal.SIGINT, after_s=0.3)[0] == 130
    result = json.loads((tmp_path / "result.json").read_text())
    schema.validate(result)
    assert result["complete"] is False
    assert result["operations"] == {}


def test_loading_can_be_interrupted(start, tiny, tmp_path):
    words = ["run", tiny, "--store", "memory", "--keys", 500_000, "--value-size", 16]
    with start(*words, "--duration", "10m", "--out", "result.json") as program:
        status, err = interrupted(program, signal.SIGINT)
    assert status == 130
    assert err.count("\n") <= 1
    for path in tmp_path.glob("result*"):  # Unless it was quicker to load.
        assert json.loads(path.read_text())["complete"] is False


def test_of_repeated_runs_none_is_begun_any_more(start, tiny, tmp_path):
    words = ["run", tiny, "--store", "memory", "--duration", "10m", "--repeat", 3]
    with start(*words, "--out", "result.json") as program:
        assert interrupted(program, signal.SIGINT, after_s=0.3)[0] == 130
    assert [path.name for path in tmp_path.glob("result*")] == ["result.1.json"]


def test_a_second_signal_ends_the_program_at_once(start, tiny):
    words = ["run", tiny, "--store", "memory", "--strategy", "no_cache", "--duration", "10m"]
    with start(*words, "--store-latency", "5m", "--quiet") as program:
        wait_until(lambda: int(fact_of(program.pid, "Threads")) >= 6)  # Four of them clients.
        wait_until(lambda: all_threads_sleep(program.pid))
        program.send_signal(signal.SIGINT)
        wait_until(lambda: not catches_interrupts(program.pid))
        program.send_signal(signal.SIGINT)
        program.communicate(timeout=SAFETY_NET_S)
    assert program.returncode == -signal.SIGINT


def test_a_suite_hands_the_interrupt_on_to_its_run(start, tiny, write_json, tmp_path):
    suite = {
        "workloads": [f"./{tiny}"],
        "options": {"store": "memory", "duration": "10m"},
        "protocols": [{"strategy": "no_cache"}, {"strategy": "cache_aside"}],
    }
    write_json("suite.json", suite)
    with start("suite", "suite.json", "--out", "results") as program:
        children = pathlib.Path(f"/proc/{program.pid}/task/{program.pid}/children")
        wait_until(lambda: children.read_text())
        child = int(children.read_text())
        wait_until(lambda: catches_interrupts(child))
        assert interrupted(program, signal.SIGINT, after_s=0.3)[0] == 130
        assert not pathlib.Path(f"/proc/{child}").exists()
    (result,) = (tmp_path / "results").iterdir()
    assert json.loads(result.read_text())["complete"] is False


def test_a_second_signal_ends_a_suite_and_its_run(start, tiny, write_json):
    suite = {
        "workloads": [f"./{tiny}"],
        "options": {"store": "memory", "duration": "10m", "store-latency": "5m"},
        "protocols": [{"strategy": "no_cache"}],
    }
    write_json("suite.json", suite)
    with start("suite", "suite.json", "--out", "results", "--quiet") as program:
        children = pathlib.Path(f"/proc/{program.pid}/task/{program.pid}/children")
        wait_until(lambda: children.read_text())
        child = int(children.read_text())
        try:
            wait_until(lambda: int(fact_of(child, "Threads")) >= 6)  # Four of them clients.
            program.send_signal(signal.SIGINT)
            wait_until(lambda: not catches_interrupts(child))
            program.send_signal(signal.SIGINT)
            program.communicate(timeout=SAFETY_NET_S)
            assert not pathlib.Path(f"/proc/{child}").exists()
        finally:
            if pathlib.Path(f"/proc/{child}").exists():
                os.kill(child, signal.SIGKILL)
    assert program.returncode == 130
