# SPDX-License-Identifier: Apache-2.0
"""`stalemark explore`: counts, verdicts, schedules and their replay, and wrong command lines."""

import json

import pytest

# What is known of these protocols: (options, what they have, what they do not have).
KNOWN = [
    ("--strategy no_cache", [], ["linearizability"]),
    ("--strategy cache_aside", ["permanent_after_ttl", "monotonic_reads"], ["dirty"]),
    ("--strategy cache_aside --ttl 5s", ["permanent"], ["permanent_after_ttl"]),
    ("--strategy write_through", ["permanent_after_ttl", "linearizability"], ["store_older"]),
    ("--strategy write_through --order cache_first --crash 1", ["dirty"], []),
    ("--strategy write_through --guard lock_all", [], ["linearizability", "permanent"]),
    ("--strategy cache_aside --guard lease", ["linearizability"], ["permanent"]),
    ("--strategy cache_aside --guard tombstone", [], ["permanent"]),
    ("--strategy cache_aside --guard tombstone --evict 1", ["permanent_after_ttl"], []),
    ("--strategy cache_aside --guard lock", [], ["permanent"]),
    ("--strategy cache_aside --guard lock --crash 1", ["permanent_after_ttl"], []),
    ("--strategy cache_aside --guard lease --crash 1", ["permanent_after_ttl"], ["store_older"]),
    ("--strategy write_behind --crash 1", ["store_older"], []),
    ("--strategy write_behind", [], ["store_older"]),
]  # fmt: skip


@pytest.fixture
def explored(stalemark):
    """The exploration of this command line."""

    def run(*words):
        ended = stalemark("explore", *words, "--json", "-")
        assert (ended.status, ended.err) == (0, "")
        return json.loads(ended.out)

    return run


def classes(exploration):
    return {one["class"] for one in exploration["anomalies"]}


def test_the_schedules_of_cache_aside_are_those_that_were_counted_by_hand(explored):
    found = explored("--strategy", "cache_aside")
    assert found["exhaustive"]
    assert (found["schedules"], found["abandoned"], found["outcomes"]) == (1428, 259, 854)


@pytest.mark.parametrize(("options", "has", "has_not"), KNOWN, ids=[row[0] for row in KNOWN])
def test_what_is_known_of_a_protocol_is_found(explored, options, has, has_not):
    found = explored(*options.split())
    assert found["exhaustive"]
    assert [name for name in has if name not in classes(found)] == []
    assert [name for name in has_not if name in classes(found)] == []


def test_a_crashed_process_keeps_no_queue_and_a_store_keeps_its_rows(explored):
    found = explored("--strategy", "write_behind", "--crash", "1")
    lost = next(one for one in found["anomalies"] if one["class"] == "store_older")
    assert lost["witness"]["steps"][-1]["kind"] == "crash"
    assert explored("--strategy", "no_cache", "--crash", "1")["anomalies"] == []


@pytest.mark.parametrize(
    "options", [["--evict", "1"], ["--crash", "1"], ["--expire", "1"], ["--nodes", "3"],
                ["--cache", "warm"], ["--rows", "absent"], ["--caches", "both", "--nodes", "2"],
                ["--program", "w r | w | r"], ["--guard", "newer"], ["--shield", "lock"]],
    ids=" ".join,
)  # fmt: skip
def test_each_option_changes_what_is_explored(explored, options):
    usual = ["--guard", "lease", "--ttl", "5s"]
    if options[0] in ("--guard", "--shield"):
        usual = ["--ttl", "5s", "--program", "w | r"]
    before, after = explored(*usual), explored(*usual, *options)
    assert before["exhaustive"] and after["exhaustive"]
    changed = [name for name in ("schedules", "outcomes") if before[name] != after[name]]
    if options[0] == "--nodes":  # One cache: the same schedules, from another place.
        assert changed == [] and after["options"]["nodes"] == "3"
    else:
        assert changed != []


def test_updates_of_two_clients_are_lost(explored):
    assert "lost_update" in classes(explored("--strategy", "no_cache", "--program", "m | m"))
    assert explored("--strategy", "no_cache", "--program", "m m")["anomalies"] == []


def test_keys_do_not_touch_each_other(explored):
    found = explored("--strategy", "cache_aside", "--program", "w | r2")
    assert (found["anomalies"], found["exhaustive"]) == ([], True)


def test_how_keys_are_numbered_changes_no_verdict(explored):
    one = explored("--strategy", "cache_aside", "--program", "w | r")
    other = explored("--strategy", "cache_aside", "--program", "w2 | r2")
    assert classes(one) == classes(other)
    assert one["schedules"] == other["schedules"]


def test_both_caches_are_explored_one_after_the_other(explored, stalemark):
    both = explored("--strategy", "write_through", "--cache", "both")["explorations"]
    assert [one["cache"] for one in both] == ["cold", "warm"]
    text = stalemark("explore", "--strategy", "write_through", "--cache", "both").out
    assert "cold cache:" in text and "warm cache:" in text


def test_a_search_that_was_cut_off_says_so(stalemark):
    ended = stalemark("explore", "--guard", "lease", "--max-schedules", "5")
    assert ended.status == 0
    assert "5 schedules" in ended.out
    assert "not exhaustive: cut off at --max-schedules" in ended.out
    assert "No anomaly.\n" not in ended.out
    ended = stalemark("explore", "--guard", "lease", "--max-schedules", "5", "--json", "-")
    assert not json.loads(ended.out)["exhaustive"]
    assert ended.err == "stalemark: note: not exhaustive: cut off after 5 schedules\n"


def test_a_broken_promise_is_an_exit_status_if_asked_for(stalemark):
    broken = ["explore", "--strategy", "write_behind", "--crash", "1"]
    kept = ["explore", "--strategy", "write_through", "--guard", "lock_all"]
    assert stalemark(*broken).status == 0
    assert stalemark(*kept, "--expect-promise").status == 0


def test_every_protocol_of_the_table_has_its_cells(stalemark):
    words = ["--matrix", "--only", "no cache", "--program", "w | r", "--json", "-"]
    table = json.loads(stalemark("explore", *words).out)
    assert [row["protocol"] for row in table["protocols"]] == ["no cache"]
    cells = table["protocols"][0]["cells"]
    assert {(cell["fault"], cell["cache"]) for cell in cells} == {
        (fault, cache)
        for fault in ("none", "eviction", "crash", "expiry")
        for cache in ("cold", "warm")
    }
    assert all(cell["exhaustive"] and cell["anomalies"] == [] for cell in cells)


def test_a_whole_name_chooses_one_protocol_of_the_table(stalemark):
    def chosen(part):
        words = ["--matrix", "--only", part, "--program", "w | r", "--json", "-"]
        table = json.loads(stalemark("explore", *words).out)
        return [row["protocol"] for row in table["protocols"]]

    assert chosen("store, erase; plain fill") == ["store, erase; plain fill"]
    assert len(chosen("erase; plain fill")) > 2


def test_the_table_is_told_in_the_terminal(stalemark):
    ended = stalemark("explore", "--matrix", "--only", "store; plain fill", "--program", "w | r")
    assert "store; plain fill  [--strategy write_around; declared: none]" in ended.out
    assert "  none     warm  for ever 1, not lin. 2\n" in ended.out


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


WRONG = [
    (["--guard", "leese"], "did you mean 'lease'?"),
    (["--order", "store_frist"], "did you mean 'store_first'?"),
    (["--strategy", "write_thru"], "did you mean 'write_through'?"),
    (["--cache", "wram"], "did you mean 'warm'?"),
    (["--rows", "abscent"], "did you mean 'absent'?"),
    (["--caches", "neer"], "did you mean 'near'?"),
    (["--program", "w x"], "position 3"),
    (["--program", ""], "--program"),
    (["--nodes", "9"], "--nodes 9"),
    (["--nodes", "4"], "--nodes 4: expected at most one for each client"),
    (["--evict", "-1"], "--evict -1"),
    (["--max-schedules", "0"], "--max-schedules 0"),
    (["--only", "lock"], "--only: it chooses rows of the table; give --matrix"),
    (["--matrix", "--only", "luck"], "--only luck"),
    (["--matrix", "--guard", "lease"], "--matrix"),
    (["--matrix", "--evict", "1"], "--evict: --matrix does not read it"),
    (["--replay", "nothing.json"], "--replay nothing.json: expected a file that can be read"),
    (["--replay", "x.json", "--program", "w"], "--program: --replay does not read it"),
    (["--shield", "stale"], "--shield stale"),
    (["--strategy", "write_around", "--double-delete", "5ms"], "double-delete"),
    (["--json", "no/such/folder/x.json"], "no/such/folder"),
]


@pytest.mark.parametrize(("words", "named"), WRONG, ids=[" ".join(words) for words, _ in WRONG])
def test_a_wrong_command_line_is_refused_in_one_line(stalemark, words, named):
    ended = stalemark("explore", *words)
    assert (ended.status, ended.out) == (2, "")
    assert named in ended.err
    assert ended.err.count("\n") == 1


def test_no_file_of_another_kind_is_overwritten(stalemark, write_json, tmp_path):
    name = write_json("mine.json", '{"mine": 1}')
    ended = stalemark("explore", "--program", "r | w", "--json", name)
    assert ended.status == 2
    assert (tmp_path / name).read_text() == '{"mine": 1}'
    assert stalemark("explore", "--program", "r | w", "--json", "w.json").status == 0
    assert stalemark("explore", "--program", "r | w", "--json", "w.json").status == 0


def test_two_explorations_are_the_same(explored):
    words = ["--strategy", "read_through", "--evict", "1"]
    assert explored(*words) == explored(*words)
