# SPDX-License-Identifier: Apache-2.0
"""What a suite file may say: products, workloads with protocols of their own, names."""

import pytest
from places import REPOSITORY

CACHED = {"strategy": ["cache_aside", "read_through"], "invalidate": ["erase", "set"]}


def test_a_product_is_every_combination(suite, carry_out):
    results, _ = carry_out(suite(protocols=None, product=[CACHED]))
    assert set(results) == {
        f"one.{strategy}+invalidate={mode}.r1"
        for strategy in CACHED["strategy"]
        for mode in CACHED["invalidate"]
    }
    for name, result in results.items():
        protocol = result["configuration"]["protocol"]
        assert f"one.{protocol['strategy']}+invalidate={protocol['invalidate']}.r1" == name


def test_a_value_may_stand_for_a_list_of_one_and_is_not_in_the_name(suite, carry_out):
    product = {**CACHED, "strategy": "cache_aside", "ttl": "7s"}
    results, _ = carry_out(suite(product=[product]))
    assert set(results) == {"one.no_cache.r1", "one.cache_aside+invalidate=erase.r1",
                            "one.cache_aside+invalidate=set.r1"}  # fmt: skip
    assert results["one.cache_aside+invalidate=set.r1"]["configuration"]["protocol"][
        "ttl_ns"
    ] == 7_000_000_000


def test_a_switch_of_a_product_is_on_and_off(suite, carry_out):
    product = {"strategy": ["write_behind"], "no-coalescing": [False, True]}
    results, _ = carry_out(suite(protocols=None, product=[product]))
    found = {name: r["configuration"]["protocol"]["coalescing"] for name, r in results.items()}
    assert found == {"one.write_behind.r1": True, "one.write_behind+no-coalescing.r1": False}


def test_a_combination_that_makes_no_sense_is_an_error(suite, refuse):
    product = {**CACHED, "strategy": ["cache_aside", "write_through"]}
    refuse(suite(product=[product]), "suite.json:", ": product.0: --invalidate erase",
           "write_through takes only: set", '"skip_senseless": true leaves out')  # fmt: skip


def test_a_value_that_never_makes_sense_is_no_matter_for_skip_senseless(suite, refuse):
    product = {"strategy": ["cache_aside", "read_through"], "shield": ["none", "lok"]}
    parts = ["product.0: shield lok makes sense in no combination", "unknown shield 'lok'"]
    assert "skip_senseless" not in refuse(suite(product=[product]), *parts)


def test_or_left_out_and_counted_if_the_suite_says_so(suite, carry_out):
    product = {**CACHED, "strategy": ["cache_aside", "write_through"], "skip_senseless": True}
    workloads = ["./one.json", "./two.json"]
    results, err = carry_out(suite(product=[product], workloads=workloads, repetitions=2))
    assert len(results) == 2 * 2 * (1 + 3)
    assert "one.write_through+invalidate=erase.r1" not in results
    assert "product.0: 2 combinations that make no sense are left out (--invalidate erase" in err


@pytest.mark.parametrize(
    "values, parts",
    [
        ({"strategy": ["cache_aside", "write_thruogh"]}, ["write_thruogh", "'write_through'?"]),
        ({"invalidate": ["erase", "ersae"]}, ["invalidate ersae", "mean 'erase'?"]),
        ({"ttl": ["5s", "5 parsecs"]}, ["ttl 5 parsecs", "--ttl 5 parsecs"]),
        ({"refresh-at": [0.5]}, ["cache_aside", "makes sense in no combination"]),
    ],
)
def test_a_value_that_never_makes_sense_is_an_error_all_the_same(suite, refuse, values, parts):
    product = {**CACHED, "skip_senseless": True, **values}
    refuse(suite(product=[product]), "product.0", "makes sense in no combination", *parts)


def test_a_product_may_be_lenient_towards_one_workload_alone(suite, carry_out):
    # Without a TTL refresh_ahead has nothing to do: it makes sense over the second alone.
    product = {"strategy": ["cache_aside", "refresh_ahead"], "skip_senseless": True}
    workloads = ["./one.json", {"workload": "./two.json", "options": {"ttl": "1s"}}]
    results, err = carry_out(suite(product=[product], workloads=workloads))
    assert "two.refresh_ahead.r1" in results and "one.refresh_ahead.r1" not in results
    assert "1 combinations" in err


def test_a_workload_has_protocols_of_its_own(suite, carry_out):
    own = {"workload": "./two.json", "product": [{"strategy": ["cache_aside", "write_around"]}]}
    results, _ = carry_out(suite(workloads=["./one.json", own]))
    assert set(results) == {"one.no_cache.r1", "two.cache_aside.r1", "two.write_around.r1"}


def test_a_suite_whose_workloads_all_have_their_own_needs_none(suite, carry_out):
    own = {"workload": "./two.json", "protocols": [{"strategy": "no_cache"}]}
    assert set(carry_out(suite(workloads=[own], protocols=None))[0]) == {"two.no_cache.r1"}


def test_a_workload_has_options_of_its_own(suite, carry_out):
    entries = [{"workload": "./one.json", "options": {"clients": n}} for n in (2, 3)]
    results, _ = carry_out(suite(workloads=[*entries, "./two.json"]))
    clients = {name: r["configuration"]["clients"] for name, r in results.items()}
    assert clients == {"one+clients=2.no_cache.r1": 2, "one+clients=3.no_cache.r1": 3,
                       "two.no_cache.r1": 4}  # fmt: skip


def test_the_stronger_option_wins(suite, carry_out, write_json):
    lent = {"store-servers": 1, "processors": 1, "operation-cost": "1us", "store": "rocksdb"}
    write_json("one.json", {"caption": "c", "keys": 20, "value_size": 32, "options": lent})
    entry = {"workload": "./one.json", "options": {"processors": 3, "clients": 3}}
    common = {"runtime": "virtual", "operations": 100, "warmup": "0", "store-servers": 2,
              "processors": 2, "clients": 2}  # fmt: skip
    protocols = [{"strategy": "cache_aside", "cache-latency": "5us"}]
    name = suite(workloads=[entry], options=common, protocols=protocols)
    results, _ = carry_out(name, "--clients", 4, "--cache-latency", "9us")
    (configuration,) = (result["configuration"] for result in results.values())
    assert configuration["operation_cost_ns"] == 1_000  # The workload file's.
    assert configuration["wires"]["store_servers"] == 2  # The suite's.
    assert configuration["processors"] == 3  # The entry's.
    assert configuration["clients"] == 4  # The command line's.
    assert configuration["wires"]["cache_latency"] == "5us"  # The protocol's.
    assert configuration["store"]["name"] == "rocksdb"


def test_options_for_all_that_a_run_does_not_read_are_left_out(suite, carry_out, write_json):
    write_json("one.json", {"caption": "c", "keys": 20, "value_size": 32,
                            "options": {"refresh-at": 0.5}})  # fmt: skip
    common = {"runtime": "virtual", "operations": 100, "warmup": "0", "flush-batch": 7,
              "ttl": "1s"}  # fmt: skip
    strategies = ["no_cache", "write_behind", "refresh_ahead"]
    results, _ = carry_out(suite(options=common, protocols=[{"strategy": s} for s in strategies]))
    protocols = {r["configuration"]["protocol"]["strategy"]: r["configuration"]["protocol"]
                 for r in results.values()}  # fmt: skip
    assert protocols["no_cache"] == {"strategy": "no_cache", "shield": "none"}
    assert protocols["write_behind"]["flush_batch"] == 7
    assert protocols["refresh_ahead"]["refresh_at"] == 0.5
    ttls = {result["configuration"]["workload"]["ttl"] for result in results.values()}
    assert ttls == {"1s"}  # All face the same workload.


@pytest.mark.parametrize("option, lent, chosen, shown", [
    ("fault", "store-fails=0.1", "cache-flush@5ms", lambda c: c.get("faults")),
    ("shield", "stale", "lock", lambda c: c["protocol"]["shield"]),
])  # fmt: skip
def test_what_it_has_in_place_of_the_workloads_stays_out_where_it_is_not_read(
    suite, carry_out, write_json, option, lent, chosen, shown
):
    write_json("one.json", {"caption": "c", "keys": 20, "value_size": 32,
                            "options": {option: lent}})  # fmt: skip
    options = {"runtime": "virtual", "operations": 100, "warmup": "0", "ttl": "1s", option: chosen}
    protocols = [{"strategy": name} for name in ("no_cache", "read_through", "cache_aside")]
    results, _ = carry_out(suite(options=options, protocols=protocols))
    seen = {r["configuration"]["protocol"]["strategy"]: shown(r["configuration"])
            for r in results.values()}  # fmt: skip
    assert chosen in str(seen["cache_aside"])
    assert not any(lent in str(each) for each in seen.values())


FULL = {
    "repetitions": 1,
    "full_repetitions": 2,
    "workloads": ["./one.json", {"workload": "./two.json", "full_only": True}],
    "protocols": [{"strategy": "no_cache"}, {"strategy": "cache_aside", "full_only": True}],
    "product": [{"strategy": ["write_around"], "full_only": True}],
    "settings": [{"clients": 1}, {"clients": 2, "full_only": True}],
}


def test_parts_for_a_full_suite_are_left_out(suite, carry_out):
    assert set(carry_out(suite(**FULL))[0]) == {"one.clients=1.no_cache.r1"}


def test_or_in_if_it_is_full(suite, carry_out):
    results, _ = carry_out(suite(**FULL), "--full", "--quiet")
    assert len(results) == 2 * 2 * 2 * 3


def test_repetitions_that_are_typed_win_over_a_full_suites(suite, carry_out):
    assert len(carry_out(suite(**FULL), "--full", "--repeat", 1, "--quiet")[0]) == 2 * 2 * 3


def test_parts_for_a_full_suite_are_checked_in_any_case(suite, refuse):
    wrong = {"strategy": "cache_aside", "full_only": True, "tll": "5s"}
    refuse(suite(protocols=[{"strategy": "no_cache"}, wrong]), "mean 'ttl'?")


WRONG = {
    "a workload without its name": ({"workloads": [{"options": {}}]}, "workload: missing"),
    "an unknown field of a workload": (
        {"workloads": [{"workload": "./one.json", "setings": []}]}, "unknown field 'setings'"
    ),
    "no workload unless it is full": (
        {"workloads": [{"workload": "./one.json", "full_only": True}]},
        "workloads: expected at least one",
    ),
    "a workload with no protocols": (
        {"protocols": None, "workloads": [{"workload": "./one.json"}]},
        "protocols: expected at least one",
    ),
    "a workload twice": ({"workloads": ["./one.json", "./one.json"]}, "stands there twice"),
    "a number for a workload": ({"workloads": [5]}, "workloads.0: expected an object"),
    "a product without a strategy": ({"product": [{"ttl": ["5s"]}]}, "strategy: missing"),
    "an empty list in a product": (
        {"product": [{"strategy": ["no_cache"], "ttl": []}]}, "product.0.ttl: expected"
    ),
    "a list of lists in a product": (
        {"product": [{"strategy": ["no_cache"], "ttl": [["5s"]]}]}, "product.0.ttl: expected"
    ),
    "a switch of a product that is a word": (
        {"product": [{"strategy": ["no_cache"], "sync": ["on"]}]}, "expected true or false"
    ),
    "a product of too many": (
        {"product": [{"strategy": ["no_cache"], "keys": list(range(1, 200)),
                      "clients": list(range(1, 200))}]},
        "at most 10000 combinations",
    ),
    "an option that a workload's file may not bring": (
        {"workloads": ["./bad.json"]}, "./bad.json:1: options.seed: is not for a workload"
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_file_is_refused(suite, refuse, write_json, what):
    write_json("bad.json", {"caption": "c", "options": {"seed": 1}})
    changes, expected = WRONG[what]
    refuse(suite(**changes), expected)


def test_a_suite_has_a_name(stalemark):
    ended = stalemark("suite", "embeded", "--out", "results")
    assert (ended.status, ended.out) == (2, "")
    said = "unknown suite or workload 'embeded'; did you mean 'embedded'?"
    assert ended.err == f"stalemark: {said}\n"


def test_a_suite_is_found_by_its_name(stalemark, tmp_path):
    words = ["embedded", "--runtime", "virtual", "--keys", 100, "--operations", 10]
    ended = stalemark("suite", *words, "--warmup", "0", "--repeat", 1, "--quiet")
    assert ended == (0, "", "")
    assert len(list((tmp_path / "results" / "embedded").iterdir())) == 3 * 7


def known_fields(stalemark, name):
    """Those of the object in which an unknown field is, from what is said of it."""
    return stalemark("suite", name).err.rpartition("known: ")[2].split()


def test_the_page_explains_every_field(stalemark, suite):
    text = (REPOSITORY / "docs" / "workloads.md").read_text().partition("## Suites")[2]
    unknown = {"q" * 40: 1}
    for changes in (unknown, {"workloads": [{"workload": "./one.json", **unknown}]}):
        fields = set(known_fields(stalemark, suite(**changes)))
        assert len(fields) >= 4
        for field in fields - {"full_only"}:
            assert f"| `{field}`" in text or f"`{field}` |" in text, field
    for field in ("full_only", "skip_senseless"):
        assert f'"{field}": true' in text
