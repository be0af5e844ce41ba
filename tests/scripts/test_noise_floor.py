# SPDX-License-Identifier: Apache-2.0
"""What sessions of one build differ by, and what a comparison of separate sessions makes of it."""

import json
import math
import random
import statistics

import pytest
from stalemark.compare import noise_floor
from two_sides import benchmark_file, write

SPREAD = 0.05


def session(folder, name, factor=1.0, runs=3):
    for number in range(runs):
        told = {"id": name, "repetition": number, "pair": number}
        data = benchmark_file([50 * factor * (1 + 0.001 * number)], session=told)
        write(folder / f"{name}.{number}.json", data)
    return folder


@pytest.fixture
def shifts():
    draw = random.Random(5)
    return [draw.gauss(0, SPREAD) for _ in range(12)]


@pytest.fixture
def floor(call, tmp_path, shifts):
    for number, shift in enumerate(shifts):
        session(tmp_path / "floor", f"s{number}", math.exp(shift))
    outcome = call("noise_floor.py", tmp_path / "floor", "--out", tmp_path / "floor.json")
    assert outcome.returncode == 0, outcome.stderr
    return tmp_path / "floor.json"


def test_the_floor_is_the_spread_of_the_sessions(floor, shifts):
    (case,) = json.loads(floor.read_text())["cases"].values()
    assert case["sessions"] == 12
    assert case["deviations"]["cpu_time"] == pytest.approx(statistics.stdev(shifts))


@pytest.mark.parametrize(
    ("factor", "status", "verdict"), [(1.5, 1, "regressed"), (1.05, 0, "inconclusive")]
)
def test_separate_sessions_are_judged_against_the_floor(
    call, tmp_path, floor, factor, status, verdict
):
    base, head = session(tmp_path / "a", "a"), session(tmp_path / "b", "b", factor)
    outcome = call("compare.py", base, "--", head, "--floor", floor)
    assert outcome.returncode == status
    row = next(line for line in outcome.stdout.splitlines() if "cpu_time  " in line)
    assert row.split()[1] == verdict
    if verdict == "inconclusive":
        assert "more runs do not help" in row


def test_more_runs_of_a_session_do_not_narrow_the_interval_below_the_floor(call, tmp_path, floor):
    def half(runs):
        base = session(tmp_path / f"a{runs}", "a", runs=runs)
        head = session(tmp_path / f"b{runs}", "b", runs=runs)
        out = tmp_path / f"{runs}.json"
        call("compare.py", base, "--", head, "--floor", floor, "--json", out)
        rows = json.loads(out.read_text())["rows"]
        row = next(row for row in rows if row["metric"] == "cpu_time")
        return row["high"] - row["low"]

    assert half(40) > 4 * SPREAD / 2


def test_fewer_than_ten_sessions_are_refused(call, tmp_path):
    for number in range(9):
        session(tmp_path / "few", f"s{number}")
    outcome = call("noise_floor.py", tmp_path / "few", "--out", tmp_path / "floor.json")
    assert outcome.returncode == 2
    assert "9 sessions; expected 10" in outcome.stderr
    assert not (tmp_path / "floor.json").exists()


def test_a_floor_of_another_machine_is_refused(call, tmp_path, floor):
    data = json.loads(floor.read_text())
    data["machine"]["benchmark"]["num_cpus"] = 64
    write(floor, data)
    base = session(tmp_path / "a", "a")
    outcome = call("compare.py", base, "--", base, "--floor", floor)
    assert outcome.returncode == 4
    assert "of another machine" in outcome.stderr


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"noise_floor": 2}', '{"noise_floor": 1}'])
def test_a_file_that_is_no_floor_is_wrong_input(call, tmp_path, text):
    (tmp_path / "x.json").write_text(text)
    base = session(tmp_path / "a", "a")
    outcome = call("compare.py", base, "--", base, "--floor", tmp_path / "x.json")
    assert outcome.returncode == 2
    assert len(outcome.stderr.splitlines()) == 1


def test_ten_sessions_have_students_quantile():
    # 2.262 for nine degrees of freedom, by the tables.
    expected = math.expm1(2.262 * math.sqrt(2) * 0.01)
    assert noise_floor.apart(0.01, 10) == pytest.approx(expected, rel=1e-3)
