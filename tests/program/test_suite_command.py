# SPDX-License-Identifier: Apache-2.0
"""A grid of runs, each with a file of its own."""

import json

import pytest

SUITE = {
    "caption": "Two workloads, three protocols, twice",
    "repetitions": 2,
    "workloads": ["./one.json", "./two.json"],
    "options": {"store": "memory", "operations": 300, "warmup": "0"},
    "protocols": [
        {"strategy": "no_cache"},
        {"strategy": "cache_aside", "invalidate": "set"},
        {"strategy": "cache_aside", "invalidate": "none"},
    ],
}
PROTOCOLS = ["no_cache", "cache_aside+invalidate=set", "cache_aside+invalidate=none"]


@pytest.fixture
def suite(write_json, small_workloads):
    """Writes a suite of two small workloads, with changes; answers its name."""

    def write(**changes):
        content = {**SUITE, **changes}
        return write_json("suite.json", {k: v for k, v in content.items() if v is not None})

    return write


@pytest.fixture
def results(tmp_path):
    def read(folder="results"):
        return {path.name: json.loads(path.read_text()) for path in (tmp_path / folder).iterdir()}

    return read


def test_every_run_has_a_file_and_a_place_in_the_session(
    stalemark, suite, results, schema, tmp_path
):
    ended = stalemark("suite", suite(), "--out", "results")
    assert (ended.status, ended.out) == (0, "")
    assert ended.err == ""
    found = results()
    by_end = sorted(found, key=lambda name: (tmp_path / "results" / name).stat().st_mtime_ns)
    assert [name.endswith("r1.json") for name in by_end] == 6 * [True] + 6 * [False]  # Interleaved.
    expected = {
        f"{workload}.{protocol}.r{repetition}.json"
        for workload in ("one", "two")
        for protocol in PROTOCOLS
        for repetition in (1, 2)
    }
    assert set(found) == expected
    sessions = [result["session"] for result in found.values()]
    assert len({session["id"] for session in sessions}) == 1
    for name, result in found.items():
        schema.validate(result)
        assert result["complete"] is True
        assert name.endswith(f"r{result['session']['repetition']}.json")
        assert result["session"]["canary_cpu_ns"] > 0
        assert result["session"]["canary_memory_ns"] > 0
        assert sum(kind["count"] for kind in result["operations"].values()) == 300
    for workload in ("one", "two"):
        digests = {found[name]["workload_digest"] for name in found if name.startswith(workload)}
        assert len(digests) == 1


def test_each_round_has_an_order_of_its_own(stalemark, suite, results):
    name = suite(repetitions=5, workloads=["./one.json"])
    assert stalemark("suite", name, "--out", "results", "--quiet").status == 0
    orders = {}
    for name, result in results().items():
        session = result["session"]
        orders.setdefault(session["repetition"], {})[session["position"]] = name.rsplit(".", 2)[0]
    assert len(orders) == 5
    for order in orders.values():
        assert sorted(order) == [1, 2, 3]
        assert len(set(order.values())) == 3
    assert len({tuple(order[i] for i in (1, 2, 3)) for order in orders.values()}) > 1


def test_the_command_of_a_run_repeats_it_alone(stalemark, suite, results):
    name = suite(repetitions=1, workloads=["./one.json"])
    stalemark("suite", name, "--out", "results", "--quiet")
    first = results()["one.cache_aside+invalidate=none.r1.json"]
    words = first["command"].split()
    again = json.loads(stalemark(*words[1:], "--out", "-").out)
    assert again["configuration"] == first["configuration"]
    assert again["workload_digest"] == first["workload_digest"]
    assert "session" not in again


def test_quiet_prints_nothing(stalemark, suite):
    name = suite(repetitions=1, workloads=["./one.json"])
    assert stalemark("suite", name, "--out", "results", "--quiet") == (0, "", "")


def test_options_win_over_the_file(stalemark, suite, results):
    words = ["--operations", 50, "--repeat", 1, "--seed", 9, "--quiet"]
    assert stalemark("suite", suite(), *words, "--out", "results").status == 0
    found = results()
    assert len(found) == 6
    for result in found.values():
        assert sum(kind["count"] for kind in result["operations"].values()) == 50
        assert result["seed"] == 9


def test_settings_multiply_the_grid(stalemark, suite, results):
    grid = {"workloads": ["./one.json"], "settings": [{"clients": 1}, {"clients": 2}]}
    name = suite(repetitions=1, **grid)
    assert stalemark("suite", name, "--out", "results", "--quiet").status == 0
    found = results()
    assert len(found) == 6
    for name, result in found.items():
        assert f".clients={result['configuration']['clients']}." in name


def test_protocols_are_named_for_their_options_only_where_they_must_be(stalemark, suite, results):
    protocols = [{"strategy": "cache_aside", "ttl": "5s"}, {"strategy": "no_cache"}]
    name = suite(repetitions=1, workloads=["./one.json"], protocols=protocols)
    assert stalemark("suite", name, "--out", "results", "--quiet").status == 0
    assert set(results()) == {"one.cache_aside.r1.json", "one.no_cache.r1.json"}


def test_rocksdb_is_the_store_that_runs_by_default(stalemark, suite, results):
    options = {"operations": 50, "warmup": "0"}
    name = suite(repetitions=1, workloads=["./one.json"], options=options)
    assert stalemark("suite", name, "--out", "results", "--quiet").status == 0
    for result in results().values():
        assert result["configuration"]["store"]["name"] == "rocksdb"


def test_a_folder_with_results_is_left_alone(stalemark, suite, tmp_path):
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "old.json").write_text("old")
    ended = stalemark("suite", suite(), "--out", "results")
    assert ended.status == 2
    assert "is not empty" in ended.err and ended.err.count("\n") == 1
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["old.json"]


# Changes to the suite; what the line must say.
WRONG = {
    "no workloads": ({"workloads": None}, "workloads: missing"),
    "an empty list of workloads": ({"workloads": []}, "expected an array of at least one"),
    "an unknown workload": ({"workloads": ["user_profiel"]}, "did you mean 'user_profile'?"),
    "no protocols": ({"protocols": None}, "protocols: expected at least one"),
    "an empty list of protocols": ({"protocols": []}, "protocols"),
    "a protocol without a strategy": ({"protocols": [{"ttl": "5s"}]}, "strategy: missing"),
    "an unknown strategy": ({"protocols": [{"strategy": "no_cahce"}]}, "did you mean 'no_cache'?"),
    "a protocol twice": ({"protocols": 2 * [{"strategy": "no_cache"}]}, "stands there twice"),
    "an unknown field": ({"protcols": []}, "did you mean 'protocols'?"),
    "an unknown option": ({"options": {"tll": "5s"}}, "did you mean 'ttl'?"),
    "a wrong value": ({"options": {"keys": "many"}}, "--keys many"),
    "a strategy among the options": ({"options": {"strategy": "no_cache"}}, "strategy"),
    "an output among the options": ({"options": {"out": "x.json"}}, "'out'"),
    "a repetition among the options": ({"options": {"repeat": 2}}, "'repeat'"),
    "no repetitions": ({"repetitions": 0}, "repetitions"),
    "a knob of another strategy": (
        {"protocols": [{"strategy": "no_cache", "ttl": "5s"}]},
        "no_cache does not read it",
    ),
    "a switch that is no flag": ({"options": {"sync": "yes"}}, "expected true or false"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_suite_is_refused_before_its_first_run(stalemark, suite, tmp_path, what):
    changes, expected = WRONG[what]
    ended = stalemark("suite", suite(**changes), "--out", "results")
    assert ended.out == ""
    assert ended.err.count("\n") == 1 and expected in ended.err, ended.err
    assert ended.status == 2
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(
    "words, expected",
    [
        (["--repeat", "often"], "--repeat often"),
        (["--repeat", "0"], "--repeat 0"),
        (["--keys", "many"], "--keys many"),
        (["--strategy", "no_cache"], "--strategy"),
        (["--out", "one.json"], "Not a directory"),
        (["--out", "one.json/results"], "one.json/results"),
        (["--out", 300 * "x"], "too long"),
    ],
)
def test_wrong_words_for_a_suite_are_refused(stalemark, suite, words, expected):
    ended = stalemark("suite", suite(), *words)
    assert ended.out == ""
    assert ended.err.count("\n") == 1 and expected in ended.err, ended.err
    assert ended.status == 2
