# SPDX-License-Identifier: Apache-2.0
"""The matrix shows the planted figures."""

import json

import pytest
import synthetic
from agreeing import AGREEING, matrix_of, row_of
from stalemark.matrix import matrix, matrix_brief, matrix_text
from stalemark.report import table
from synthetic import Plan


def test_planted_ratios_are_shown_exactly_for_one_workload_and_for_many(tmp_path):
    for workloads in (["zipf"], ["zipf", "uniform"]):
        folder = synthetic.suite(tmp_path / str(len(workloads)), AGREEING, workloads)
        built, _ = matrix_of(folder)
        for plan in AGREEING:
            row = row_of(built, plan.strategy)
            for found, ratio in (
                (row["read"]["p50_ratio"], plan.read),
                (row["read"]["p99_ratio"], plan.read),
                (row["read"]["rate_ratio"], 1 / plan.read),
                (row["write"]["p50_ratio"], plan.write),
                (row["throughput"]["ratio"], plan.throughput),
            ):
                assert found["value"] == pytest.approx(ratio, rel=0.002)
                assert found["low"] < ratio < found["high"]
                assert (found["n"], found["method"]) == (8, "walsh")


def test_ratios_are_paired_so_that_a_slow_moment_of_the_machine_leaves_no_trace(tmp_path):
    calm = [Plan("cache_aside", read=0.25)]  # NOISE varies by a factor of 1.4.
    built, _ = matrix_of(synthetic.suite(tmp_path / "r", calm))
    found = row_of(built, "cache_aside")["read"]["p50_ratio"]
    assert found["high"] / found["low"] < 1.001


@pytest.mark.parametrize(("repetitions", "method"), [(1, "none"), (2, "none"), (4, "student")])
def test_few_repetitions_give_a_wider_interval_or_none(tmp_path, repetitions, method):
    folder = synthetic.suite(tmp_path / "r", AGREEING, repetitions=repetitions)
    built, printed = matrix_of(folder)
    row = row_of(built, "write_behind")
    assert row["read"]["p50_ratio"]["method"] == method
    if method == "none":
        assert f"(n={repetitions})" in printed
        assert "no intervals from" in printed


def test_zero_of_n_is_shown_as_such_and_bounded_in_the_json(tmp_path):
    built, printed = matrix_of(synthetic.suite(tmp_path / "r", AGREEING))
    seen = row_of(built, "write_through")["consistency"]
    assert (seen["stale_reads"], seen["reads_checked"]) == (0, 8000)
    assert seen["stale_fraction_below"] == 3 / 8000
    assert "stale 0 of 8,000" in printed


def test_what_was_not_measured_is_said_to_be_so(tmp_path):
    def forget(data):
        for name in ("consistency", "promise", "durability", "store", "cache"):
            data.pop(name, None)
        del data["operations"]["write"]

    folder = synthetic.suite(tmp_path / "r", AGREEING, bend=forget)
    built, printed = matrix_of(folder)
    row = row_of(built, "write_behind")
    assert "stale_reads" not in row["consistency"]
    for words in ("stale: not measured", "exposed: not", "promise: not measured"):
        assert words in printed


def test_a_median_of_zero_has_no_ratio(tmp_path):
    def stop_the_clock(data):
        if data["configuration"]["protocol"]["strategy"] == "write_behind":
            data["operations"]["write"]["latency_ns"].update(p50=0)

    folder = synthetic.suite(tmp_path / "r", AGREEING, bend=stop_the_clock)
    built, _ = matrix_of(folder)
    assert "p50_ratio" not in row_of(built, "write_behind")["write"]


def test_store_load_and_calls_per_write_are_those_of_the_counters(tmp_path):
    built, _ = matrix_of(synthetic.suite(tmp_path / "r", AGREEING))
    store = row_of(built, "cache_aside")["store"]
    # 1000 reads, 800 of them hits, and 100 writes, each with an erase.
    assert store["reads_per_operation"] == pytest.approx(200 / 1100)
    assert store["writes_per_operation"] == pytest.approx(100 / 1100)
    assert store["calls_per_write"] == pytest.approx(2)
    assert store["hit_ratio"] == pytest.approx(0.8)


CAVEATS = {
    "stale reads without a cache": (
        lambda data: data["consistency"].update(stale_reads=1), "no_cache scores"),
    "a debug build": (lambda data: data["context"].update(build_type="Debug"), "not for speed"),
    "uncommitted changes": (lambda data: data["context"].update(dirty=True), "uncommitted"),
    "corrupt values": (lambda data: data["consistency"].update(values_corrupt=1), "corrupt"),
    "failed operations": (lambda data: data["operations"]["read"].update(failed=1), "failed"),
    "stolen time": (lambda data: data["session"].update(steal_fraction=0.2), "went to others"),
    "a machine that is busy now and then": (
        lambda data: data.update(operations_per_second=10**4 * data["seed"]), "×2.0 as fast"),
    "a machine that slows down": (
        lambda data: data["session"].update(canary_cpu_ns=10**6 * (1 + data["seed"])), "canary"),
}  # fmt: skip


@pytest.mark.parametrize(("bend", "words"), CAVEATS.values(), ids=CAVEATS)
def test_what_spoils_a_measurement_is_said_first(tmp_path, bend, words):
    folder = synthetic.suite(tmp_path / "r", AGREEING, bend=bend)
    built, printed = matrix_of(folder)
    assert any(words in caveat for caveat in built["caveats"])
    assert printed.index("! zipf: ") < printed.index("Protocol")


def test_a_sound_measurement_has_no_caveats(tmp_path):
    assert matrix_of(synthetic.suite(tmp_path / "r", AGREEING))[0]["caveats"] == []


def test_without_a_baseline_there_are_no_ratios_and_that_is_said(tmp_path):
    folder = synthetic.suite(tmp_path / "r", AGREEING)
    for path in folder.glob("*.no_cache.*"):
        path.unlink()
    built, printed = matrix_of(folder)
    assert "p50_ratio" not in row_of(built, "write_behind")["read"]
    assert "no result of no_cache" in printed


def test_files_lie_where_asked_and_the_terminal_is_120_columns(call, tmp_path):
    folder = synthetic.suite(tmp_path / "r", AGREEING, ["zipf", "uniform"])
    outcome = call("matrix.py", folder, "--out", tmp_path / "out", "--workloads")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"matrix.md", "matrix.json"}
    assert max(map(len, outcome.stdout.splitlines())) <= 120
    page = (tmp_path / "out" / "matrix.md").read_text()
    for row in json.loads((tmp_path / "out" / "matrix.json").read_text())["overall"]:
        assert page.count(f"| {row['protocol']} |") == 4  # At a glance, in full, twice more.
    assert "## uniform" in page


def test_the_matrix_does_not_depend_on_the_order_of_its_files(call, tmp_path):
    folder = synthetic.suite(tmp_path / "r", AGREEING, repetitions=3)
    files = sorted(folder.glob("*.json"))
    forward = call("matrix.py", *files, "--out", tmp_path / "a")
    backward = call("matrix.py", *reversed(files), "--out", tmp_path / "b")
    assert forward.stdout == backward.stdout


def test_workloads_are_averaged_as_a_geometric_mean_of_their_common_repetitions(tmp_path):
    folder = synthetic.suite(tmp_path / "r", [Plan("cache_aside", read=0.1)], ["mild"])
    synthetic.suite(folder, [Plan("cache_aside", read=0.4)], ["harsh"])
    (folder / "harsh.cache_aside.7.json").unlink()
    found = row_of(matrix_of(folder)[0], "cache_aside")["read"]["p50_ratio"]
    assert found["value"] == pytest.approx(0.2, rel=0.001)
    assert found["n"] == 7


def test_in_an_open_loop_times_count_from_the_due_time_on(tmp_path):
    def be_late(data):
        if data["configuration"]["protocol"]["strategy"] != "no_cache":
            data["operations"]["read"]["response_ns"] = synthetic.quantiles(10**9)
        else:
            data["operations"]["read"]["response_ns"] = synthetic.quantiles(10**8)

    folder = synthetic.suite(tmp_path / "r", AGREEING, bend=be_late)
    row = row_of(matrix_of(folder)[0], "cache_aside")
    assert row["read"]["p50_ratio"]["value"] == pytest.approx(10)
    assert row["read"]["p50_ns"] == 10**9


def test_deletes_are_changes_and_failed_ones_are_neither_acknowledged_nor_operations(tmp_path):
    def delete(data):
        data["store"]["deletes"] = 50
        data["operations"]["delete"] = {"count": 50, "failed": 3, "unknown": 2}

    folder = synthetic.suite(tmp_path / "r", AGREEING, repetitions=1, bend=delete)
    row = row_of(matrix_of(folder)[0], "cache_aside")
    assert row["store"]["writes_per_operation"] == pytest.approx(150 / 1145)
    assert row["durability"]["writes_acknowledged"] == 145


def test_the_largest_exposure_of_any_run_is_shown(tmp_path):
    def expose(data):
        if data["configuration"]["protocol"]["strategy"] == "write_behind":
            ages = {"exposure_writes_max": 1000 + data["seed"], "exposure_age_ns_max": 25 * 10**7}
            data["durability"] = ages

    folder = synthetic.suite(tmp_path / "r", AGREEING, repetitions=3, bend=expose)
    built, printed = matrix_of(folder)
    assert row_of(built, "write_behind")["durability"]["exposure_writes_max"] == 1009
    assert "exposed 1,009, 250 ms" in printed


def test_promises_are_counted_over_runs_and_what_broke_them_is_kept(tmp_path):
    def break_one(data):
        if data["session"]["repetition"] == 1:
            data["promise"].update(verdict="broken", broken_by=["stale_reads (3)"])

    folder = synthetic.suite(tmp_path / "r", AGREEING, repetitions=3, bend=break_one)
    built, printed = matrix_of(folder)
    promise = row_of(built, "cache_aside")["consistency"]["promise"]
    assert (promise["kept"], promise["broken"]) == (2, 1)
    assert promise["broken_by"] == ["stale_reads (3)"]
    assert "promise broken 1/3" in printed


def test_an_untested_promise_says_why(tmp_path):
    def leave_untested(data):
        why = "the run is shorter than the bound"
        data["promise"].update(verdict="untested", broken_by=[], untested_because=why)

    folder = synthetic.suite(tmp_path / "r", AGREEING, repetitions=3, bend=leave_untested)
    built, printed = matrix_of(folder)
    row = row_of(built, "cache_aside")
    promise = row["consistency"]["promise"]
    assert promise["untested"] == 3
    assert promise["untested_because"] == ["the run is shorter than the bound"]
    assert "promise untested:" in printed and "kept" not in printed


def markdown_of(folder):
    return matrix_text.markdown(matrix.build(*matrix.gather([folder])))


def test_one_run_that_was_long_enough_is_shown(tmp_path):
    def leave_untested(data):
        if data["session"]["repetition"] > 0:
            why = "the run is shorter than the bound"
            data["promise"].update(verdict="untested", untested_because=why)

    folder = synthetic.suite(tmp_path / "r", AGREEING, repetitions=3, bend=leave_untested)
    built, printed = matrix_of(folder)
    assert "promise kept 1/1, 2" in printed  # The column is narrow.
    assert "promise kept 1/1, 2 untested" in markdown_of(folder)


def test_a_broken_promise_is_of_the_runs_that_tested_it(tmp_path):
    def vary(data):
        verdict = ("broken", "kept", "untested")[data["session"]["repetition"]]
        data["promise"].update(verdict=verdict, broken_by=[])

    folder = synthetic.suite(tmp_path / "r", AGREEING, repetitions=3, bend=vary)
    built, _ = matrix_of(folder)
    assert "promise broken 1/2, 1 untested" in markdown_of(folder)
    assert table.promise(row_of(built, "cache_aside")).details == (
        "in 1 of 2 runs that tested it", "1 did not test it")


def test_at_a_glance_each_protocol_has_one_line_of_the_same_figures(tmp_path):
    plans = [*AGREEING[:2], Plan("write_behind", read=0.2, write=0.25, exposure=1_234)]
    built = matrix.build(*matrix.gather([synthetic.suite(tmp_path / "r", plans)]))
    lines = {line[0]: line for line in map(matrix_brief.cells, built["overall"])}
    assert list(lines) == [row["protocol"] for row in built["overall"]]
    for plan in plans:
        line = dict(zip(matrix_brief.COLUMNS, lines[plan.strategy], strict=True))
        assert float(line["Read p50"].removeprefix("×")) == pytest.approx(plan.read, rel=0.05)
        assert float(line["Write p50"].removeprefix("×")) == pytest.approx(plan.write, rel=0.05)
    line = dict(zip(matrix_brief.COLUMNS, lines["write_behind"], strict=True))
    assert line["Unpersisted (max)"] == "1,234"
    assert "Fast" in line["The article says"]
    assert lines["no_cache"][1] == "the baseline"


def test_at_a_glance_what_was_not_measured_is_said_to_be_so():
    bare = {
        "protocol": "own",
        "settings": {"strategy": "own"},
        **dict.fromkeys(("consistency", "read", "write", "store", "durability", "complexity"), {}),
        "claims": {},
        "known": {"short": "not explored"},
    }
    assert matrix_brief.cells(bare)[2] == "not explored"
    assert set(matrix_brief.cells(bare)[3:]) == {"not measured"}
