"""The article's grades, and the rule that counts instead of measuring."""

import claims
import pytest


def test_every_grade_of_the_article_has_a_rule_that_is_told_to_the_reader():
    for grades in claims.CLAIMS["grades"].values():
        assert grades.keys() == set(claims.ASPECTS)
        for aspect, grade in grades.items():
            assert len(claims.RULES[aspect][grade].__doc__) > 50


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
