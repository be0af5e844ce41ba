# SPDX-License-Identifier: Apache-2.0
"""Which command would measure what a recommendation lacks."""

import synthetic
from simulated_answer import simulate
from synthetic import Plan

PLANS = [Plan("cache_aside", read=0.3), Plan("write_through", read=0.3)]


def test_what_was_not_measured_is_measured_by_the_suite_of_that_name(call, tmp_path):
    def name(data):
        data["session"]["id"] = "my-suite-2026-11-30T11:54:48Z-25527"

    folder = synthetic.suite(tmp_path / "s", PLANS, bend=name, repetitions=2)
    outcome = call("recommend.py", folder, "--read-p99", "40us")
    assert "run       stalemark suite my-suite --repeat 3 --out DIR\n" in outcome.stdout


def test_what_was_not_simulated_is_simulated_protocol_by_protocol(call, tmp_path):
    folder = synthetic.suite(tmp_path / "s", PLANS, bend=simulate, repetitions=2)
    outcome = call("recommend.py", folder, "--read-p99", "40us")
    printed = " ".join(outcome.stdout.split())
    command = "stalemark run zipf --strategy cache_aside --repeat 3 --out DIR/result.json"
    assert f" run {command}, and likewise write_through" in printed
