# SPDX-License-Identifier: Apache-2.0
"""Races of copies that a write does not reach, or reaches late."""

from stalemark.predictions import closed_forms
from stalemark.races import rates
from stalemark.races.race import Explored, Race, Remedy, time, traffic

EVENTS = "--strategy cache_aside --ttl none --nodes 2"
TOGETHER = Remedy(
    "one cache that all nodes share, half a millisecond away",
    "--near-cache none --cache-latency exponential(500us) --guard tombstone",
)
NO_TRIP = "trips take no time"


COPIES = (
    Race(
        name="unseen_write", number="R26", known_as="unseen_write",
        happens="A client caches a value by reading it and changes the store, and no step of "
                "the write reaches the copy.",
        sees="Every reader hits the replaced value, the writer itself included.",
        ends="The entry's TTL ends it, and no write does.",
        run=lambda reads, writes, ttl, size: "--strategy cache_aside "
        f"--ttl {time(ttl)} {traffic(reads, writes, size)}",
        hazard=lambda **_: "--invalidate none", figure="stale", rate=closed_forms.ttl_stale,
        formula="r (T - (1 - e^(-wT)) / w) / (1 + r T)",
        assumes=NO_TRIP,
        source="[predictions](predictions.md#expiry)",
        page={"reads": 5, "writes": 0.5, "ttl": 1}, other={"reads": 8, "writes": 2, "ttl": 0.5},
        size=60_000,
        cure=Remedy("a write erases the copy", "--invalidate erase"),
        explore=Explored("read_your_writes", "--strategy cache_aside --invalidate none"
                         " --program 'r w r'"),
    ),
    Race(
        name="unseen_write_of_a_node", number="R26", known_as="unseen_write",
        happens="A reader caches a value near its node, and a writer on another node changes the "
                "row and erases its own copy.",
        sees="Readers of the first node hit the replaced value; those of the second do not.",
        ends="The entry's TTL or a write of the node itself ends it.",
        run=lambda reads, writes, nodes, ttl, size: f"--strategy cache_aside --nodes {nodes} "
        f"--ttl {time(ttl)} {traffic(nodes * reads, writes, size)}",
        figure="stale", rate=rates.unseen_write_of_a_node,
        formula="(h - f) / (1 + h), h = r (1 - e^(-oT)) / o, f = r (1 - e^(-wT)) / w, where o = "
                "w / M are the writes of a node of M and r its reads",
        assumes=NO_TRIP,
        page={"reads": 5, "writes": 1, "nodes": 2, "ttl": 1},
        other={"reads": 8, "writes": 2, "nodes": 4, "ttl": 0.5}, size=60_000,
        cure=TOGETHER,
        explore=Explored("linearizability", "--strategy cache_aside --caches near --nodes 2"
                         " --program 'r r | w'"),
    ),
    Race(
        name="late_event", number="R20", known_as="late_event",
        happens="A node changes the row and is acknowledged, and the event that tells the others "
                "is still on its way.",
        sees="Readers of the other nodes hit the replaced value until it arrives.",
        ends="The arrival of the event ends it.",
        run=lambda reads, writes, nodes, size, **_: f"{EVENTS} --nodes {nodes} "
        f"{traffic(nodes * reads, writes, size)}",
        hazard=lambda delay, **_: f"--invalidate event --event-delay {time(delay)}",
        figure="stale", rate=closed_forms.bus_stale,
        formula="r / (r + w) * (1 - e^(-(w + v) d)) v / (w + v), v = w (M - 1) / M, where r are "
                "the reads of a node of M",
        assumes=f"{NO_TRIP} but events",
        source="[predictions](predictions.md#events)",
        page={"reads": 10, "writes": 5, "nodes": 2, "delay": 0.05},
        other={"reads": 6, "writes": 4, "nodes": 3, "delay": 0.03}, size=60_000,
        cure=TOGETHER,
        explore=Explored("linearizability", "--strategy cache_aside --caches near --nodes 2"
                         " --invalidate event --program 'r r | w'"),
    ),
    Race(
        name="lost_event", number="R20", known_as=None,
        happens="A node changes the row, and the event that tells the others is lost.",
        sees="Readers of the other nodes hit the replaced value, and nothing tells them.",
        ends="The next write of the key whose event arrives, a write of the node itself or the "
             "entry's TTL ends it.",
        run=lambda reads, writes, nodes, size, **_: f"{EVENTS} --nodes {nodes} "
        f"{traffic(nodes * reads, writes, size)}",
        hazard=lambda lost, **_: f"--invalidate event --event-delay 0 --fault event-loss={lost}",
        figure="stale", rate=rates.lost_event,
        formula="r / (r + w - q) * q / w, q = p w (M - 1) / M, where r are the reads of a node "
                "of M and p is the share of events that are lost",
        assumes=f"{NO_TRIP}, nor do events",
        page={"reads": 10, "writes": 1, "nodes": 2, "lost": 0.2},
        other={"reads": 5, "writes": 1, "nodes": 3, "lost": 0.1}, size=100_000,
        cure=TOGETHER,
        partial=Remedy("numbered events: a node that misses one asks for it",
                    "--invalidate event --event-delay 0 --fault event-loss=0.2 "
                    "--on-gap reconcile --heartbeat 100ms"),
        explore=Explored("permanent_after_ttl", "--strategy cache_aside --caches near --nodes 2"
                         " --invalidate event --lose 1 --program 'r | w'"),
    ),
    Race(
        name="near_refill", number="R18", known_as=None,
        happens="A node changes the row and tells the others while its delete of the shared "
                "entry is still under way; a reader of another node, whose near copy is gone, "
                "fetches the old value from the shared cache and keeps it near.",
        sees="Readers of that node hit the replaced value, although shared cache and store are "
             "right and the event has come.",
        ends="The next write of the key or the TTL of the near copy ends it.",
        run=lambda reads, writes, nodes, size, **_: f"{EVENTS} --nodes {nodes} "
        f"{traffic(nodes * reads, writes, size)}",
        hazard=lambda trip, **_: "--invalidate event --event-delay 0 --event-order event-first "
        f"--shared-cache 10MiB --shared-latency exponential({time(trip)})",
        figure="stale", rate=rates.near_refill,
        formula="(M - 1) / M * (1 - E e^(-r (s - m (1 - e^(-s/m))))), s exponential of mean "
                "m = S / 2: about (M - 1) / M * r S / 4, where r are the reads of a node of M",
        assumes="trips to the shared cache are exponential with mean S, others take no time; "
                "r S is small; w is much smaller than r",
        page={"reads": 5, "writes": 0.1, "nodes": 2, "trip": 0.02},
        other={"reads": 6, "writes": 0.2, "nodes": 2, "trip": 0.02}, size=300_000,
        cure=Remedy("no near copies: every read asks the guarded shared cache",
                    "--near-cache none --cache-latency exponential(20ms) --guard tombstone"),
        partial=Remedy("telling the others when the shared delete is done",
                    "--invalidate event --event-delay 0 --event-order cache-first "
                    "--shared-cache 10MiB --shared-latency exponential(20ms)"),
        explore=Explored("permanent_after_ttl", "--strategy cache_aside --caches both --nodes 2"
                         " --invalidate event --event-order event-first --cache warm"
                         " --program 'r | w'"),
    ),
    Race(
        name="restarted_ttl", number="R19", known_as=None,
        happens="An entry of the shared cache that is almost over is copied near a node, and the "
                "copy begins a TTL of its own.",
        sees="Readers of the node hit values that are older than the TTL.",
        ends="The end of the copy's own TTL ends it: both TTLs together bound it.",
        run=lambda reads, writes, near, size: "--strategy cache_aside --shared-cache 10MiB "
        f"--shared-latency 0 --ttl {time(1.5 * near)} --near-ttl {time(near)} "
        + traffic(reads, writes, size),
        hazard=lambda **_: "--invalidate none --layer-ttl restart", figure="stale",
        rate=rates.restarted_ttl,
        formula="(r (N - f) + 1 - g + r (N - g f)) / (2 + 2 r N), f = (1 - e^(-wN)) / w, "
                "g = r / (r + w) * e^(-wN) for a near TTL N and a shared one of 1.5 N",
        assumes=f"{NO_TRIP}; the key is read many times in half a near TTL",
        page={"reads": 100, "writes": 0.5, "near": 0.2},
        other={"reads": 50, "writes": 1, "near": 0.4}, size=100_000,
        cure=Remedy("writes erase both copies", "--invalidate erase"),
        partial=Remedy("a copy carries what is left of the TTL",
                       "--invalidate none --layer-ttl carry"),
    ),
    Race(
        name="late_delete", number="R27", known_as="late_delete",
        happens="A writer changes the store and is acknowledged, and the copy is deleted a "
                "while later.",
        sees="Every reader hits the replaced value in between, the writer itself included.",
        ends="The late delete ends it.",
        run=lambda reads, writes, delay, size: "--strategy cache_aside --ttl none "
        f"--delete-delay {time(delay)} {traffic(reads, writes, size)}",
        figure="stale", rate=rates.late_delete,
        formula="r / (r + w) * (1 - e^(-2wD)) / 2 for a delete that comes D later",
        assumes=NO_TRIP,
        page={"reads": 20, "writes": 5, "delay": 0.05},
        other={"reads": 20, "writes": 4, "delay": 0.02}, size=60_000,
        cure=Remedy("a write is acknowledged after its late delete", "--delete-ack after"),
        explore=Explored("read_your_writes", "--strategy cache_aside --delete-delay 50ms"
                         " --program 'r w r'"),
    ),
)  # fmt: skip
