# SPDX-License-Identifier: Apache-2.0
"""`stalemark check` of histories as Jepsen and Knossos write them."""

import json

import pytest


@pytest.fixture
def verdict(stalemark, tmp_path):
    def run(text):
        (tmp_path / "history.edn").write_text(text)
        ended = stalemark("check", "history.edn", "--json", "-")
        assert ended.err == ""
        return json.loads(ended.out), ended.status

    return run


def event(kind, process, function, value, time, **more):
    fields = {"type": f":{kind}", "f": f":{function}", "value": value, "process": process}
    fields |= {"time": time} if time is not None else {}
    return "{" + ", ".join(f":{name} {text}" for name, text in (fields | more).items()) + "}\n"


def events(*operations, is_timed=True):
    """Of (process, function, invoked value, completed value, begin, end or None, kind of end)."""
    timed = []
    for process, function, asked, got, begin, end, kind in operations:
        for at, what, value in [(begin, "invoke", asked), (end, kind, got)]:
            if at is not None:
                time = at if is_timed else None
                timed.append((at, event(what, process, function, value, time)))
    return "".join(text for _, text in sorted(timed, key=lambda pair: pair[0]))


STALE = [
    (0, "write", 1, 1, 0, 10, "ok"),
    (1, "write", 2, 2, 20, 30, "ok"),
    (2, "read", "nil", 1, 100, 110, "ok"),
]


def keyed(operations, key):
    return [(p, f, f"[{key} {a}]", f"[{key} {g}]", b, e, k) for p, f, a, g, b, e, k in operations]


def test_a_register_is_judged(verdict):
    found, status = verdict(events(*STALE))
    assert (found["verdict"], found["keys"], status) == ("anomalies", 1, 1)
    [anomaly] = found["stale_reads"]
    assert (anomaly["key"], anomaly["age_ns"]) == ("register", 70)
    assert [part["line"] for part in anomaly["certificate"]] == [2, 4, 6]
    fresh = (2, "read", "nil", 2, 100, 110, "ok")
    assert verdict(events(*STALE[:2], fresh))[1] == 0


def test_registers_are_independent_by_key(verdict):
    both = [*keyed(STALE, 17), *keyed([(p + 9, *rest) for p, *rest in STALE[:2]], '"x"')]
    found, _ = verdict(events(*both))
    assert (found["keys"], found["counts"]["stale_reads"]) == (2, 1)
    assert found["stale_reads"][0]["key"] == "17"


def test_a_write_that_is_never_answered_may_be_read_later(verdict):
    for kind, end in [("info", 5), (None, None)]:
        lost = (0, "write", 3, 3, 0, end, kind)
        reads = [(2, "read", "nil", got, at, at + 5, "ok") for got, at in [("nil", 50), (3, 900)]]
        found, status = verdict(events(lost, *reads))
        assert (found["verdict"], found["unknown_writes"], status) == ("ok", 1, 0)


def test_a_write_that_failed_must_not_be_read(verdict):
    failed = (0, "write", 3, 3, 0, 5, "fail")
    found, _ = verdict(events(failed, (2, "read", "nil", 3, 50, 60, "ok")))
    assert found["counts"]["phantom_reads"] == 1


def test_without_times_the_order_of_the_lines_counts(verdict):
    assert verdict(events(*STALE, is_timed=False))[0]["counts"]["stale_reads"] == 1


def test_other_forms_of_the_file_are_read(verdict):
    lines = events(*STALE).splitlines()
    nemesis = event("info", ":nemesis", "start", '{"n1" #{"n2"}}', 15).strip()
    records = ["#jepsen.history.Op" + line for line in [*lines, nemesis]]
    for text in ("[" + "\n".join([*lines, nemesis]) + "]\n", "\n".join(records) + "\n"):
        assert verdict(text)[0]["counts"]["stale_reads"] == 1


@pytest.mark.parametrize(
    "text, expected",
    [
        (event("ok", 0, "read", 1, 5), ":1: process 0 completes an operation that it has not"),
        (2 * event("invoke", 0, "read", "nil", 5), ":2: process 0 invokes an operation while"),
        (event("invoke", 0, "cas", "[1 2]", 5), ":1: :f: expected :read or :write"),
        (event("begin", 0, "read", 1, 5), ":1: :type: expected :invoke"),
        (event("invoke", 0, "write", "[1 2 3]", 5), ":1: :value: expected a value, or [key value]"),
        (event("invoke", 0, "write", "{}", 5), ":1: :value: expected a whole number"),
        (event("invoke", 0, "read", "nil", '"x"'), ":1: :time: expected a whole number"),
        ("{:type :invoke", ":1: expected a value, got the end of the line"),
        ("{:type :ok :type :ok}", ":1: :type is given twice"),
        ("{:value " + 40 * "[", "more than 32 deep"),
        (
            event("invoke", 0, "read", "nil", 5) + event("ok", 0, "read", 1, 4),
            ":2: :time: 4 is before the invocation, 5",
        ),
        (
            event("invoke", 0, "read", "nil", 5) + event("ok", 0, "read", 1, None),
            ":2: :time: expected in every event, or in none",
        ),
        (
            events((0, "write", 1, 1, 0, 1, "ok"), (0, "write", 1, 1, 2, 3, "ok")),
            ":4: version 1 of key register is written on line 2 already",
        ),
    ],
    ids=lambda part: part[:30],
)
def test_a_wrong_event_is_refused_with_its_line(stalemark, tmp_path, text, expected):
    (tmp_path / "history.edn").write_text(text)
    ended = stalemark("check", "history.edn")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith("stalemark: history.edn:") and ended.err.count("\n") == 1
    assert expected in ended.err, ended.err
