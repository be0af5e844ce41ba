# SPDX-License-Identifier: Apache-2.0
"""scripts/merge.py: who the parts are, what is refused, what is written."""

import hashlib
import json
import re

import pytest
from recorded import HITS, MISSES, parts, recorded
from stalemark.common import results
from stalemark.common.command import Refusal


def test_machines_may_differ_and_the_parts_tell_how(join):
    datas = parts()
    for number, data in enumerate(datas):
        data["context"] |= {"cpu": f"cpu {number}", "harness_overhead_ns": number}
    merged, notes = join(*datas)
    assert merged["context"] == {"commit": "0" * 40, "build_type": "RelWithDebInfo", "cores": 2}
    assert {"context.cpu", "context.harness_overhead_ns"} <= notes.keys()
    told = [part["context"]["cpu"] for part in merged["merged"]["parts"]]
    assert told == ["cpu 0", "cpu 1", "cpu 2"]


def test_parts_are_told_by_seed_time_and_digest(join, tmp_path):
    one, two, _ = parts()
    merged, _ = join(two, one)
    told = merged["merged"]["parts"]
    assert [part["seed"] for part in told] == [1, 2]
    assert (merged["seed"], merged["configuration"]["seed"]) == (1, 1)
    assert merged["started_at"] == one["started_at"]
    digests = {hashlib.sha256(path.read_bytes()).hexdigest()
               for path in tmp_path.glob("part*.json")}  # fmt: skip
    assert {part["sha256"] for part in told} == digests
    for part, data in zip(told, (one, two)):
        for name in ("command", "started_at", "elapsed_ns", "context", "workload_digest"):
            assert part[name] == data[name]


def test_the_digest_is_that_of_the_same_operations_whoever_was_given_them(join):
    one, two, three = parts()
    asked = (one, two), (two, one), (two, three)
    digests = [join(*some)[0]["workload_digest"] for some in asked]
    assert digests[0] == digests[1] != digests[2]


def test_a_part_that_was_interrupted_makes_the_whole_incomplete(join):
    one, two, _ = parts()
    two["complete"] = False
    assert join(one, two)[0]["complete"] is False


def bent(path, value):
    """A change of the second of two results."""

    def bend(data):
        *places, last = path.split(".")
        for place in places:
            data = data[place]
        data[last] = value

    return bend


REFUSED = {
    "another protocol": (bent("configuration.protocol.ttl_ns", 5), "configuration.protocol.ttl_ns"),
    "another workload": (bent("configuration.workload.name", "x"), "workload.name differs (zipf"),
    "another commit": (bent("context.commit", "1" * 40), "context.commit differs"),
    "uncommitted changes": (bent("context.dirty", True), "context.dirty differs (none and True)"),
    "a histogram of something else": (bent("histograms.read", "5:3"), "holds 3 durations"),
    "the same run": (lambda data: data.update(recorded(1, HITS[0], MISSES[0])), "the same run"),
}


@pytest.mark.parametrize("bend, words", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_one_result_is_refused(join, bend, words):
    one, two, _ = parts()
    bend(two)
    with pytest.raises(Refusal, match=re.escape(words)) as refusal:
        join(one, two)
    assert refusal.value.status == 2


def test_a_run_that_a_part_already_holds_is_refused(join):
    one, two, _ = parts()
    both, _ = join(one, two)
    with pytest.raises(Refusal, match="count twice"):
        join(both, two)


def test_runs_of_one_session_are_merged_in_turn_alone(join):
    one, two, three = parts()
    for repetition, data in enumerate((one, two)):
        data["session"] = {"id": "s1", "repetition": repetition}
    with pytest.raises(Refusal, match="expected --in-turn"):
        join(one, two)
    merged, notes = join(one, two, in_turn=True)
    assert "session" not in merged and "session" in notes
    assert [part["session"]["repetition"] for part in merged["merged"]["parts"]] == [0, 1]
    with pytest.raises(Refusal, match="was merged with --in-turn"):
        join(merged, three)


@pytest.fixture
def files(tmp_path):
    paths = [tmp_path / f"{number}.json" for number in range(2)]
    for path, data in zip(paths, parts()):
        path.write_text(json.dumps(data))
    return paths


def test_the_script_writes_a_result_and_names_what_it_left_out(call, files, tmp_path):
    other = parts()[1]
    other["context"]["cpu"] = "b"
    files[1].write_text(json.dumps(other))
    out = tmp_path / "merged.json"
    for _ in range(2):  # What it made, it makes anew.
        outcome = call("merge.py", *files, "--out", out)
        assert (outcome.returncode, outcome.stdout) == (0, "")
        assert outcome.stderr == "left out: context.cpu: differs\n"
    (merged,) = results.load([out])
    assert merged.data["operations"]["read"]["count"] == 1000 + 900


def test_mistakes_are_answered_with_one_line(call, files, tmp_path):
    other = tmp_path / "notes.txt"
    other.write_text("mine")
    garbled = tmp_path / "garbled.json"
    garbled.write_text(json.dumps(recorded(9, [5], [6]) | {"histograms": {"read": "5:1 6"}}))
    later = tmp_path / "later.json"
    later.write_text(json.dumps(recorded(9, [5], [6]) | {"schema": 3}))
    mistakes = [
        ([files[0], files[0], "--out", tmp_path / "m"], "would count twice"),
        ([*files], "--out"),
        ([*files, "--out", files[0]], "is one of the results"),
        ([files[0], "--out", files[1]], "holds something else than a merged result"),
        ([*files, "--out", other], "holds something else"),
        ([*files, "--out", tmp_path], "is a folder"),
        ([*files, "--out", tmp_path / "no" / "m"], "No such file"),
        ([garbled, "--out", tmp_path / "m"], "histograms.read"),
        ([later, files[0], "--out", tmp_path / "m"], "schema 3"),
    ]
    for words, part in mistakes:
        outcome = call("merge.py", *words)
        assert (outcome.returncode, outcome.stderr.count("\n")) == (2, 1), outcome.stderr
        assert part in outcome.stderr
    assert other.read_text() == "mine"
    assert json.loads(files[1].read_text()) == parts()[1]
    assert not (tmp_path / "m").exists()
