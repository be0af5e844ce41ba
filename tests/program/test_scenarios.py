# SPDX-License-Identifier: Apache-2.0
"""Scenarios: workloads that bring run options along."""

import json

import pytest
from test_bad_input import is_refused
from tiny_workload import TINY

OPTIONS = {"runtime": "virtual", "store-servers": 3, "store-latency": "lognormal(5ms,0.3)"}


@pytest.fixture
def scenario(write_json):
    """Writes a small workload with options; answers its name."""

    def write(options=None, **changes):
        content = {**TINY, "operations": 500, **changes}
        return write_json("scenario.json", {**content, "options": options or OPTIONS})

    return write


@pytest.fixture
def run(stalemark, scenario, schema):
    """The result of a run of a scenario, checked."""

    def run_scenario(*words, options=None):
        ended = stalemark("run", f"./{scenario(options)}", "--out", "-", *words)
        assert (ended.status, ended.err) == (0, "")
        result = json.loads(ended.out)
        schema.validate(result)
        return result

    return run_scenario


def test_options_of_a_workload_are_as_if_they_had_been_typed(run, stalemark, tiny):
    lent = run()
    words = [word for name, value in OPTIONS.items() for word in (f"--{name}", value)]
    ended = stalemark("run", tiny, *words, "--operations", 500, "--out", "-")
    typed = json.loads(ended.out)
    typed["configuration"]["workload"]["name"] = "scenario"
    assert lent | {"command": ""} == typed | {"command": ""}
    assert lent["configuration"]["wires"]["store_servers"] == 3
    assert lent["configuration"]["runtime"] == "virtual"


def test_the_configuration_holds_what_they_came_to_and_not_themselves(run, stalemark, write_json):
    configuration = run()["configuration"]
    assert "options" not in configuration["workload"]
    again = write_json("again.json", configuration["workload"])
    ended = stalemark("run", f"./{again}", "--store", "memory", "--out", "-")
    assert json.loads(ended.out)["configuration"]["workload"] == configuration["workload"]


def test_what_is_typed_wins(run):
    wires = run("--store-servers", 7)["configuration"]["wires"]
    assert wires == {**wires, "store_servers": 7, "store_latency": "lognormal(5ms,0.3)"}
    assert run("--set", "options.store-servers=9")["configuration"]["wires"]["store_servers"] == 9


def test_what_the_strategy_does_not_read_is_left_out(run):
    options = {**OPTIONS, "refresh-at": 0.25, "invalidate": "erase"}
    bare = run("--strategy", "no_cache", options=options)["configuration"]["protocol"]
    assert not {"refresh_at", "invalidate"} & set(bare)
    plain = run("--strategy", "cache_aside", options=options)["configuration"]["protocol"]
    assert plain["invalidate"] == "erase" and "refresh_at" not in plain
    words = ["--strategy", "refresh_ahead", "--ttl", "1s"]
    ahead = run(*words, options=options)["configuration"]["protocol"]
    assert ahead["refresh_at"] == 0.25


def test_what_no_shield_and_no_event_reads_is_left_out(run):
    options = {**OPTIONS, "shield": "lock", "lock-timeout": "1s", "nodes": 2, "invalidate": "event",
               "event-delay": "1ms", "on-gap": "clear", "heartbeat": "5ms",
               "fault": ["event-loss=0.1", "event-duplication=0.1"]}  # fmt: skip
    bare = run("--strategy", "no_cache", options=options)["configuration"]
    assert bare["protocol"] == {"strategy": "no_cache", "shield": "none"}
    assert bare["nodes"] == 2 and "faults" not in bare
    full = run("--ttl", "1s", options=options)["configuration"]
    assert full["protocol"]["shield"] == "lock" and full["protocol"]["invalidate"] == "event"
    assert len(full["faults"]) == 2
    run("--ttl", "1s", "--invalidate", "erase", "--shield", "none", options=options)
    run("--ttl", "1s", "--on-gap", "none", options=options)


def test_what_another_time_or_store_does_not_read_is_left_out(run):
    options = {**OPTIONS, "processors": 2, "sync": True}
    assert run(options=options)["configuration"]["processors"] == 2
    words = ["--runtime", "threads", "--store", "memory", "--store-latency", 0]
    assert "processors" not in run(*words, options=options)["configuration"]


@pytest.mark.parametrize("is_on", [True, False])
def test_a_switch_is_true_or_false(run, is_on):
    store = run(options={**OPTIONS, "store": "rocksdb", "sync": is_on})["configuration"]["store"]
    assert store["sync"] is is_on


def test_what_is_typed_and_no_strategy_reads_is_still_refused(stalemark, scenario):
    name = scenario({**OPTIONS, "log-poll": "1ms"})
    ended = stalemark("run", f"./{name}", "--log-poll", "5ms")
    is_refused(ended, "--log-poll: nobody sends events")
    assert "scenario.json" not in ended.err


# What a workload may not say; what the line must hold.
WRONG = {
    "a misspelt option": ({"store-server": 3}, "options.store-server", "mean 'store-servers'?"),
    "no option at all": ({"qqqqqqqqqqqq": 3}, "options.qqqqqqqqqqqq", "known: "),
    "a strategy": ({"strategy": "no_cache"}, "options.strategy", "not for a workload"),
    "a seed": ({"seed": 3}, "options.seed", "not for a workload"),
    "an output": ({"out": "x.json"}, "options.out", "not for a workload"),
    "a field of the workload": ({"ttl": "5s"}, "options.ttl", "workload's own field 'ttl'"),
    "a field in other words": ({"reads": 0.5}, "options.reads", "not for a workload"),
    "several values": ({"store-servers": [1, 2]}, "options.store-servers", "one value"),
    "a switch with a value": ({"sync": "yes"}, "options.sync", "expected true or false"),
    "a wrong value": ({"store-latency": "slow"}, "--store-latency slow", "expected"),
    "a wrong number": ({"store-servers": 0}, "--store-servers 0", "expected"),
    "an unknown cache": ({"cache": "lrru"}, "--cache lrru", "mean 'lru'?"),
    "an unknown store": ({"store": "memry"}, "--store memry", "mean 'memory'?"),
    "an unknown runtime": ({"runtime": "virtul"}, "--runtime 'virtul'", "mean 'virtual'?"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_option_is_refused_with_the_file_that_holds_it(stalemark, write_json, what):
    options, *parts = WRONG[what]
    text = f'{{"caption": "c",\n"keys": 10,\n"options": {json.dumps(options)}}}'
    ended = stalemark("run", "./" + write_json("scenario.json", text))
    is_refused(ended, parts[0])
    assert parts[1] in ended.err
    assert "./scenario.json:3: " in ended.err
