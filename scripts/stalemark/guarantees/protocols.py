# SPDX-License-Identifier: Apache-2.0
"""Which explored protocol a result is one of: both are brought into the same words.

How long entries live, how large cache and queue are and how long a wire takes makes no other
protocol. What the exploration has no word for does: entries of absent keys, a queue that stores
every change or refuses, a recovery of lost events. Such a result is of no explored protocol.
"""

BASELINE = "no_cache"
NO_CACHE = {"strategy": BASELINE}  # Whatever else it was told.
USUAL_EVENTS = {"order": "cache-first", "check": "none"}
PLAIN = {  # Of a protocol, if it does not say otherwise; with the same names on both sides.
    "order": "store_first", "guard": "none", "shield": "none", "invalidate": "none",
    "fencing": False, "lease_losers": "wait", "lease_refused": "answer", "quarantine_reads": "old",
    "flushers": 1,
}  # fmt: skip


def of_row(configuration):
    """In these words, of a row of the table."""
    if configuration["strategy"] == BASELINE:
        return NO_CACHE
    late = "none"
    if configuration["late_delete_alone"]:
        late = "alone"
    elif configuration["double_delete"] or configuration["late_delete"]:
        late = "twice"
    return {
        "strategy": configuration["strategy"],
        **{name: configuration[name] for name in PLAIN},
        "late": late,
        "acknowledges_late": late != "none" and configuration["acknowledges_late"],
        "joins_overtaken": configuration["joins_overtaken"],
        "looks_into_queue": configuration["looks_into_queue"],
        "events": configuration["events"],
        **{f"event_{name}": configuration.get(f"event_{name}", usual)
           for name, usual in USUAL_EVENTS.items()},
        "caches": configuration["caches"],
    }  # fmt: skip


def of_result(configuration):
    """Of a result's configuration; None where the exploration has no word for it."""
    protocol = configuration["protocol"]
    if protocol["strategy"] == BASELINE:
        return NO_CACHE
    if _is_beyond_words(protocol, configuration):
        return None
    events = configuration.get("events", {})
    late = "none"
    if "delete_delay_ns" in protocol:
        late = "alone"
    elif "double_delete_ns" in protocol:
        late = "twice"
    return {
        "strategy": protocol["strategy"],
        **{name: protocol.get(name, usual) for name, usual in PLAIN.items()},
        "late": late,
        "acknowledges_late": late != "none" and protocol.get("delete_ack") == "after",
        "joins_overtaken": protocol.get("flights") == "join",
        "looks_into_queue": protocol.get("queue_lookup", True),
        "events": events.get("source"),
        **{f"event_{name}": events.get(name, usual) for name, usual in USUAL_EVENTS.items()},
        "caches": caches_of(configuration),
    }


def caches_of(configuration):
    """"shared": there is one, be it of one node or of all; "near": one each; or "both"."""
    if "shared_cache" in configuration:
        return "both"
    has_near = configuration.get("near_cache") != "none"
    return "near" if has_near and configuration.get("nodes", 1) > 1 else "shared"


def are_alike_in_nodes(row, result):
    """A row may say of how many nodes it is: what is proved of one is not proved of several, whose
    queues and loads nobody orders."""
    if "nodes" not in row or row["strategy"] == BASELINE:
        return True
    return (row["nodes"] > 1) == (result.get("nodes", 1) > 1)


def are_alike_in_promise(row, declared):
    """Whether what a result's protocol declares is what the row's does. A protocol that declares
    less on several nodes is not the one that was explored on one. With a TTL, which an exploration
    has none of, what is eventual or nothing becomes a bound."""
    promised = declared.split(",")[0].split("(")[0]
    if promised == "bounded_staleness":
        return row["declared"] != "linearizable"
    return promised in ("", row["declared"]) or (
        row["declared"] == "bounded_staleness" and promised != "linearizable")  # fmt: skip


def _is_beyond_words(protocol, configuration):
    events = configuration.get("events", {})
    return (
        protocol.get("negative_ttl_ns", 0) > 0
        or protocol.get("coalescing", True) is False
        or protocol.get("when_full", "block") != "block"
        or events.get("on_gap", "none") != "none"
    )
