# SPDX-License-Identifier: Apache-2.0
"""What exploring schedules proves or breaks, in the matrix and on the page."""

import dataclasses
import json

import guarantees_table as given
import pytest
import synthetic
from guarantees_table import anomaly, cell, row, table, written
from simulated_answer import PLANS, TTL, simulate
from stalemark.common.command import REPOSITORY
from stalemark.guarantees import sources, table_file, wording
from stalemark.matrix import bears, matrix
from synthetic import Plan

ERASES = {**TTL, "invalidate": "erase"}
SETS = {**TTL, "invalidate": "set"}
EXPLORED = [
    Plan("cache_aside", read=0.8, write=1.4, protocol=ERASES),
    Plan("write_through", read=0.4, write=1.4, protocol=SETS),
    Plan("write_through", read=0.5, write=1.4, protocol={**SETS, "guard": "lock_all"}),
    Plan("read_through", read=0.85, write=1.2, protocol=ERASES),
]
LOCKED = "write_through+lock_all"


def free_where_locked(data):
    """No race is known of what is locked."""
    if data["configuration"]["protocol"].get("guard") == "lock_all":
        data["known_races"] = []


@pytest.fixture
def seen(made, tmp_path, monkeypatch):
    """As `made`, with this table."""

    def of(data=given.TABLE, plans=EXPLORED, **options):
        monkeypatch.setenv(table_file.VARIABLE, str(written(tmp_path, data)))
        return made(plans, **{"bend": free_where_locked, **options})

    return of


def cells_of(printed, label):
    line = next(line for line in printed.splitlines() if line.startswith(label + " "))
    return line.removeprefix(label).split()


def test_the_screen_shows_steps_or_a_proof_behind_the_races(seen):
    printed, _, _ = seen()
    assert cells_of(printed, "no_cache")[:2] == ["never:", "proved"]
    assert cells_of(printed, "cache_aside")[:5] == ["up", "to", "TTL:", "6", "[1]"]
    assert cells_of(printed, "write_through")[:4] == ["up", "to", "TTL:", "5"]
    assert cells_of(printed, LOCKED)[:2] == ["never:", "proved"]
    assert cells_of(printed, "read_through")[:4] == ["up", "to", "TTL", "[1]"]  # Not explored.
    assert wording.legend(given.PROGRAM) in " ".join(printed.split())


def test_a_promise_that_a_schedule_breaks_is_named_with_its_witness(seen):
    printed, data, page = seen()
    said = ("✗ write_through, linearizable, durable by promise: stale at rest in 5 steps (0"
            " preemptions): the cache keeps v1")  # fmt: skip
    assert said in " ".join(printed.split()) and f"- {said}" in page
    assert [text for text in data["answers"][0]["known_by_exploring"] if "✗" in text] == [said]


def test_the_advice_tells_what_was_proved_and_its_price(seen):
    _, data, _ = seen()
    advised = {each["need"]: each for each in data["answers"][0]["advice"]}
    fit = advised["never a stale read, own writes always"]
    lines = next(each["lines"] for each in data["answers"][0]["rows"] if each["protocol"] == LOCKED)
    assert (fit["protocol"], fit["because"]) == (LOCKED, (
        "reads ×0.50; no anomaly in 1,500 schedules of the small program, exhaustive; after a crash"
        f" stale at rest in 8 steps (1 preemption); price: writes ×1.40, {lines} lines of code"
    ))  # fmt: skip


@pytest.mark.parametrize(("name", "has_ttl", "told"), [
    ("linearizability", True, "briefly: 3"), ("permanent", True, "up to TTL: 3"),
    ("permanent", False, "for ever: 3"), ("permanent_after_ttl", True, "for ever: 3"),
])  # fmt: skip
def test_where_no_race_is_known_the_schedule_says_how_long(seen, name, has_ttl, told):
    plan = Plan("cache_aside", protocol=ERASES if has_ttl else {"invalidate": "erase"})
    bend = lambda data: data.update(known_races=[])  # noqa: E731
    broken = row("r", cell(anomaly(name, 3)))
    printed, data, _ = seen(table(broken), [plan], bend=bend)
    assert " ".join(cells_of(printed, "cache_aside")).startswith(told)
    advised = {each["need"]: each["protocol"] for each in data["answers"][0]["advice"]}
    assert advised["never a stale read"] == "no_cache"


@pytest.mark.parametrize(("name", "is_fit"), [
    ("permanent", True), ("permanent_after_ttl", False), ("store_older", False),
])  # fmt: skip
def test_no_bound_and_no_durability_is_advised_that_a_schedule_breaks(seen, name, is_fit):
    _, data, _ = seen(table(row("r", cell(anomaly(name, 5)))), EXPLORED[:1])
    advised = {each["need"]: each["protocol"] for each in data["answers"][0]["advice"]}
    assert (advised.get("reads up to 60 s old, no loss") == "cache_aside") == is_fit


def test_it_fits_100_columns_with_what_the_database_bears(seen, call, tmp_path):
    queue = row("q", cell(anomaly("permanent", 9)), strategy="write_behind", invalidate="set")
    plans = [dataclasses.replace(plan, stale_reads=1, stale_age_ns=9, protocol={
        **plan.protocol, "invalidate": "set" if "write" in plan.strategy else "erase"})
        for plan in PLANS]  # fmt: skip
    queue["declared"] = "none"
    seen(table(*given.TABLE["protocols"][:-1], queue), plans)
    folder = tmp_path / "r"
    (group,), _ = matrix.gather([folder])
    protocols = [next(iter(each.values())).protocol for each in group.rows.values()]
    found = [{"protocol": each, "met": 3_900, "is_least": True} for each in protocols]
    path = tmp_path / "capacity.json"
    path.write_text(json.dumps({"workloads": [
        {"demand": bears.demand_of(group), "p99_ns": 5, "protocols": found}]}))  # fmt: skip
    printed = call("matrix.py", folder, "--capacity", path).stdout
    assert "reads bears" in printed
    assert "up to TTL: 5 [1,2]" in printed and "for ever: 9 [1,3]" in printed
    assert max(map(len, printed.splitlines())) <= 100


def test_markdown_and_json_hold_it_in_full(seen):
    _, data, page = seen()
    assert "| known: stale | known: explored |" in page
    assert "| up to TTL [1] | stale until TTL: 7 steps |" in page
    assert "| Known |" in page and "known: linearizable: proved<br>" in page
    rows = {each["protocol"]: each["known"] for each in data["overall"]}
    assert rows["read_through"]["explored"] is None
    assert rows["read_through"]["short"] == "not explored"
    assert rows[LOCKED]["explored"]["without_faults"]["linearizability"]["schedules"] == 1000
    assert rows["cache_aside"]["explored"]["link"] == "docs/guarantees.md#store-erase-plain-fill"


def test_without_a_table_nothing_is_explored_and_no_column_is_there(made):
    printed, data, page = made(EXPLORED)
    assert wording.NOT_EXPLORED_HERE in " ".join(printed.split())
    assert "TTL:" not in printed and "known: explored" not in page
    assert {each["known"]["short"] for each in data["overall"]} == {"not explored"}
    assert data["caveats"] == []


def test_a_table_of_other_sources_is_told_in_one_line_and_used(seen):
    printed, data, _ = seen()
    assert printed.count(table_file.STALE) == 1 and data["caveats"] == [table_file.STALE]
    printed, data, _ = seen(table(given.FREE, digest=sources.digest(REPOSITORY)))
    assert table_file.STALE not in printed and data["caveats"] == []


def test_runs_on_fleets_of_which_one_was_not_explored_have_no_common_statement(seen):
    def bend(data):
        data["configuration"]["nodes"] = {"a": 1, "b": 3}[data["configuration"]["workload"]["name"]]

    _, data, _ = seen(plans=EXPLORED[:1], workloads=["a", "b"], bend=bend)
    row = next(each for each in data["overall"] if each["protocol"] == "cache_aside")
    assert row["known"]["explored"] is None
    alone = {each["title"]: each["rows"][1]["known"]["short"] for each in data["workloads"]}
    assert alone == {"a": "stale until TTL: 7 steps", "b": "not explored"}


def section(page):
    return page.split('<h2 id="promises">')[1].split("</section>")[0]


def test_the_page_sets_declared_known_and_measured_side_by_side(call, tmp_path, monkeypatch):
    hostile = row("<b>", cell(anomaly("permanent", 5, 0, "<b>v1</b>")),
                  declared="linearizable", strategy="write_through", invalidate="set")  # fmt: skip
    path = written(tmp_path, table(given.FREE, given.ERASE, hostile))
    monkeypatch.setenv(table_file.VARIABLE, str(path))
    folder = synthetic.suite(tmp_path / "r", EXPLORED, bend=simulate)
    assert call("report.py", folder, "--out", tmp_path).returncode == 0
    page = (tmp_path / "report.html").read_text()
    assert '<th>known: stale</th><th>simulated: stale</th>' in page  # There is no room for more.
    told = " ".join(section(page).split())
    assert "<b>v1" not in told and "&lt;b&gt;v1" in told
    assert '<td data-head="Declared">bounded_staleness(60s), durable</td>' in told
    assert '<td data-head="Known">stale until TTL: 7 steps' in told
    assert '<td data-head="Measured">0 of 800,000 reads stale; promise kept in 8 of 8 runs' in told
    of_erase = told.split("cache_aside, class by class")[1].split("</details>")[0]
    own = of_erase.split('<th scope="row">own write missed</th>')[1].split("</tr>")[0]
    assert '"Declared">allowed<' in own and ">0 of 4,000<" in own
    assert "proved: none in 2,000 schedules, exhaustive; after a crash in 4 steps<" in own
    of_set = told.split("write_through, class by class")[1].split("</details>")[0]
    assert '"Declared">excluded<' in of_set.split("stale at rest</th>")[1].split("</tr>")[0]


def test_the_page_without_a_table_says_so(call, tmp_path):
    folder = synthetic.suite(tmp_path / "r", EXPLORED[:1], bend=simulate)
    assert call("report.py", folder, "--out", tmp_path).returncode == 0
    told = section((tmp_path / "report.html").read_text())
    assert wording.NOT_EXPLORED_HERE in told and "class by class" not in told
    assert 'data-head="Known">not explored' in told
