# SPDX-License-Identifier: Apache-2.0
"""Files of Google Benchmark as sides of a comparison."""

import json

import pytest
from stalemark.compare import sides
from two_sides import benchmark_file, write


@pytest.fixture
def load(tmp_path):
    def run(data):
        return sides.load([write(tmp_path / "b.json", data)])

    return run


def test_repetitions_of_one_process_are_one_value_the_least(load):
    (run,) = load(benchmark_file([52.0, 50.0, 90.0]))
    assert (run.kind, run.title) == ("benchmark", "hit/cache_aside/real_time")
    assert run.noisy == pytest.approx({"cpu_time": 50.0, "real_time": 55.0})


def test_units_of_time_are_brought_to_one(load):
    data = benchmark_file([0.05])
    data["benchmarks"][0]["time_unit"] = "us"
    assert load(data)[0].noisy["cpu_time"] == pytest.approx(50)


def test_aggregates_are_passed_over_and_alone_are_refused(load):
    data = benchmark_file([50.0, 60.0])
    mean = {**data["benchmarks"][0], "run_type": "aggregate", "cpu_time": 1.0}
    data["benchmarks"].append(mean)
    assert load(data)[0].noisy["cpu_time"] == 50
    with pytest.raises(Exception, match="aggregates_only"):
        load({**data, "benchmarks": [mean]})


def test_a_repetition_that_hardly_ran_is_no_measurement(load):
    data = benchmark_file([400.0, 50.0])
    data["benchmarks"][1]["iterations"] = 10  # 500 ns of processor time.
    assert load(data)[0].noisy["cpu_time"] == 400
    for row in data["benchmarks"]:
        row["iterations"] = 1
    assert load(data)[0].noisy == {}


def test_a_benchmark_that_failed_is_refused_with_its_reason(load):
    data = benchmark_file([50.0])
    data["benchmarks"][0] |= {"error_occurred": True, "error_message": "no tier"}
    with pytest.raises(Exception, match="hit/cache_aside/real_time failed: no tier"):
        load(data)


@pytest.mark.parametrize("name", ["cpu_time", "iterations"])
def test_a_file_without_times_is_refused(load, name):
    data = benchmark_file([50.0])
    del data["benchmarks"][0][name]
    with pytest.raises(Exception, match="no times and iterations"):
        load(data)


def write_side(folder, side, factor, session):
    for pair in range(1, 21):
        told = {"id": session, "repetition": pair, "pair": pair}
        data = benchmark_file([50 * factor + 0.01 * pair], session=told, commit=side)
        write(folder / side / f"{pair}.json", data)
    return folder / side


def test_files_of_a_session_pair_up_and_others_do_not(call, tmp_path):
    base = write_side(tmp_path, "base", 1.0, "s")
    head = write_side(tmp_path, "head", 1.1, "s")
    other = write_side(tmp_path, "other", 1.1, "t")
    paired = call("compare.py", base, "--", head)
    assert paired.returncode == 1
    assert "1 case recorded in pairs, 20 each" in paired.stdout
    assert "BASE base (20 runs); HEAD head (20 runs)" in paired.stdout
    separate = call("compare.py", base, "--", other)
    assert separate.returncode == 0
    assert "of separate sessions" in separate.stdout


def test_files_of_another_machine_are_refused(call, tmp_path):
    one = write(tmp_path / "1.json", benchmark_file([50.0]))
    other = write(tmp_path / "2.json", json.loads(one.read_text()) | {
        "context": {"num_cpus": 64, "library_build_type": "debug"}})  # fmt: skip
    outcome = call("compare.py", one, "--", other)
    assert outcome.returncode == 4
    assert "num_cpus=2 against num_cpus=64" in outcome.stderr
