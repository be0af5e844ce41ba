# SPDX-License-Identifier: Apache-2.0
"""Exports hold what the results hold, in the formats that they name."""

import csv
import json
import re

import pytest
import synthetic
from stalemark.common import histograms
from stalemark.export import hgrm
from synthetic import Plan

LINE = re.compile(r" *([\d.]+) +(0\.\d{12}|1\.0+) +(\d+)(?: +([\d.]+))?")


@pytest.fixture
def folder(tmp_path):
    plans = [Plan("cache_aside", read=0.3), Plan("write_behind", exposure=900)]
    return synthetic.suite(tmp_path / "results", plans, repetitions=2)


def rows_of(path):
    with path.open() as file:
        return list(csv.DictReader(file))


def test_every_figure_of_every_result_is_a_line_of_the_table(call, folder, tmp_path):
    written = tmp_path / "all.csv"
    assert call("export.py", folder, "--csv", written).returncode == 0
    rows = rows_of(written)
    found = {(row["protocol"], row["repetition"], row["figure"]): row["value"] for row in rows}
    assert len(found) == len(rows)
    for file in folder.glob("*.json"):
        data = json.loads(file.read_text())
        key = data["configuration"]["protocol"]["strategy"], str(data["session"]["repetition"])
        for figure, value in (
            ("operations.read.latency_ns.p99", data["operations"]["read"]["latency_ns"]["p99"]),
            ("durability.exposure_writes_max", data["durability"]["exposure_writes_max"]),
            ("consistency.reads_checked", 1000),
        ):
            assert float(found[*key, figure]) == value
    assert not any(row["figure"].startswith(("configuration", "histograms")) for row in rows)


def test_the_percentile_text_holds_each_operation_of_each_protocol_merged(call, folder, tmp_path):
    outcome = call("export.py", folder, "--hgrm", tmp_path / "curves")
    assert outcome.returncode == 0, outcome.stderr
    names = sorted(path.name for path in (tmp_path / "curves").iterdir())
    assert names == [f"zipf.{strategy}.read.hgrm"
                     for strategy in ("cache_aside", "no_cache", "write_behind")]  # fmt: skip
    text = (tmp_path / "curves" / names[0]).read_text()
    assert "Total count    =         2000]" in text  # 1,000 of each repetition.


def values_of(text):
    """[(ms, share, count)] as a plotter reads them."""
    lines = [line for line in text.splitlines()[2:] if not line.startswith("#")]
    return [(float(m[1]), float(m[2]), int(m[3])) for m in map(LINE.fullmatch, lines)]


def test_a_plotter_reads_the_quantiles_of_known_durations():
    buckets = range(100)  # 0 to 99 ns: a bucket each.
    read = values_of(hgrm.text([" ".join(f"{bucket}:10" for bucket in buckets)]))
    by_share = {round(share, 6): (value, count) for value, share, count in read}
    assert by_share[0.5] == (0.000049, 500)
    assert by_share[0.9] == (0.000089, 900)
    assert by_share[1.0] == (0.000099, 1000)
    shares = [share for _, share, _ in read]
    assert shares == sorted(shares)
    assert [count for _, _, count in read] == sorted(count for _, _, count in read)


def test_five_lines_halve_the_distance_to_the_end():
    read = values_of(hgrm.text([" ".join(f"{bucket}:1000" for bucket in range(128))]))
    shares = [share for _, share, _ in read if share < 1]
    assert shares[:6] == pytest.approx([0, 0.1, 0.2, 0.3, 0.4, 0.5])
    assert shares[6:11] == pytest.approx([0.55, 0.6, 0.65, 0.7, 0.75])


def test_mean_deviation_and_largest_are_those_of_the_buckets():
    text = hgrm.text(["1000:1", "1000:1 1200:2"])
    middles = [(histograms.lower_of(b) + histograms.lower_of(b + 1) - 1) / 2 for b in (1000, 1200)]
    mean = sum(middles) / 2
    deviation = (middles[1] - mean) / 1e6
    assert f"[Mean    = {mean / 1e6:12.3f}, StdDeviation   = {deviation:12.3f}]" in text
    assert f"[Max     = {(histograms.lower_of(1201) - 1) / 1e6:12.3f}" in text


def test_all_durations_in_one_bucket_still_have_a_line_from_0():
    # HdrHistogram's iterator answers one level in the last bucket, and then 100%.
    assert [line[1:] for line in values_of(hgrm.text(["5:3"]))] == [(0.0, 3), (1.0, 3)]
    assert list(hgrm.distribution({5: 1, 9: 1}))[-2:] == [(9, 0.55, 2), (9, 1.0, 2)]


def test_an_empty_histogram_gets_no_file(call, tmp_path):
    def empty(data):
        data["histograms"] = {"read": "", "write": "300:5"}

    folder = synthetic.suite(tmp_path / "results", [], repetitions=1, bend=empty)
    outcome = call("export.py", folder, "--hgrm", tmp_path / "curves")
    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert [each.name for each in (tmp_path / "curves").iterdir()] == ["zipf.no_cache.write.hgrm"]


def test_an_open_loop_has_a_file_since_due(call, tmp_path):
    def wait(data):
        data["histograms"] = {"read": "300:5", "read.response_ns": "900:5", "read.hit": "300:5"}

    folder = synthetic.suite(tmp_path / "results", [], repetitions=1, bend=wait)
    assert call("export.py", folder, "--hgrm", tmp_path / "curves").returncode == 0
    due = tmp_path / "curves/zipf.no_cache.read.since_due.hgrm"
    assert due.read_text() == hgrm.text(["900:5"])
    assert len(list(due.parent.iterdir())) == 2


def test_operations_that_failed_have_files_of_their_own(call, tmp_path):
    def fail(data):
        data["histograms"] = {"read": "300:5", "read.failed": "900:4", "read.unknown": "800:3"}

    folder = synthetic.suite(tmp_path / "results", [], repetitions=1, bend=fail)
    assert call("export.py", folder, "--hgrm", tmp_path / "curves").returncode == 0
    for name, text in (("", "300:5"), (".failed", "900:4"), (".unknown", "800:3")):
        file = tmp_path / f"curves/zipf.no_cache.read{name}.hgrm"
        assert file.read_text() == hgrm.text([text])


def test_both_schemas_give_the_same_rate_and_a_yes_is_1(call, tmp_path):
    new = synthetic.fail(synthetic.result(Plan("no_cache")), "write", failed=100)
    new |= {"operations_per_second": 1000.0, "schedule": {"completed": 1100, "saturated": True}}
    old = synthetic.schema_1(json.loads(json.dumps(new)))
    for name, data in (("new", new), ("old", old)):
        file = tmp_path / f"{name}.json"
        file.write_text(json.dumps(data))
        assert call("export.py", file, "--csv", tmp_path / f"{name}.csv").returncode == 0
    found = {name: {row["figure"]: row["value"] for row in rows_of(tmp_path / f"{name}.csv")}
             for name in ("new", "old")}  # fmt: skip
    assert found["new"]["schedule.saturated"] == "1"
    assert "complete" not in found["new"] and "schedule.saturated" not in found["old"]
    rates = {name: float(each["operations_per_second"]) for name, each in found.items()}
    assert rates == {"new": 1000, "old": 1000}


def test_interrupted_runs_are_counted_on_standard_error(call, folder, tmp_path):
    file = sorted(folder.glob("*.json"))[0]
    file.write_text(json.dumps({**json.loads(file.read_text()), "complete": False}))
    outcome = call("export.py", folder, "--csv", tmp_path / "all.csv")
    assert (outcome.returncode, outcome.stderr) == (0, "1 interrupted run is left out\n")


MISTAKES = {
    "nothing to write": ([], "say what to write"),
    "no such folder": (["--csv", "/nowhere/x.csv"], "/nowhere/x.csv: No such"),
}


@pytest.mark.parametrize("options, words", MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_answered_with_one_line(call, folder, options, words):
    outcome = call("export.py", folder, *options)
    assert (outcome.returncode, outcome.stderr.count("\n")) == (2, 1)
    assert words in outcome.stderr


def test_results_of_several_sessions_are_one_table(call, tmp_path):
    folder = synthetic.suite(tmp_path / "results", [], repetitions=2)
    other = synthetic.result(Plan("no_cache"), session="s2")
    (folder / "other.json").write_text(json.dumps(other))
    outcome = call("export.py", folder, "--csv", tmp_path / "table.csv")
    assert (outcome.returncode, outcome.stdout) == (0, f"{tmp_path}/table.csv\n")
    rows = list(csv.DictReader((tmp_path / "table.csv").read_text().splitlines()))
    assert {row["session"] for row in rows} == {"s1", "s2"}
    assert not {"schema", "seed"} & {row["figure"] for row in rows}
