# SPDX-License-Identifier: Apache-2.0
"""`stalemark explore`: counts, verdicts, schedules and their replay, and wrong command lines."""

import json
import re

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
    ("--guard newer_remembered --remember 1 --program r|w", [], ["permanent"]),
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


@pytest.mark.parametrize("kind", ["pos", "random", "pct"])
def test_schedules_by_chance_say_what_they_cannot_say(stalemark, kind):
    words = ["explore", "--schedules", kind, "--seeds", "2000"]
    found = json.loads(stalemark(*words, "--json", "-").out)
    assert (found["schedules"], found["exhaustive"]) == (2000, False)
    assert 0 < found["unseen"] < 0.5
    assert classes(found) <= {"permanent", "permanent_after_ttl", "read_your_writes",
                              "monotonic_reads", "linearizability"}  # fmt: skip
    assert "permanent_after_ttl" in classes(found)
    ended = stalemark(*words)
    assert ended.status == 0
    assert re.search(r"by chance: [\d.]+% of further ones would come to another outcome", ended.out)


def test_a_program_of_many_schedules_is_drawn_from(stalemark):
    program = "w r w r | r w r w | m r r | d w r r"
    ended = stalemark("explore", "--program", program)
    assert (ended.status, ended.out) == (2, "")
    assert "more than 6.3e+07 schedules" in ended.err
    assert "draw some of them with --schedules pos" in ended.err
    words = ["--program", program, "--schedules", "pos", "--seeds", "500", "--json", "-"]
    found = json.loads(stalemark("explore", *words).out)
    assert found["schedules"] == 500
    assert "linearizability" in classes(found)


def test_a_lost_event_leaves_a_near_copy(explored):
    near = ["--caches", "near", "--nodes", "2", "--invalidate", "event", "--event-check", "version"]
    assert "permanent_after_ttl" not in classes(explored(*near, "--program", "w | r r"))
    lossy = explored(*near, "--program", "w | r r", "--lose", "1")
    assert lossy["exhaustive"] and "permanent_after_ttl" in classes(lossy)


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
    assert "  none     warm    for ever 1, not lin. 2\n" in ended.out


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
    (["--seeds", "5"], "--seeds: --schedules all does not read it"),
    (["--schedules", "pos", "--max-schedules", "5"], "--max-schedules: --schedules pos does"),
    (["--schedules", "poss"], "did you mean 'pos'?"),
    (["--lose", "x"], "--lose x"),
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
