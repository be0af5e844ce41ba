# SPDX-License-Identifier: Apache-2.0
"""Likewise of queues that a miss cannot look into, and of several flushers."""

from stalemark.races import rates
from stalemark.races.queues import BEHIND, STORED
from stalemark.races.race import Explored, Race, Remedy, time, traffic, trips, writers
from stalemark.races.writers import AT_REST

AT_ONCE = "--flush-delay 1us --flush-batch 100000 --queue 100000 --ttl none"


def expiring(reads, writes, delay, ttl, size):
    return f"{BEHIND} --flush-delay {time(delay)} {traffic(reads, writes, size)}"


OTHER_QUEUES = (
    Race(
        name="evicted_from_queue", number="R12", known_as="evicted_from_queue",
        happens="A write waits in the queue, its entry leaves the cache, here since its TTL is "
                "over, and a reader asks the store without a look into the queue.",
        sees="Readers see the value from before, and it is cached.",
        ends="The TTL of that entry or the next write of the key ends it; the flush alone "
             "does not.",
        run=expiring, hazard=lambda ttl, **_: f"--ttl {time(ttl)} --no-queue-lookup",
        figure="stale", rate=rates.evicted_from_queue,
        formula="w / r * (1 - e^(-r (D - T))) * (1 + r T)",
        assumes="trips take no time; a change waits for D, between T and 2 T; w D is small",
        page={"reads": 20, "writes": 0.03, "delay": 0.15, "ttl": 0.1},
        other={"reads": 10, "writes": 0.03, "delay": 0.18, "ttl": 0.1}, size=300_000,
        cure=Remedy("a miss looks into the queue: the default", "--ttl 100ms"),
        explore=Explored("read_your_writes", "--strategy write_behind --no-queue-lookup --evict 1"
                         " --program 'w r'"),
    ),
    Race(
        name="unflushed_write", number="R12", known_as="unflushed_write",
        happens="A write waits in the queue of its node, its entry leaves the shared cache, and "
                "a reader on another node, which cannot look into that queue, asks the store.",
        sees="Readers of all nodes see the value from before, since it is cached for all.",
        ends="The TTL of that entry or the next write of the key ends it.",
        run=lambda **chosen: expiring(**chosen) + " --nodes 2 --near-cache none",
        hazard=lambda ttl, **_: f"--ttl {time(ttl)}", figure="stale",
        rate=lambda **chosen: rates.evicted_from_queue(**chosen, blind=0.5),
        formula="w / r * (1 - e^(-r (D - T) / 2)) * (1 + r T) on two nodes",
        assumes="trips take no time; a change waits for D, between T and 2 T; w D is small",
        page={"reads": 20, "writes": 0.03, "delay": 0.15, "ttl": 0.1},
        other={"reads": 20, "writes": 0.03, "delay": 0.18, "ttl": 0.1}, size=300_000,
        cure=Remedy("entries that outlast the queue, in a cache with room for them",
                    "--ttl none"),
        explore=Explored("linearizability", "--strategy write_behind --nodes 2 --evict 1"
                         " --program 'w | r'"),
    ),
    Race(
        name="unordered_flush", number="R13", known_as="unordered_flush",
        happens="A flusher is under way with a value of a key, another flusher takes a newer "
                "one, and the older value is stored last.",
        sees="Readers hit the newer value until its entry is gone, and then find the older one.",
        ends="The next write of the key ends it; no TTL does, and the newer write is lost.",
        run=lambda writes, load, size: f"{BEHIND} {AT_ONCE} {trips(load)} "
        f"--clients 64 {writers(writes, size, load)}",
        hazard=lambda **_: "--flushers 160", figure="wrong rows", rate=rates.inverted_stores,
        formula="1 - (1 - e^(-w m)) / (w m), m = L / 2",
        assumes=f"trips to the store are exponential with mean L; there is always a flusher that "
                f"is free; {AT_REST}",
        page={"writes": 50, "load": 0.02}, other={"writes": 30, "load": 0.02}, size=100,
        cure=Remedy("one flusher, which takes larger batches", "--flushers 1"),
        explore=Explored("store_older", "--strategy write_behind --flushers 2 --program 'w w'"),
    ),
    Race(
        name="unordered_queues", number="R13", known_as="unordered_queues",
        happens="Two nodes write one key, and the queue of the one that wrote first is flushed "
                "last.",
        sees="Readers hit the newer value until its entry is gone, and then find the older one.",
        ends="The next write of the key ends it; no TTL does, and the newer write is lost.",
        run=lambda writes, load, size: f"{AT_ONCE} {trips(load)} "
        f"--nodes 2 --near-cache none --clients 64 {writers(writes, size, load)}",
        hazard=lambda **_: BEHIND, figure="wrong rows", rate=rates.unordered_queues,
        formula="2/3 x / (1 + x) - 1/6 x / (2 + x), x = w L / 2 on two nodes",
        assumes="trips to the store are exponential with mean L; the flushers are always busy "
                f"and take all that waits; {AT_REST}",
        page={"writes": 20, "load": 0.02}, other={"writes": 40, "load": 0.02}, size=600,
        cure=STORED,
        explore=Explored("permanent_after_ttl", "--strategy write_behind --nodes 2"
                         " --program 'w | w'"),
    ),
)  # fmt: skip
