# SPDX-License-Identifier: Apache-2.0
"""A build that fails fast is not faster than one that answers."""

import json
import math

import jsonschema
import pytest
import synthetic
import two_sides
from conftest import REPOSITORY
from stalemark.compare import compared_metrics, comparison
from synthetic import Plan
from test_due_operations import recorded_reads
from two_sides import simulated, write_pairs

MANY = 20_000


def fail_reads(share):
    """A bend: of many reads that share fails, and the others take a hundredth of the time."""

    def bend(data):
        read = data["operations"]["read"]
        read |= {"count": MANY, "latency_ns": synthetic.quantiles(100, MANY)}
        read["by_outcome"] = {}
        synthetic.fail(data, "read", failed=round(share * MANY))
        data["operations_per_second"] *= 100

    return bend


def many_reads(data):
    read = data["operations"]["read"]
    read["latency_ns"]["count"] = read["count"] = MANY
    read["by_outcome"] = {}
    data["histograms"]["read"] = synthetic.histogram(read["latency_ns"])


def compared(call, folder, *sides, status):
    outcome = call("compare.py", sides[0], "--", sides[1], "--json", folder / "c.json")
    assert outcome.returncode == status, outcome.stdout + outcome.stderr
    document = json.loads((folder / "c.json").read_text(), parse_constant=pytest.fail)
    schema = json.loads((REPOSITORY / "results" / "comparison.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(document)
    return {row["metric"]: row for row in document["rows"]}, outcome.stdout


def test_a_quantile_that_is_never_answered_regressed_however_fast_the_rest_is(call, tmp_path):
    sides = write_pairs(tmp_path, bend=many_reads, bend_head=fail_reads(0.6), pairs=20)
    rows, shown = compared(call, tmp_path, *sides, status=1)
    for metric in ("read.p50", "read.p99"):
        row = rows[metric]
        assert (row["verdict"], row["head"], "change" in row) == ("regressed", "never", False)
    for metric in ("operations_per_second", "read.mean"):
        assert (rows[metric]["verdict"], rows[metric]["why"]) == ("inconclusive", "unanswered")
    assert "never" in shown
    assert "HEAD: 240,000 of 402,000 operations were not answered" in shown


def test_what_is_answered_again_improved(call, tmp_path):
    sides = write_pairs(tmp_path, bend_head=many_reads, bend=fail_reads(0.6), pairs=20)
    base, head = sides
    for path in head.glob("*.json"):
        data = json.loads(path.read_text())
        read = data["operations"]["read"]
        read |= {"failed": 0, "count": MANY, "latency_ns": synthetic.quantiles(100, MANY)}
        data["histograms"]["read"] = synthetic.histogram(read["latency_ns"])
        path.write_text(json.dumps(data))
    rows, _ = compared(call, tmp_path, base, head, status=0)
    assert (rows["read.p50"]["verdict"], rows["read.p50"]["base"]) == ("improved", "never")
    assert rows["read.p50"]["change"] == -1


def test_where_neither_build_answered_nothing_changed(call, tmp_path):
    sides = write_pairs(tmp_path, bend=fail_reads(0.6), pairs=20)
    rows, _ = compared(call, tmp_path, *sides, status=0)
    assert rows["read.p50"]["verdict"] == "same"


def test_some_pairs_that_are_never_answered_decide_nothing(call, tmp_path):
    def bend(data):
        (fail_reads(0.6) if data["session"]["pair"] <= 4 else many_reads)(data)

    sides = write_pairs(tmp_path, bend=many_reads, bend_head=bend, pairs=8)
    rows, _ = compared(call, tmp_path, *sides, status=0)
    assert (rows["read.p50"]["verdict"], rows["read.p50"]["why"]) == ("inconclusive", "margin")


def test_processor_time_is_by_operation_that_succeeded():
    data = recorded_reads([1000] * 300, failed=700)
    data["resources"] = {"cpu_user_ns": 2_000, "cpu_system_ns": 1_000}
    assert compared_metrics.noisy_of(data)["processor_time"] == 10


def test_the_rate_of_a_real_run_is_of_successes_in_either_schema():
    data = synthetic.fail(synthetic.result(Plan("cache_aside")), "read", failed=5)
    rate = data["operations_per_second"]
    assert compared_metrics.noisy_of(data)["operations_per_second"] == rate
    old = synthetic.schema_1(data)
    old["elapsed_ns"] = round(1095 / rate * 1e9)
    assert compared_metrics.noisy_of(old)["operations_per_second"] == pytest.approx(rate)
    synthetic.fail(data, "read", failed=50)
    assert math.isnan(compared_metrics.noisy_of(data)["operations_per_second"])


def exact_rows(base, head, tmp_path):
    from stalemark.compare import sides

    files = [[two_sides.write(tmp_path / name / "r.json", data)]
             for name, data in (("base", base), ("head", head))]  # fmt: skip
    runs = [sides.load(each) for each in files]
    found = comparison.compare(sides.match(*runs, False)[0], comparison.Settings())
    return {row.metric: row for row in found.rows}


def test_simulated_times_are_those_of_all_that_were_due(tmp_path):
    base, head = simulated(), simulated()
    for data in (base, head):
        many_reads(data)
    fail_reads(0.02)(head)
    rows = exact_rows(base, head, tmp_path)
    for name in ("p99", "p999", "max", "mean"):
        row = rows[f"operations.read.latency_ns.{name}"]
        assert (row.verdict, row.worse_in, row.head) == ("changed", 1, math.inf)
    assert rows["operations.read.latency_ns.p50"].better_in == 1
    assert rows["operations.read.failed"].worse_in == 1
    assert rows["operations.read.failed_fraction"].worse_in == 1
    assert exact_rows(head, head, tmp_path) == {}
    rows = exact_rows(head, base, tmp_path)
    assert rows["operations.read.latency_ns.p99"].better_in == 1
    assert not any(row.verdict == "missing" for row in rows.values())


def test_what_schema_2_added_is_new_and_its_rate_is_that_of_schema_1(tmp_path):
    new = synthetic.fail(simulated(), "write", failed=40)
    new["operations_per_second"] = 1060 / (new["elapsed_ns"] / 1e9)
    old = synthetic.schema_1(json.loads(json.dumps(new)))
    old["operations_per_second"] = 1100 / (old["elapsed_ns"] / 1e9)
    new["configuration"] = old["configuration"]
    rows = exact_rows(old, new, tmp_path)
    assert {row.verdict for row in rows.values()} == {"new"}
    assert "operations_per_second" not in rows
    assert "warmup.stable" in rows


def test_an_open_loop_that_saturates_is_told(tmp_path):
    base, head = simulated(), simulated()
    for data, is_saturated in ((base, False), (head, True)):
        data["schedule"] = {"completed": 1100, "saturated": is_saturated}
    rows = exact_rows(base, head, tmp_path)
    assert {(row.metric, row.verdict, row.worse_in) for row in rows.values()} == {
        ("schedule.saturated", "changed", 1)}  # fmt: skip
