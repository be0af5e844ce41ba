# SPDX-License-Identifier: Apache-2.0
"""`stalemark check`: verdicts, their exit statuses and certificates, and wrong histories."""

import json

import pytest

FIRST = '{"fmt":"stalemark-history","v":1,"initial":0}'


def operation(op, v, call, ret, k=17, c=3, **more):
    line = {"k": k, "c": c, "op": op, "v": v, "call": call, "ret": ret}
    return json.dumps({name: value for name, value in (line | more).items() if value != ...})


def write(v, call, ret, **more):
    return operation("w", v, call, ret, **more)


def read(v, call, ret, **more):
    return operation("r", v, call, ret, **more)


STALE = [write("a", 0, 10), write("b", 20, 30), read("a", 100, 110, c=5)]


@pytest.fixture
def check(stalemark, tmp_path):
    """Judges the history of these lines; the first is added."""

    def run(lines, *words, first=FIRST):
        text = "".join(line + "\n" for line in ([first] if first else []) + list(lines))
        (tmp_path / "h.jsonl").write_text(text)
        return stalemark("check", "h.jsonl", *words)

    return run


@pytest.fixture
def verdict(check):
    """The verdict on these lines as JSON, and the exit status."""

    def run(lines, *words, **more):
        ended = check(lines, "--json", "-", *words, **more)
        assert ended.err == ""
        return json.loads(ended.out), ended.status

    return run


def test_a_linearizable_history_is_ok(check, verdict):
    lines = [write("a", 0, 10), read("a", 5, 15, c=4), read(0, 3, 9, c=6)]
    ended = check(lines)
    assert ended.status == 0
    assert ended.out.startswith("ok: the history is linearizable\n3 operations: 2 reads, 1 write,")
    found, status = verdict(lines)
    assert (found["verdict"], found["operations"], found["keys"], status) == ("ok", 3, 1, 0)
    assert found["linearizability"] == found["stale_reads"] == []


def test_a_stale_read_is_an_anomaly_that_three_lines_prove(check, verdict):
    found, status = verdict(STALE)
    assert (found["verdict"], status) == ("anomalies", 1)
    assert found["counts"]["stale_reads"] == found["counts"]["linearizability"] == 1
    [anomaly] = found["stale_reads"]
    assert (anomaly["key"], anomaly["class"], anomaly["age_ns"]) == ("17", "stale_read", 70)
    assert [part["line"] for part in anomaly["certificate"]] == [2, 3, 4]
    assert anomaly["certificate"][2] == {
        "line": 4,
        "operation": "read",
        "client": "5",
        "version": "a",
        "from_ns": 100,
        "to_ns": 110,
    }
    assert (found["delta_ns"], found["gamma_ns"]) == (70, 10)

    ended = check(STALE)
    assert ended.status == 1
    lines = ended.out.splitlines()
    assert lines[0] == "anomalies: 1 read fits into no linearizable history"
    assert "stale reads: key 17, replaced for 70 ns; times in ns" in lines
    assert lines[-1].split() == ["5", "read", "a", "100", "110", "4"]
    assert max(map(len, lines)) <= 80


def test_each_client_is_held_to_what_it_wrote_and_read(verdict):
    lines = [
        write("a", 0, 10),
        write("b", 20, 30, c=5),
        read("b", 40, 50, c=4),
        read("a", 60, 70, c=4),
        read("a", 80, 90, c=5),
    ]
    found, _ = verdict(lines)
    assert found["counts"]["read_your_writes"] == found["counts"]["monotonic_reads"] == 1
    [own] = found["read_your_writes"]
    assert [part["line"] for part in own["certificate"]] == [2, 3, 6]
    [back] = found["monotonic_reads"]
    assert [part["line"] for part in back["certificate"]] == [2, 3, 4, 5]


def test_a_read_that_no_order_explains_is_named_though_it_is_not_stale(verdict):
    found, _ = verdict([write("a", 0, 100), read("a", 10, 20, c=4), read(0, 30, 40, c=5)])
    assert found["counts"]["order"] == 1 and found["stale_reads"] == []
    assert found["linearizability"][0]["class"] == "order"


def test_what_erases_leave_open_is_unknown_and_not_ok(check, verdict):
    erases = [operation("d", ..., 0, 100, c=c) for c in (1, 2)]
    reads = [read(None, 10, 20), read("a", 30, 40), read(None, 50, 60), read("a", 70, 80)]
    lines = [*erases, write("a", 0, 100, c=4), *reads]
    found, status = verdict(lines)
    assert (found["verdict"], status) == ("unknown", 3)
    assert found["undecided_reads"] == 1
    ended = check(lines)
    assert ended.status == 3
    assert ended.out.startswith("unknown: ")


def test_a_history_that_lost_operations_is_unknown(verdict):
    found, status = verdict([write("a", 0, 10), '{"end":true,"lost":2}'])
    assert (found["verdict"], found["lost_operations"], status) == ("unknown", 2, 3)


def test_a_forgotten_version_is_undecided_rather_than_called_phantom(verdict):
    lines = [write(i, 10 * i, 10 * i + 5) for i in range(1, 10)] + [read(1, 200, 210)]
    assert verdict(lines)[0]["counts"]["stale_reads"] == 1
    found, status = verdict(lines, "--remember", 2)
    assert (found["verdict"], found["undecided_reads"], status) == ("unknown", 1, 3)


def test_writes_of_unknown_outcome_may_be_read_and_failed_ones_may_not(verdict):
    lost = write("b", 20, None, st="info")
    assert verdict([write("a", 0, 10), lost, read("b", 50, 60)])[1] == 0
    assert verdict([write("a", 0, 10), lost, read("a", 50, 60)])[1] == 0
    failed = write("b", 20, 25, st="fail")
    found, _ = verdict([write("a", 0, 10), failed, read("b", 50, 60)])
    assert found["counts"]["phantom_reads"] == 1


def test_a_key_may_begin_with_a_value_of_its_own(verdict):
    own = '{"k":17,"op":"i","v":"x"}'
    assert verdict([own, read("x", 0, 1)])[1] == 0
    assert verdict([own, read(0, 0, 1)])[1] == 1
    assert verdict(['{"k":17,"op":"i","v":null}', read(None, 0, 1)])[1] == 0


def test_without_an_initial_version_keys_are_absent_at_first(verdict):
    first = '{"fmt":"stalemark-history","v":1}'
    assert verdict([read(None, 0, 1)], first=first)[1] == 0
    assert verdict([read(0, 0, 1)], first=first)[1] == 1


def test_names_may_be_texts_of_any_length_and_escaped(verdict):
    long = "0f8fad5b-d9cb-469f-a165-70867728950e"
    lines = [
        write(long, 0, 10, k="user/" + long, c="client-of-some-length"),
        write("\u00e9\n", 20, 30, k="user/" + long, c="client-of-some-length"),
        read(long, 40, 50, k="user/" + long, c="x"),
    ]
    found, status = verdict(lines)
    assert status == 1
    [anomaly] = found["stale_reads"]
    assert anomaly["key"] == "user/" + long
    assert anomaly["certificate"][0]["client"] == "client-of-some-length"
    assert anomaly["certificate"][1]["version"] == "\u00e9\n"


def test_anomalies_are_counted_by_the_faults_that_they_fall_into(check, verdict):
    faults = ['{"fault":"store-down","call":90,"ret":105}', '{"fault":"slow","call":0,"ret":5}']
    found, _ = verdict([*faults, *STALE])
    assert [fault["linearizability"] for fault in found["faults"]] == [1, 0]
    assert "fault store-down from 90 to 105 ns: 1 read out of" in check([*faults, *STALE]).out


def test_only_the_worst_are_shown_and_all_are_counted(verdict):
    lines = [*STALE, *(read("a", 100 + i, 200 + i, c=9 + i) for i in range(20))]
    found, _ = verdict(lines, "--worst", 2)
    assert found["counts"]["stale_reads"] == 21
    assert [anomaly["age_ns"] for anomaly in found["stale_reads"]] == [89, 88]


def test_lines_may_come_in_any_order_within_the_window(check, verdict):
    lines = list(reversed(STALE))
    assert verdict(lines)[0]["stale_reads"][0]["age_ns"] == 70
    ended = check(lines, "--window", 1)
    assert ended.status == 2 and "h.jsonl:4: began long before" in ended.err
    assert verdict(lines, "--window", "all")[1] == 1


def test_a_client_that_does_two_things_at_once_is_reported(check):
    ended = check([write("a", 0, 10), read(0, 5, 8)])
    assert ended.status == 0
    assert "1 operation that began while another of its client was under way" in ended.out


WRONG = [
    ([], "{", "h.jsonl:2: expected a text, got the end of the line"),
    ([], "garbage", "h.jsonl:2: expected an object, got 'garbage'"),
    ([], "", "h.jsonl:2: an empty line"),
    ([], '{"k":1', "expected ',' or '}', got the end of the line"),
    ([], '{"k":1,"k":2}', '"k" is given twice'),
    ([], write("a", 10, 9), 'h.jsonl:2: ends before it begins: "ret" 9, "call" 10'),
    ([], write("a", 0, 2**62 + 1), "more than 146 years"),
    ([], write("a", -(2**62) - 1, 0), "more than 146 years"),
    ([], write("a", 0, 2**64), "expected a whole number of nanoseconds, got 18446744073709551616"),
    ([], write("a", 0.5, 2), "expected a whole number of nanoseconds, got 0.5"),
    ([], write("a", "0", 2), "expected a whole number of nanoseconds"),
    ([], write("a", ..., 2), '"call" is missing'),
    ([], write(..., 0, 2), '"v" is missing'),
    ([], write(None, 0, 2), 'to delete is "op":"d"'),
    ([], operation("d", "a", 0, 2), "a delete writes no version"),
    ([], write("a", 0, None), '"st":"info"'),
    ([], write("a", 0, 1, st="maybe"), "expected ok, fail"),
    ([], operation("x", "a", 0, 1), '"op": expected "r", "w" or "d"'),
    ([], write([1], 0, 1), "expected a whole number of 64 bits or a text"),
    ([], write("a", 0, 1, k=1.5), "expected a whole number of 64 bits or a text, got 1.5"),
    ([], write("a", 0, 1, k=...), '"k" is missing'),
    ([], '{"k":' + "[" * 40 + "]" * 40 + "}", "more than 32 deep"),
    ([write("a", 0, 10)], write("a", 20, 30), "is written on line 2 already"),
    ([write("a", 0, 10)], '{"k":17,"op":"i","v":1}', "before its first operation, and once"),
    (['{"end":true}'], write("a", 0, 10), 'nothing after the line with "end"'),
    ([], '{"end":true,"lost":-1}', '"lost": expected how many'),
    ([], '{"fault":"x","call":5,"ret":4}', "ends before it begins"),
]


@pytest.mark.parametrize("before, line, expected", WRONG, ids=lambda part: str(part)[:40])
def test_a_wrong_line_is_refused_with_its_number_and_the_reason(check, before, line, expected):
    ended = check([*before, line])
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.count("\n") == 1 and expected in ended.err, ended.err
    assert f"h.jsonl:{len(before) + 2}: " in ended.err
    assert len(ended.err) < 400


@pytest.mark.parametrize(
    "first, expected",
    [
        ("", "h.jsonl:0: is empty"),
        ('{"k":1}', 'expected {"fmt":"stalemark-history","v":1} as the first line'),
        ('{"fmt":"stalemark-history","v":2}', '"v": expected 1, the version of the format'),
        ('{"fmt":"stalemark-history"}', '"v": expected 1'),
        ('{"fmt":"stalemark-history","v":1,"end":true}', 'the last line, with "end", is missing'),
    ],
)
def test_a_wrong_beginning_or_end_is_refused(check, first, expected):
    ended = check([], first=first)
    assert ended.status == 2 and expected in ended.err, ended.err


def test_a_history_that_is_cut_off_within_a_line_is_refused(stalemark, tmp_path):
    text = FIRST + "\n" + write("a", 0, 10)
    (tmp_path / "h.jsonl").write_text(text[:-5])
    ended = stalemark("check", "h.jsonl")
    assert ended.status == 2
    assert "h.jsonl:2: " in ended.err and "the last line is cut off" in ended.err


def test_what_cannot_be_read_or_written_is_refused(stalemark, tmp_path):
    (tmp_path / "h.jsonl").write_text(FIRST + "\n")
    (tmp_path / "notes.txt").write_text("mine")
    for words, expected in [
        (["missing.jsonl"], "missing.jsonl: cannot be read: No such file"),
        (["."], ".: is a folder"),
        (["h.jsonl", "--json", "notes.txt"], "--json notes.txt: holds something else"),
        (["h.jsonl", "--json", "no/where"], "--json no/where: its folder does not exist"),
        (["h.jsonl", "--window", "0"], "--window 0"),
        (["h.jsonl", "--worst", "x"], "--worst x"),
    ]:
        ended = stalemark("check", *words)
        assert (ended.status, ended.out) == (2, "") and expected in ended.err, ended.err
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_the_verdict_may_go_into_a_file_that_is_written_over_next_time(check, tmp_path):
    for lines, expected in [(STALE, "anomalies"), ([], "ok")]:
        check(lines, "--json", "verdict.json")
        assert json.loads((tmp_path / "verdict.json").read_text())["verdict"] == expected
