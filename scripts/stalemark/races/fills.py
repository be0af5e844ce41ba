# SPDX-License-Identifier: Apache-2.0
"""Races in which a reader caches a value that a writer has replaced meanwhile."""

from stalemark.races import rates
from stalemark.races.race import Explored, Race, Remedy, time, traffic, trips

NO_TTL = "--ttl none"
FEW = "(r + w) L is small, so that loads seldom overlap"
EXPONENTIAL = "trips to the store are exponential with mean L"


def missing(reads, writes, load, size, **_):
    return f"--strategy cache_aside {NO_TTL} {trips(load)} {traffic(reads, writes, size)}"


FILLS = (
    Race(
        name="overtaken_fill", number="R1", known_as="overtaken_fill",
        happens="A reader misses and asks the store, then a writer changes the row and erases "
                "the copy, which is not there yet, and then the reader caches what it was given.",
        sees="Every later reader hits the replaced value, the writer itself included.",
        ends="The next write of the key or the entry's TTL ends it; without a TTL a key that is "
             "not written again stays wrong.",
        run=missing, figure="stale", rate=rates.overtaken_fill,
        formula="r / (r + w) * (1 - E e^(-w (s - m (1 - e^(-s/m))))), s exponential of mean "
                "m = L / 2: about r / (r + w) * w L / 4",
        assumes=f"{EXPONENTIAL}; {FEW}",
        page={"reads": 2, "writes": 2, "load": 0.01},
        other={"reads": 5, "writes": 2, "load": 0.01}, size=150_000,
        cure=Remedy("a fill needs the lease that its miss was handed", "--guard lease"),
        partial=Remedy("erasing a second time after two mean trips", "--double-delete 20ms"),
        explore=Explored("permanent_after_ttl", "--strategy cache_aside --program 'r | w'"),
    ),
    Race(
        name="fill_by_add", number="R6", known_as="overtaken_fill",
        happens="As overtaken_fill, but the reader fills only if the key is absent, and it is, "
                "since the writer has erased it.",
        sees="Every later reader hits the replaced value, as often as without the condition.",
        ends="The next write of the key or the entry's TTL ends it.",
        run=missing, hazard=lambda **_: "--guard add", figure="stale", rate=rates.overtaken_fill,
        formula="that of overtaken_fill: the condition changes nothing",
        assumes=f"{EXPONENTIAL}; {FEW}",
        page={"reads": 2, "writes": 2, "load": 0.01},
        other={"reads": 2, "writes": 4, "load": 0.008}, size=150_000,
        cure=Remedy("an erase leaves the version that it erased", "--guard tombstone"),
        explore=Explored("permanent_after_ttl", "--strategy cache_aside --guard add"
                         " --program 'r | w'"),
    ),
    Race(
        name="fill_after_eviction", number="R7", known_as="fill_after_eviction",
        happens="As overtaken_fill, and the tombstone that the writer has left is gone before "
                "the slow fill comes: its time is over here, and eviction does the same.",
        sees="The fill is refused no more, so every later reader hits the replaced value.",
        ends="The next write of the key or the entry's TTL ends it.",
        run=missing, hazard=lambda tombstone, **_: "--guard tombstone --tombstone-ttl "
        + time(tombstone), figure="stale", rate=rates.fill_after_tombstone,
        formula="that of overtaken_fill, times e^(-2 K / L) for a tombstone that lasts K",
        assumes=f"{EXPONENTIAL}; {FEW}; no eviction but that of the tombstone",
        page={"reads": 2, "writes": 2, "load": 0.01, "tombstone": 0.005},
        other={"reads": 4, "writes": 3, "load": 0.01, "tombstone": 0.003}, size=300_000,
        cure=Remedy("a tombstone that outlasts every load: a minute", "--guard tombstone"),
        explore=Explored("permanent_after_ttl", "--strategy cache_aside --guard tombstone --evict 1"
                         " --program 'r | w'"),
    ),
    Race(
        name="fill_after_forgetting", number="R7", known_as="fill_after_forgetting",
        happens="The cache remembers the versions of a bounded number of erased keys; a writer "
                "erases the copy, another key pushes the version out, and then the slow fill "
                "comes.",
        sees="The fill is refused no more, so every later reader hits the replaced value.",
        ends="The next write of the key or the entry's TTL ends it.",
        run=lambda reads, writes, load, keys, size: missing(
            reads * keys, writes * keys, load, size
        ) + f" --keys {keys} --key-skew 0 --cache-size 12KiB --guard newer_remembered",
        hazard=lambda **_: "--remember 1", figure="stale", rate=rates.fill_after_forgetting,
        formula="that of overtaken_fill, times n / (1 + n), n = (K - 1) w L / 2 for K keys",
        assumes=f"{EXPONENTIAL}; {FEW}, for each key; one version is remembered, in a cache of "
                "one shard with room for all keys",
        page={"reads": 2, "writes": 2, "load": 0.01, "keys": 40},
        other={"reads": 2, "writes": 2, "load": 0.01, "keys": 75}, size=300_000,
        cure=Remedy("room for 10,000 versions, the default", "--remember 10000"),
        explore=Explored("permanent_after_ttl", "--strategy cache_aside --guard newer_remembered"
                         " --remember 1 --program 'r | w w2'"),
    ),
    Race(
        name="fill_after_lock", number="R8", known_as="fill_after_lock",
        happens="A reader that misses takes the lock of the key and loads, its lock expires "
                "meanwhile, a writer takes it and is done, and then the reader caches what it "
                "was given.",
        sees="Every later reader hits the replaced value, although everybody held the lock.",
        ends="The next write of the key or the entry's TTL ends it.",
        run=missing, hazard=lambda lock, **_: f"--guard lock --lock-ttl {time(lock)}",
        figure="stale", rate=rates.fill_after_lock,
        formula="r / (r + w) * w (K / 2 (e^(-K/L) - e^(-2K/L)) + L / 2 e^(-K/L) - "
                "L / 4 e^(-2K/L)) for a lock that lasts K",
        assumes=f"{EXPONENTIAL}; {FEW}; L is long beside the 50 ms between two tries to take "
                "the lock",
        page={"reads": 0.002, "writes": 0.002, "load": 10, "lock": 10},
        other={"reads": 0.004, "writes": 0.002, "load": 10, "lock": 5}, size=150_000,
        cure=Remedy("the cache refuses what is older than what it has seen",
                    "--guard lock --lock-ttl 10s --fencing"),
        explore=Explored("permanent_after_ttl", "--strategy cache_aside --guard lock --expire 1"
                         " --program 'r | w'"),
    ),
)  # fmt: skip
