"""The article's grades, and the rule that counts instead of measuring."""

from types import SimpleNamespace

import claims
import measures
import pytest


def test_every_grade_of_the_article_has_a_rule_that_is_told_to_the_reader():
    for grades in claims.CLAIMS["grades"].values():
        assert grades.keys() == {"consistency", "read", "write", "complexity"}
        for aspect, grade in grades.items():
            assert len(claims.RULES[aspect][grade].__doc__) > 50


def test_a_read_too_old_may_have_been_so_by_design():
    # The stale shield's: its ages stand apart, but the promise of the TTL binds them, too.
    ages = {"stale_by_design_age_ns": {"p99": 2e9, "max": 3e9}}
    judged = {"reads_checked": 9, "stale_reads": 0, "contract_violations": 3} | ages
    data = {"consistency": judged, "configuration": {"protocol": {"ttl_ns": 10**9}}}
    both = {"consistency": judged | {"stale_age_ns": {"max": 4e9}}}
    results = {1: SimpleNamespace(data=data)}
    seen = measures.figures_of([measures.Part("zipf", results, {})])
    assert "stale_age_max_ns" not in seen["consistency"]
    verdict, why = claims.eventual_ttl(seen)
    assert verdict == "contradicted"
    assert "a read 3 s out of date under a TTL of 1 s" in why
    results[2] = SimpleNamespace(data=data | both)
    seen = measures.figures_of([measures.Part("zipf", results, {})])
    assert seen["consistency"]["read_age_max_ns"] == 4e9


FEW = {"lines": 20, "locks": 0}
MANY = {"lines": 90, "locks": 2}


@pytest.mark.parametrize(
    ("low", "medium", "verdict"),
    [
        (FEW, MANY, "not contradicted"),
        (FEW, FEW, "not contradicted"),
        (MANY, FEW, "contradicted"),
        ({"lines": 90, "locks": 0}, {"lines": 20, "locks": 1}, "not contradicted"),
        ({"lines": 21, "locks": 0}, FEW, "contradicted"),
    ],
)
def test_a_simple_strategy_must_not_count_more_in_all_facts(low, medium, verdict):
    counted = {"cache_aside": low, "write_through": medium}
    judged = claims.judge("cache_aside", {}, counted)["complexity"]
    assert judged["verdict"] == verdict
    if verdict == "contradicted":
        assert "write_through (Medium)" in judged["why"]
    # The higher grade is not at fault for it.
    assert claims.judge("write_through", {}, counted)["complexity"]["verdict"] == "not contradicted"


def test_a_strategy_without_grades_is_not_judged():
    assert claims.judge("refresh_ahead", {}, {}) == {}


def test_a_strategy_that_the_sources_lack_is_not_judged_complex():
    assert claims.judge("cache_aside", {}, {})["complexity"]["verdict"] == "not measured"
