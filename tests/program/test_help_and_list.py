# SPDX-License-Identifier: Apache-2.0
"""What the program says of itself."""

import json
import pathlib
import re

import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
KINDS = ["strategies", "orders", "guards", "shields", "caches", "stores", "latencies", "faults"]
KINDS += ["workloads", "deployments", "suites"]


def all_options():
    table = (REPOSITORY / "src/options/options.cc").read_text()
    return re.findall(r'^    \{"([a-z-]+)",', table, re.MULTILINE)


def options_in(text):
    return set(re.findall(r"--([a-z][a-z-]+)", text))


def test_help_names_every_command(stalemark):
    ended = stalemark("--help")
    assert ended.status == 0
    assert ended.err == ""
    for command in ("run", "suite", "list", "show"):
        assert re.search(rf"^  {command} ", ended.out, re.MULTILINE), command


def test_help_of_run_names_every_option(stalemark):
    ended = stalemark("run", "--help")
    assert ended.status == 0
    assert "WORKLOAD" in ended.out
    assert options_in(ended.out) == set(all_options()) | {"set", "help"}


def test_help_of_suite_names_every_option_that_it_takes(stalemark):
    each_runs_own = {"db", "expect-promise", "strategy", "set", "history"}
    taken = options_in(stalemark("suite", "--help").out)
    assert taken == (set(all_options()) | {"help", "jobs", "full"}) - each_runs_own


@pytest.mark.parametrize("command, words", [("list", ["KIND", "--json"]), ("show", ["RESULT"])])
def test_help_of_the_other_commands(stalemark, command, words):
    ended = stalemark(command, "--help")
    assert ended.status == 0
    for word in words:
        assert word in ended.out


def test_lines_of_help_fit_a_terminal(stalemark):
    for words in ([], ["run"], ["suite"], ["list"], ["explore"]):
        for line in stalemark(*words, "--help").out.splitlines():
            assert len(line) <= 120, line


def test_the_version_names_commit_and_libraries(stalemark):
    ended = stalemark("--version")
    assert ended.status == 0
    assert re.match(r"stalemark \d+\.\d+\.\d+ \(commit \S+.*\)\nrocksdb \d+\.\d+\.\d+", ended.out)


def test_the_list_is_the_same_for_people_and_for_programs(stalemark):
    lists = json.loads(stalemark("list", "--json").out)
    assert list(lists) == KINDS
    text = stalemark("list").out
    for kind, entries in lists.items():
        assert re.search(rf"^{kind}$", text, re.MULTILINE)
        assert entries
        for entry in entries:
            assert entry["caption"]
            written = entry.get("form", entry["name"])
            assert re.search(rf"^  {re.escape(written)} +{re.escape(entry['caption'])}$", text,
                             re.MULTILINE)


def test_the_listed_faults_are_what_the_option_takes(stalemark, tiny):
    listed = json.loads(stalemark("list", "faults", "--json").out)["faults"]
    filled = {"START": "10ms", "LENGTH": "10ms", "FACTOR": "2", "FRACTION": "0.5"}
    for entry in listed:
        assert entry["form"].startswith(entry["name"])
        spec = re.sub("[A-Z]+", lambda word: filled[word.group()], entry["form"])
        assert spec != entry["name"]
        ended = stalemark("run", tiny, "--runtime", "virtual", "--nodes", 2, "--clients", 2,
                          "--invalidate", "event", "--duration", "50ms", "--fault", spec)
        assert (ended.status, ended.err.count("expected")) == (0, 0), spec


def test_races_are_shown_to_programs_and_of_strategies_alone(stalemark):
    lists = json.loads(stalemark("list", "--json").out)
    for kind, entries in lists.items():
        for entry in entries:
            assert ("races" in entry) == (kind == "strategies"), entry["name"]
    races = [race for entry in lists["strategies"] for race in entry["races"]]
    text = stalemark("list").out
    for race in races:
        assert race["name"] not in text and race["story"] not in text


def test_programs_are_shown_what_a_strategy_and_a_shield_reads(stalemark):
    lists = json.loads(stalemark("list", "--json").out)
    of = {entry["name"]: entry for kind in ("strategies", "shields") for entry in lists[kind]}
    assert of["no_cache"]["options"] == [] and of["no_cache"]["invalidate"] == []
    assert of["write_through"]["invalidate"] == ["set", "event"]
    assert [each["name"] for each in of["stale"]["options"]] == [
        "grace", "stale-if-error", "error-throttle", "reloads"
    ]  # fmt: skip
    (batch,) = [each for each in of["write_behind"]["options"] if each["name"] == "flush-batch"]
    assert batch["value"] == "N" and "default 128" in batch["does"]


@pytest.mark.parametrize("kind", KINDS)
def test_one_kind_alone(stalemark, kind):
    everything = json.loads(stalemark("list", "--json").out)
    assert json.loads(stalemark("list", kind, "--json").out) == {kind: everything[kind]}
    assert stalemark("list", kind).out.startswith(f"{kind}\n")


def test_the_listed_workloads_are_those_of_the_folder(stalemark):
    listed = json.loads(stalemark("list", "workloads", "--json").out)["workloads"]
    files = sorted(path.stem for path in (REPOSITORY / "workloads").glob("*.json"))
    assert [entry["name"] for entry in listed] == files


def test_the_listed_suites_are_those_of_the_folder(stalemark):
    listed = json.loads(stalemark("list", "suites", "--json").out)["suites"]
    files = {path.stem: path for path in (REPOSITORY / "workloads" / "suites").glob("*.json")}
    assert [entry["name"] for entry in listed] == sorted(files)
    for entry in listed:
        assert entry["caption"] == json.loads(files[entry["name"]].read_text())["caption"]


def test_a_latency_by_name_is_listed_with_what_it_stands_for(stalemark):
    told = json.loads(stalemark("list", "latencies", "--json").out)["latencies"]
    assert {each["name"]: each["caption"].split(": ")[1] for each in told} == {
        "in_process": "uniform(100ns,300ns)",
        "redis": "lognormal(420us,0.48)",
        "sql": "lognormal(1ms,0.5)",
    }
    assert all(len(each["source"]) > 20 for each in told)
    assert "same zone: lognormal(1ms,0.5)\n" in stalemark("list", "latencies").out
