# SPDX-License-Identifier: Apache-2.0
"""Nodes, layers and events that make no sense: refused in one line."""

import pytest
from test_bad_input import OK, is_refused

TOLD = [*OK, "--clients", "4", "--nodes", "2", "--invalidate", "event"]
LAYERED = [*OK, "--shared-cache", "1MiB"]
WRONG = [
    ([*OK, "--nodes", "0"], "--nodes 0"),
    ([*OK, "--nodes", "3", "--clients", "2"], "would have no client"),
    ([*OK, "--nodes", "1e9"], "--nodes 1e9"),
    ([*OK, "--shared-cache", "0"], "--shared-cache 0"),
    ([*OK, "--shared-cache", "lots"], "--shared-cache lots"),
    ([*LAYERED, "--shared-latency", "5"], "--shared-latency 5"),
    ([*LAYERED, "--layer-ttl", "cary"], "did you mean 'carry'?"),
    ([*LAYERED, "--layer-ttl", "restart"], "give a --ttl"),
    ([*LAYERED, "--near-ttl", "0"], "--near-ttl 0"),
    ([*LAYERED, "--near-ttl", "5s", "--ttl", "5s"], "less than the TTL, 5s"),
    ([*LAYERED, "--near-ttl", "1s", "--ttl", "5s", "--shield", "early"], "shield early"),
    ([*LAYERED, "--near-ttl", "1s", "--ttl", "5s", "--strategy", "refresh_ahead"], "refresh_ahead"),
    ([*OK, "--shared-latency", "1ms"], "give a --shared-cache"),
    ([*OK, "--near-ttl", "1s", "--ttl", "5s"], "give a --shared-cache"),
    ([*OK, "--layer-ttl", "carry"], "give a --shared-cache"),
    ([*OK, "--invalidate", "event"], "nobody to tell; give more than one node"),
    ([*OK, "--invalidate", "event", "--nodes", "1"], "nobody to tell; give more than one node"),
    ([*TOLD, "--strategy", "write_behind"], "not in the store yet"),
    ([*OK, "--strategy", "no_cache", "--event-delay", "1ms"], "nobody sends events"),
    ([*OK, "--strategy", "no_cache", "--near-ttl", "1s"], "give a --shared-cache"),
    ([*OK, "--strategy", "no_cache", "--near-cache", "none", "--near-ttl", "1s"],
     "--near-ttl: with --near-cache none"),
    ([*TOLD, "--strategy", "no_cache", "--log-poll", "1s"], "nobody reads the store's log"),
    ([*TOLD, "--event-source", "lgo"], "did you mean 'log'?"),
    ([*TOLD, "--event-delay", "1"], "--event-delay 1"),
    ([*TOLD, "--event-batch", "0"], "--event-batch 0"),
    ([*TOLD, "--event-batch", "5"], "give both"),
    ([*TOLD, "--event-batch-delay", "5ms"], "give both"),
    ([*TOLD, "--event-check", "versoin"], "did you mean 'version'?"),
    ([*TOLD, "--event-order", "last"], "known: cache-first event-first"),
    ([*TOLD, "--on-gap", "claer"], "did you mean 'clear'?"),
    ([*TOLD, "--gap-grace", "1s"], "nobody looks for gaps"),
    ([*TOLD, "--heartbeat", "1s"], "nobody looks for gaps"),
    ([*TOLD, "--on-gap", "clear", "--gap-grace", "2d"], "--gap-grace 2d"),
    ([*TOLD, "--log-poll", "1s"], "nobody reads the store's log"),
    ([*TOLD, "--event-source", "log", "--log-poll", "0"], "--log-poll"),
    ([*TOLD, "--event-hold-back", "1s"], "no event is overtaken"),
    *(([*OK, f"--{name}", value], "nobody sends events")
      for name, value in [("event-source", "log"), ("event-delay", "1ms"), ("event-batch", "2"),
                          ("event-hold-back", "1ms"), ("event-batch-delay", "1ms"),
                          ("event-check", "version"), ("event-order", "event-first"),
                          ("on-gap", "clear"), ("gap-grace", "1s"), ("heartbeat", "1s"),
                          ("log-poll", "1s")]),
]  # fmt: skip


@pytest.mark.parametrize("words, expected", WRONG, ids=lambda part: str(part)[-60:])
def test_what_makes_no_sense_is_refused_in_one_line(stalemark, tiny, words, expected):
    is_refused(stalemark(*words), expected)
