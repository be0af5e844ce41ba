# SPDX-License-Identifier: Apache-2.0
"""What a prediction consists of, and how its figure is taken from a result."""

import dataclasses
import re
from collections.abc import Callable

# One key that is asked for at random; nothing takes time but what a row says, which wins over this.
COMMON = (
    "--runtime virtual --store memory --keys 1 --value-size 16 --cache-size 10MiB "
    "--cache-latency 0 --store-latency 0 --store-servers none --operation-cost 1ns --warmup 0"
)


@dataclasses.dataclass(frozen=True)
class Form:
    """`formula` in words of the page, `value` what it comes to for the run with `options`;
    `measured` takes the figure from the result."""

    family: str
    name: str
    formula: str
    value: float
    options: str
    measured: Callable[[dict], float]


def command_line(options):
    """The words after `stalemark` of the run with these options."""
    chosen = {}
    for option in re.findall(r"--\S+(?: (?!--)\S+)?", f"{COMMON} {options}"):
        chosen[option.split()[0]] = option
    if chosen.get("--strategy") == "--strategy no_cache":  # It refuses them.
        del chosen["--cache-size"], chosen["--cache-latency"]
    return "run ycsb_a " + " ".join(chosen.values())


def loads_an_expiry(result):
    return result["store"]["loads_per_herd"]


def hit_ratio(result):
    return result["cache"]["hit_ratio"]


def stale_fraction(result):
    return result["consistency"].get("stale_fraction", 0)


def stale_age(result):
    """Mean over all reads, in seconds; the ages of the one key are all sampled."""
    consistency = result["consistency"]
    age = consistency["stale_age_ns"]
    return age["mean"] * age["count"] / consistency["reads_checked"] / 1e9


def seconds(result):
    return result["elapsed_ns"] / 1e9


def unlike_store(result):
    audit = result["consistency"]["divergence"]["at_stop"]
    return audit["cache_stale"] + audit["cache_ahead"] + audit["cache_other"]


def writes_a_row(result):
    """Writes for each row that the store was given."""
    return result["operations"]["write"]["count"] / result["store"]["writes"]
