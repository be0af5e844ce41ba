# SPDX-License-Identifier: Apache-2.0
"""Likewise fills that take no plain miss and erase: before the change, by events, of an absence, in
the background, and by those who join another's load."""

from stalemark.races import rates
from stalemark.races.fills import EXPONENTIAL, FEW, NO_TTL, missing
from stalemark.races.race import Explored, Race, Remedy, time, traffic, trips


def negative(reads, inserts, deletes, load, size):
    rate = reads + inserts + deletes
    mix = {"read": reads, "write": inserts, "delete": deletes}
    shares = " ".join(f"--set mix.{kind}={of / rate:.12g}" for kind, of in mix.items())
    return (
        f"--strategy cache_aside --ttl 1ns --negative-ttl 1000h {trips(load)} {shares} "
        f"--rate {rate:.12g} --clients 64 --duration {round(size / rate)}s"
    )


OTHER_FILLS = (
    Race(
        name="early_fill", number="R2", known_as="early_fill",
        happens="A writer erases the copy before it changes the store, and in between a reader "
                "misses and caches the old value.",
        sees="Once the write is acknowledged, every reader hits the value that it replaced.",
        ends="The next write of the key or the entry's TTL ends it.",
        run=missing, hazard=lambda **_: "--order cache_first", figure="stale",
        rate=rates.early_fill,
        formula="r / (r + w) * (1 - E e^(-r (s - m (1 - e^(-s/m)))) + 3 w L / 4), s exponential "
                "of mean m = L / 2: about r L / 4 of a key that is seldom written",
        assumes=f"{EXPONENTIAL}; r L is small; w is much smaller than r",
        page={"reads": 5, "writes": 0.1, "load": 0.01},
        other={"reads": 8, "writes": 0.2, "load": 0.01}, size=300_000,
        cure=Remedy("the key is in quarantine until the store has the change, and erased then",
                    "--guard quarantine"),
        explore=Explored("permanent_after_ttl", "--strategy cache_aside --order cache_first"
                         " --program 'r | w'"),
    ),
    Race(
        name="event_before_reply", number="R17", known_as="overtaken_fill",
        happens="A node asks the store for a row, another node changes it and tells by an event, "
                "the event arrives before the reply, and then the reply is cached.",
        sees="Readers of that node hit the replaced value; those of other nodes do not.",
        ends="The next write of the key or the entry's TTL ends it; the event has come already.",
        run=lambda reads, writes, load, size: "--strategy cache_aside --invalidate event "
        f"--event-delay 0 --nodes 2 {NO_TTL} {trips(load)} {traffic(2 * reads, writes, size)}",
        figure="stale", rate=rates.overtaken_fill,
        formula="that of overtaken_fill, where r are the reads of a node and w the writes of all",
        assumes=f"{EXPONENTIAL}; {FEW}; events take no time",
        page={"reads": 2, "writes": 2, "load": 0.01},
        other={"reads": 3, "writes": 2, "load": 0.01}, size=150_000,
        cure=Remedy("an event leaves the version that it tells of", "--guard tombstone"),
        partial=Remedy("comparing versions with the events of others only",
                    "--event-check version"),
        explore=Explored("permanent_after_ttl", "--strategy cache_aside --caches near --nodes 2"
                         " --invalidate event --program 'r | w'"),
    ),
    Race(
        name="negative_entry_hides_insert", number="R21", known_as="negative_entry_hides_insert",
        happens="A reader finds no row, a writer inserts it and erases what is cached, which is "
                "nothing, and then the reader caches that there is no row.",
        sees="Every later reader is told that the row does not exist, its inserter included.",
        ends="The next change of the key or the TTL of absences ends it.",
        run=negative, figure="stale", rate=rates.negative_entry,
        formula="d r / (r + c) * i L / 4 / c, with i inserts, d deletes and c = i + d changes",
        assumes=f"{EXPONENTIAL}; (r + c) L is small; rows that exist are not cached, so that "
                "nothing else is stale",
        page={"reads": 2, "inserts": 1, "deletes": 1, "load": 0.01},
        other={"reads": 4, "inserts": 1, "deletes": 1, "load": 0.01}, size=500_000,
        cure=Remedy("a fill needs the lease that its miss was handed", "--guard lease"),
        partial=Remedy("versions, which an absence does not have", "--guard tombstone"),
        explore=Explored("permanent", "--strategy cache_aside --negative-ttl 1h --rows absent"
                         " --program 'r | w'"),
    ),
    Race(
        name="overtaken_reload", number="R16", known_as="overtaken_reload",
        happens="A hit begins a reload in the background, which finds the old value, then a "
                "writer changes the store, and the reload is cached for another TTL.",
        sees="Readers see a value that was old when it was cached, on top of what the TTL allows.",
        ends="The next reload ends it, or the TTL of a key that nobody reads.",
        run=lambda reads, writes, load, ttl, refresh_at, size: "--strategy refresh_ahead "
        f"--ttl {time(ttl)} --refresh-at {refresh_at} --store-latency {time(load)} "
        f"{traffic(reads, writes, size)}",
        hazard=lambda **_: "--invalidate none", figure="stale", rate=rates.overtaken_reload,
        formula="E (P - d - (1 - e^(-w (P - d))) / w) / P, P = L + a T + 1 / r, where a is the "
                "part of the TTL T after which an entry is reloaded, and d = max(0, L - e), e "
                "exponential of mean 1 / w: writes that overlap that of the value do not count",
        assumes="trips to the store take L each, and L is shorter than (1 - a) T; the key is "
                "read so often that it never expires",
        page={"reads": 1000, "writes": 2, "load": 0.04, "ttl": 0.1, "refresh_at": 0.5},
        other={"reads": 800, "writes": 4, "load": 0.03, "ttl": 0.1, "refresh_at": 0.6},
        size=300_000,
        cure=Remedy("writes erase the copy, and no reload replaces what has changed",
                    "--invalidate erase --guard lease"),
    ),
    Race(
        name="joined_load", number="R25", known_as=None,
        happens="A reader misses and asks the store, a writer changes the row and is "
                "acknowledged, and another reader misses and joins the load that is under way.",
        sees="A read that began after the acknowledgement answers the replaced value, even "
             "where a guard keeps that value out of the cache.",
        ends="The end of the load ends it: the next reader asks the store again.",
        run=lambda reads, writes, load, size: f"--strategy cache_aside {NO_TTL} --shield lock "
        f"--guard tombstone {trips(load)} {traffic(reads, writes, size)}",
        hazard=lambda **_: "--flights join", figure="stale a load", rate=rates.joined_load,
        formula="r E int_0^s (1 - e^(-w (z - m (1 - e^(-z/m))))) dz, s exponential of mean "
                "m = L / 2: about r w L^2 / 8 for each read of the store",
        assumes=f"{EXPONENTIAL}; w L is small, so that writes of a key seldom overlap",
        page={"reads": 200, "writes": 4, "load": 0.01},
        other={"reads": 400, "writes": 5, "load": 0.008}, size=600_000,
        cure=Remedy("a read after a change starts a load of its own", "--flights detach"),
        explore=Explored("read_your_writes", "--strategy cache_aside --shield lock --flights join"
                         " --guard tombstone --program 'r | w r'"),
    ),
)  # fmt: skip
