# SPDX-License-Identifier: Apache-2.0
"""The page says below its answer whether its figures can be trusted, in full."""

import html
import re

import pytest
import simulated_answer
import synthetic
from synthetic import Plan

from stalemark.matrix import caveats, matrix
from stalemark.report import trust, whole_page

PLANS = [Plan("cache_aside", read=0.2, jitter=0.02)]


def machine(canary=23_000_000, steal=0.0):
    """A bend: what the session saw of the machine, where `canary` may depend on the repetition."""

    def bend(data):
        repetition = data["session"]["repetition"]
        data["session"] |= {"canary_cpu_ns": canary(repetition) if callable(canary) else canary,
                            "steal_fraction": steal}  # fmt: skip

    return bend


def trusted(folder, plans=PLANS, **options):
    groups, interrupted = matrix.gather([synthetic.suite(folder, plans, **options)])
    return trust.of(matrix.build(groups, interrupted), groups)


def facts(found):
    return {fact.title: fact for fact in found.facts}


def test_a_sound_measurement_says_what_was_checked(tmp_path):
    found = trusted(tmp_path, bend=machine(steal=0.01))
    assert found.conclusion == "Nothing was found that speaks against them."
    assert found.caveats == []
    told = facts(found)
    assert told["Check of stale reads"].text == (
        "no_cache scored 0 stale of 8,000 reads, and must score 0.")
    assert told["Repetitions"].text == "8 repetitions per protocol."
    assert told["Machine"].text.startswith("It was steady: its speed changed by up to 0%")
    assert "up to 1.0% of a run's processor time went to others" in told["Machine"].text
    assert not any(fact.is_bad for fact in found.facts)


@pytest.mark.parametrize(
    ("bend", "words"),
    [(machine(steal=0.2), "up to 20% of a run's processor time"),
     (machine(canary=lambda repetition: 10**7 * (1 + repetition)), "changed by up to 700%")],
)  # fmt: skip
def test_a_machine_that_was_not_steady_is_a_fact_and_a_caveat(tmp_path, bend, words):
    found = trusted(tmp_path, bend=bend)
    told = facts(found)["Machine"]
    assert told.is_bad and told.text.startswith("It was not steady: ") and words in told.text
    assert found.conclusion == "Only with this caveat." and len(found.caveats) == 1


def test_what_was_not_recorded_of_the_machine_is_not_called_steady(tmp_path):
    def forget(data):
        del data["session"]["canary_cpu_ns"]

    told = facts(trusted(tmp_path, repetitions=1, bend=forget))
    assert told["Machine"].text == "Whether it was steady was not recorded for every run."
    assert told["Repetitions"].text == (
        "1 repetition per protocol, and no intervals: they need 3.")


def test_a_stale_baseline_is_trusted_in_nothing(tmp_path):
    def spoil(data):
        if data["configuration"]["protocol"]["strategy"] == "no_cache":
            data["consistency"]["stale_reads"] = 2

    found = trusted(tmp_path, bend=spoil)
    assert found.conclusion.startswith("No: no_cache has no cache")
    assert facts(found)["Check of stale reads"].is_bad
    assert "16 stale of 8,000" in facts(found)["Check of stale reads"].text


def test_the_machine_of_simulated_results_does_not_matter(tmp_path):
    found = trusted(tmp_path, simulated_answer.PLANS, bend=simulated_answer.simulate)
    told = facts(found)
    assert "simulated" in told["Machine"].text and not told["Machine"].is_bad
    assert told["Seeds"].text == "8 seeds per protocol."


def test_it_stands_below_the_answers_tables_and_holds_every_caveat_as_text(tmp_path):
    def spoil(data):
        simulated_answer.simulate(data)
        data["context"]["dirty"] = True
        data["schedule"] = {"offered": 1100, "completed": 1100, "dropped": 0, "saturated": True}

    folder = synthetic.suite(tmp_path, simulated_answer.PLANS, bend=spoil)
    groups, interrupted = matrix.gather([folder])
    built = matrix.build(groups, interrupted, matrix.answers_of(groups))
    built["caveats"].append("zipf: <b>x")
    page = whole_page.render(built, groups)
    sections = re.findall(r'<section[^>]* aria-labelledby="([\w-]+)"', page)
    assert sections[:4] == ["advice-1", "trust", "reasons-1", "answer"]
    assert '<a href="#trust">Can these figures be trusted?</a> Only with these 3' in page
    section = re.search(r'aria-labelledby="trust".*?</section>', page, re.DOTALL)[0]
    text = html.unescape(section)
    assert "uncommitted changes" in text and caveats.SATURATED in text
    assert "Only with these 3 caveats." in text
    assert "<b>" not in section and "&lt;b&gt;x" in section
    assert "soft" not in section


def test_without_an_answer_it_stands_below_what_was_found(tmp_path):
    groups, interrupted = matrix.gather([synthetic.suite(tmp_path, PLANS)])
    page = whole_page.render(matrix.build(groups, interrupted), groups)
    sections = re.findall(r'<section aria-labelledby="([\w-]+)"', page)
    assert sections[:3] == ["answer", "trust", "matrix"]
