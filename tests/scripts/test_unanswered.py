# SPDX-License-Identifier: Apache-2.0
"""Operations that were not answered make no protocol look faster where protocols are compared."""

import json

import pytest
import synthetic
from agreeing import AGREEING, matrix_of, row_of
from stalemark.matrix import matrix, matrix_brief, matrix_text
from synthetic import Plan


def of(strategy, change):
    """A bend for the results of one strategy."""

    def bend(data):
        if data["configuration"]["protocol"]["strategy"] == strategy:
            change(data)

    return bend


def failing_writes(failed, unknown=0, strategy="write_behind"):
    return of(strategy, lambda data: synthetic.fail(data, "write", failed, unknown))


def strict(text):
    """JSON as other programs read it."""

    def refuse(word):
        raise AssertionError(f"{word} is not JSON")

    return json.loads(text, parse_constant=refuse)


def built_of(folder):
    return matrix.build(*matrix.gather([folder]))


@pytest.mark.parametrize(
    ("failed", "unknown", "p50", "p99", "rate"),
    [(0, 0, "×0.25 ", "×0.25 ", "×4.00"), (1, 0, "×0.25 ", "×0.45 ", "×4.00"),
     (1, 1, "×0.50 ", "never", "not comparable"), (50, 0, "×1.25 ", "never", "not comparable"),
     (26, 25, "never", "never", "not comparable"), (100, 0, "never", "never", "not comparable")],
)  # fmt: skip
def test_a_quantile_is_never_where_more_than_its_rest_failed(
    tmp_path, failed, unknown, p50, p99, rate
):
    folder = synthetic.suite(tmp_path / "r", AGREEING, bend=failing_writes(failed, unknown))
    lines = matrix_text.cells(row_of(built_of(folder), "write_behind"), None)[3]
    shown = {line.split()[0]: line for line in lines}
    assert p50 in shown["p50"]
    assert p99 in shown["p99"]
    assert rate in shown["rate"]
    assert shown["rate"].endswith("†") == bool(failed)


def test_a_protocol_that_rejects_most_writes_is_not_the_fast_one(tmp_path):
    block, reject = ({"when_full": how} for how in ("block", "reject"))
    plans = [Plan("write_behind", write=0.9, throughput=1.4, jitter=0.02, protocol=block),
             Plan("write_behind", write=0.001, throughput=6, jitter=0.02,
                  protocol=reject)]  # fmt: skip

    def bend(data):
        if data["configuration"]["protocol"].get("when_full") == "reject":
            synthetic.fail(data, "write", failed=84)

    built = built_of(synthetic.suite(tmp_path / "r", plans, bend=bend))
    rows = {how: row_of(built, f"write_behind when_full={how}") for how in ("block", "reject")}
    for name in ("p50_ratio", "p99_ratio"):
        assert rows["reject"]["write"][name].value > rows["block"]["write"][name].value
    assert "not comparable†" in matrix_text.cells(rows["reject"], None)[4]  # The throughput.
    assert matrix_brief.cells(rows["reject"])[7] == "never"


def test_one_failure_in_a_thousand_decides_no_rate_and_leaves_the_quantiles(tmp_path):
    bend = of("cache_aside", lambda data: synthetic.fail(data, "read", failed=1))
    plans = [Plan("cache_aside", read=0.25, write=1.0, jitter=0.02)]
    row = row_of(built_of(synthetic.suite(tmp_path / "r", plans, bend=bend)), "cache_aside")
    assert row["read"]["p50_ratio"].value == pytest.approx(0.25, rel=0.05)
    assert row["read"]["rate_of_answered"]
    assert row["read"]["rate_ratio"].value == pytest.approx(4, rel=0.01)


def test_where_only_no_cache_failed_the_ratio_is_0_and_where_both_did_there_is_none(tmp_path):
    fail = lambda data: synthetic.fail(data, "write", failed=60)  # noqa: E731
    folder = synthetic.suite(tmp_path / "r", AGREEING, bend=of("no_cache", fail))
    row = row_of(built_of(folder), "write_behind")
    assert "p50 5.11 µs ×0" == matrix_text.cells(row, None)[3][0]
    folder = synthetic.suite(tmp_path / "b", AGREEING, bend=fail)
    row = row_of(built_of(folder), "write_behind")
    assert matrix_text.cells(row, None)[3][0] == "p50 never not comparable"
    assert matrix_brief.cells(row)[7] == "not comparable"


def test_one_workload_that_is_never_answered_makes_the_whole_never(tmp_path):
    folder = synthetic.suite(tmp_path / "r", AGREEING, ["calm"])
    synthetic.suite(folder, AGREEING, ["busy"], bend=failing_writes(60))
    built = built_of(folder)
    assert row_of(built, "write_behind")["write"]["p50_ratio"].value == float("inf")
    assert row_of(built, "write_through")["write"]["p50_ratio"].value == pytest.approx(1.5, rel=0.1)
    synthetic.suite(folder, AGREEING, ["worse"], bend=failing_writes(60, strategy="no_cache"))
    found = row_of(built_of(folder), "write_behind")["write"]["p50_ratio"]
    assert str(found.value) == "nan"


def test_one_repetition_that_is_never_answered_leaves_an_interval_without_end(tmp_path):
    def bend(data):
        if data["session"]["repetition"] == 3:
            failing_writes(60)(data)

    row = row_of(built_of(synthetic.suite(tmp_path / "r", AGREEING, bend=bend)), "write_behind")
    found = row["write"]["p50_ratio"]
    assert (found.method, found.high) == ("sign", float("inf"))
    assert found.value == pytest.approx(0.25, rel=0.05)
    assert "never]" in " ".join(matrix_text.cells(row, None)[3])


def test_where_everything_failed_all_scripts_still_answer(call, tmp_path):
    def fail_all(data):
        for kind, operation in data["operations"].items():
            synthetic.fail(data, kind, failed=operation["count"])
        data["operations_per_second"] = 0.0

    for name, bend in (("one", of("write_behind", fail_all)), ("all", fail_all)):
        folder = synthetic.suite(tmp_path / name, AGREEING, repetitions=3, bend=bend)
        outcome = call("matrix.py", folder)
        assert outcome.returncode == 0, outcome.stderr
        assert "p50 never" in outcome.stdout and "inf" not in outcome.stdout.split("Decision")[1]
        assert max(map(len, outcome.stdout.splitlines())) <= 120
        strict((folder / "matrix.json").read_text())
        assert call("report.py", folder, "--out", tmp_path).returncode == 0
        page = (tmp_path / "report.html").read_text()
        strict(page.partition('id="data">')[2].partition("</script>")[0])
        assert call("recommend.py", folder, "--read-p99", "1s").returncode == (name == "all")
        assert call("export.py", folder, "--csv", tmp_path / "t.csv").returncode == 0


def test_operations_that_were_never_sent_count_as_those_that_failed(tmp_path):
    def overload(data):
        data["configuration"]["workload"]["phases"] = [{"mix": {"read": 0.9, "write": 0.1}}]
        dropped = 400 if data["configuration"]["protocol"]["strategy"] == "no_cache" else 0
        data["schedule"] = {"offered": 1100 + dropped, "completed": 1100, "dropped": dropped}

    built = built_of(synthetic.suite(tmp_path / "r", AGREEING, bend=overload))
    base, row = (row_of(built, name) for name in ("no_cache", "cache_aside"))
    assert (base["read"]["unanswered"], base["read"]["due"]) == (8 * 360, 8 * 1360)
    assert base["read"]["p99_ns"] == float("inf")
    assert row["read"]["p99_ratio"].value == 0
    # In an open loop nothing makes room for others: rates of successes are comparable.
    assert row["throughput"]["ratio"].value == pytest.approx(2, rel=0.05)
    assert "of_answered" not in row["throughput"]
    assert any("no_cache 26% of 10,880 reads" in text for text in matrix_text.unanswered(built))


def test_the_note_stands_where_there_are_such_operations_and_nowhere_else(call, tmp_path):
    calm = synthetic.suite(tmp_path / "calm", AGREEING, repetitions=3)
    busy = synthetic.suite(tmp_path / "busy", AGREEING, repetitions=3, bend=failing_writes(60))
    for folder, is_told in ((calm, False), (busy, True)):
        printed = call("matrix.py", folder).stdout
        call("report.py", folder, "--out", folder)
        for text in (printed, (folder / "matrix.md").read_text(),
                     (folder / "report.html").read_text()):  # fmt: skip
            told = " ".join(text.split())
            assert ("write_behind 60% of 300 writes" in told) == is_told
            assert ("†" in told) == is_told


def test_both_schemas_give_the_same_matrix(tmp_path):
    def new(data):
        del data["known_races"]  # Which schema 1 does not know.
        failing_writes(30, 3)(data)
        done = 1100 - data["operations"]["write"]["failed"] - data["operations"]["write"]["unknown"]
        data["elapsed_ns"] = round(done / data["operations_per_second"] * 1e9)

    def old(data):
        new(data)
        synthetic.schema_1(data)

    folders = [synthetic.suite(tmp_path / name, AGREEING, bend=bend)
               for name, bend in (("new", new), ("old", old))]  # fmt: skip
    (one, printed), (other, printed_too) = map(matrix_of, folders)
    assert printed == printed_too
    for row, same in zip(one["overall"], other["overall"]):
        assert row["read"] == same["read"] and row["write"] == same["write"]


def test_failures_do_not_make_the_store_look_idle(tmp_path):
    plans = [Plan("write_behind", jitter=0.02)]
    calm = row_of(built_of(synthetic.suite(tmp_path / "calm", plans)), "write_behind")
    busy = built_of(synthetic.suite(tmp_path / "busy", plans, bend=failing_writes(90)))
    busy = row_of(busy, "write_behind")
    assert calm["store"]["reads_per_operation"] == pytest.approx(200 / 1100)
    assert busy["store"]["reads_per_operation"] == pytest.approx(200 / 1010)
    assert busy["store"]["calls_per_write"] == pytest.approx(10 * calm["store"]["calls_per_write"])
