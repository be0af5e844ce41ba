# SPDX-License-Identifier: Apache-2.0
"""Where cache and store are, by name; and nodes that share the one cache there is."""

import json

import pytest
from fleet_words import left_stale, stale
from places import REPOSITORY
from test_bad_input import OK, is_refused

SHIPPED = sorted(path.stem for path in (REPOSITORY / "deployments").glob("*.json"))
SHARING = ["--nodes", 4, "--clients", 16, "--near-cache", "none", "--cache-latency", "1ms"]


def test_they_are_listed_with_what_they_are(stalemark):
    listed = json.loads(stalemark("list", "deployments", "--json").out)["deployments"]
    assert [row["name"] for row in listed] == SHIPPED == ["embedded", "far", "fleet", "service"]
    assert all(len(row["caption"]) > 20 for row in listed)


@pytest.mark.parametrize("runtime", ["virtual", "threads"])
@pytest.mark.parametrize("name", SHIPPED)
def test_each_runs_in_either_time(measure, name, runtime):
    words = ["--runtime", runtime, "--deployment", name, "--clients", 16]
    configuration = measure(*words, operations=160)["configuration"]
    assert configuration["deployment"] == name
    said = json.loads((REPOSITORY / f"deployments/{name}.json").read_text())["options"]
    assert configuration["nodes"] == said["nodes"]["value"]
    servers = said["store-servers"]["value"]
    assert configuration["wires"].get("store_servers", "none") == servers
    shares = said.get("near-cache", {}).get("value") == "none"
    assert configuration.get("near_cache") == ("none" if shares else None)


@pytest.fixture
def mine(write_json):
    """Writes a deployment of these options; answers its path."""

    def write(**options):
        told = {name: {"value": value, "source": "a guess"} for name, value in options.items()}
        return "./" + write_json("mine.json", {"caption": "mine", "options": told})

    return write


def test_typed_goes_before_deployment_and_that_before_the_workload(stalemark, write_json, mine):
    lent = {"nodes": 2, "store-latency": "2ms", "store-servers": 2}
    workload = {"keys": 100, "mix": {"read": 1}, "warmup": "0", "options": lent}
    write_json("lends.json", {"caption": "lends", **workload})
    where = mine(**{"nodes": 3, "store-latency": "3ms"})
    words = ["run", "lends.json", "--runtime", "virtual", "--operations", "50", "--out", "-"]
    ended = stalemark(*words, "--deployment", where, "--nodes", "4")
    configuration = json.loads(ended.out)["configuration"]
    assert configuration["nodes"] == 4
    assert configuration["wires"]["store_latency"] == "3ms"
    assert configuration["wires"]["store_servers"] == 2
    assert configuration["deployment"] == where


def test_what_the_strategy_does_not_read_is_left_out(measure):
    result = measure("--runtime", "virtual", "--deployment", "service", "--strategy", "no_cache")
    assert result["cache"]["gets"] == 0


# Nodes that share the one cache.


def test_a_write_reaches_what_all_nodes_read(paced):
    own, shared = paced("--nodes", 4, "--clients", 16), paced(*SHARING)
    assert stale(own) > 20 * stale(shared)
    assert left_stale(own) > left_stale(shared)
    assert "visible_within" not in shared["consistency"]
    assert "shared_cache" not in shared


def test_four_nodes_that_share_a_cache_find_as_much_in_it_as_one(measure):
    small = ["--runtime", "virtual", "--rate", 5000, "--duration", "2s", "--cache-size", "20%"]
    small += ["--cache-latency", "1ms", "--clients", 16]
    one = measure(*small, operations=None)
    four = measure(*small, "--nodes", 4, "--near-cache", "none", operations=None)
    apart = measure(*small, "--nodes", 4, operations=None)
    assert four["cache"]["hit_ratio"] == pytest.approx(one["cache"]["hit_ratio"], abs=0.01)
    assert four["cache"]["capacity_bytes"] == one["cache"]["capacity_bytes"]
    assert apart["cache"]["capacity_bytes"] == 4 * one["cache"]["capacity_bytes"]
    assert four["cache"]["gets"] == four["operations"]["read"]["count"]


def test_its_latency_is_that_of_the_cache(paced):
    for ms in (1, 5):
        words = [*SHARING[:-1], f"{ms}ms"]
        hit = paced(*words)["operations"]["read"]["by_outcome"]["hit"]
        assert hit["latency_ns"]["p50"] == pytest.approx(ms * 1e6, rel=0.05)


def test_its_promise_is_that_of_one_node(paced):
    words = ["--strategy", "write_through"]
    assert paced(*words, *SHARING)["promise"]["declared"].startswith("linearizable")
    assert not paced(*words, "--nodes", 4)["promise"]["declared"].startswith("linearizable")


def test_the_lock_holds_between_nodes(paced):
    words = ["--ttl", "100ms", "--shield", "lock", "--store-latency", "5ms"]
    assert paced(*SHARING, *words)["shield"]["lease_waits"] > 0
    assert paced("--nodes", 4, "--clients", 16, *words)["shield"]["lease_waits"] == 0


def test_the_log_erases_from_it(paced):
    words = ["--invalidate", "event", "--event-source", "log", "--log-poll", "1ms"]
    told, deaf = paced(*SHARING, *words), paced(*SHARING, "--invalidate", "none")
    assert told["cache"]["erases"] >= told["operations"]["write"]["count"] * 0.9
    assert left_stale(told) == 0 < left_stale(deaf)


def test_a_near_cache_has_a_size_of_its_own(measure):
    words = ["--runtime", "virtual", "--nodes", 2, "--shared-cache", "50%"]
    by_default = measure(*words)["configuration"]["cache"]["capacity_bytes"]
    smaller = measure(*words, "--near-cache", "10%")["configuration"]["cache"]["capacity_bytes"]
    assert smaller == pytest.approx(by_default / 10, rel=0.01)


# Bad input.

VALUE = '"value": "1ms", "source": "a guess"'
FILES = [
    ("[]", "expected an object"),
    ('{"options": {}}', "caption"),
    ('{"caption": "mine"}', "options"),
    ('{"caption": "mine", "options": {}, "more": 1}', "more"),
    ('{"caption": "mine", "options": {"store-latency": "1ms"}}', "mine.json:1"),
    ('{"caption": "mine", "options": {"store-latency": {"value": "1ms"}}}', "source"),
    ('{"caption": "mine", "options": {"store-latency": {"value": "1ms", "source": ""}}}', "source"),
    (f'{{"caption": "mine", "options": {{"store-latnecy": {{{VALUE}}}}}}}', "did you mean"),
    (f'{{"caption": "mine", "options": {{"strategy": {{{VALUE}}}}}}}', "option of a deployment"),
    (f'{{"caption": "mine", "options": {{"keys": {{{VALUE}}}}}}}', "option of a deployment"),
    (f'{{"caption": "mine", "options": {{"nodes": {{{VALUE}}}}}}}', "mine.json:1: --nodes 1ms"),
]


@pytest.mark.parametrize("text, part", FILES)
def test_a_wrong_file_is_refused_in_one_line(stalemark, tiny, write_json, text, part):
    ended = stalemark(*OK, "--deployment", "./" + write_json("mine.json", text))
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.count("\n") == 1 and part in ended.err and "mine.json" in ended.err


@pytest.mark.parametrize("words, part", [
    (["--deployment", "sevrice"], "did you mean 'service'?"),
    (["--deployment", "./missing.json"], "missing.json"),
    (["--near-cache", "lots"], "--near-cache lots"),
    (["--near-cache", "10%"], "give a --shared-cache"),
    (["--near-cache", "none", "--shared-cache", "10%"], "--shared-cache: with --near-cache none"),
    (["--near-cache", "none", "--near-ttl", "1s"], "--near-ttl: with --near-cache none"),
    (["--near-cache", "many", "--strategy", "no_cache"], "--near-cache many"),
    (["--near-cache", "none", "--nodes", "2", "--clients", "4", "--invalidate", "event"],
     "give --event-source log"),
    (["--near-cache", "none", "--invalidate", "event", "--event-source", "log", "--on-gap",
      "clear"], "no node has a cache of its own"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused(stalemark, tiny, words, part):
    is_refused(stalemark(*OK, *words), part)
