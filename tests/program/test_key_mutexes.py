# SPDX-License-Identifier: Apache-2.0
"""A protocol that locks keys makes nobody wait for a stranger."""

import json

import pytest


@pytest.mark.parametrize("clients", [32, 100, 1000])
def test_readers_of_different_keys_do_not_wait_for_each_other(stalemark, clients):
    """Of 100,000 keys asked for alike two clients rarely want the same one, so that one load
    per key and time is no slower than as many as there are readers."""

    def throughput(strategy):
        ended = stalemark(
            *["run", "ycsb_c", "--strategy", strategy, "--key-skew", 0, "--keys", 100_000],
            *["--cache-size", "1%", "--store-servers", "none", "--processors", 1000],
            *["--clients", clients, "--runtime", "virtual", "--warmup", 0],
            *["--operations", 100_000, "--out", "-"],
        )
        assert (ended.status, ended.err) == (0, "")
        return json.loads(ended.out)["operations_per_second"]

    assert throughput("read_through") == pytest.approx(throughput("cache_aside"), rel=0.03)
