# SPDX-License-Identifier: Apache-2.0
"""Ages of stale reads, and the bounds that they are held to."""

import pytest


def test_the_numbers_of_the_keys_change_no_figure_of_consistency(measure):
    words = ["--runtime", "virtual", "--clients", 32, "--keys", 100_000, "--warmup", "0"]
    words += ["--invalidate", "none", "--ttl", "300ms", "--duration", "3s", "--reads", 0.5]
    seen = [
        measure(*words, "--set", f"popularity.kind={kind}", operations=None)["consistency"]
        for kind in ("scrambled", "zipfian")
    ]
    for each in seen:
        assert each["stale_reads"] > 1_000
        assert each["ages_sampled"] == each["stale_reads"]
        assert each["ages_at_least"] == 0
        assert each["contract_violations"] == 0
    scrambled, numbered = seen
    for figure in ("stale_fraction", "version_lag_max"):
        assert scrambled[figure] == pytest.approx(numbered[figure], rel=0.1)
    for figure in ("mean", "p50", "p90", "p99", "max"):
        both = [each["stale_age_ns"][figure] for each in seen]
        assert both[0] == pytest.approx(both[1], rel=0.1)


def test_one_slow_spell_of_the_store_loosens_no_bound(measure):
    words = ["--runtime", "virtual", "--warmup", "0", "--ttl", "100ms", "--clients", 16]
    words += ["--duration", "1s", "--fault", "store-slow@200ms+10ms,x5000"]
    result = measure(*words, operations=None)
    assert result["operations"]["read"]["latency_ns"]["max"] > 900_000_000
    assert result["promise"]["verdict"] == "kept"
