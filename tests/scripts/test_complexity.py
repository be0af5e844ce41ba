# SPDX-License-Identifier: Apache-2.0
"""Facts are counted right, in sources made for it and in ours."""

import json

import pytest
from stalemark.matrix import complexity

STRATEGY_H = "class Strategy {};\n"
PLAIN_H = """\
// Plain: a comment alone is no line.

#pragma once

#include "strategies/strategy.h"

class Plain final : public Strategy {
    /* spawn( in a comment
       starts nothing */
    const char* url = "http://example";  // Nor does // in a string end the line.
};
"""
BUSY_H = """\
#include "strategies/busy_queue.h"
#include "strategies/strategy.h"
class Busy final : public Strategy {
    void work() { const std::lock_guard lock(guard_); runtime.spawn("busy", [] {}); }
    std::mutex guard_;
    KeyMutexes writing_;
    Executor reloads_;
};
"""
BUSY_QUEUE_H = """\
class BusyQueue {
    Semaphore room_;
};
"""
BUSY_QUEUE_CC = """\
#include "strategies/busy_queue.h"
void take() { const std::unique_lock lock(guard_); }
"""
CATALOG_CC = """\
#include "strategies/busy.h"
#include "strategies/plain.h"
constexpr StrategyEntry strategies[] = {
    {"plain", "as it is", make<Plain>, strong, "", ""},
    {"busy", "does, much", make<Busy>, eventual,
     "ttl jitter queue", "set"},
};
"""


@pytest.fixture
def sources(tmp_path):
    folder = tmp_path / "src" / "strategies"
    folder.mkdir(parents=True)
    for name, text in (
        ("strategy.h", STRATEGY_H),
        ("plain.h", PLAIN_H),
        ("busy.h", BUSY_H),
        ("busy_queue.h", BUSY_QUEUE_H),
        ("busy_queue.cc", BUSY_QUEUE_CC),
        ("catalog.cc", CATALOG_CC),
    ):
        (folder / name).write_text(text)
    return tmp_path


def test_comments_blanks_and_shared_files_are_nobodys_lines(sources):
    assert complexity.count(sources)["strategies"]["plain"] == {
        "lines": 5,
        "locks": 0,
        "sections": 0,
        "tasks": 0,
        "knobs": 0,
    }


def test_what_a_strategy_alone_uses_is_its_own(sources):
    assert complexity.count(sources)["strategies"]["busy"] == {
        "lines": 8 + 3 + 2,
        "locks": 3,
        "sections": 2,
        "tasks": 2,
        "knobs": 3,
    }


def test_what_two_strategies_use_is_neithers(sources):
    plain = sources / "src" / "strategies" / "plain.h"
    plain.write_text(plain.read_text() + '#include "strategies/busy_queue.h"\n')
    assert complexity.count(sources)["strategies"]["busy"]["lines"] == 8
    assert complexity.count(sources)["strategies"]["busy"]["locks"] == 2


def test_what_is_on_offer_to_all_counts_for_those_who_use_it(sources):
    shields = sources / "src" / "shields"
    shields.mkdir()
    (shields / "shield.h").write_text(
        '#include "shields/background_reloads.h"\nclass Shield {};\n'
    )
    (shields / "background_reloads.h").write_text("std::optional<Executor> executor_;\n")
    (shields / "idle.h").write_text("class Idle final : public Shield {};\n")
    (shields / "busy.h").write_text(
        "class Busy final : public Shield {\n    void f() { reloads_.start(key); }\n};\n"
    )
    (shields / "catalog.cc").write_text(
        '{"idle", "rests", make<Idle>, ""},\n{"busy", "works", make<Busy>, "grace reloads"},\n'
    )
    found = complexity.count(sources)["shields"]
    assert (found["idle"]["lines"], found["idle"]["tasks"], found["idle"]["knobs"]) == (1, 0, 0)
    assert (found["busy"]["lines"], found["busy"]["tasks"], found["busy"]["knobs"]) == (4, 1, 2)


def test_what_guards_share_counts_for_each_but_for_their_contract(sources):
    guards = sources / "src" / "guards"
    guards.mkdir()
    for name, text in (
        ("guard.h", "class Guard {};\n"),
        ("newer.h", '#include "guards/guard.h"\nclass Newer : public Guard {};\n'),
        ("tombstone.h", '#include "guards/newer.h"\nclass Tombstone : public Newer {};\n'),
        ("catalog.cc", '{"newer", "a", make<Newer>, ""},\n{"tombstone", "b", make<T>, "ttl"},\n'),
    ):
        (guards / name).write_text(text)
    found = complexity.count(sources)["guards"]
    assert (found["newer"]["lines"], found["newer"]["knobs"]) == (2, 0)
    assert (found["tombstone"]["lines"], found["tombstone"]["knobs"]) == (4, 1)


def test_ours_that_reload_in_the_background_have_a_task(call):
    found = json.loads(call("complexity.py").stdout)
    for room, part in (("strategies", "refresh_ahead"), ("shields", "stale")):
        assert found[room][part]["tasks"] == 1
    assert found["strategies"]["cache_aside"]["tasks"] == 0
    assert found["shields"]["early"]["tasks"] == 0


def test_our_strategies_all_have_a_row_in_the_catalogue(call):
    outcome = call("complexity.py")
    assert outcome.returncode == 0
    strategies = json.loads(outcome.stdout)["strategies"]
    assert {"no_cache", "cache_aside", "write_behind"} <= strategies.keys()
    for facts in strategies.values():
        assert facts["lines"] > 5
        assert facts.keys() == {"lines", "locks", "sections", "tasks", "knobs"}
    assert strategies["no_cache"]["knobs"] == 0
    assert strategies["write_behind"]["tasks"] >= 1
    assert strategies["write_behind"]["lines"] > 3 * strategies["cache_aside"]["lines"]


EVENTS = {
    "events/publisher.h": "class Publisher {\n    std::mutex guard_;\n};\n",
    "events/receiver.cc": 'void start() { runtime.spawn("receiver", [] {}); }\n',
    "events/bus.cc": "void somebody_elses() {}\n",
    "events/log_tail.cc": "void read_log() {}\nvoid keep_reading() {}\n",
    "options/options.cc": """\
    {"event-check", "WORD", "none"},
    {"event-delay", "TIME", "of the bus"},
    {"on-gap", "WORD", "none"},
    {"log-poll", "TIME", "5ms"},
""",
}


@pytest.fixture
def with_events(sources):
    for room in ("events", "guards", "options"):
        (sources / "src" / room).mkdir()
    for names in complexity.FRESHNESS.values():
        for name in names:
            (sources / "src" / name).write_text("")
    for name, text in EVENTS.items():
        (sources / "src" / name).write_text(text)
    return sources


def test_a_nodes_end_of_the_events_counts_and_the_bus_does_not(with_events):
    found = complexity.count(with_events)["freshness"]
    assert found["event"] == {"lines": 4, "locks": 1, "sections": 0, "tasks": 1, "knobs": 2}
    assert found["log"] == {"lines": 2, "locks": 0, "sections": 0, "tasks": 0, "knobs": 1}


@pytest.mark.parametrize(
    ("more", "lines"),
    [({"invalidate": "erase"}, 5), ({"invalidate": "event"}, 9),
     ({"invalidate": "event", "source": "log"}, 11)],
)  # fmt: skip
def test_a_protocol_is_all_of_its_parts(with_events, more, lines):
    counted = complexity.count(with_events)
    assert complexity.of_protocol({"strategy": "plain", **more}, counted)["lines"] == lines


def test_a_protocol_with_a_part_that_was_not_counted_has_no_facts(sources):
    counted = complexity.count(sources)
    assert complexity.of_protocol({"strategy": "other"}, counted) == {}
    assert complexity.of_protocol({"strategy": "plain", "invalidate": "event"}, counted) == {}


def test_the_sources_here_have_both_ways_of_hearing_of_writes():
    found = complexity.count()["freshness"]
    assert found["event"]["lines"] > found["log"]["lines"] > 0
    assert found["event"]["knobs"] > found["log"]["knobs"] == 1
