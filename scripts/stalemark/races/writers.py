# SPDX-License-Identifier: Apache-2.0
"""Races of writers, with each other and with a cache that they do not reach."""

from stalemark.races import rates
from stalemark.races.race import Explored, Race, Remedy, time, trips, writers

AT_REST = "keys are looked at when all writers have stopped and all calls are over"


def erasing_in_a_spell(reads, writes, spell, size):
    """The spell begins after ten seconds and lasts to the end."""
    return (
        f"--strategy cache_aside --reads {reads / (reads + writes):.12g} --keys {size} "
        f"--key-skew 0 --rate {size * (reads + writes):.12g} --duration {time(10 + spell)} "
        f"--fault cache-down@10s+{time(spell)}"
    )


WRITERS = (
    Race(
        name="inverted_writers", number="R3", known_as="inverted_writers",
        happens="Two writers change the store one after the other and then set the copy, the "
                "first after the second.",
        sees="Every reader hits the first writer's value, while the store has the second's.",
        ends="The next write of the key or the entry's TTL ends it.",
        run=lambda writes, half, size: "--strategy write_through --ttl none --store-latency "
        f"uniform(0,{time(2 * half)}) --clients {size} {writers(writes, size, half)}",
        figure="wrong copies", rate=rates.inverted_writers,
        formula="1 - P(the last write to the store is the last to the cache): about w m / 6",
        assumes=f"half a trip is uniform up to m; {AT_REST}",
        source="[predictions](predictions.md#races)",
        page={"writes": 100, "half": 0.005}, other={"writes": 50, "half": 0.005}, size=2_000,
        cure=Remedy("no entry is replaced by an older version", "--guard newer"),
        explore=Explored("permanent_after_ttl", "--strategy write_through --program 'w | w'"),
    ),
    Race(
        name="inverted_stores", number="R4", known_as="inverted_writers",
        happens="Two writers set the copy one after the other and then change the store, the "
                "first after the second.",
        sees="Readers hit the second writer's value until the entry is gone, and then the first's.",
        ends="The next write of the key or the entry's TTL ends the difference; the second "
             "write is lost.",
        run=lambda writes, load, size: "--strategy cache_aside --invalidate set --ttl none "
        f"{trips(load)} --clients {size} {writers(writes, size, load)}",
        hazard=lambda **_: "--order cache_first", figure="wrong copies",
        rate=rates.inverted_stores,
        formula="1 - (1 - e^(-w m)) / (w m), m = L / 2",
        assumes=f"trips to the store are exponential with mean L; {AT_REST}",
        page={"writes": 100, "load": 0.01}, other={"writes": 50, "load": 0.008}, size=1_000,
        cure=Remedy("the store first, and writers of a key one after the other",
                    "--guard lock_writers"),
        explore=Explored("permanent_after_ttl", "--strategy cache_aside --invalidate set"
                         " --order cache_first --program 'w | w'"),
    ),
    Race(
        name="inverted_after_lock", number="R8", known_as="inverted_after_lock",
        happens="A writer holds the lock of the key while it changes the store, its lock "
                "expires, another writer takes it and is done, and then the first sets the copy.",
        sees="Every reader hits the first writer's value, while the store has the second's.",
        ends="The next write of the key or the entry's TTL ends it.",
        run=lambda writes, load, size, **_: "--strategy write_through --ttl none "
        f"{trips(load)} --clients {size} {writers(writes, size, load)}",
        hazard=lambda lock, **_: f"--guard lock_writers --lock-ttl {time(lock)}",
        figure="wrong copies", rate=rates.after_lock,
        formula="w (K / 2 (e^(-K/L) - e^(-2K/L)) + L / 2 e^(-K/L) - L / 4 e^(-2K/L)) for a lock "
                "that lasts K",
        assumes="trips to the store are exponential with mean L; w L is small; L is long beside "
                f"the 50 ms between two tries to take the lock; {AT_REST}",
        page={"writes": 0.004, "load": 10, "lock": 10},
        other={"writes": 0.005, "load": 10, "lock": 5}, size=5_000,
        cure=Remedy("the cache refuses what is older than what it has seen",
                    "--guard lock_writers --lock-ttl 10s --fencing"),
        explore=Explored("permanent_after_ttl", "--strategy write_through --guard lock_writers"
                         " --expire 1 --program 'w | w'"),
    ),
    Race(
        name="lost_erase", number="R5", known_as=None,
        happens="A writer changes the store and cannot reach the cache, or dies before it does.",
        sees="When the cache is back, every reader hits the value from before.",
        ends="The next write of the key or the entry's TTL ends it; without a TTL a key that is "
             "not written again stays wrong.",
        run=erasing_in_a_spell, hazard=lambda **_: "--ttl none", figure="wrong copies",
        rate=rates.lost_erase,
        formula="r / (r + w) * (1 - e^(-w D)) of the keys after a spell of D",
        assumes="trips take no time; keys are looked at when every TTL is over",
        page={"reads": 3, "writes": 1, "spell": 0.5},
        other={"reads": 2, "writes": 2, "spell": 0.2}, size=1_000,
        cure=Remedy("a TTL, after which no entry is left", "--ttl 60s"),
        explore=Explored("permanent_after_ttl", "--strategy cache_aside --crash 1 --cache warm"
                         " --program 'w | r'"),
    ),
)  # fmt: skip
