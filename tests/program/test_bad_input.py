# SPDX-License-Identifier: Apache-2.0
"""Wrong usage and wrong input: one line that says what is wrong, status 2, nothing left behind."""

import json

import pytest
from tiny_workload import TINY

UNTIL = ["--operations", "10", "--store", "memory"]
OK = ["run", "tiny.json", *UNTIL]

# Words; what the line must say.
WRONG_WORDS = [
    # The command line itself.
    ([], "subcommand is required"),
    (["rnu", "tiny.json"], "did you mean 'run'?"),
    (["run"], "WORKLOAD is required"),
    (["run", "tiny.json", "--seeed", "1"], "unknown option '--seeed'; did you mean '--seed'?"),
    (["run", "tiny.json", "--ttl"], "--ttl"),
    (["run", "tiny.json", "again.json"], "unexpected word 'again.json'"),
    (["run", "tiny.json", "--sync=maybe"], "--sync"),
    ([*OK, "--seed", "1", "--seed", "2"], "--seed"),
    (["list", "strategis"], "did you mean 'strategies'?"),
    (["list", "--jsno"], "did you mean '--json'?"),
    # Names.
    ([*OK, "--strategy", "cache_asied"], "did you mean 'cache_aside'?"),
    ([*OK, "--strategy", "xyzzy"], "known: no_cache cache_aside"),
    ([*OK, "--cache", "lur"], "did you mean 'lru'?"),
    (["run", "tiny.json", "--store", "rocksbd"], "did you mean 'rocksdb'?"),
    (["run", "user_profiel", *UNTIL], "did you mean 'user_profile'?"),
    (["run", "missing.json", *UNTIL], "missing.json"),
    (["run", "folder/missing.json", *UNTIL], "folder/missing.json"),
    (["run", ".", *UNTIL], "."),
    ([*OK, "--invalidate", "earse"], "did you mean 'erase'?"),
    ([*OK, "--strategy", "write_behind", "--when-full", "rejcet"], "did you mean 'reject'?"),
    ([*OK, "--rate", "10", "--arrival", "poison"], "did you mean 'poisson'?"),
    # Values.
    ([*OK, "--ttl", "5"], "--ttl 5"),
    ([*OK, "--ttl", "-5s"], "--ttl -5s"),
    ([*OK, "--ttl", "0"], "above 0"),
    ([*OK, "--jitter", "1.5"], "from 0 to 1"),
    ([*OK, "--reads", "nan"], "from 0 to 1"),
    ([*OK, "--reads", "inf"], "from 0 to 1"),
    ([*OK, "--reads", "-0.1"], "from 0 to 1"),
    ([*OK, "--reads", "lots"], "from 0 to 1"),
    ([*OK, "--keys", "0"], "--keys 0"),
    ([*OK, "--keys", "1e30"], "--keys 1e30"),
    ([*OK, "--keys", "2.5"], "--keys 2.5"),
    ([*OK, "--value-size", "15"], "16 bytes, a header's size"),
    ([*OK, "--value-size", "uniform(10,20)"], "16 bytes, a header's size"),
    ([*OK, "--value-size", "uniform(30,20)"], "--value-size uniform(30,20)"),
    ([*OK, "--value-size", "99999999GiB"], "--value-size"),
    ([*OK, "--cache-size", "0"], "more than 0"),
    ([*OK, "--cache-size", "-1%"], "--cache-size -1%"),
    ([*OK, "--clients", "0"], "--clients 0"),
    ([*OK, "--clients", "100000"], "--clients 100000"),
    ([*OK, "--rate", "0"], "--rate 0"),
    ([*OK, "--rate", "1e99"], "--rate 1e99"),
    ([*OK, "--seed", "-1"], "--seed -1"),
    ([*OK, "--seed", "99999999999999999999999"], "--seed"),
    (["run", "tiny.json", "--operations", "0"], "--operations 0"),
    (["run", "tiny.json", "--operations", "1e19"], "--operations 1e19"),
    ([*OK, "--duration", "0"], "--duration 0"),
    ([*OK, "--duration", "none"], "--duration none"),
    ([*OK, "--duration", "300y"], "--duration 300y"),
    ([*OK, "--warmup", "soon"], "--warmup soon: warmup: expected stable, or a duration"),
    ([*OK, "--warmup", "none"], '1.5s or 0, got "none"'),
    ([*OK, "--cache-latency", "1"], "--cache-latency 1"),
    ([*OK, "--store-latency", "none"], "--store-latency none"),
    ([*OK, "--store-latency", "normal(1ms,2ms)"], "--store-latency normal(1ms,2ms)"),
    ([*OK, "--store-servers", "0"], "--store-servers 0"),
    ([*OK, "--repeat", "0"], "--repeat 0"),
    ([*OK, "--repeat", "often"], "--repeat often"),
    ([*OK, "--strategy", "write_behind", "--queue", "0"], "--queue 0"),
    ([*OK, "--strategy", "write_behind", "--flush-delay", "2h"], "at most 1h"),
    ([*OK, "--strategy", "refresh_ahead", "--ttl", "1s", "--refresh-at", "1"], "less than 1"),
    # Combinations that make no sense.
    ([*OK, "--strategy", "no_cache", "--ttl", "5"], "--ttl 5"),
    ([*OK, "--strategy", "write_through", "--invalidate", "none"], "write_through"),
    ([*OK, "--strategy", "refresh_ahead"], "give a --ttl"),
    ([*OK, "--refresh-at", "1.5"], "--refresh-at 1.5"),
    ([*OK, "--flush-batch", "0"], "--flush-batch 0"),
    ([*OK, "--arrival", "constant"], "give a --rate"),
    ([*OK, "--sync"], "store 'memory' has no such thing"),
    ([*OK, "--db", "data"], "store 'memory' has no such thing"),
    ([*OK, "--store-timeout", "1s"], "nobody can leave a call of the store"),
    # --set
    ([*OK, "--set", "nonsense"], "PATH=VALUE"),
    ([*OK, "--set", "=5"], "PATH=VALUE"),
    ([*OK, "--set", "mix.raed=0.5"], "did you mean 'read'?"),
    ([*OK, "--set", "keys.deeper=5"], "--set keys.deeper=5"),
    ([*OK, "--set", "mix.read=0.5"], "sum to 1"),
    ([*OK, "--set", "caption="], "caption"),
    ([*OK, "--set", "mix={"], "is no JSON"),
    ([*OK, "--keys", "5", "--keys", "6"], "--keys: expected once"),
    (["run", "tiny.json", "--db", ""], "it has no name"),
    # --out
    ([*OK, "--out", ""], "--out"),
    ([*OK, "--out", "."], "is a folder"),
    ([*OK, "--out", "missing/result.json"], "missing/result.json"),
    ([*OK, "--out", "tiny.json/result.json"], "tiny.json/result.json"),
    ([*OK, "--out", 300 * "x"], "too long"),
    ([*OK, "--out", "/dev/full"], "/dev/full"),
    ([*OK, "--out", "-", "--repeat", "2"], "several files"),
    # Other files.
    (["show"], "RESULT is required"),
    (["show", "missing.json"], "missing.json"),
    (["show", "tiny.json"], "no field 'schema'"),
    (["suite", "missing.json"], "missing.json"),
]


def is_refused(ended, expected):
    """Checks that it was, with one line that says so."""
    assert ended.out == ""
    assert ended.err.count("\n") == 1 and ended.err.startswith("stalemark: "), ended.err
    assert expected in ended.err
    assert len(ended.err) < 400
    assert ended.status == 2


@pytest.mark.parametrize("words, expected", WRONG_WORDS, ids=lambda part: str(part)[-50:])
def test_wrong_words_are_refused_in_one_line(stalemark, tiny, tmp_path, words, expected):
    is_refused(stalemark(*words), expected)
    assert [path.name for path in tmp_path.iterdir()] == [tiny]


def changed(**fields):
    return json.dumps({**TINY, **fields})


# A workload file; what the line must say.
WRONG_FILES = {
    "empty": ("", "file.json:1"),
    "no JSON": ("keys: 5", "file.json:1"),
    "cut short": ('{\n "caption": "x",\n "keys": 5', "file.json:3"),
    "no object": ("[1, 2]", "[1,2]"),
    "a trailing comma": ('{"caption": "x",}', "file.json:1"),
    "no caption": ('{"keys": 5}', "caption: missing"),
    "an unknown field": (changed(kyes=5), "did you mean 'keys'?"),
    "a field twice": ('{"caption": "x",\n "keys": 5,\n "keys": 6}', "file.json:3"),
    "a mix that is no 1": (changed(mix={"read": 0.5, "write": 0.4}), "sum of 0.9"),
    "a negative share": (changed(mix={"read": 1.5, "write": -0.5}), "from 0 to 1"),
    "a share that is no number": (changed(mix={"read": "NaN"}), "from 0 to 1"),
    "NaN": (changed(preload=float("nan")), "file.json:1"),
    "no keys": (changed(keys=0), "keys"),
    "too many keys": (changed(keys=1e30), "keys"),
    "half a key": (changed(keys=2.5), "keys"),
    "a value below a header": (changed(value_size=15), "16 bytes, a header's size"),
    "an object for a number": (changed(keys={"many": 5}), "keys"),
    "a number for a text": (changed(name=5), "expected a text"),
    "phases of nothing": (changed(phases=[]), "phases"),
    "an endless first phase": (changed(phases=[{}, {}]), "only the last phase"),
    "an unknown popularity": (changed(popularity="zipfain"), "did you mean 'zipfian'?"),
    "a knob of another popularity": (
        changed(popularity={"kind": "uniform", "theta": 1}),
        "no meaning for popularity 'uniform'",
    ),
    "no UTF-8": (b'{"caption": "\xff"}', "file.json:1"),
    "two lines of caption": (changed(caption="a\nb"), "one line"),
    "a missing trace": (
        json.dumps({"caption": "x", "trace": {"path": "missing.csv"}}),
        "missing.csv",
    ),
}


@pytest.mark.parametrize("what", WRONG_FILES)
def test_wrong_files_are_refused_in_one_line(stalemark, tmp_path, what):
    text, expected = WRONG_FILES[what]
    file = tmp_path / "file.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    is_refused(stalemark("run", "file.json", *UNTIL), expected)
    assert list(tmp_path.iterdir()) == [file]


def test_a_database_folder_that_is_not_ours_is_left_alone(stalemark, tiny, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("precious")
    is_refused(stalemark("run", tiny, "--operations", 10, "--db", "mine"), "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_an_old_result_survives_a_run_that_is_refused(stalemark, tiny, tmp_path):
    (tmp_path / "result.json").write_text("old")
    is_refused(stalemark(*OK, "--out", "result.json", "--ttl", "never"), "--ttl never")
    assert (tmp_path / "result.json").read_text() == "old"


def test_a_full_standard_output_is_told(start, tiny, tmp_path):
    for words in (["list"], [*OK], [*OK, "--out", "-"]):
        with open("/dev/full", "w") as full, start(*words, stdout=full) as program:
            _, err = program.communicate(timeout=60)
        assert program.returncode == 2
        assert err.count("\n") == 1 and "standard output" in err


def test_a_result_of_another_schema_is_not_shown(stalemark, write_json):
    write_json("later.json", {"schema": 3})
    is_refused(stalemark("show", "later.json"), "schema 3; expected 1 or 2")
    write_json("broken.json", {"schema": 1})
    is_refused(stalemark("show", "broken.json"), "not a result")
    write_json("garbled.json", "{")
    is_refused(stalemark("show", "garbled.json"), "is not JSON")


@pytest.mark.parametrize("text", ["12:5 x", "12", "12:0", "99999:1", 5])
def test_a_result_whose_histogram_cannot_be_read_is_not_shown(stalemark, tiny, tmp_path, text):
    words = ["--store", "memory", "--operations", 200, "--quiet", "--out", "result.json"]
    assert stalemark("run", tiny, *words).status == 0
    result = json.loads((tmp_path / "result.json").read_text())
    result["histograms"]["read"] = text
    (tmp_path / "result.json").write_text(json.dumps(result))
    part = "histograms.read: " if isinstance(text, str) else "not a result"
    is_refused(stalemark("show", "result.json"), part)
