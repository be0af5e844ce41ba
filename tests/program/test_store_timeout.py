# SPDX-License-Identifier: Apache-2.0
"""--store-timeout: who waits too long leaves."""

import pytest


def test_nobody_waits_longer_than_the_store_timeout(measure):
    # One server of 10 ms and 50 clients: without a timeout each waits for half a second.
    words = ["--runtime", "virtual", "--strategy", "no_cache", "--reads", 1, "--clients", 50,
             "--duration", "10s", "--store-latency", "10ms", "--store-servers", 1]  # fmt: skip
    patient = measure(*words, operations=None)
    assert patient["operations"]["read"]["latency_ns"]["p50"] == pytest.approx(500e6, rel=0.02)
    result = measure(*words, "--store-timeout", "100ms", operations=None)
    read = result["operations"]["read"]
    assert read["count"] == pytest.approx(50 * 100, rel=0.01)
    assert read["failed"] > 0.95 * read["count"]
    assert read["latency_ns"]["max"] <= 100e6 + 2e3  # It computes for 2 us itself.
    # The store has gone on with the calls of those who had left.
    assert result["store"]["failed"] == read["failed"]
    assert result["store"]["concurrent_reads_max"] > 2
