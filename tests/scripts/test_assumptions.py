# SPDX-License-Identifier: Apache-2.0
"""What of a verdict depends on an assumption, and where it turns over."""

import json

import pytest
import synthetic
from stalemark.common import command
from stalemark.common.command import REPOSITORY
from stalemark.matrix import assumptions, claims, measures
from synthetic import Plan, SimulatedResult

BASE = {"cache": 420, "store": 1000, "reads": 0.95, "theta": 0.9, "ttl": 60, "rate": 4000}


def results(plan, seeds=2, p99=None, **changed):
    """Simulated ones under BASE with some of it changed; `p99` of reads, relative to no_cache."""
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
        if p99:
            latency = data["operations"]["read"]["latency_ns"]
            latency["p99"] = round(latency["p99"] * p99 / plan.read)
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


def test_what_holds_breaks_with_the_first_limit_and_holds_again_with_the_last():
    # Reads pass x0.9 on average and x1.25 at the p99, both on the way from x0.6 to x1.5.
    (broken,) = flips(0.6, 1.5, cache=840)["read_through"]["read"]
    assert broken.factor == pytest.approx(2**0.4425, rel=0.01)
    (kept,) = flips(1.5, 0.6, cache=840)["read_through"]["read"]
    assert kept.factor == pytest.approx(2**0.5575, rel=0.01)


def test_a_limit_that_is_not_passed_is_not_the_point():
    pair = [*results(Plan("no_cache")), *results(Plan("read_through", read=0.6), p99=1.24)]
    base = assumptions.variants(pair)[0]
    other = results(Plan("no_cache"), cache=840)
    other += results(Plan("read_through", read=1.2), cache=840, p99=1.0)
    (flip,) = assumptions.flips_of(base, assumptions.variants(other))["read_through"]["read"]
    assert flip.factor == pytest.approx(2**0.585, rel=0.01)  # Of the mean.


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
    assert flip.tried in (0.5, pytest.approx(2))


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


def test_a_variant_is_related_to_the_no_cache_of_its_own_warm_up():
    found = []
    for warmup, read in (("1m", 1.0), ("2m", 2.0)):
        for plan in (Plan("no_cache", read=read), Plan("cache_aside", read=0.5)):
            for result in results(plan, ttl=30 if warmup == "1m" else 120):
                result.data["configuration"]["workload"]["warmup"] = warmup
                found.append(result)
    ratios = [claims.ratios_of(variant["cache_aside"], "read", "mean")
              for variant in assumptions.variants(found)]  # fmt: skip
    assert ratios == [pytest.approx([0.5, 0.5], rel=1e-3), pytest.approx([0.25, 0.25], rel=1e-3)]


def test_a_protocol_with_a_shield_is_not_the_plain_one():
    plain = results(Plan("cache_aside", read=0.5))
    shielded = results(Plan("cache_aside", read=0.9, protocol={"shield": "lock"}))
    (variant,) = assumptions.variants([*results(Plan("no_cache")), *plain, *shielded])
    assert list(variant["cache_aside"].results.values()) == plain


def test_variants_of_another_system_are_refused():
    base = assumptions.variants(results(Plan("cache_aside")))[0]["cache_aside"]
    other = results(Plan("cache_aside"), cache=840)
    assumptions.check_same(base, other)
    other[0].data["configuration"]["workload"]["keys"] = 7
    with pytest.raises(command.Refusal, match="its keys is not that"):
        assumptions.check_same(base, other)


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
