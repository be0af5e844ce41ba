"""What tables and pictures of docs/scenarios.md make of runs with known answers."""

import pytest
import scenario_charts
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
