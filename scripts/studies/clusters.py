# SPDX-License-Identifier: Apache-2.0
"""Workloads after the 54 production cache clusters of workloads/data/twitter-2020mar.csv.

What a cache sees is not what an application asks. A get is a read; a set, cas, incr, decr, prepend
or append a write; an add puts what a miss has loaded, and is no operation of the application. Of
sets the statistics do not tell which were such fills, too: all are taken as writes, and so is what
the published shares lack of 1. That is hard on a strategy that leaves a write to the next reader.
"""

import csv
import dataclasses
import re

from stalemark.common import command

SOURCE = command.REPOSITORY / "workloads" / "data" / "twitter-2020mar.csv"
WEEK_S = 7 * 24 * 3600
READS = ("get", "gets")
WRITES = ("set", "cas", "incr", "decr", "prepend", "append", "replace")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 24 * 3600}


@dataclasses.dataclass(frozen=True)
class Cluster:
    """Shares sum to 1; `miss_ratio` is of the gets; None: not published."""

    name: str
    reads: float
    writes: float
    deletes: float
    theta: float  # Zipf exponent.
    rate: float  # Operations per second.
    value_bytes: float  # Mean.
    frequency: float  # Mean operations of an object within the week.
    ttls: tuple  # ((seconds, weight), ...)
    miss_ratio: float | None
    recent: float | None = None  # Exponent with which reads prefer the keys written last.

    @property
    def objects(self):
        """Different objects within the week."""
        return max(1, round(self.rate * WEEK_S / self.frequency))

    @property
    def mean_ttl_s(self):
        return sum(seconds * weight for seconds, weight in self.ttls) / sum(
            weight for _, weight in self.ttls
        )

    def ttl(self, faster=1):
        """As a workload's `ttl` has it, where time passes so much faster."""
        ttls = [(f"{round(1e6 * seconds / faster)}us", weight) for seconds, weight in self.ttls]
        if len(ttls) == 1:
            return ttls[0][0]
        return "weighted(" + ",".join(f"{ttl}:{weight:g}" for ttl, weight in ttls) + ")"

    @property
    def popularity(self):
        if self.recent is not None:
            return {"kind": "latest", "theta": self.recent}
        return {"kind": "scrambled", "theta": self.theta}

    @property
    def mix(self):
        shares = {"read": self.reads, "write": self.writes, "delete": self.deletes}
        return {kind: share for kind, share in shares.items() if share}


def load(path=SOURCE):
    """([Cluster], {name: why it is left out})."""
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    clusters, left_out = [], {}
    for row in csv.DictReader(lines):
        why = missing(row)
        if why:
            left_out[row["cluster"]] = why
        else:
            clusters.append(_cluster(row))
    return clusters, left_out


def missing(row):
    """What a workload needs and the statistics lack."""
    needed = {"operations": "operation mix", "zipf_alpha": "popularity",
              "value_size_bytes": "sizes",
              "request_rate_kqps": "request rate", "mean_frequency": "operations an object",
              "common_ttls": "TTLs"}  # fmt: skip
    absent = [what for field, what in needed.items() if row[field] == "N/A"]
    if absent:
        return "not published: " + ", ".join(absent)
    shares = _shares(row["operations"])
    if not any(kind in shares for kind in READS):
        return f"no reads among its operations ({row['operations']})"
    return ""


def _cluster(row):
    shares = _shares(row["operations"])
    asked = {
        "reads": sum(shares.get(kind, 0) for kind in READS),
        "writes": sum(shares.get(kind, 0) for kind in WRITES) + max(0, 1 - sum(shares.values())),
        "deletes": shares.get("delete", 0),
    }
    whole = sum(asked.values())
    return Cluster(
        name=row["cluster"],
        **{kind: round(share / whole, 4) for kind, share in asked.items()},
        theta=float(row["zipf_alpha"]),
        rate=1000 * float(row["request_rate_kqps"]),
        value_bytes=float(row["value_size_bytes"]),
        frequency=float(row["mean_frequency"]),
        ttls=_ttls(row["common_ttls"]),
        miss_ratio=_number(row["production_miss_ratio"]),
    )


def _shares(text):
    return {kind: float(share) for kind, share in re.findall(r"(\w+):([\d.]+)", text)}


def _ttls(text):
    """The common ones; what few have is not published."""
    found = re.findall(r"([\d.]+)([smhd]):([\d.]+)", text)
    return tuple((float(value) * SECONDS[unit], float(weight)) for value, unit, weight in found)


def _number(text):
    return None if text == "N/A" else float(text)
