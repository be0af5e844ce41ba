# SPDX-License-Identifier: Apache-2.0
"""Faults that make no sense, and tiers that take no such time: one helpful line."""

import pytest
from test_bad_input import is_refused

NO_BUS = "nobody sends events; give --invalidate event"
LATENCY = ["--store-latency", "1ms"]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--fault", "store-dwon@1s+1s"], "did you mean 'store-down'?"),
        (["--fault", "xyzzy"], "known: store-slow store-down"),
        (["--fault", ""], "--fault: expected a fault, as in store-down@10s+5s"),
        (["--fault"], "--fault"),
        (["--fault", "none", "--fault", "store-fails=1"], "--fault none: means no fault at all"),
        (["--fault", "cache-fulsh@0", "--strategy", "no_cache"], "did you mean 'cache-flush'?"),
        (["--fault", "event-loss=0.1", "--strategy", "no_cache"], NO_BUS),
        (["--fault", "cache-down@0+2s", "--fault", "cache-down@1s+2s", "--strategy", "no_cache"],
         "at the same time as"),
        (["--cache-size", "lots", "--strategy", "no_cache"], "--cache-size lots"),
        (["--cache-latency", "1", "--strategy", "no_cache"], "--cache-latency 1"),
        (["--cache-latency", "1s "], "--cache-latency 1s : expected a duration"),
        (["--store-latency", " 1s"], "--store-latency  1s: expected a duration"),
        (["--store-latency", "8760h"], "--store-latency 8760h: expected at most 1h"),
        (["--cache-latency", "lognormal(1m,1)"], "expected at most 1h, got up to"),
        (["--fault", "store-down"], "expected store-down@START+LENGTH, as in"),
        (["--fault", "store-down@1s+0"], "--fault store-down@1s+0: expected a length above 0"),
        (["--fault", "store-down@soon+1s"], "expected a duration"),
        (["--fault", "store-fails=1.5"], "from 0 to 1"),
        (["--fault", "store-fails=-1"], "from 0 to 1"),
        (["--fault", "cache-flush@1s+1s"], "expected cache-flush@START"),
        (["--fault", "store-slow@0+1s"], "xFACTOR"),
        ([*LATENCY, "--fault", "store-slow@0+1s,x0.5"], "factor above 1"),
        ([*LATENCY, "--fault", "store-slow@0+1s,x-3"], "--fault store-slow@0+1s,x-3"),
        (["--fault", "store-slow@0+1s,x1e6", "--store-latency", "1m"], "smaller factor"),
        (["--fault", "store-slow@0+1s,x20"], "20 times 0 is 0; give a --store-latency"),
        (["--fault", "cache-slow@0+1s,x20", *LATENCY], "give a --cache-latency"),
        (["--fault", "store-down@1s+2s", "--fault", "store-down@2s+2s"], "at the same time as"),
        (["--fault", "store-fails=0.1", "--fault", "store-fails=0.1"], "is given twice"),
        (["--fault", "store-down@9s+2s", "--duration", "10s"], "lasts 10s; expected a spell"),
        (["--fault", "cache-flush@10s", "--duration", "10s"], "lasts 10s; expected an instant"),
        (["--fault", "event-loss=0.1"], NO_BUS),
        (["--fault", "event-duplication=0.1"], NO_BUS),
        (["--fault", "event-reordering=0.1"], NO_BUS),
        (["--fault", "events-down@1s+1s"], NO_BUS),
        (["--fault", "event-los=0.1"], "did you mean 'event-loss'?"),
    ],
)
def test_what_makes_no_sense_is_refused(stalemark, tiny, words, part):
    is_refused(stalemark("run", tiny, *words, "--operations", 10, "--store", "memory"), part)
