# SPDX-License-Identifier: Apache-2.0
"""`stalemark explore --replay`: a schedule that was kept is carried out again, or refused."""

import json

import pytest

REPLAYED = ["explore", "--strategy", "cache_aside", "--program", "r | w"]


@pytest.fixture
def witness(stalemark, tmp_path):
    """The exploration with the witness of an old copy that stays, in the file w.json."""
    assert stalemark(*REPLAYED, "--json", "w.json").status == 0
    return json.loads((tmp_path / "w.json").read_text())


def test_a_schedule_is_replayed_as_it_was_shown(stalemark, witness):
    shown = stalemark(*REPLAYED).out
    ended = stalemark("explore", "--replay", "w.json")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out in shown
    assert "The cache keeps v0 although the store has v2, for ever." in ended.out


@pytest.mark.parametrize(
    "options", ["--strategy write_behind --crash 1", "--guard lease --expire 1 --ttl 5s",
                "--strategy cache_aside --caches near --nodes 3 --invalidate event",
                "--rows absent --cache warm --negative-ttl 1s --program d|w|r",
                "--strategy read_through --evict 1 --cache both"]
)  # fmt: skip
def test_schedules_with_faults_are_replayed(stalemark, options):
    assert stalemark("explore", *options.split(), "--json", "w.json").status == 0
    ended = stalemark("explore", "--replay", "w.json")
    assert (ended.status, ended.err) == (0, "")


def change(tmp_path, witness, **to):
    witness["anomalies"][0]["witness"].update(to)
    (tmp_path / "w.json").write_text(json.dumps(witness))


def test_the_first_step_that_goes_another_way_is_named(stalemark, witness, tmp_path):
    steps = witness["anomalies"][0]["witness"]["steps"]
    change(tmp_path, witness, options={"strategy": "write_through"}, steps=steps)
    ended = stalemark("explore", "--replay", "w.json")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == (
        'stalemark: --replay w.json: step 4 is now "client 2: cache put k1 (v2)"'
        ' and was "client 2: cache erase k1"\n'
    )


def test_a_schedule_that_does_no_harm_any_more_is_told(stalemark, witness, tmp_path):
    # The same steps in an order that is right: the read ends before the write begins.
    steps = witness["anomalies"][0]["witness"]["steps"]
    order = [step for step in steps if step["client"] == 1] + [s for s in steps if s["client"] == 2]
    change(tmp_path, witness, steps=order)
    ended = stalemark("explore", "--replay", "w.json")
    assert (ended.status, ended.err) == (1, "")
    assert "it is no longer permanent" in ended.out


WRONG_FILES = [
    ("", "expected JSON"),
    ("[]", "expected"),
    ('{"schema": 1}', "expected"),
    ('{"schema": 1, "anomalies": []}', "no"),
]


@pytest.mark.parametrize(("text", "named"), WRONG_FILES)
def test_a_file_that_is_no_schedule_is_refused(stalemark, write_json, text, named):
    ended = stalemark("explore", "--replay", write_json("w.json", text))
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith("stalemark: --replay w.json: ")
    assert named in ended.err
    assert ended.err.count("\n") == 1


def test_a_schedule_of_another_version_is_refused(stalemark, witness, tmp_path):
    change(tmp_path, witness, schema=2)
    ended = stalemark("explore", "--replay", "w.json")
    assert ended.status == 2
    assert "schema" in ended.err
