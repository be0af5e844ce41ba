# SPDX-License-Identifier: Apache-2.0
"""Tables of guarantees with known answers: no exploration has found them."""

import json

PROGRAM = "w r | w | r r"
PLAIN = {
    "strategy": "cache_aside", "order": "store_first", "guard": "none", "shield": "none",
    "invalidate": "erase", "double_delete": False, "late_delete": False,
    "late_delete_alone": False, "acknowledges_late": False, "fencing": False,
    "lease_losers": "wait", "lease_refused": "answer", "quarantine_reads": "old",
    "joins_overtaken": False, "looks_into_queue": True, "flushers": 1, "events": None,
    "caches": "shared",
}  # fmt: skip
WITNESS = "the cache keeps v1 although the store has v2, for ever"


def anomaly(name, steps, preemptions=1, witness=WITNESS):
    return {"class": name, "steps": steps, "preemptions": preemptions, "witness": witness}


def cell(*anomalies, fault="none", cache="cold", schedules=1000, exhaustive=True):
    return {"fault": fault, "cache": cache, "schedules": schedules, "exhaustive": exhaustive,
            "anomalies": list(anomalies)}  # fmt: skip


def row(name, *cells, declared="eventual", **configuration):
    return {"protocol": name, "options": "", "configuration": {**PLAIN, **configuration},
            "declared": declared, "cells": list(cells)}  # fmt: skip


def table(*rows, digest="00"):
    return {"schema": 1, "sources_digest": digest, "program": PROGRAM, "protocols": list(rows)}


FREE = row("no cache", cell(), cell(cache="warm"), declared="linearizable", strategy="no_cache",
           invalidate="none")  # fmt: skip
ERASE = row(
    "store, erase; plain fill",
    cell(anomaly("permanent", 7, 2), anomaly("linearizability", 6), schedules=1428),
    cell(anomaly("permanent", 9), cache="warm", schedules=572),
    cell(anomaly("read_your_writes", 4), fault="crash"),
)
THROUGH = row(
    "store, set",
    cell(anomaly("permanent", 5, 0, "the cache keeps v1"), anomaly("linearizability", 5, 0)),
    declared="linearizable", strategy="write_through", invalidate="set",
)  # fmt: skip
LOCKED = row(
    "store, set; lock_all", cell(schedules=900), cell(cache="warm", schedules=100),
    cell(fault="eviction", schedules=500), cell(anomaly("permanent", 8), fault="crash"),
    declared="linearizable", strategy="write_through", invalidate="set", guard="lock_all",
)  # fmt: skip
QUEUED = row("write-behind", cell(anomaly("store_older", 6)), strategy="write_behind",
             invalidate="set")  # fmt: skip
TABLE = table(FREE, ERASE, THROUGH, LOCKED, QUEUED)


def written(folder, data=None):
    """The path of a file with this table."""
    path = folder / "guarantees.json"
    path.write_text(json.dumps(TABLE if data is None else data))
    return path
