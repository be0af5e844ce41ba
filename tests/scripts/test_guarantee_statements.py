# SPDX-License-Identifier: Apache-2.0
"""What a row of the table of guarantees says, in words and in JSON."""

import json

import guarantees_table as given
import pytest
from guarantees_table import anomaly, cell, row
from stalemark.guarantees import wording
from stalemark.guarantees.statement import FAULTS, Statement


def statement(*cells, **more):
    return Statement(row("a, b; c (d)", *cells, **more), given.PROGRAM)


def test_cold_and_warm_caches_count_together():
    told = statement(cell(anomaly("permanent", 9), schedules=1428),
                     cell(anomaly("permanent", 7, 2), cache="warm", schedules=572))  # fmt: skip
    assert told.verdict("permanent").text == "broken in 7 steps (2 preemptions)"
    assert told.verdict("stuck").text == "proved: none in 2,000 schedules, exhaustive"
    assert told.verdict("stuck", "crash").text == "not explored"


def test_what_is_not_exhaustive_or_of_one_cache_is_said_to_be_so():
    part = statement(cell(), cell(cache="warm", exhaustive=False))
    assert part.verdict("stuck").text == "none in 2,000 schedules, not exhaustive"
    assert not part.is_proved() and wording.compact(part) == "in part"
    assert statement(cell()).verdict("stuck").text == (
        "proved: none in 1,000 schedules, exhaustive, cold cache alone")  # fmt: skip


def test_the_link_is_the_heading_as_github_names_it():
    assert statement(cell()).link == "docs/guarantees.md#a-b-c-d"


SHORT = {
    "proved": ([cell(), cell(cache="warm")], False, "linearizable: proved", "proved"),
    "left stale": ([cell(anomaly("permanent", 6))], False, "stale for ever: 6 steps", "6"),
    "with a TTL": ([cell(anomaly("permanent", 6))], True, "stale until TTL: 6 steps", "6"),
    "no TTL ends it": ([cell(anomaly("permanent_after_ttl", 6), anomaly("permanent", 6))], True,
                       "stale for ever: 6 steps", "6"),
    "the gravest": ([cell(anomaly("linearizability", 3), anomaly("permanent", 6))], True,
                    "stale until TTL: 6 steps", "3"),
    "one step": ([cell(anomaly("linearizability", 1))], True, "not linearizable: 1 step", "1"),
    "an eviction": ([cell(), cell(anomaly("permanent", 8), fault="eviction")], True,
                    "linearizable: proved; if evicted, stale until TTL: 8 steps", "evict 8"),
    "a crash": ([cell(), cell(anomaly("permanent", 8), fault="crash")], True,
                "linearizable: proved", "proved"),
    "in part": ([cell(exhaustive=False)], True,
                "linearizable: none against it in 1,000 schedules", "in part"),
}  # fmt: skip


@pytest.mark.parametrize(("cells", "has_ttl", "short", "compact"), SHORT.values(), ids=SHORT)
def test_a_statement_in_short(cells, has_ttl, short, compact):
    told = statement(*cells)
    assert wording.short(told, has_ttl) == short
    assert wording.compact(told) == compact and len(compact) <= 7


@pytest.mark.parametrize(("declared", "name", "has_ttl", "is_broken"), [
    ("linearizable, durable", "linearizability", True, True),
    ("linearizable, durable", "dirty", True, False),
    ("linearizable, durable", "store_older", True, True),
    ("linearizable", "store_older", True, False),
    ("bounded_staleness(5s), durable", "permanent", True, False),
    ("bounded_staleness(5s), durable", "permanent_after_ttl", True, True),
    ("eventual", "permanent", False, True),
    ("eventual", "permanent", True, False),
    ("eventual", "linearizability", False, False),
    ("none", "permanent_after_ttl", False, False),
])  # fmt: skip
def test_a_promise_is_broken_by_what_it_excludes(declared, name, has_ttl, is_broken):
    for fault in FAULTS:
        told = statement(cell(), cell(anomaly(name, 5), fault=fault, cache="warm"))
        broken = wording.broken_promise(told, declared, has_ttl) is not None
        assert broken == (is_broken and fault in ("none", "eviction"))  # A failure breaks none.


def test_a_proof_is_of_what_is_asked_and_of_nothing_that_is_broken():
    told = statement(cell(anomaly("linearizability", 5)), cell(cache="warm"),
                     cell(anomaly("read_your_writes", 6, 2), fault="loss"))  # fmt: skip
    assert wording.proof(told) == ""
    assert wording.proof(told, ("read_your_writes", "store_older")) == (
        "none in 2,000 schedules of the small program, exhaustive, of: own write missed, store"
        " older; if an event is lost own write missed in 6 steps (2 preemptions)")  # fmt: skip
    assert wording.proof(statement(cell(exhaustive=False))) == (
        "no anomaly in 1,000 schedules of the small program, not exhaustive")  # fmt: skip


def test_json_holds_what_is_shown():
    data = json.loads(json.dumps(wording.as_data(Statement(given.ERASE, given.PROGRAM))))
    assert data["without_faults"]["permanent"] == {
        "text": "broken in 7 steps (2 preemptions)", "verdict": "broken", "schedules": 2000,
        "exhaustive": True, "steps": 7, "preemptions": 2, "witness": given.WITNESS,
    }  # fmt: skip
    assert data["without_faults"]["stuck"]["verdict"] == "proved"
    assert list(data["with_faults"]) == ["crash"]
    assert data["with_faults"]["crash"]["read_your_writes"]["steps"] == 4
