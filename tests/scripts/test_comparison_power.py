# SPDX-License-Identifier: Apache-2.0
"""The campaign's book-keeping and its page; its measuring is bench_commits'."""

import argparse
import json
import shutil

import comparison_power
import planted_changes
import power_page
import pytest
from conftest import REPOSITORY

HIT = list(power_page.HIT)


def line(kind, trial, *rows, **more):
    return {"kind": kind, "trial": trial, "seconds": 9.0, "pairs": 40, "contaminated": [],
            "count": {"inconclusive": 2, "same": 3},
            "visible": {"cpu_time": 0.01}, "rows": list(rows), **more}  # fmt: skip


def row(metric, verdict, change=0.05):
    return [*metric, verdict, change, change - 0.01, change + 0.01, 0.001]


@pytest.fixture
def lines():
    calm, other = row(HIT, "same", 0.0), ["ycsb_b", "read.p99", "improved", -0.2, -0.3, -0.1, 0.01]
    return [
        {"kind": "options", "pairs": 10, "seconds": 20, "commit": "c", "cpu": "Z80", "cores": 1},
        {"kind": "truth", "name": "5%", "steps": 9, "pairs": 20,
         "change": 0.051, "low": 0.049, "high": 0.053},
        {"kind": "truth", "name": "10%", "steps": 19, "pairs": 20,
         "change": 0.102, "low": 0.099, "high": 0.105},
        *(line("aa", trial, calm) for trial in range(49)),
        line("aa", 49, calm, other),
        *(line("5%", trial, row(HIT, "regressed")) for trial in range(19)),
        line("5%", 19, row(HIT, "inconclusive"), ["miss", "cpu_time", "regressed", 1, 1, 1, 0]),
        line("10%", 0, row(HIT, "regressed", 0.1)),
        line("chatty", 0, ["ycsb_b", "store.reads", "regressed", 0.01, None, None, None]),
        line("crowd", 0, ["ycsb_b", "store.reads", "improved", -0.01, None, None, None],
             count={"regressed": 3}),
        line("crowd", 1, ["ycsb_b", "store.reads", "improved", -0.01, None, None, None],
             count={"regressed": 0}),
    ]


def test_any_change_that_is_told_of_one_build_is_a_false_alarm(lines):
    parts = power_page.parts(lines, "x.jsonl")
    assert "| nothing | 50 | 1 | 2.0% [0.1%, 10.6%] | 40 (40) |" in parts["the table"]
    assert "with itself, 1 of 50 said that anything had changed" in parts["the answer"]
    assert "took 9 seconds at most, on 1 core of Z80, commit c" in parts["the answer"]


def test_only_the_row_that_was_slowed_down_counts_as_found(lines):
    parts = power_page.parts(lines, "x.jsonl")
    assert "| the hit path, 5% slower | 20 | 19 | 95.0% " in parts["the table"]
    assert "found in 19 of 20, one that is 10% slower (measured: 10.2%) in 1" in parts["the answer"]
    before, within = "5.1% [4.9%, 5.3%] | 20", "5.0% (5.0% to 5.0%) | 1e-03"
    assert f"| 5% | 9 | {before} | {within} |" in parts["the slowdowns"]


def test_what_a_session_could_see_is_a_median_and_what_it_left_undecided_is_told(lines):
    one, other, *_ = (line for line in lines if line["kind"] == "aa")
    one["contaminated"] = ["canary_cpu_ns of ycsb_b: +9%"]
    one["count"] = {"inconclusive": 5, "same": 0}
    other["visible"]["cpu_time"] = 0.9
    found = power_page.parts(lines, "x.jsonl")["the sessions"]
    assert "| cpu_time | 1% |" in found
    assert "Of the 5 figures of a comparison of a build with itself 2 were" in found
    assert "(median; 2 to 5)" in found
    assert "differed between the sides: 1 of 50 comparisons." in found


def test_the_page_names_a_command_that_measures_as_much(lines):
    lines += [line("10%", 7, row(HIT, "regressed", 0.1))]  # Of a longer list, not finished.
    told = "--data results/x.jsonl --aa 50 --slower 1 --chatty 1 --truth 20 --pairs 10 --seconds 20"
    command = power_page.parts(lines, "x.jsonl")["the command"]
    assert f"$ scripts/studies/comparison_power.py {told}\n" in command


def test_the_page_tells_what_was_measured():
    data = REPOSITORY / "results/comparison_power.jsonl"
    page = power_page.PAGE.read_text()
    assert power_page.text(page, comparison_power.read(data), data.name) == page


def test_what_one_file_holds_was_measured_alike(tmp_path):
    path = tmp_path / "data.jsonl"
    options = {"data": path, "pairs": 10, "seconds": 20}
    folder = tmp_path / planted_changes.STRATEGY
    folder.parent.mkdir(parents=True)
    folder.write_text("")
    for again in range(2):
        given = argparse.Namespace(**options)
        comparison_power.Campaign(given, tmp_path, tmp_path, "c").note_options()
    (written,) = map(json.loads, path.read_text().splitlines())
    assert (written["pairs"], written["seconds"], written["commit"]) == (10, 20, "c")
    assert written["cpu"] and written["cores"] >= 1
    given = argparse.Namespace(**{**options, "pairs": 20})
    with pytest.raises(Exception, match="was begun with"):
        comparison_power.Campaign(given, tmp_path, tmp_path, "c").note_options()


def test_in_a_crowd_anything_that_regressed_tells_of_the_change(lines):
    parts = power_page.parts(lines, "x.jsonl")
    assert "| the same, among many clients | 2 | 1 | 50.0% " in parts["the table"]


def test_there_is_no_page_before_everything_was_tried(lines):
    with pytest.raises(Exception, match="no comparisons of crowd yet"):
        power_page.parts(lines[:-2], "x.jsonl")


def test_a_line_that_was_cut_short_is_measured_again(tmp_path):
    path = tmp_path / "data.jsonl"
    path.write_text(json.dumps({"kind": "aa"}) + "\n" + '{"kind": "a')
    assert comparison_power.read(path) == [{"kind": "aa"}]
    assert path.read_text() == json.dumps({"kind": "aa"}) + "\n"
    assert comparison_power.read(tmp_path / "none") == []


@pytest.mark.parametrize("hidden", [0, 3, 10])
@pytest.mark.parametrize("wanted", [0.05, 0.1])
def test_the_steps_of_a_slowdown_are_found_also_where_the_first_cost_nothing(hidden, wanted):
    def slowdown(steps):
        return 0.006 * max(0, steps - hidden)

    tried = {0: 0.0}
    steps = round(comparison_power.FIRST_STEPS * wanted)
    while steps not in tried:
        tried[steps] = slowdown(steps)
        steps = comparison_power.next_steps(tried, wanted)
    assert len(tried) <= comparison_power.TRIES
    assert abs(slowdown(steps) - wanted) <= 0.004


@pytest.mark.parametrize(
    ("plant", "words"),
    [(lambda source: planted_changes.slower(source, 7), "step < 7"),
     (planted_changes.chattier, "++hits_ % 1000 == 0")],
    ids=["slower", "chattier"],
)  # fmt: skip
def test_the_sources_still_have_the_place_for_what_is_planted(tmp_path, plant, words):
    place = tmp_path / planted_changes.STRATEGY
    place.parent.mkdir(parents=True)
    shutil.copy(REPOSITORY / planted_changes.STRATEGY, place)
    plant(tmp_path)
    assert words in place.read_text()
    with pytest.raises(Exception, match="is not what this script plants"):
        place.write_text("")
        plant(tmp_path)
