# SPDX-License-Identifier: Apache-2.0
"""An option that one strategy does not read: the run passes it over and says so in one line."""

import json

import pytest
from test_bad_input import is_refused

RUN = ["--runtime", "virtual", "--operations", 300, "--warmup", "0", "--clients", 4]
TOLD = ["--nodes", 2, "--invalidate", "event"]
BEHIND = ["--flush-delay", "5ms", "--flush-batch", 2, "--queue", 3, "--when-full", "reject",
          "--no-coalescing"]  # fmt: skip

# What the strategy reads of the words; what it does not, and how the note names that.
UNREAD = [
    ("no_cache", [], ["--ttl", "60s"], "no_cache does not read --ttl"),
    ("no_cache", [], ["--jitter", 0.5, "--negative-ttl", "5s"],
     "no_cache does not read --jitter, --negative-ttl"),
    ("no_cache", [], ["--cache-size", "20%", "--cache-latency", "5us"],
     "no_cache does not read --cache-latency, --cache-size"),
    ("no_cache", [], ["--near-cache", "none"], "no_cache does not read --near-cache"),
    ("no_cache", [], ["--shared-cache", "50%", "--shared-latency", "1ms", "--near-ttl", "1s"],
     "no_cache does not read --shared-cache, --shared-latency, --near-ttl"),
    ("no_cache", ["--nodes", 2], ["--invalidate", "event", "--event-delay", "5ms"],
     "no_cache does not read --invalidate, --event-delay"),
    ("no_cache", [], ["--invalidate", "event", "--on-gap", "clear", "--heartbeat", "1s"],
     "no_cache does not read --invalidate, --on-gap, --heartbeat"),
    ("no_cache", [], ["--shield", "lock", "--lock-timeout", "1s"],
     "no_cache does not read --shield lock, --lock-timeout"),
    ("no_cache", ["--fault", "store-fails=0.1"],
     ["--fault", "cache-flush@0", "--fault", "cache-down@0+1ms"],
     "no_cache does not read --fault cache-flush@0, --fault cache-down@0+1ms"),
    ("read_through", [], ["--shield", "lock", "--lock-timeout", "1s"],
     "read_through does not read --shield lock (it loads a key once at a time by itself),"
     " --lock-timeout"),
    ("cache_aside", [], BEHIND,
     "cache_aside does not read --flush-delay (write_behind does),"
     " --flush-batch (write_behind does), --queue (write_behind does),"
     " --when-full (write_behind does), --no-coalescing (write_behind does)"),
    ("cache_aside", [], ["--refresh-at", 0.5, "--reloads", 2],
     "cache_aside does not read --refresh-at (refresh_ahead does), --reloads"),
    ("cache_aside", [], ["--grace", "2s"], "cache_aside does not read --grace (stale does)"),
    ("cache_aside", ["--shield", "lock"], ["--beta", 2],
     "cache_aside with shield lock does not read --beta (early does)"),
]  # fmt: skip


@pytest.fixture
def run(stalemark, tiny):
    """The result's text without its command, and the messages."""

    def run_strategy(strategy, *words):
        ended = stalemark("run", tiny, *RUN, "--out", "-", "--strategy", strategy, *words)
        assert ended.status == 0, ended.err
        command = json.dumps(json.loads(ended.out)["command"])
        return ended.out.replace(command, '"the command"'), ended.err

    return run_strategy


@pytest.mark.parametrize("strategy, read, unread, note", UNREAD,
                         ids=lambda part: str(part)[:40])  # fmt: skip
def test_it_changes_nothing_and_a_note_names_it(run, strategy, read, unread, note):
    without, err = run(strategy, *read)
    assert err == ""
    assert run(strategy, *read, *unread) == (without, f"stalemark: note: {note}\n")


def test_an_option_that_is_read_changes_something_and_needs_no_note(run):
    plain, _ = run("cache_aside")
    result, err = run("cache_aside", "--ttl", "1us")
    assert err == "" and result != plain


def test_one_line_of_options_is_for_a_loop_over_all_strategies(stalemark, tiny):
    words = ["--ttl", "60s", "--shield", "lock", "--lock-timeout", "1s", "--refresh-at", 0.5,
             "--shared-cache", "80%", "--flush-delay", "5ms",
             "--fault", "cache-flush@1us"]  # fmt: skip
    listed = json.loads(stalemark("list", "strategies", "--json").out)["strategies"]
    for strategy in [entry["name"] for entry in listed]:
        ended = stalemark("run", tiny, *RUN, "--strategy", strategy, *words)
        assert ended.status == 0, ended.err
        assert ended.err.startswith(f"stalemark: note: {strategy} ")
        assert ended.err.count("\n") == 1


def test_the_note_comes_once_for_all_repetitions(stalemark, tiny):
    ended = stalemark("run", tiny, *RUN, "--strategy", "no_cache", "--ttl", "5s", "--repeat", 3)
    assert (ended.status, ended.err) == (0, "stalemark: note: no_cache does not read --ttl\n")


def test_quiet_leaves_it_out(stalemark, tiny):
    words = ["--strategy", "no_cache", "--ttl", "60s", "--quiet"]
    assert stalemark("run", tiny, *RUN, *words) == (0, "", "")


def test_a_file_that_lends_it_is_no_reason_for_a_note(run, write_json):
    source = {"value": "5us", "source": "a test"}
    mine = {"caption": "c", "options": {"cache-latency": source}}
    write_json("mine.json", mine)
    assert run("no_cache", "--deployment", "./mine.json")[1] == ""


@pytest.mark.parametrize("words, expected", [
    (["--ttl", "60"], "--ttl 60"),
    (["--ttl", "0"], "above 0"),
    (["--jitter", "2"], "--jitter 2"),
    (["--invalidate", "earse"], "did you mean 'erase'?"),
    (["--flush-batch", "0"], "--flush-batch 0"),
    (["--shared-cache", "lots"], "--shared-cache lots"),
    (["--shared-cache", "10%", "--near-ttl", "0"], "--near-ttl 0"),
    (["--fault", "cache-flush@soon"], "--fault cache-flush@soon"),
    (["--tll", "60s"], "did you mean '--ttl'?"),
    (["--ttl", "60s", "--store", "memory", "--sync"], "store 'memory' has no such thing"),
    (["--ttl", "60s", "--event-delay", "1ms"], "nobody sends events"),
    (["--ttl", "60s", "--arrival", "constant"], "give a --rate"),
])  # fmt: skip
def test_what_is_wrong_for_every_strategy_is_refused_without_a_note(
    stalemark, tiny, words, expected
):
    is_refused(stalemark("run", tiny, *RUN, "--strategy", "no_cache", *words), expected)


def test_a_value_that_the_strategy_cannot_do_is_refused(stalemark, tiny):
    words = ["--strategy", "write_through", "--invalidate", "erase"]
    is_refused(stalemark("run", tiny, *RUN, *words), "write_through takes only")
