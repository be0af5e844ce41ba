# SPDX-License-Identifier: Apache-2.0
"""A schedule that breaks a requirement excludes a protocol, whatever its runs saw."""

import json

import guarantees_table as given
import pytest
import synthetic
from guarantees_table import anomaly, cell, row, table, written
from simulated_answer import simulate
from stalemark.guarantees import table_file
from stalemark.guarantees.statement import Statement
from stalemark.recommend import explored_requirements
from stalemark.recommend.judgements import MET, MISSED, Judgement
from test_known_column import EXPLORED, LOCKED, free_where_locked
from test_requirements import SECOND, runs

FIT = Judgement(MET, "none seen")


def judged(name, limit, *cells, ttl=None):
    def bend(data):
        data["promise"]["declared"] = "linearizable"
        data["configuration"]["protocol"] |= {"ttl_ns": ttl} if ttl else {}

    told = Statement(row("r", *cells), given.PROGRAM)
    return explored_requirements.judged(name, limit, FIT, runs(bend=bend), told)


@pytest.mark.parametrize(("name", "limit", "by", "not_by"), [
    ("stale_age_max", 0, "linearizability", "dirty"),
    ("stale_age_max", 0, "monotonic_reads", "lost_update"),
    ("stale_fraction_max", 0.0, "permanent", "store_older"),
    ("read_your_writes", True, "read_your_writes", "linearizability"),
    ("own_writes_missed_max", 0.0, "read_your_writes", "monotonic_reads"),
    ("monotonic_reads", True, "monotonic_reads", "read_your_writes"),
    ("writes_lost_max", 0, "store_older", "permanent"),
])  # fmt: skip
def test_a_requirement_is_broken_by_its_own_classes(name, limit, by, not_by):
    for fault in ("none", "eviction"):
        cells = [cell(), cell(anomaly(by, 5), fault=fault, cache="warm")]
        assert judged(name, limit, *cells).status == MISSED
    assert judged(name, limit, cell(anomaly(not_by, 5))) is FIT
    expiry = [cell(), cell(anomaly(by, 5), fault="expiry")]
    assert judged(name, limit, *expiry) is FIT  # It takes a holder of a lock that stands still.


@pytest.mark.parametrize(("name", "limit"), [
    ("read_p99_max", 1), ("stale_fraction_max", 0.01), ("store_reads_max", 0.0),
    ("writes_lost_max", 5),
])  # fmt: skip
def test_other_needs_are_left_to_what_was_measured(name, limit):
    worst = cell(*[anomaly(each, 3) for each in ("permanent", "store_older", "linearizability")])
    assert judged(name, limit, worst) is FIT


def test_a_crash_loses_writes_and_makes_no_read_stale():
    cells = [cell(), cell(anomaly("store_older", 4), anomaly("permanent", 4), fault="crash")]
    found = judged("writes_lost_max", 0, *cells)
    assert found.status == MISSED
    assert found.seen == ("an explored schedule breaks it: store older after a crash in 4 steps (1"
                          f" preemption): {given.WITNESS}")  # fmt: skip
    assert judged("stale_age_max", 0, *cells) is FIT


@pytest.mark.parametrize(("name", "ttl", "limit", "status"), [
    ("permanent", 1, 1, MET), ("permanent", 2, 1, MISSED), ("permanent", None, 1, MISSED),
    ("permanent_after_ttl", 1, 1, MISSED), ("linearizability", None, 1, MET),
])  # fmt: skip
def test_a_bound_on_ages_is_broken_by_what_lasts_longer(name, ttl, limit, status):
    one = cell(anomaly(name, 5))
    found = judged("stale_age_max", limit * SECOND, one, ttl=ttl and ttl * SECOND)
    assert found.status == status
    assert found.needed == (2 * SECOND if ttl == 2 else None)


def test_what_a_race_misses_keeps_its_reason():
    missed = Judgement(MISSED, "a race is known: overtaken_fill")
    told = Statement(given.ERASE, given.PROGRAM)
    assert explored_requirements.judged("stale_age_max", 0, missed, runs(), told) is missed


@pytest.fixture
def recommended(call, tmp_path, monkeypatch):
    """What recommend.py prints and writes of these results, with this table."""

    def of(data, *words, bend=free_where_locked):
        def bent(result):
            simulate(result)
            bend(result)

        monkeypatch.setenv(table_file.VARIABLE, str(written(tmp_path, data)) if data else "none")
        folder = synthetic.suite(tmp_path / "r", EXPLORED, bend=bent)
        outcome = call("recommend.py", folder, *words, "--json", tmp_path / "a.json", "--markdown",
                       tmp_path / "a.md")  # fmt: skip
        assert outcome.returncode in (0, 1), outcome.stderr
        (answer,) = json.loads((tmp_path / "a.json").read_text())
        return " ".join(outcome.stdout.split()), answer, (tmp_path / "a.md").read_text()

    return of


NEVER = ("--max-stale-age", "0", "--store-reads", "0.5")


def test_what_is_proved_is_said_of_the_best_with_what_a_crash_does(recommended):
    printed, answer, page = recommended(given.TABLE, *NEVER)
    assert answer["best"] == LOCKED
    said = ("xplored: no anomaly in 1,500 schedules of the small program, exhaustive; after a crash"
            " stale at rest in 8 steps (1 preemption)")  # fmt: skip
    assert f"- e{said}" in printed and f"\nE{said}.\n" in page
    assert "a race is known: overtaken_fill" in printed  # Of the others.


def test_what_is_allowed_is_not_said_to_be_absent(recommended):
    printed, answer, _ = recommended(given.TABLE, "--max-stale-age", "60s", "--store-reads", "0.5")
    assert answer["best"] == "cache_aside"  # Its schedules are stale until the TTL ends.
    assert ("- explored: none in 2,000 schedules of the small program, exhaustive, of: stale after"
            " every TTL") in printed  # fmt: skip


def test_an_explored_schedule_excludes_what_no_run_and_no_race_does(recommended):
    broken = row("r", cell(), cell(anomaly("linearizability", 7), fault="eviction"),
                 declared="linearizable", strategy="write_through", invalidate="set",
                 guard="lock_all")  # fmt: skip
    assert recommended(None, *NEVER)[1]["best"] == LOCKED
    printed, answer, _ = recommended(table(given.FREE, broken), *NEVER)
    assert answer["best"] is None
    assert ("an explored schedule breaks it: not linearizable if evicted in 7 steps (1 preemption):"
            f" {given.WITNESS}") in printed  # fmt: skip


def test_where_schedules_alone_exclude_caches_no_cache_says_what_is_missing(recommended):
    free = lambda data: data.update(known_races=[])  # noqa: E731
    names = {"cache_aside": "erase", "read_through": "erase", "write_through": "set"}
    rows = [row(f"{name}{guard}", cell(anomaly("permanent", 5)), strategy=name, invalidate=how,
                guard=guard, declared="linearizable" if how == "set" else "eventual")
            for name, how in names.items() for guard in ("none", "lock_all")]  # fmt: skip
    printed, answer, _ = recommended(table(*rows), "--max-stale-age", "0", bend=free)
    assert answer["best"] == "no_cache" and "such as --guard lease" in printed


def test_a_stale_table_is_told_once_and_nothing_is_said_without_one(recommended):
    printed, answer, _ = recommended(given.TABLE, *NEVER)
    assert printed.count(table_file.STALE) == 1 and table_file.STALE in answer["caveats"]
    printed, _, _ = recommended(None, *NEVER)
    assert "xplored" not in printed and table_file.STALE not in printed


def test_the_baseline_is_not_said_to_be_proved(recommended):
    printed, answer, _ = recommended(given.TABLE, "--max-stale-age", "0", bend=lambda data: None)
    assert answer["best"] == "no_cache" and "explored: no anomaly" not in printed
