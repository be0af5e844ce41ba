# SPDX-License-Identifier: Apache-2.0
"""The article's grades: judged by known races and by simulated speed, and by nothing else."""

import pytest
import synthetic
from stalemark.matrix import assumptions, claims, measures, warm
from synthetic import FILL, Plan, SimulatedResult

QUEUES = {**FILL, "name": "unordered_queues", "breaks": "store", "lasts": "until_next_write"}
LATER = {**FILL, "name": "late_store", "breaks": "store", "lasts": "until_flush"}
LOST = {**FILL, "name": "lost_queue", "breaks": "store", "lasts": "for_ever",
        "needs": "crash"}  # fmt: skip


def part(plan, baseline=Plan("no_cache"), seeds=10, bend=None):  # noqa: B008
    """Of a protocol that was simulated with these seeds."""

    def results(of):
        found = {}
        for seed in range(seeds):
            data = synthetic.result(of, repetition=seed, repetitions=seeds)
            data["configuration"]["runtime"] = "virtual"
            data["known_races"] = []
            if of.strategy != "no_cache":
                data["configuration"]["protocol"]["ttl_ns"] = 10**9
            if bend and of is plan:
                bend(data)
            found[seed] = SimulatedResult(data)
        return found

    return measures.Part("zipf", results(plan), results(baseline))


def judged(plan, aspect, bend=None, flips=None, **more):
    return claims.judge(plan.strategy, [part(plan, bend=bend, **more)], flips)[aspect]


def races(*known):
    return lambda data: data.update(known_races=list(known))


def test_every_grade_of_the_article_is_judged_or_a_fact():
    for grades in claims.CLAIMS["grades"].values():
        assert grades.keys() == {"consistency", "read", "write", "complexity"}
        assert grades["consistency"] in claims.REFUTES
        for aspect in ("read", "write"):
            rule = claims.CLAIMS["thresholds"][grades[aspect]]
            assert rule["limits"].keys() <= set(claims.QUANTITIES)
            assert len(rule["why"]) > 20


@pytest.mark.parametrize("strategy, known, verdict", [
    ("write_through", [FILL], "refuted"),
    ("write_through", [LOST], "holds"),  # A crash is no matter of consistency.
    ("write_through", [], "holds"),
    ("cache_aside", [FILL], "holds"),
    ("cache_aside", [{**FILL, "lasts": "for_ever"}], "refuted"),
    ("write_behind", [FILL, LOST, LATER], "holds"),
    ("write_through", [LATER], "holds"),  # Of the store alone, and no read comes to see it.
    ("write_behind", [QUEUES], "refuted"),
])  # fmt: skip
def test_consistency_is_judged_by_the_races_that_are_known(strategy, known, verdict):
    claim = judged(Plan(strategy), "consistency", races(*known))
    assert (claim["verdict"], claim["evidence"]) == (verdict, "known")
    if verdict == "refuted":
        assert "Hazard.Fill" in claim["because"]


def test_without_a_ttl_nothing_ends_what_a_ttl_would():
    def last(data):
        del data["configuration"]["protocol"]["ttl_ns"]
        data["known_races"] = [FILL]

    assert judged(Plan("cache_aside"), "consistency", last)["verdict"] == "refuted"


def test_few_seeds_decide_nothing_of_speed():
    for seeds, verdict in ((2, "undecided"), (3, "holds")):
        assert judged(Plan("write_behind", write=0.4), "write", seeds=seeds)["verdict"] == verdict


def test_a_baseline_that_did_not_answer_is_slower_than_any():
    def overload(data):
        synthetic.fail(data, "write", failed=60)

    base = part(Plan("no_cache"), bend=overload)
    cached = measures.Part("zipf", part(Plan("write_behind")).results, base.results)
    assert set(claims.ratios_of(cached, "write", "mean")) == {0}
    assert claims.judge("write_behind", [cached])["write"]["verdict"] == "holds"
    neither = measures.Part("zipf", base.results, base.results)
    assert claims.ratios_of(neither, "write", "mean") == []


def test_what_a_run_happened_to_see_changes_no_verdict():
    for stale in (0, 7):
        plan = Plan("write_through", stale_reads=stale, stale_age_ns=9, left_stale=stale)
        assert judged(plan, "consistency", races(FILL))["verdict"] == "refuted"
        plan = Plan("cache_aside", stale_reads=stale, stale_age_ns=9)
        assert judged(plan, "consistency", races(FILL))["verdict"] == "holds"


def test_results_that_name_no_races_test_no_consistency():
    claim = judged(Plan("write_through"), "consistency", lambda data: data.pop("known_races"))
    assert claim["verdict"] == "not tested"


@pytest.mark.parametrize("strategy, aspect, ratio, verdict", [
    ("write_through", "read", 0.45, "holds"),
    ("write_through", "read", 0.495, "undecided"),
    ("write_through", "read", 0.505, "undecided"),
    ("write_through", "read", 0.55, "refuted"),
    ("read_through", "read", 0.85, "holds"),
    ("read_through", "read", 0.95, "refuted"),
    ("cache_aside", "write", 1.0, "holds"),
    ("cache_aside", "write", 0.8, "refuted"),
    ("cache_aside", "write", 1.2, "refuted"),
    ("write_through", "write", 1.2, "holds"),
    ("write_through", "write", 1.0, "refuted"),
    ("write_through", "write", 1.11, "undecided"),  # Within the margin of 1.1.
    ("cache_aside", "write", 0.91, "undecided"),
    ("write_behind", "write", 0.4, "holds"),
    ("write_behind", "write", 0.6, "refuted"),
])  # fmt: skip
def test_speed_is_judged_by_thresholds_with_a_margin(strategy, aspect, ratio, verdict):
    claim = judged(Plan(strategy, **{aspect: ratio}), aspect)
    assert (claim["verdict"], claim["evidence"]) == (verdict, "simulated")
    assert f"×{ratio:.2f}" in claim["because"]


def test_every_seed_must_clear_the_threshold():
    assert judged(Plan("write_behind", write=0.45, jitter=0.05), "write")["verdict"] == "holds"
    assert judged(Plan("write_behind", write=0.45, jitter=0.2), "write")["verdict"] == "undecided"


def test_a_longer_tail_refutes_what_a_mean_does_not():
    def stretch(data):
        data["operations"]["read"]["latency_ns"]["p99"] *= 4

    assert judged(Plan("read_through", read=0.5), "read")["verdict"] == "holds"
    claim = judged(Plan("read_through", read=0.5), "read", stretch)
    assert claim["verdict"] == "refuted"
    assert "p99 ×2.00" in claim["because"]


def test_the_median_decides_nothing():
    def shift(data):
        data["operations"]["read"]["latency_ns"]["p50"] //= 50

    plan = Plan("read_through", read=0.95)
    assert judged(plan, "read", shift) == judged(plan, "read")


def test_what_is_never_answered_is_not_fast():
    def fail(data):
        synthetic.fail(data, "write", failed=60)

    assert judged(Plan("write_behind", write=0.1), "write", fail)["verdict"] == "refuted"


def test_measured_results_decide_nothing_of_speed():
    def measure(data):
        data["configuration"]["runtime"] = "threads"

    for aspect in ("read", "write"):
        assert judged(Plan("write_behind", read=9, write=9), aspect, measure)["verdict"] == (
            "not tested"
        )


def test_after_warm_needs_a_hit_ratio_that_has_converged():
    def warming(data):
        for number, row in enumerate(data["timeline"]):
            row["hits"] = 2_000 + 300 * number

    plan = Plan("cache_aside", read=0.5)
    assert judged(plan, "read")["verdict"] == "holds"
    assert judged(plan, "read", warming)["verdict"] == "not tested"
    one = lambda data: data["seed"] == 9 and warming(data)  # noqa: E731
    assert judged(plan, "read", one)["verdict"] == "not tested"
    plan = Plan("read_through", read=0.5)  # Its grade does not ask for warmth.
    assert judged(plan, "read", warming)["verdict"] == "holds"


@pytest.mark.parametrize("hits, expected", [
    ([50] * 10, True),
    ([50, 51, 50, 49, 50, 51, 50, 49], True),
    ([10] * 10, True),  # Whatever its level.
    ([10, 20, 30, 40, 50, 60], False),
    ([48, 48, 51, 51], False),  # By three points.
    ([50, 50, 50], False),
    ([], False),
])  # fmt: skip
def test_a_cache_is_warm_once_both_halves_of_the_run_hit_alike(hits, expected):
    rows = [{"operations": 100, "hits": hit} for hit in hits]
    assert warm.is_warm({"timeline": rows}) == expected


def test_complexity_is_a_fact_and_no_verdict():
    assert judged(Plan("write_behind"), "complexity") == {
        "grade": "High", "verdict": "fact", "evidence": "counted"
    }  # fmt: skip


def test_without_a_baseline_nothing_is_judged_of_speed():
    plan = Plan("write_behind")
    alone = measures.Part("zipf", part(plan).results, {})
    assert claims.judge("write_behind", [alone])["write"]["verdict"] == "not tested"


def test_workloads_that_differ_make_a_grade_depend_on_the_workload():
    parts = [part(Plan("write_behind", write=ratio)) for ratio in (0.3, 0.9)]
    claim = claims.judge("write_behind", parts)["write"]
    assert claim["verdict"] == "depends"
    assert "on the workload: zipf holds; zipf refuted" in claim["because"]


def test_workloads_that_agree_are_all_named():
    parts = [part(Plan("write_behind", write=ratio)) for ratio in (0.3, 0.4)]
    claim = claims.judge("write_behind", parts)["write"]
    assert claim["verdict"] == "holds"
    assert claim["because"] == "zipf: mean ×0.30; zipf: mean ×0.40"


def test_an_assumption_that_turns_a_verdict_over_makes_it_depend():
    flip = assumptions.Flip("cache latency", 1.3, 2.0)
    claim = judged(Plan("write_behind", write=0.4), "write", flips={"write": [flip]})
    assert claim["verdict"] == "depends"
    assert claim["because"].startswith("turns over with cache latency near ×1.25")
    assert judged(Plan("write_behind", write=0.4), "write", flips={"read": [flip]})["verdict"] == (
        "holds"
    )


def test_a_strategy_without_grades_is_not_judged():
    assert claims.judge("refresh_ahead", [part(Plan("refresh_ahead"))]) == {}
