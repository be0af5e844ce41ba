# SPDX-License-Identifier: Apache-2.0
"""What tables and pictures of docs/scenarios.md make of runs with known answers."""

import pytest
import scenario_charts
import scenario_tables
from scenario_runs import Run

SECOND = 1_000_000_000
MS = 1_000_000


def run(words="", scenario="cold_start", timeline=(), dropped=0, failed=0, **more):
    """100 reads, three intervals of a second each unless told otherwise."""
    kind = {"count": 100, "failed": failed, "unknown": 0, "response_ns": {"p99": 7 * MS}}
    workload = {"duration": "3s", "requirements": {"read_p99_max": "50ms"}}
    timeline = timeline or [{"response_p99_ns": 10 * MS}] * 3
    return Run({
        "command": f"stalemark run {scenario} {words}",
        "operations": {"read": kind},
        "schedule": {"offered": 100 + dropped, "completed": 100, "dropped": dropped},
        "configuration": {"workload": workload},
        "timeline": [{"at_ns": i * SECOND, "operations": 30, "store_reads": 5, "p99_ns": MS, **each}
                     for i, each in enumerate(timeline)],
        **more,
    })  # fmt: skip


def by_name(runs):
    return {each.name: each for each in runs}


def test_operations_that_were_never_sent_are_not_answered():
    told = run(dropped=100, failed=50)
    assert scenario_tables.not_answered(told) == "75%"
    assert scenario_tables.not_sent(told) == "50%"
    assert scenario_tables.not_answered(run()) == "0%"


def test_the_tables_tell_of_an_interval_how_long_was_waited_in_all():
    waits = [{"response_p99_ns": each * MS} for each in (9_000, 400, 20)]
    told = run(timeline=waits)
    assert scenario_tables.response_p99_at(1)(told) == "400 ms"
    assert scenario_tables.usual_from(told) == "2 s"
    assert scenario_tables.usual_from(run()) == "0 s"


COLD = ("--strategy no_cache", "--shield none", "--strategy write_through", "--shield lock")
CROWD = ("--strategy no_cache", "--shield none", "--shield stale", "--shield lock")


@pytest.mark.parametrize(("draw", "names"), [("cold_start", COLD), ("flash_crowd", CROWD)])
def test_pictures_draw_the_wait_since_due(draw, names):
    waits = [{"response_p99_ns": each * MS} for each in (9_000, 400, 20)]
    runs = by_name(run(name, draw, waits) for name in names)
    last = scenario_charts.CHARTS[draw](runs).axes[-1]
    assert "response p99" in last.get_title(loc="left")
    assert [list(each.get_ydata()) for each in last.lines] == 4 * [[9_000, 400, 20]]


EVENTS = [f"--invalidate {mode}" for mode in ("none", "erase", "event")] + [
    f"--invalidate event {more}"
    for more in ("--event-source log", "--on-gap reconcile", "--on-gap clear")
]


@pytest.mark.parametrize("least", [0.3, 1e-4, 8.3e-5, 2e-7])
def test_a_share_that_is_not_zero_is_drawn_above_none(least):
    within = {"visible_within": {"0ms": 0, "1ms": 0.2, "10ms": 1 - least, "1s": 1}}
    runs = by_name(run(name, "lost_events", consistency=within) for name in EVENTS)
    (axes,) = scenario_charts.lost_events(runs).axes
    none = axes.get_yticks()[-1]
    label = axes.yaxis.get_major_formatter()
    assert [label(tick) for tick in axes.get_yticks()].count("none") == 1
    assert label(none) == "none" and axes.get_ylim()[0] == none
    for each in axes.lines:
        assert list(each.get_ydata()) == pytest.approx([0.8, least, none])
        assert none < least * 0.9
