# SPDX-License-Identifier: Apache-2.0
"""Eighty percent: the workloads that are simulated, and what is made of the answers."""

import cluster_runs
import clusters
import eighty_percent
import eighty_percent_text as text
import pytest
import synthetic
import use_cases
from eighty_percent import Answer
from stalemark.common import results
from synthetic import Plan

SHARED, LAYERED = cluster_runs.PLACES
PROFILES = {"mild": {"read_p99_max": 40_000}}
SHRUNK = {"rate": 500, "clients": 5, "warmup": "1s", "duration": "1s", "keys": 500}


def group_of(folder, plans):
    [group] = results.group(results.load([synthetic.suite(folder, plans)]))
    return group


def erasing(strategy, shield="none", **figures):
    protocol = {"shield": shield, "invalidate": "erase"}
    return Plan(strategy, protocol=protocol, **figures)


@pytest.mark.parametrize(
    ("plain", "other", "kind", "simplest"),
    [
        ({"read": 0.3}, {"read": 0.2}, "plain cache-aside", "cache_aside"),
        ({"read": 0.9}, {"read": 0.3}, "another strategy", "write_through"),
        ({"read": 0.9}, {"read": 0.9}, "nothing", ""),
    ],
)
def test_the_simplest_that_qualifies_is_of_a_kind(tmp_path, plain, other, kind, simplest):
    """no_cache has a tail of 50 us and more: only a cache can be below 40."""
    plans = [erasing("cache_aside", **plain), erasing("write_through", **other)]
    found = eighty_percent.answer("c", SHARED, "mild", group_of(tmp_path / "r", plans),
                                  PROFILES["mild"])  # fmt: skip
    assert found.kind == kind
    assert found.simplest.split(" ")[0] == simplest
    assert (found.plain == "") == (plain["read"] == 0.3)


def test_what_runs_cannot_tell_is_not_decided(tmp_path):
    plans = [erasing("cache_aside", read=0.3)]
    [group] = results.group(
        results.load([synthetic.suite(tmp_path / "r", plans, repetitions=2)])
    )
    found = eighty_percent.answer("c", SHARED, "mild", group, PROFILES["mild"])
    assert (found.kind, found.simplest, found.plain) == ("not decided", "", "read_p99_max")


def test_a_shield_that_is_needed_is_told_from_plain(tmp_path):
    plans = [erasing("cache_aside", read=0.9), erasing("cache_aside", "lock", read=0.3)]
    found = eighty_percent.answer("c", SHARED, "mild", group_of(tmp_path / "r", plans),
                                  PROFILES["mild"])  # fmt: skip
    assert (found.kind, found.plain) == ("cache-aside with a shield", "read_p99_max")


def answers(kinds, profile="mild", place=SHARED, plain=""):
    return [Answer(f"c{number}", place, profile, kind, "x", plain)
            for number, kind in enumerate(kinds)]  # fmt: skip


@pytest.mark.parametrize(
    ("met", "begin"), [(10, "Yes: in 80%"), (8, "Yes: in 80%"), (7, "No: nowhere in 80%")]
)
def test_the_verdict_is_yes_from_eighty_percent_on(met, begin):
    given = answers([text.PLAIN] * met) + answers(["nothing"] * (10 - met), plain="read_p99_max")
    found = text.verdict(given)
    assert begin in found
    assert f"{met} of 10 ({met * 10}%) at most" in found


def test_the_verdict_depends_if_only_some_reach_it():
    given = answers([text.PLAIN] * 9 + ["nothing"])
    given += answers(["nothing"] * 10, place=LAYERED, plain="stale_age_max")
    found = text.verdict(given)
    assert "It depends" in found
    assert f"0 of 10 (0%) at least (the clusters, mild requirements, {LAYERED})" in found


def test_the_verdict_counts_what_plain_is_beside_what_is_recommended():
    given = answers([text.PLAIN, text.PLAIN, "no cache"])
    given += answers(["another strategy"] * 4, plain="read_p99_max")
    given += answers(["nothing"] * 5, plain="stale_age_max")
    found = text.verdict(given)
    assert "Of all 12 questions" in found and "the simplest answer to 2; in 1 it would" in found
    assert "in 4 it does not do, and something else does; in 5 nothing does." in found
    given += answers(["not decided"] * 6, plain="stale_age_max")
    assert "in 5 nothing does; in 6 these runs do not decide it." in text.verdict(given)


def test_tables_count_kinds_and_reasons():
    given = answers([text.PLAIN, text.PLAIN, "no cache"])
    given += answers(["nothing"], plain="read_p99_max, stale_age_max")
    assert f"| {SHARED} | mild | 3 of 4 (75%) | 2 | 0 | 0 | 0 | 1 | 1 | 0 |" in text.summary(given)
    found = text.exclusions(given)
    assert "| caches | profile | stale age | read p99 |" in found
    assert f"| {SHARED} | mild | 1 | 1 |" in found


def test_the_model_is_compared_with_published_miss_ratios():
    chosen, _ = clusters.load()
    chosen = [each for each in chosen if each.name in ("cluster1", "cluster2", "cluster4")]
    off = {"cluster1": 0.01, "cluster2": -0.04, "cluster4": 0.2}
    hits = {each.name: each.miss_ratio + off[each.name] for each in chosen}
    found = text.accuracy(hits, chosen)
    assert "in 2 of 3 clusters; the median distance is 4.0 points" in found
    assert "cluster4 (+20)" in found and "cluster1" not in found


def test_what_is_written_is_read_again(tmp_path):
    cart = Answer("cart", SHARED, text.OWN, "nothing", "", "read_p99_max, stale_age_max")
    given = [*answers([text.PLAIN]), cart]
    path = tmp_path / "answers.csv"
    path.write_text(eighty_percent.written(given, {"c0": 0.125}))
    assert eighty_percent.read(path) == (given, {"c0": 0.125})


@pytest.mark.parametrize("place", cluster_runs.PLACES)
def test_the_program_takes_the_workloads_and_simulates_them(place):
    cluster = clusters.load()[0][0]
    case = next(each for each in use_cases.load() if each.name == "inventory")
    works = {
        (cluster.name,): {**cluster_runs.workload(cluster, place), **SHRUNK},
        (case.name,): {**case.workload(place), **SHRUNK},
    }
    protocols = ["--strategy cache_aside", "--strategy write_through"]
    asked = {key: (fields, protocols) for key, fields in works.items()}
    groups = cluster_runs.simulate("cases", asked, [1])
    assert groups.keys() == works.keys()
    for group in groups.values():
        assert len(group.rows) == 2
        for row in group.rows.values():
            (result,) = row.values()
            assert result.data["operations"]["read"]["count"] > 100
            # What is under way at the end is waited for.
            assert 1_000_000_000 <= result.data["elapsed_ns"] < 1_100_000_000


@pytest.mark.parametrize("rate", [10_000, 3_000, 100])
def test_the_store_is_busy_with_the_writes_and_a_quarter_of_the_reads(rate):
    """Not less because servers are whole: then a store could do without a cache."""
    fields = {"mix": {"read": 0.5, "write": 0.25, "read_modify_write": 0.25}}
    found = cluster_runs.placed(fields, SHARED, rate)
    busy = found["rate"] * (0.25 + 0.25 + 0.25 * 0.75) * cluster_runs.STORE_MEAN_S
    assert busy / found["options"]["store-servers"] == pytest.approx(0.7, rel=1e-4)
    assert found["options"]["store-servers"] == max(1, round(busy / 0.7 * rate / found["rate"]))


def test_a_cluster_is_asked_for_at_its_pace_in_its_sizes_and_at_no_more_than_the_limits():
    chosen = {each.name: each for each in clusters.load()[0]}
    small = cluster_runs.workload(chosen["cluster3"], SHARED)  # 1.36 kqps, 120 bytes, get 0.99.
    assert (small["value_size"], small["ttl"]) == (136, "604800000000us")
    assert small["options"]["store-servers"] == 1  # 0.567 are needed at 1,360 a second.
    assert small["rate"] == pytest.approx(0.7 / 1.133e-3 / (0.01 + 0.25 * 0.99))
    assert small["mix"] == {"read": 0.99, "write": 0.01}
    assert small["popularity"] == {"kind": "scrambled", "theta": 1.6414}
    large = cluster_runs.workload(chosen["cluster4"], SHARED)  # 5.26 kqps.
    assert large["value_size"] == 16 + 2439
    assert large["options"]["store-servers"] == 1  # 1.469 are needed at 3,000 a second.
    assert large["rate"] == pytest.approx(0.7 / 1.133e-3 / (0.07 + 0.25 * 0.93))
    largest = cluster_runs.workload(chosen["cluster50"], SHARED)  # 67,485 bytes.
    assert largest["value_size"] == 16 + 4000


def test_use_cases_are_what_requires_something_and_is_no_scenario():
    found = {each.name: each for each in use_cases.load()}
    assert {"user_profile", "session_store", "inventory", "shopping_cart"} <= found.keys()
    assert not {"hot_key_expiry", "slow_store", "ycsb_a"} & found.keys()
    assert found["inventory"].fields["mix"] == {"read": 0.7, "read_modify_write": 0.3}
    assert found["product_catalog"].workload(SHARED)["duration"] == "72s"  # Allows a minute.
    assert found["user_profile"].workload(SHARED)["duration"] == "30s"


def test_the_page_is_what_the_answers_say(call):
    outcome = call("eighty_percent.py", "--check")
    assert (outcome.returncode, outcome.stderr) == (0, "")


def test_a_page_that_says_something_else_is_found(monkeypatch, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(eighty_percent.PAGE.read_text().replace("of 49 (", "of 48 (", 1))
    monkeypatch.setattr(eighty_percent, "PAGE", page)
    monkeypatch.setattr("sys.argv", ["eighty_percent.py", "--check"])
    with pytest.raises(eighty_percent.command.Refusal, match="is not what"):
        eighty_percent.main()


@pytest.mark.parametrize(
    ("name", "told"),
    [("cluster15", "no reads"), ("cluster99", "no such cluster or use case; expected cluster1,")],
)
def test_a_name_that_cannot_be_simulated_is_wrong_input(call, name, told):
    outcome = call("eighty_percent.py", "--only", name)
    assert outcome.returncode == 2
    assert f"--only {name}: " in outcome.stderr and told in outcome.stderr
    assert len(outcome.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("written", "told"),
    [(None, "not what this script writes"), ("", "no answer for"), ("case\ncluster1\n", "KeyError"),
     ("half", "no answer for")],
)  # fmt: skip
def test_answers_that_lack_something_are_refused(monkeypatch, tmp_path, written, told):
    path = tmp_path / "answers.csv"
    if written is not None:
        whole = eighty_percent.ANSWERS.read_text()
        path.write_text(whole[: whole.index("cluster30")] if written == "half" else written)
    monkeypatch.setattr(eighty_percent, "ANSWERS", path)
    monkeypatch.setattr("sys.argv", ["eighty_percent.py", "--check"])
    with pytest.raises(eighty_percent.command.Refusal, match=told):
        eighty_percent.main()


@pytest.mark.parametrize("place", ["/nonexistent", "/"])
def test_a_program_that_is_none_is_wrong_input(call, place, monkeypatch):
    monkeypatch.setenv("STALEMARK_BINARY", place)
    outcome = call("eighty_percent.py", "--only", "cluster1")
    assert outcome.returncode == 2
    assert outcome.stderr == f"eighty_percent.py: STALEMARK_BINARY: {place}: no such program\n"
