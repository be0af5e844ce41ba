"""The matrix marks planted contradictions and no others."""

import re

import pytest
import synthetic
from agreeing import AGREEING, matrix_of, planned, row_of, verdicts_of
from synthetic import Plan


def test_nothing_contradicts_where_nothing_was_planted(tmp_path):
    built, printed = matrix_of(synthetic.suite(tmp_path / "r", AGREEING))
    for row in built["overall"]:
        assert verdicts_of(row, *(row["claims"].keys() - {"complexity"})) == [
            "not contradicted"
        ] * len(row["claims"].keys() - {"complexity"})
    assert "✓" in printed


PLANTED = {
    "Strong, by one stale read": (
        Plan("write_through", read=0.2, write=1.5, stale_reads=1, stale_age_ns=9),
        "consistency",
        "stale reads: 8 of 8,000",
    ),
    "Strong, by a write that its writer does not see": (
        Plan("write_through", read=0.2, write=1.5, own_writes_missed=2),
        "consistency",
        "violations of read your writes: 16 of 4,000",
    ),
    "Strong, by an entry left stale": (
        Plan("write_through", read=0.2, write=1.5, left_stale=3),
        "consistency",
        "entries unlike the store after drain: 24 of 720",
    ),
    "Strong, by an entry that two writers left unlike the store": (
        Plan("write_through", read=0.2, write=1.5, left_other=1),
        "consistency",
        "entries unlike the store after drain: 8 of 720",
    ),
    "Eventual, by an entry that nothing will mend": (
        Plan("write_behind", read=0.2, write=0.25, left_stale=1),
        "consistency",
        "entries unlike the store after drain: 8 of 720",
    ),
    "Eventual, by a write that never arrives": (
        Plan("write_behind", read=0.2, write=0.25, store_lost=1),
        "consistency",
        "never reached the store: 8",
    ),
    "Eventual (TTL), by an entry older than its TTL": (
        Plan("cache_aside", read=0.25, stale_reads=1, stale_age_ns=10**9, too_stale=1,
             protocol={"ttl_ns": 10**8}),
        "consistency",
        "a read 1 s out of date under a TTL of 100 ms",
    ),
    "Excellent, by slower median reads": (
        Plan("write_through", read=1.1, write=1.5, jitter=0.02), "read", "read p50 ×1.10"
    ),
    "Good, by slower median reads": (
        Plan("read_through", read=1.1, jitter=0.02), "read", "read p50 ×1.10"
    ),
    "Unaffected, by slower writes": (
        Plan("cache_aside", read=0.2, write=1.3, jitter=0.02), "write", "write p50 ×1.30"
    ),
    "Unaffected, by faster writes": (
        Plan("cache_aside", read=0.2, write=0.5, jitter=0.02), "write", "write p50 ×0.50"
    ),
    "Slower, by faster writes": (
        Plan("write_through", read=0.2, write=0.9, jitter=0.02), "write", "write p50 ×0.90"
    ),
    "Fast, by slower writes": (
        Plan("write_behind", read=0.2, write=1.2, jitter=0.02), "write", "write p50 ×1.20"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("plan", "aspect", "figure"), PLANTED.values(), ids=PLANTED)
def test_a_planted_contradiction_is_marked_with_its_figure(tmp_path, plan, aspect, figure):
    folder = synthetic.suite(tmp_path / "r", planned(plan))
    built, printed = matrix_of(folder)
    claim = row_of(built, plan.strategy)["claims"][aspect]
    assert claim["verdict"] == "contradicted"
    assert figure in claim["why"]
    assert claim["why"].startswith("zipf: ")
    note = next(line for line in printed.splitlines() if f"{plan.strategy}, {aspect}" in line)
    assert re.match(r"\[\d\] ", note)
    assert f'"{claim["grade"]}" ✗{note.split()[0]}' in printed
    others = [
        (row["protocol"], other)
        for row in built["overall"]
        for other, judged in row["claims"].items()
        if judged["verdict"] == "contradicted" and other != "complexity"
    ]
    assert others == [(plan.strategy, aspect)]


def test_an_interval_that_spans_the_limit_decides_nothing(tmp_path):
    plan = Plan("write_behind", read=0.2, write=1.0, jitter=0.2)
    built, printed = matrix_of(synthetic.suite(tmp_path / "r", planned(plan)))
    assert verdicts_of(row_of(built, "write_behind"), "write") == ["undecided"]
    assert '"Fast" ?' in printed


def test_stale_entries_that_expire_do_not_contradict_eventual(tmp_path):
    def expire(data):
        divergence = data["consistency"]["divergence"]
        divergence["after_ttl"] = {"resident": 0, "cache_stale": 0, "store_lost": 0}

    plan = Plan("cache_aside", read=0.2, left_stale=5, protocol={"ttl_ns": 10**9})
    folder = synthetic.suite(tmp_path / "r", planned(plan), bend=expire)
    built, _ = matrix_of(folder)
    assert verdicts_of(row_of(built, "cache_aside"), "consistency") == ["not contradicted"]
    plan.protocol = {}
    for path in folder.glob("*.json"):
        path.unlink()
    built, _ = matrix_of(synthetic.suite(folder, planned(plan)))
    assert verdicts_of(row_of(built, "cache_aside"), "consistency") == ["contradicted"]


def test_one_workload_of_several_is_enough_to_contradict_and_is_named(tmp_path):
    plan = Plan("write_through", read=0.2, write=1.5, stale_reads=1, stale_age_ns=9)
    folder = synthetic.suite(tmp_path / "r", AGREEING, ["calm"])
    synthetic.suite(folder, planned(plan), ["hot"])
    built, printed = matrix_of(folder)
    row = row_of(built, "write_through")
    assert row["claims"]["consistency"]["why"].startswith("hot: ")
    assert "calm" not in row["claims"]["consistency"]["why"]
    assert row["consistency"]["stale_fraction_worst"] == {"fraction": 0.001, "workload": "hot"}
    assert "stale 0.10% hot" in printed


def test_an_age_beyond_the_ttl_alone_contradicts_nothing(tmp_path):
    # The load that filled the entry adds to it; the run itself knows how long that took.
    ttl = {"ttl_ns": 10**8}
    plan = Plan("cache_aside", read=0.2, stale_reads=1, stale_age_ns=10**9, protocol=ttl)
    built, _ = matrix_of(synthetic.suite(tmp_path / "r", planned(plan)))
    assert verdicts_of(row_of(built, "cache_aside"), "consistency") == ["not contradicted"]


def test_who_promises_less_than_the_article_claims_is_held_to_the_claim(tmp_path):
    def weaken(data):
        data["promise"].update(declared="bounded_staleness(30s), durable", verdict="kept")

    plan = Plan("write_through", read=0.2, write=1.5, stale_reads=3, stale_age_ns=9)
    folder = synthetic.suite(tmp_path / "r", planned(plan), bend=weaken)
    built, printed = matrix_of(folder)
    assert verdicts_of(row_of(built, "write_through"), "consistency") == ["contradicted"]
    assert 'consistency "Strong": zipf: stale reads' in " ".join(printed.split())


def test_going_back_in_time_contradicts_strong(tmp_path):
    def go_back(data):
        if data["configuration"]["protocol"]["strategy"] == "write_through":
            data["consistency"].update(monotonic_reads_violations=1, monotonic_reads_eligible=90)

    built, _ = matrix_of(synthetic.suite(tmp_path / "r", AGREEING, bend=go_back))
    claim = row_of(built, "write_through")["claims"]["consistency"]
    assert claim["why"] == "zipf: violations of monotonic reads: 8 of 720"
