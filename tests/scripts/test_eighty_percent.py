# SPDX-License-Identifier: Apache-2.0
"""Eighty percent: the workloads that are simulated, and what is made of the answers."""

import dataclasses

import cluster_models
import cluster_runs
import clusters
import eighty_percent
import eighty_percent_text as text
import pytest
import synthetic
import use_cases
from cluster_models import Model
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


MODELS = [Model("c0", cluster_models.INDEPENDENT, 0.1, 0.1),
          Model("c1", cluster_models.NONE, 0.9, 0.9)]  # fmt: skip


def of_profiles(shares, place=SHARED):
    """So many of ten clusters that plain cache-aside handles, in each profile."""
    found = []
    for profile, met in shares.items():
        found += answers([text.PLAIN] * met, profile, place)
        found += answers(["nothing"] * (10 - met), profile, place, "read_p99_max")
    return found


@pytest.mark.parametrize(("shares", "begin"), [
    ({"relaxed": 10, "strict": 8, "never stale": 0}, "Yes, with one shared cache and some toler"),
    ({"relaxed": 10, "strict": 7, "never stale": 0},
     "Yes with relaxed requirements and one shared cache, no with strict ones: "),
    ({"relaxed": 7, "strict": 7, "never stale": 7}, "No: plain cache-aside meets"),
])  # fmt: skip
def test_the_first_sentence_is_the_answer(shares, begin):
    own = answers([text.PLAIN], text.OWN) + answers([text.PLAIN], text.OWN, LAYERED)
    given = of_profiles(shares) + of_profiles(dict.fromkeys(shares, 1), LAYERED) + own
    found = text.verdict(given, MODELS)
    assert found.startswith(f"**{begin}")
    for profile, met in shares.items():
        assert f"{met} of 10 ({met * 10}%) with {profile} requirements" in found
        assert f"1 of 10 (10%) {profile}" in found
    assert "the published miss ratio (1 of 2)" in found
    assert "1 of 1 (100%) of the use cases" in found
    whole = sum(shares.values())
    asked = f"Of the {10 * len(shares)} questions about one shared cache it is the simplest answer"
    assert f"{asked} to {whole}; the others take nothing ({10 * len(shares) - whole})." in found


def test_tables_count_kinds_and_reasons():
    given = answers([text.PLAIN, text.PLAIN, "no cache"])
    given += answers(["nothing"], plain="read_p99_max, stale_age_max")
    assert f"| {SHARED} | mild | 3 of 4 (75%) | 2 | 0 | 0 | 0 | 1 | 1 | 0 |" in text.summary(given)
    found = text.exclusions(given)
    assert "| caches | profile | stale age | read p99 |" in found
    assert f"| {SHARED} | mild | 1 | 1 |" in found


def test_what_a_model_leaves_out_is_named():
    chosen, _ = clusters.load()
    published = {each.name: each.miss_ratio for each in chosen}
    models = [
        Model("cluster1", cluster_models.INDEPENDENT, 0.01, published["cluster1"] + 0.01),
        Model("cluster2", cluster_models.RECENT, 0.5, published["cluster2"] - 0.04, 1.5),
        Model("cluster4", cluster_models.NONE, 0.8, 0.8),
    ]
    found = text.accuracy(models, chosen)
    assert found.startswith("1 of 3 clusters have the published miss ratio, within 5 points")
    assert "1 more with reads of what was written last" in found
    assert "median distance of these is 2.5 points" in found
    assert found.endswith("Left out: cluster4 (39% there, 80% here).\n")


def test_what_is_written_is_read_again(tmp_path):
    cart = Answer("cart", SHARED, text.OWN, "nothing", "", "read_p99_max, stale_age_max")
    given = [*answers([text.PLAIN]), cart]
    path = tmp_path / "answers.csv"
    path.write_text(eighty_percent.written(given))
    assert eighty_percent.read(path) == given
    models = [*MODELS, Model("c2", cluster_models.RECENT, 0.5, 0.25, 1.125)]
    path.write_text(cluster_models.written(models))
    assert cluster_models.read(path) == models


def test_an_exponent_is_fitted_to_the_published_miss_ratio(monkeypatch):
    """Of clusters whose miss ratio falls with the exponent of recent writes; one stays far off."""
    chosen = [dataclasses.replace(each, name=name, miss_ratio=ratio, writes=0.5)
              for each, name, ratio in zip(
        clusters.load()[0], ("near", "recent", "far"), (0.52, 0.25, 0.99))]  # fmt: skip

    def simulated(clusters):
        return {each.name: 0.5 if each.recent is None else 0.6 - 0.2 * each.recent
                for each in clusters}  # fmt: skip

    monkeypatch.setattr(cluster_models, "miss_ratios", simulated)
    near, recent, far = cluster_models.find(chosen)
    assert (near.kind, near.exponent) == (cluster_models.INDEPENDENT, None)
    assert recent.kind == cluster_models.RECENT
    assert recent.exponent == pytest.approx(1.75, abs=0.05)
    assert recent.miss_ratio == pytest.approx(0.25, abs=0.01)
    assert (far.kind, far.miss_ratio) == (cluster_models.NONE, 0.5)


def test_reads_of_recent_writes_hit_what_was_just_written():
    (cluster,) = [each for each in clusters.load()[0] if each.name == "cluster31"]
    few, many = (cluster_models.miss_ratios([dataclasses.replace(cluster, recent=each)])
                 for each in (3.0, 0.5))  # fmt: skip
    assert few["cluster31"] < 0.05 < 0.5 < many["cluster31"]


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
    minute = found["product_catalog"].workload(SHARED)
    assert (minute["duration"], minute["ttl"]) == ("72s", "1m")  # It allows a minute.
    profile = found["user_profile"].workload(SHARED)
    assert (profile["duration"], profile["ttl"]) == ("36s", "5s")  # Its own TTL is longer.


def test_the_page_is_what_the_answers_say(call):
    outcome = call("eighty_percent.py", "--check")
    assert (outcome.returncode, outcome.stderr) == (0, "")


def test_a_page_that_says_something_else_is_found(monkeypatch, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(eighty_percent.PAGE.read_text().replace("of 43 (", "of 42 (", 1))
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
    [(None, "not what this script writes"), ("", "no answer for"),
     ("case\ncluster1\n", "TypeError"), ("half", "no answer for")],
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
