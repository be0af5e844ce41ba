# SPDX-License-Identifier: Apache-2.0
"""What of a verdict depends on an assumption, and where it turns over."""

import json

import assumptions
import command
import measures
import pytest
import synthetic
from command import REPOSITORY
from synthetic import Plan, SimulatedResult

BASE = {"cache": 420, "store": 1000, "reads": 0.95, "theta": 0.9, "ttl": 60, "rate": 4000}


def results(plan, seeds=2, **changed):
    """Simulated ones under BASE with some of it changed."""
    told = {**BASE, **changed}
    found = []
    for seed in range(seeds):
        data = synthetic.result(plan, repetition=seed, repetitions=seeds)
        configuration = data["configuration"]
        configuration |= {"runtime": "virtual", "rate": told["rate"]}
        configuration["wires"] = {
            "cache_latency": f"lognormal({told['cache']}us,0.48)",
            "store_latency": f"lognormal({told['store']}us,0.5)",
        }
        configuration["workload"]["phases"] = [{
            "mix": {"read": told["reads"], "write": 1 - told["reads"]},
            "popularity": {"kind": "scrambled", "theta": told["theta"]},
        }]  # fmt: skip
        if plan.strategy == "no_cache":
            del configuration["wires"]["cache_latency"]
        else:
            configuration["protocol"]["ttl_ns"] = told["ttl"] * 10**9
        found.append(SimulatedResult(data))
    return found


def flips(before, after, **changed):
    """Of the reads of read_through ("Good": at most ×0.9), that take `before` and `after`."""
    pair = [*results(Plan("no_cache")), *results(Plan("read_through", read=before))]
    base = assumptions.variants(pair)[0]
    other = results(Plan("no_cache"), **changed)
    other += results(Plan("read_through", read=after), **changed)
    return assumptions.flips_of(base, assumptions.variants(other))


def test_an_assumption_that_turns_a_verdict_over_is_named_with_the_point():
    (flip,) = flips(0.6, 1.2, cache=840)["read_through"]["read"]
    assert flip.assumption == "cache latency"
    assert flip.factor == pytest.approx(2**0.585, rel=0.01)  # Where 0.6 to 1.2 passes 0.9.
    assert str(flip) == "cache latency near ×1.5"


def test_one_that_leaves_the_verdict_is_not():
    assert flips(0.6, 0.8, cache=840) == {}
    assert flips(1.2, 0.95, cache=210) == {}


def test_one_that_makes_a_refuted_grade_hold_is_named_too():
    (flip,) = flips(1.2, 0.6, store=2000)["read_through"]["read"]
    assert (flip.assumption, flip.tried) == ("database latency", 2)
    assert 1 < flip.factor < 2


@pytest.mark.parametrize("changed, name", [
    ({"cache": 210}, "cache latency"), ({"store": 500}, "database latency"),
    ({"reads": 0.9}, "share of writes"), ({"theta": 0.45}, "skew"),
    ({"ttl": 30}, "TTL"), ({"rate": 8000}, "load"),
])  # fmt: skip
def test_every_assumption_is_known_by_the_configuration(changed, name):
    (flip,) = flips(0.6, 1.2, **changed)["read_through"]["read"]
    assert flip.assumption == name


def test_the_same_assumptions_again_say_nothing():
    assert flips(0.6, 1.2) == {}


def test_results_in_which_two_assumptions_differ_are_refused():
    with pytest.raises(command.Refusal, match="cache latency, database latency"):
        flips(0.6, 1.2, cache=840, store=2000)


def test_of_half_and_twice_the_nearer_point_is_named():
    near, far = assumptions.Flip("TTL", 1.2, 2), assumptions.Flip("TTL", 0.6, 0.5)
    other = assumptions.Flip("skew", 0.9, 0.5)
    assert assumptions._nearest([far, other, near]) == [other, near]  # As ASSUMPTIONS has them.


def test_no_cache_serves_all_variants_that_it_does_not_read():
    found = results(Plan("no_cache"))
    found += results(Plan("cache_aside"), cache=840) + results(Plan("cache_aside"), ttl=30)
    for variant in assumptions.variants(found):
        part = variant["cache_aside"]
        assert part.baseline.keys() == part.results.keys() == {7, 8}
    (lonely,) = assumptions.variants(found[:2] + results(Plan("cache_aside"), store=500))
    assert lonely["cache_aside"] == measures.Part("", lonely["cache_aside"].results, {})


def test_the_suite_varies_what_the_default_suite_assumes_by_two():
    folder = REPOSITORY / "workloads/suites"
    service, varied = (
        json.loads((folder / f"{name}.json").read_text()) for name in ("service", "assumptions")
    )
    (usual,) = service["workloads"]
    for name, value in varied["options"].items():
        assert value == service["options"][name] or name == "duration"
    assert len(varied["workloads"]) == 2 * len(assumptions.ASSUMPTIONS)
    graded = {"no_cache", "cache_aside", "write_through", "write_behind", "read_through"}
    assert {each["strategy"] for each in varied["protocols"]} == graded
    for each in varied["workloads"]:
        assert each["workload"] == usual["workload"]
        changed = {name for name, value in each["options"].items()
                   if value != usual["options"].get(name)} - {"warmup"}  # fmt: skip
        assert len(changed) == 1
