# SPDX-License-Identifier: Apache-2.0
"""Whether what was measured here agrees with what was simulated of the same settings."""

import dataclasses

import pytest
import synthetic
from stalemark.common import command
from stalemark.matrix import agreement
from synthetic import Plan, SimulatedResult


def pair(bend=None, slip=None, plan=Plan("cache_aside")):  # noqa: B008
    found = []
    for runtime in ("virtual", "threads"):
        data = synthetic.result(plan)
        data["configuration"]["runtime"] = runtime
        for operation in data["operations"].values():
            operation["count"] *= 1000
        for section in ("cache", "store"):
            for name in ("gets", "hits", "reads"):
                if name in data[section]:
                    data[section][name] *= 1000
        data["consistency"]["reads_checked"] *= 1000
        if runtime == "threads" and slip:
            data["schedule"] = {"timer_slip_ns": {"mean": slip}}
        if runtime == "threads" and bend:
            bend(data)
        found.append(SimulatedResult(data))
    (answer,) = agreement.of(found)
    return answer


def named(answer):
    return [figure.name for figure in answer.against]


def test_the_same_figures_agree():
    answer = pair()
    assert answer.protocol == "cache_aside"
    assert answer.against == []
    names = [figure.name for figure in answer.figures]
    assert names == ["hit ratio", "stale reads", "database reads", "read mean", "write mean"]
    assert "agrees with the simulation of the same settings in 5 figures" in agreement.sentence(
        [answer]
    )


@pytest.mark.parametrize("factor, against", [
    (1.045, []), (0.955, []), (1.055, ["hit ratio"]),
])
def test_shares_agree_within_a_twentieth(factor, against):
    def hit(data):
        data["cache"]["hits"] = int(data["cache"]["hits"] * factor)

    assert named(pair(hit)) == against


def test_few_stale_reads_differ_by_chance_and_many_do_not():
    def stale(count):
        return lambda data: data["consistency"].update(stale_reads=count)

    assert named(pair(stale(9))) == []
    assert named(pair(stale(900))) == ["stale reads"]


@pytest.mark.parametrize("factor, against", [
    (1.09, []), (0.91, []), (1.11, ["read mean"]), (0.89, ["read mean"]),
])  # fmt: skip
def test_means_agree_within_a_tenth(factor, against):
    def slow(data):
        data["operations"]["read"]["latency_ns"]["mean"] *= factor

    assert named(pair(slow)) == against


def test_the_lateness_of_sleeps_is_taken_off_twice_per_round_trip():
    late = 4_000

    def sleep(kind, calls):
        def slow(data):
            data["operations"][kind]["latency_ns"]["mean"] += 2 * calls * late

        return slow

    # 20% misses: a call to look, and two more on a miss.
    assert named(pair(sleep("read", 1.4), slip=late)) == ["write mean"]  # It was not late.
    assert "read mean" in named(pair(sleep("read", 1.4)))
    bare = pair(sleep("read", 1), slip=late, plan=Plan("no_cache"))
    assert "read mean" not in named(bare)

    def queue(data):
        sleep("write", 1)(data)
        data["durability"]["writes_behind"] = {}

    behind = Plan("write_behind", write=0.25)
    assert "write mean" not in named(pair(queue, slip=late, plan=behind))


@pytest.mark.parametrize("protocol, cache, reads, writes", [
    ({"invalidate": "erase"}, {}, 1.4, 2),
    ({"invalidate": "none"}, {}, 1.4, 1),  # The write leaves the cache alone.
    ({"invalidate": "erase"}, {"other_looks": 200}, 1.6, 2),  # A miss looks again.
])  # fmt: skip
def test_round_trips_are_those_that_the_protocol_makes(protocol, cache, reads, writes):
    data = synthetic.result(Plan("cache_aside", protocol=protocol))
    data["cache"] |= cache
    assert agreement._calls([data], "read") == pytest.approx(reads)
    assert agreement._calls([data], "write") == writes


def test_a_disagreement_is_said_with_both_figures():
    def hit(data):
        data["cache"]["hits"] //= 2

    told = agreement.sentence([pair(hit)])
    assert "disagrees" in told and "1 of 5 figures" in told
    assert "cache_aside hit ratio 0.4, simulated 0.8" in told


def test_a_protocol_of_one_runtime_alone_is_not_compared():
    data = synthetic.result(Plan("cache_aside"))
    with pytest.raises(command.Refusal, match="no protocol was both"):
        agreement.of([SimulatedResult(data)])


@pytest.mark.parametrize("change, word", [
    (lambda c: c["workload"].update(name="other"), "name"),
    (lambda c: c["workload"].update(keys=7), "keys"),
    (lambda c: c.update(rate=7), "rate"),
    (lambda c: c.update(wires={"store_latency": "7ms"}), "store_latency"),
])  # fmt: skip
def test_results_of_other_settings_are_refused(change, word):
    def bend(data):
        change(data["configuration"])

    with pytest.raises(command.Refusal, match=f"cache_aside: .* {word}"):
        pair(bend)


def test_the_table_holds_both_figures_and_says_which_disagree():
    def hit(data):
        data["cache"]["hits"] //= 2

    lines = list(agreement.markdown([dataclasses.asdict(pair(hit))]))
    assert lines[2] == "| `cache_aside` | hit ratio | 0.8 | 0.4 | **disagrees** |"
    assert lines[5].endswith(" ms | agrees |")


def test_means_of_several_runs_are_weighted_by_their_operations():
    runs = [synthetic.result(Plan("cache_aside")) for _ in range(2)]
    for data, (count, mean) in zip(runs, ((1_000, 100), (3_000, 500))):
        operation = data["operations"]["read"]
        operation["count"] = operation["latency_ns"]["count"] = count
        operation["latency_ns"]["mean"] = mean
    assert agreement._mean(runs, "read") == 400
