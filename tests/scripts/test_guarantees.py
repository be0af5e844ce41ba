# SPDX-License-Identifier: Apache-2.0
"""The table of guarantees: what is read, and which row a result is of."""

import copy

import guarantees_table as given
import pytest
import synthetic
from guarantees_table import cell, row, table, written
from stalemark.common.command import REPOSITORY, Refusal
from stalemark.guarantees import sources, table_file
from synthetic import Plan

ERASE = {"invalidate": "erase"}


def configured(strategy="cache_aside", protocol=ERASE, declared="eventual, durable", **more):
    """A result of such a run."""
    data = synthetic.result(Plan(strategy, protocol=protocol))
    data["configuration"] |= {"nodes": 1, **more}
    data["promise"]["declared"] = declared
    return data


def found(data, *rows):
    statement = table_file.Guarantees(table(*rows)).of(data)
    return statement and statement.protocol


def bent(change):
    data = copy.deepcopy(given.TABLE)
    change(data)
    return data


MALFORMED = {
    "another schema": (lambda data: data.update(schema=2), "schema 2; this script reads schema 1"),
    "no rows": (lambda data: data.pop("protocols"), "'protocols' is a required property"),
    "a fault that is none": (
        lambda data: data["protocols"][0]["cells"][0].update(fault="flood"), "'flood' is not one"),
    "no schedule": (
        lambda data: data["protocols"][0]["cells"][0].update(schedules=0), "0 is less than"),
    "a class that is none": (
        lambda data: data["protocols"][1]["cells"][0]["anomalies"][0].update({"class": "old"}),
        "'old' is not one of"),
    "a name twice": (
        lambda data: data["protocols"].append(data["protocols"][0]), "two rows named 'no cache'"),
    "a protocol twice": (
        lambda data: data["protocols"].append({**data["protocols"][1], "protocol": "again"}),
        "'store, erase; plain fill' and 'again' are one protocol"),
    "a cell twice": (
        lambda data: data["protocols"][0]["cells"].append(data["protocols"][0]["cells"][0]),
        "no cache: two cells with fault none and a cold cache"),
    "a setting that is missing": (
        lambda data: data["protocols"][1]["configuration"].pop("guard"), "'guard' is a required"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "said"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_table_is_refused_with_its_place(tmp_path, change, said):
    path = written(tmp_path, bent(change))
    with pytest.raises(Refusal, match=said) as refused:
        table_file.load(path)
    assert refused.value.status == 2 and str(refused.value).startswith(str(path))


@pytest.mark.parametrize("script", ["matrix.py", "recommend.py", "report.py"])
@pytest.mark.parametrize("text", ["{", "[]", None])
def test_every_script_refuses_what_is_no_table(call, tmp_path, script, text, monkeypatch):
    folder = synthetic.suite(tmp_path / "r", [Plan("cache_aside")], repetitions=1)
    path = tmp_path / "guarantees.json"
    if text is not None:
        path.write_text(text)
    monkeypatch.setenv(table_file.VARIABLE, str(path))
    words = ["--out", tmp_path] if script == "report.py" else []
    words += ["--lose-at-most", "0"] if script == "recommend.py" else []
    outcome = call(script, folder, *words)
    assert outcome.returncode == 2, outcome.stdout
    assert outcome.stderr.count("\n") == 1 and str(path) in outcome.stderr


def test_a_table_of_these_sources_is_not_stale_and_of_others_is(tmp_path):
    fresh = table(given.ERASE, digest=sources.digest(REPOSITORY))
    assert table_file.load(written(tmp_path, fresh)).note == ""
    stale = table_file.load(written(tmp_path))
    assert stale.note == table_file.STALE
    assert stale.of(configured()) is not None  # It is read all the same.
    assert table_file.load(written(tmp_path), root=tmp_path).note == ""  # There are no sources.


def tree(root):
    for name in ("core/a.h", "explore/deep/b.cc", "cli/main.cc"):
        (root / "src" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "src" / name).write_text(name)
    return root


CHANGES = {
    "a text": lambda src: (src / "core/a.h").write_text("other"),
    "a name": lambda src: (src / "core/a.h").rename(src / "core/c.h"),
    "a new file": lambda src: (src / "explore/new.cc").write_text(""),
    "text that moves to another file": lambda src: (
        (src / "core/a.h").write_text(""),
        (src / "explore/deep/b.cc").write_text("core/a.hexplore/deep/b.cc")),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_digest_depends_on_every_source_of_the_table(tmp_path, change):
    before = sources.digest(tree(tmp_path))
    change(tmp_path / "src")
    assert sources.digest(tmp_path) != before


def test_the_digest_depends_on_no_other_source(tmp_path):
    before = sources.digest(tree(tmp_path))
    (tmp_path / "src/cli/main.cc").write_text("other")
    assert sources.digest(tmp_path) == before == sources.digest(tree(tmp_path / "elsewhere"))


SAME = {
    "a TTL": {"protocol": {**ERASE, "ttl_ns": 5, "jitter": 0.1}, "declared":
              "bounded_staleness(5ns), durable"},
    "a size": {"cache": {"name": "lru", "capacity_bytes": 7}},
    "one cache that four nodes share": {"nodes": 4, "near_cache": "none"},
    "a slow wire": {"wires": {"store_latency": "lognormal(1ms,0.5)"}},
}  # fmt: skip
OTHERS = {
    "a guard": {"protocol": {**ERASE, "guard": "lease"}},
    "a shield": {"protocol": {**ERASE, "shield": "lock"}},
    "an order": {"protocol": {**ERASE, "order": "cache_first"}},
    "what a write does": {"protocol": {"invalidate": "set"}},
    "a second delete": {"protocol": {**ERASE, "double_delete_ns": 9}},
    "a late delete": {"protocol": {**ERASE, "delete_delay_ns": 9}},
    "near caches": {"nodes": 2},
    "two layers": {"nodes": 2, "shared_cache": {}},
    "another promise": {"declared": "none, durable"},
    "entries of absent keys": {"protocol": {**ERASE, "negative_ttl_ns": 1}},
    "a strategy": {"strategy": "read_through"},
}  # fmt: skip


@pytest.mark.parametrize("run", SAME.values(), ids=SAME)
def test_a_run_is_of_the_row_of_its_protocol(run):
    assert found(configured(**run), given.FREE, given.ERASE) == "store, erase; plain fill"


@pytest.mark.parametrize("run", OTHERS.values(), ids=OTHERS)
def test_a_run_of_another_protocol_or_fleet_is_of_no_row(run):
    assert found(configured(**run), given.FREE, given.ERASE) is None


def event_run(**rules):
    events = {"source": "log", "order": "cache-first", "check": "none", "on_gap": "none", **rules}
    return configured(protocol={"invalidate": "event"}, nodes=2, events=events)


QUEUE = {"invalidate": "set", "coalescing": True, "when_full": "block"}
LEASE = {**ERASE, "guard": "lease", "lease_losers": "bypass", "lease_refused": "retry"}
PAIRS = {
    "no_cache": (configured("no_cache", {}, "linearizable, durable", nodes=4), given.FREE),
    "a second delete": (
        configured(protocol={**ERASE, "double_delete_ns": 9, "delete_ack": "after"}),
        row("r", cell(), double_delete=True, late_delete=True, acknowledges_late=True)),
    "a late delete": (
        configured(protocol={**ERASE, "delete_delay_ns": 9, "delete_ack": "before"}),
        row("r", cell(), late_delete=True, late_delete_alone=True)),
    "a lease": (configured(protocol=LEASE), row("r", cell(), guard="lease", lease_losers="bypass",
                                                lease_refused="retry")),
    "flights": (configured(protocol={**ERASE, "shield": "lock", "flights": "join"}),
                row("r", cell(), shield="lock", joins_overtaken=True)),
    "fencing": (configured(protocol={**ERASE, "guard": "lock", "fencing": True}),
                row("r", cell(), guard="lock", fencing=True)),
    "events": (event_run(), row("r", cell(), invalidate="event", events="log", caches="near")),
    "layers": (configured(nodes=2, shared_cache={}), row("r", cell(), caches="both")),
    "flushers": (
        configured("write_behind", {**QUEUE, "flushers": 2, "queue_lookup": False}, "eventual"),
        row("r", cell(), strategy="write_behind", invalidate="set", flushers=2,
            looks_into_queue=False)),
}  # fmt: skip


@pytest.mark.parametrize(("run", "its_row"), PAIRS.values(), ids=PAIRS)
def test_a_setting_of_a_result_is_that_of_its_row(run, its_row):
    assert found(run, its_row) == its_row["protocol"]
    if its_row is not given.FREE:
        plain = row("plain", cell())
        assert found(run, plain) is None and found(configured(), its_row) is None


@pytest.mark.parametrize("rules", [
    {"check": "version"}, {"on_gap": "clear"}, {"order": "event-first"}, {"source": "application"},
])  # fmt: skip
def test_events_with_other_rules_were_not_explored(rules):
    assert found(event_run(**rules), PAIRS["events"][1]) is None


@pytest.mark.parametrize("change", [{"coalescing": False}, {"when_full": "reject"}])
def test_a_queue_that_does_more_was_not_explored(change):
    usual = row("r", cell(), strategy="write_behind", invalidate="set")
    assert found(configured("write_behind", QUEUE, "eventual"), usual) == "r"
    assert found(configured("write_behind", {**QUEUE, **change}, "eventual"), usual) is None


@pytest.mark.parametrize(("nodes", "of_row", "is_found"), [
    (1, 1, True), (4, 2, True), (4, 1, False), (1, 2, False),
])  # fmt: skip
def test_a_row_may_say_of_how_many_nodes_it_is(nodes, of_row, is_found):
    run = configured(nodes=nodes, near_cache="none")
    assert (found(run, row("r", cell(), nodes=of_row)) == "r") == is_found


def test_a_row_without_a_schedule_without_faults_was_not_explored():
    assert found(configured(), row("r")) is None
    assert found(configured(), row("r", cell(fault="crash"))) is None
