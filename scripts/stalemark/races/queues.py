# SPDX-License-Identifier: Apache-2.0
"""Races of writes that wait in a queue before the store has them."""

from stalemark.races import rates
from stalemark.races.race import Explored, Race, Remedy, time, traffic, trips, writers

BEHIND = "--strategy write_behind"
STORED = Remedy("a write is acknowledged when the store has it", "--strategy write_through")
PAUSE = 0.001  # Seconds before a batch is sent again.


def flushing(delay, trip, flushers):
    return (
        f"{BEHIND} --ttl none --flush-batch 1 --queue 100000 --flushers {flushers} "
        f"--flush-delay {time(delay)} --store-latency {time(trip)}"
    )


def late_batch(reads, writes, load, timeout):
    return rates.late_batch(writes, load, timeout, PAUSE)


QUEUES = (
    Race(
        name="slow_fill_over_queue", number="R14", known_as="slow_fill_over_queue",
        happens="A reader misses and asks the store, a writer queues and caches a new value, and "
                "then the reader caches the old one over it.",
        sees="Every later reader hits the replaced value, while the new one waits in the queue.",
        ends="The next write of the key or the entry's TTL ends it; the flush does not.",
        run=lambda reads, writes, load, ttl, size: f"{BEHIND} --ttl {time(ttl)} "
        f"--flush-delay {time(ttl / 5)} {trips(load)} {traffic(reads, writes, size)}",
        figure="stale", rate=rates.slow_fill,
        formula="w L / (1 + w L) * (1 + r L) * (1 - e^(-wT)) / w / c, with the time between two "
                "misses c = L + (r + w) / r * (e^(wT) - 1) / w + 1 / r",
        assumes="trips to the store are exponential with mean L; (r + w) L is small; a change "
                "waits for longer than a trip and is flushed before its entry expires",
        page={"reads": 2, "writes": 2, "load": 0.01, "ttl": 0.5},
        other={"reads": 4, "writes": 2, "load": 0.01, "ttl": 0.4}, size=150_000,
        cure=Remedy("a fill is made only where there is no entry", "--guard add"),
        explore=Explored("permanent_after_ttl", "--strategy write_behind --program 'r | w'"),
    ),
    Race(
        name="late_store", number="R28", known_as="late_store",
        happens="A write is acknowledged while it waits in the queue.",
        sees="Whoever reads the store itself, a report or another service, finds the old value.",
        ends="The flush ends it.",
        run=lambda writes, delay, trip, size: flushing(delay, trip, 60) + " "
        + writers(writes, size, trip), figure="rows behind", rate=rates.keys_behind,
        formula="1 - e^(-wL/2) / (1 + w D) for a change that waits D and takes a trip L",
        assumes="trips to the store take L each; each key is flushed by itself, by as many "
                "flushers as it takes",
        page={"writes": 4, "delay": 0.1, "trip": 0.01},
        other={"writes": 6, "delay": 0.05, "trip": 0.008}, size=400, cure=STORED,
    ),
    Race(
        name="lost_queue", number="R29", known_as="lost_queue",
        happens="A write is acknowledged while it waits in the queue, and the process ends "
                "before the flush.",
        sees="After the restart every reader finds the value from before, which readers of the "
             "cache had seen replaced.",
        ends="Nothing ends it: the write is lost.",
        run=lambda writes, delay, trip, size: flushing(delay, trip, 60)
        + f" --no-coalescing {writers(writes / size, size, trip)}",
        figure="writes exposed", rate=rates.writes_lost,
        formula="w (D + L / 2) writes, for one that waits D and takes a trip L",
        assumes="trips to the store take L each; changes are not coalesced; w are the writes of "
                "all keys",
        source="Little's law: those that wait are the rate times the mean wait",
        page={"writes": 2000, "delay": 0.1, "trip": 0.01},
        other={"writes": 1500, "delay": 0.05, "trip": 0.02}, size=1_000, cure=STORED,
        explore=Explored("store_older", "--strategy write_behind --crash 1 --program 'w'"),
    ),
    Race(
        name="late_batch", number="R30", known_as="late_batch",
        happens="The flusher gives up a slow call and sends its batch again, then a newer value "
                "of the key is stored, and then the first call takes effect after all.",
        sees="Readers of the store find the older value, although both writes were acknowledged "
             "in order.",
        ends="The next write of the key ends it; no TTL does, and the newer write is lost.",
        run=lambda reads, writes, load, timeout, size: f"{BEHIND} --ttl 1ns --flush-delay 1us "
        f"{trips(load)} {traffic(reads, writes, size)}",
        hazard=lambda timeout, **_: f"--store-timeout {time(timeout)}", figure="stale",
        rate=late_batch,
        formula="b / (1 - q) * e^(-2 (K + p) / L) * E[e^(-2X/L) (1 - e^(-w (K + p + X)) / "
                "(1 + w L / 2)); X < K] / (2 + w L / 2) / (1 + w L / 2) / w, with X exponential "
                "of mean L, q = e^(-K/L) and b batches a second: the timeout is K, the pause p",
        assumes="trips to the store are exponential with mean L; calls that are left twice in a "
                "row are few; rows are not cached",
        page={"reads": 20, "writes": 20, "load": 0.02, "timeout": 0.04},
        other={"reads": 20, "writes": 30, "load": 0.02, "timeout": 0.04}, size=200_000,
        cure=Remedy("waiting for the call, however long it takes", "--store-timeout none"),
    ),
)  # fmt: skip
