# SPDX-License-Identifier: Apache-2.0
"""What the tests of several nodes type, and what they look at."""

NODES = ["--nodes", 4, "--clients", 16]
TELL = [*NODES, "--invalidate", "event"]
LOG = [*TELL, "--event-source", "log"]
SHARED = [*NODES, "--shared-cache", "1MiB"]
MS = 1_000_000


def visible(result, within):
    return result["consistency"]["visible_within"][within]


def stale(result):
    return result["consistency"]["stale_reads"]


def left_stale(result):
    return result["consistency"]["divergence"]["after_drain"]["cache_stale"]
