# SPDX-License-Identifier: Apache-2.0
"""What the scripts refuse, with which exit status, and in one line."""

import json

import pytest
import synthetic
from synthetic import Plan


def edit(path, change):
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))


@pytest.fixture
def folder(tmp_path):
    return synthetic.suite(tmp_path / "results", [Plan("cache_aside")], repetitions=2)


def one_of(folder, strategy="cache_aside"):
    return sorted(folder.glob(f"zipf.{strategy}.*.json"))[0]


def refused(outcome, status, *words):
    assert outcome.returncode == status, outcome.stderr
    assert len(outcome.stderr.strip().splitlines()) == 1, outcome.stderr
    for word in words:
        assert word in outcome.stderr


@pytest.mark.parametrize("script", ["matrix.py", "report.py", "complexity.py", "check_layers.py",
                                    "check_text.py", "check_headers.py"])  # fmt: skip
def test_help_is_the_docstring_and_wrong_usage_is_one_line(call, script):
    shown = call(script, "--help")
    assert shown.returncode == 0
    assert len(shown.stdout.splitlines()) > 5
    refused(call(script, "--no-such-option"), 2, "--help")


def test_a_missing_file_is_wrong_input(call, tmp_path):
    refused(call("matrix.py", tmp_path / "none.json"), 2, "none.json", "No such file")


def test_a_folder_without_results_is_wrong_input(call, tmp_path):
    refused(call("matrix.py", tmp_path), 2, "no results")


def test_a_file_that_is_not_json_is_wrong_input(call, folder):
    one_of(folder).write_text("{")
    refused(call("matrix.py", folder), 2, "not JSON")


def test_a_result_that_breaks_the_schema_is_named_with_the_field(call, folder):
    edit(one_of(folder), lambda data: data["operations"]["read"].update(count=-1))
    refused(call("matrix.py", folder), 2, one_of(folder).name, "operations.read.count", "-1")


def test_a_later_schema_is_named(call, folder):
    edit(one_of(folder), lambda data: data.update(schema=3))
    refused(call("matrix.py", folder), 2, "schema 3", "reads schema 1 and 2")


def test_other_json_files_of_a_folder_are_passed_over(call, folder):
    (folder / "suite.json").write_text('{"runs": 3}')
    assert call("matrix.py", folder).returncode == 0
    refused(call("matrix.py", folder / "suite.json"), 2, "not a result")


def test_results_of_two_sessions_are_not_comparable(call, folder):
    edit(one_of(folder), lambda data: data["session"].update(id="s2"))
    refused(call("matrix.py", folder), 4, "s1", "s2", "together")


@pytest.mark.parametrize("field", ["commit", "build_type", "compiler", "flags", "cpu"])
def test_results_of_two_builds_or_machines_are_not_comparable(call, folder, field):
    edit(one_of(folder), lambda data: data["context"].update({field: "another"}))
    refused(call("matrix.py", folder), 4, f"context.{field}", "another")


def test_results_of_other_operations_are_not_comparable(call, folder):
    edit(one_of(folder), lambda data: data.update(workload_digest="other"))
    refused(call("matrix.py", folder), 4, "workload_digest", "repetition 0")


def test_the_same_run_twice_is_wrong_input(call, folder):
    (folder / "copy.json").write_text(one_of(folder).read_text())
    refused(call("matrix.py", folder), 2, "same run twice", "copy.json")


def test_interrupted_runs_are_left_out_and_counted(call, folder):
    edit(one_of(folder), lambda data: data.update(complete=False))
    outcome = call("matrix.py", folder)
    assert outcome.returncode == 0
    assert "1 interrupted runs are left out" in outcome.stdout


def test_only_interrupted_runs_are_wrong_input(call, folder):
    for path in folder.glob("*.json"):
        edit(path, lambda data: data.update(complete=False))
    refused(call("matrix.py", folder), 2, "interrupted")


def test_an_unwritable_folder_is_wrong_input(call, folder, tmp_path):
    (tmp_path / "file").write_text("")
    refused(call("matrix.py", folder, "--out", tmp_path / "file" / "below"), 2, "below")


def test_a_bug_of_ours_is_status_70_and_not_1(monkeypatch, capsys):
    from stalemark.common import command

    def broken():
        raise RuntimeError("a bug")

    with pytest.raises(SystemExit) as ended:
        command.run(broken)
    assert ended.value.code == 70
    assert "internal error" in capsys.readouterr().err


def test_two_settings_of_one_workload_are_two_tables(call, tmp_path):
    folder = synthetic.suite(tmp_path / "results", [Plan("cache_aside")], repetitions=2)
    for path in list(folder.glob("*.json")):
        data = json.loads(path.read_text())
        data["configuration"]["cache"]["capacity_bytes"] = 5
        (folder / f"small.{path.name}").write_text(json.dumps(data))
    assert call("matrix.py", folder).returncode == 0
    matrix = json.loads((folder / "matrix.json").read_text())
    assert sorted(each["title"] for each in matrix["workloads"]) == [
        "zipf (cache.capacity_bytes=1000000)",
        "zipf (cache.capacity_bytes=5)",
    ]


def test_protocols_of_one_strategy_are_told_apart_by_what_differs(call, tmp_path):
    plans = [
        Plan("cache_aside", protocol={"ttl_ns": 1_000_000_000}),
        Plan("cache_aside", protocol={"ttl_ns": 5_000_000_000}),
        Plan("cache_aside", protocol={"guard": "lease", "ttl_ns": 1_000_000_000}),
    ]
    folder = synthetic.suite(tmp_path / "results", plans, repetitions=2)
    assert call("matrix.py", folder).returncode == 0
    rows = json.loads((folder / "matrix.json").read_text())["overall"]
    assert [row["protocol"] for row in rows] == [
        "no_cache",
        "cache_aside ttl=1s",
        "cache_aside ttl=5s",
        "cache_aside+lease",
    ]


def simulate(data):
    """As a run in virtual time writes it: nothing of the machine, and no session."""
    data["configuration"]["runtime"] = "virtual"
    data["context"] = {"version": "1.0"}
    del data["session"]


def simulated(folder, plans, **options):
    return synthetic.suite(folder, plans, bend=simulate, **options)


def test_simulated_results_are_paired_by_their_seeds(call, tmp_path):
    plans = [Plan("cache_aside", read=0.25, jitter=0.02)]
    folder = simulated(tmp_path / "results", plans, repetitions=4)
    shown = call("matrix.py", folder)
    assert shown.returncode == 0, shown.stderr
    written = (folder / "matrix.md").read_text()
    assert "8 simulated results, version 1.0; 4 repetitions" in written
    matrix = json.loads((folder / "matrix.json").read_text())
    row = next(row for row in matrix["overall"] if row["protocol"] == "cache_aside")
    assert row["repetitions"] == 4
    assert row["read"]["p50_ratio"]["value"] == pytest.approx(0.25, rel=0.01)
    assert matrix["sessions"] == []
    page = call("report.py", folder, "--out", tmp_path / "page")
    assert page.returncode == 0, page.stderr
    assert "simulated results" in (tmp_path / "page" / "report.html").read_text()


def test_two_simulated_results_of_one_seed_are_the_same_run_twice(call, tmp_path):
    folder = simulated(tmp_path / "results", [Plan("cache_aside")], repetitions=2)
    copy = folder / "copy.json"
    copy.write_text(one_of(folder).read_text())
    assert call("matrix.py", folder).returncode == 0  # The same bytes count once.
    assert json.loads((folder / "matrix.json").read_text())["overall"][1]["repetitions"] == 2
    edit(copy, lambda data: data["store"].update(reads=7))
    refused(call("matrix.py", folder), 2, "same run twice")


def test_simulated_results_of_two_versions_are_not_comparable(call, tmp_path):
    folder = simulated(tmp_path / "results", [Plan("cache_aside")], repetitions=2)
    edit(one_of(folder), lambda data: data["context"].update(version="1.1"))
    refused(call("matrix.py", folder), 4, "context.version", "1.1")


@pytest.mark.parametrize("script", ["matrix.py", "report.py"])
def test_real_and_simulated_results_are_not_mixed(call, tmp_path, folder, script):
    other = simulated(tmp_path / "other", [Plan("cache_aside")], repetitions=2)
    outcome = call(script, folder, other, "--out", tmp_path / "out")
    refused(outcome, 2, "4 of 8 results are simulated", "one kind")


def describe_caches(data):
    """As the program does, which says nothing of caches where there are none to ask."""
    configuration = data["configuration"]
    configuration["wires"] = {"cache_latency": "0", "store_latency": "sql"}
    configuration["faults"] = ["store-down@1s+1s"]
    if configuration["protocol"]["strategy"] != "no_cache":
        configuration["wires"]["cache_latency"] = "redis"
        configuration["shared_cache"] = {
            "capacity_bytes": 1_000_000, "latency": "redis", "layer_ttl": "carry"
        }  # fmt: skip
        configuration["faults"] = ["cache-flush@1s", "store-down@1s+1s"]


def test_a_run_without_a_cache_is_the_baseline_of_any_cache(call, tmp_path):
    plans = [Plan("cache_aside", read=0.25)]
    folder = synthetic.suite(tmp_path / "results", plans, bend=describe_caches)
    assert call("matrix.py", folder).returncode == 0
    (workload,) = json.loads((folder / "matrix.json").read_text())["workloads"]
    assert [row["protocol"] for row in workload["rows"]] == ["no_cache", "cache_aside"]
    assert workload["rows"][1]["read"]["p50_ratio"]["value"] == pytest.approx(0.25)


@pytest.mark.parametrize("workload, is_one", [
    ({"trace": {"operations": 9}}, True), ({}, False),
])  # fmt: skip
def test_of_a_trace_clients_follow_from_how_long_calls_take(call, tmp_path, workload, is_one):
    def ask(data):
        describe_caches(data)
        configuration = data["configuration"]
        configuration["workload"] |= workload
        if configuration["protocol"]["strategy"] != "no_cache":
            configuration["clients"] = 9

    folder = synthetic.suite(tmp_path / "results", [Plan("cache_aside")], bend=ask)
    outcome = call("matrix.py", folder)
    assert outcome.returncode == 0, outcome.stderr
    found = json.loads((folder / "matrix.json").read_text())["workloads"]
    assert (len(found) == 1) == is_one


def test_a_run_without_a_cache_is_no_baseline_of_another_store(call, tmp_path):
    def slower_store(data):
        describe_caches(data)
        if data["configuration"]["protocol"]["strategy"] == "no_cache":
            data["configuration"]["wires"]["store_latency"] = "10ms"

    folder = synthetic.suite(tmp_path / "results", [Plan("cache_aside")], bend=slower_store)
    assert call("matrix.py", folder).returncode == 0
    found = json.loads((folder / "matrix.json").read_text())["workloads"]
    assert [len(workload["rows"]) for workload in found] == [1, 1]
    assert "p50_ratio" not in found[0]["rows"][0]["read"]


def with_ttl(strategy, ttl, ttl_ns):
    def bend(data):
        data["configuration"]["workload"]["ttl"] = ttl

    protocol = {"ttl_ns": ttl_ns} if ttl_ns else {}
    return Plan(strategy, protocol=protocol), bend


def test_a_ttl_is_a_setting_of_the_protocol(call, tmp_path):
    folder = tmp_path / "results"
    folder.mkdir()
    for strategy, ttl, ttl_ns in [("no_cache", "none", 0), ("cache_aside", "5s", 5e9),
                                  ("cache_aside", "uniform(1s,5s)", 5e9)]:  # fmt: skip
        for repetition in range(2):
            plan, bend = with_ttl(strategy, ttl, int(ttl_ns))
            data = synthetic.result(plan, repetition=repetition, repetitions=2)
            bend(data)
            (folder / f"{strategy}.{ttl}.{repetition}.json").write_text(json.dumps(data))
    assert call("matrix.py", folder).returncode == 0
    matrix = json.loads((folder / "matrix.json").read_text())
    assert [each["title"] for each in matrix["workloads"]] == ["zipf"]
    assert [row["protocol"] for row in matrix["overall"]] == [
        "no_cache",
        "cache_aside ttl_spread=none",
        "cache_aside ttl_spread=uniform(1s,5s)",
    ]


def test_one_protocol_over_two_ttls_of_the_workload_is_two_tables(call, tmp_path):
    folder = synthetic.suite(tmp_path / "results", [Plan("cache_aside")], repetitions=2)
    for path in list(folder.glob("*.json")):
        data = json.loads(path.read_text())
        data["configuration"]["workload"]["ttl"] = "5s"
        (folder / f"ttl.{path.name}").write_text(json.dumps(data))
    assert call("matrix.py", folder).returncode == 0
    matrix = json.loads((folder / "matrix.json").read_text())
    assert sorted(each["title"] for each in matrix["workloads"]) == [
        "zipf (workload.ttl=5s)",
        "zipf (workload.ttl=none)",
    ]
