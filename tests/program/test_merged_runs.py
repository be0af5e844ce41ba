# SPDX-License-Identifier: Apache-2.0
"""Results of the program, merged: sums to the digit, and every script and `show` reads them."""

import itertools
import json
import pathlib
import subprocess

import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
SCRIPTS = REPOSITORY / "scripts"
SEEDS = (1, 2, 3)
# What has every set of quantiles that a result can have.
FULL = ["--rate", 20_000, "--nodes", 3, "--invalidate", "event", "--fault", "event-loss=0.2",
        "--shield", "stale", "--ttl", "30ms", "--store-latency", "lognormal(1ms,0.5)",
        "--store-servers", 2]  # fmt: skip


@pytest.fixture(scope="module")
def merging():
    """scripts/merge.py and scripts/stalemark/common/histograms.py, as modules."""
    import importlib
    import sys

    sys.path.insert(0, str(SCRIPTS))
    yield (importlib.import_module(f"stalemark.{name}")
           for name in ("merge.merge", "common.histograms"))
    sys.path.remove(str(SCRIPTS))


@pytest.fixture
def simulated(stalemark, tiny, tmp_path):
    """Writes simulated runs, one a seed; answers their files."""

    def run(*words, seeds=SEEDS):
        for seed in seeds:
            ended = stalemark("run", tiny, "--store", "memory", "--runtime", "virtual", "--quiet",
                              "--operations", 3_000, *words, "--seed", seed,
                              "--out", f"{seed}.json")  # fmt: skip
            assert (ended.status, ended.err) == (0, "")
        return [tmp_path / f"{seed}.json" for seed in seeds]

    return run


def script(name, *words):
    outcome = subprocess.run([SCRIPTS / name, *map(str, words)], capture_output=True, text=True)
    assert outcome.returncode == 0, outcome.stderr
    return outcome.stdout, outcome.stderr


def read(path):
    return json.loads(path.read_text())


def sets_in(section, prefix=""):
    """(name, set) of each set of quantiles in it."""
    for name, value in section.items() if isinstance(section, dict) else ():
        if name.endswith("_ns") and isinstance(value, dict):
            yield f"{prefix}{name}", value
        else:
            yield from sets_in(value, f"{prefix}{name}.")


def leaves(section, prefix=""):
    for name, value in section.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def test_every_set_of_quantiles_follows_from_its_histogram(simulated, merging):
    """The program's own arithmetic is the control of the script's."""
    from stalemark.merge import merged_sections

    _, histograms = merging
    found = 0
    for path in simulated(*FULL):
        data = read(path)
        for name, each in sets_in(data):
            if each["count"] == 0:
                continue
            texts = data["histograms"]
            key = merged_sections.histogram_name(name)
            counts = histograms.merged([texts.get(key, texts[key.split(".")[0]])]
                                       if "by_outcome" in name else [texts[key]])  # fmt: skip
            assert sum(counts.values()) == each["count"], name
            expected = histograms.quantiles(counts, each["min"], each["max"])
            if "age_ns" in name:  # Of ages those are left out that take more of them.
                expected = {quantile: value for quantile, value in expected.items()
                            if each["count"] >= histograms.SHOWN_BY[quantile]}  # fmt: skip
            assert {quantile: each[quantile] for quantile in expected} == expected, name
            assert each["mean"] == (2 * each["sum"] + each["count"]) // (2 * each["count"]), name
            found += 1
        names = {name for name, _ in sets_in(data)}
        assert {"operations.read.by_outcome.hit.latency_ns", "operations.read.response_ns",
                "schedule.slip_ns", "store.queue_ns", "events.delay_ns",
                "consistency.stale_age_ns", "consistency.stale_by_design_age_ns"} <= names
    assert found > 3 * 10


def test_counts_of_simulated_runs_add_up_to_the_digit(simulated, tmp_path, schema):
    paths = simulated(*FULL)
    out = tmp_path / "merged.json"
    _, told = script("merge.py", *paths, "--out", out)
    merged, parts = read(out), [read(path) for path in paths]
    schema.validate(merged)
    summed = 0
    for section in ("operations", "schedule", "cache", "store", "shield", "events", "consistency"):
        columns = [dict(leaves(part[section])) for part in parts]
        for name, value in leaves(merged[section]):
            last = name.rpartition(".")[2]
            if type(value) is not int or "_ns." in name and last != "count":
                continue
            values = [column.get(name, 0) for column in columns]
            assert value == (max(values) if last.endswith("_max") else sum(values)), name
            summed += 1
    assert summed > 80
    for name in ("operations", "hits", "store_reads"):
        for entries in itertools.zip_longest(merged["timeline"], *(p["timeline"] for p in parts)):
            held = [entry[name] for entry in entries[1:] if entry]
            assert entries[0][name] == sum(held)
    # Of several, nothing but these is not known.
    assert {line.split(": ")[1] for line in told.splitlines()} == {
        "timeline.p50_ns", "timeline.p99_ns", "timeline.response_p50_ns",
        "timeline.response_p99_ns", "virtual.trace_hash", "virtual.final_random",
    }  # fmt: skip


def test_two_steps_are_one_and_one_alone_is_itself(simulated, tmp_path):
    paths = simulated(*FULL)
    at_once, pair, twice, alone = (tmp_path / f"{name}.json" for name in "abcd")
    script("merge.py", *paths, "--out", at_once)
    script("merge.py", *paths[1:], "--out", pair)
    script("merge.py", pair, paths[0], "--out", twice)
    assert twice.read_text() == at_once.read_text()
    assert script("merge.py", paths[0], "--out", alone)[1] == ""
    assert {name: value for name, value in read(alone).items() if name != "merged"} == read(
        paths[0]
    )


def test_merged_results_are_read_wherever_results_are(simulated, stalemark, tmp_path):
    folder = tmp_path / "merged"
    folder.mkdir()
    for strategy in ("no_cache", "cache_aside", "write_through"):
        paths = simulated("--strategy", strategy)
        script("merge.py", *paths, "--out", folder / f"{strategy}.json")
    shown = stalemark("show", folder / "cache_aside.json")
    assert (shown.status, shown.err) == (0, "")
    assert "merged       3 runs side by side" in shown.out
    assert "\n  up to  " in shown.out
    assert "write_through" in script("matrix.py", folder)[0]
    script("report.py", folder, "--out", folder)
    assert "cache_aside" in (folder / "report.html").read_text()
    script("export.py", folder, "--csv", tmp_path / "all.csv", "--hgrm", tmp_path / "curves")
    assert len(list((tmp_path / "curves").glob("*.read.hgrm"))) == 3
    assert "write_through" in script("recommend.py", folder, "--max-stale-age", "1s")[0]


def test_real_runs_merge_too(measure, tmp_path, schema):
    paths = []
    for seed in SEEDS:
        paths.append(tmp_path / f"{seed}.json")
        paths[-1].write_text(json.dumps(measure("--seed", seed, store="rocksdb")))
    _, told = script("merge.py", *paths, "--out", tmp_path / "merged.json")
    merged, parts = read(tmp_path / "merged.json"), [read(path) for path in paths]
    schema.validate(merged)
    facts = [part["resources"]["rocksdb"] for part in parts]
    written, asked = (sum(fact[name] for fact in facts)
                      for name in ("bytes_written", "user_bytes_written"))  # fmt: skip
    assert merged["store"]["write_amplification"] == written / asked
    assert merged["elapsed_ns"] == max(part["elapsed_ns"] for part in parts)
    rates = [part["operations_per_second"] for part in parts]
    assert merged["operations_per_second"] == pytest.approx(sum(rates))
    assert "left out: context.harness_overhead_ns: differs\n" in told
