# SPDX-License-Identifier: Apache-2.0
"""docs/check.md: its recorder records, its example is what is printed, its format is read."""

import json
import subprocess

import pages
import pytest

PAGE = pages.REPOSITORY / "docs/check.md"
EXAMPLE = """{"fmt":"stalemark-history","v":1,"initial":0}
{"k":17,"c":3,"op":"w","v":"a","call":0,"ret":10,"st":"ok"}
{"k":17,"c":3,"op":"w","v":"b","call":20,"ret":30,"st":"ok"}
{"k":17,"c":5,"op":"r","v":"a","call":100,"ret":110,"st":"ok"}
"""


def block(language, number=0):
    return [text for kind, _, text in pages.blocks(PAGE) if kind == language][number]


@pytest.fixture
def check(tmp_path):
    """Judges a file of the test's folder."""

    def run(name, *words):
        return subprocess.run(
            [pages.binary(), "check", name, *words], cwd=tmp_path, capture_output=True, text=True
        )

    return run


def test_the_example_is_what_the_program_prints(check, tmp_path):
    (tmp_path / "h.jsonl").write_text(EXAMPLE)
    ended = check("h.jsonl")
    assert (ended.stdout, ended.stderr, ended.returncode) == (block(""), "", 1)


def test_the_format_that_is_shown_is_read(check, tmp_path):
    lines = block("json").splitlines()
    assert len(lines) == 4
    (tmp_path / "h.jsonl").write_text("\n".join(lines) + "\n")
    ended = check("h.jsonl", "--json", "-")
    found = json.loads(ended.stdout)
    assert (found["verdict"], found["operations"], found["unknown_writes"]) == ("ok", 3, 1)


class Cache:
    """One whose reads are old, and whose third write ends in an error."""

    def __init__(self):
        self.values, self.writes, self.is_old = [None], 0, False

    def get(self):
        return self.values[-2 if self.is_old else -1]

    def set(self, value):
        self.writes += 1
        self.values.append(value)
        if self.writes == 3:
            raise TimeoutError


@pytest.mark.parametrize("is_old, expected", [(False, "ok"), (True, "anomalies")])
def test_the_recorder_of_the_page_records(check, tmp_path, is_old, expected):
    assert len(block("python").splitlines()) <= 30
    names = {}
    exec(block("python"), names)
    recorder, cache = names["Recorder"](tmp_path / "h.jsonl"), Cache()
    recorder.call(1, "r", "user/17", None, cache.get)
    for number in range(5):
        version = f"1:{number}"
        try:
            recorder.call(1, "w", "user/17", version, lambda: cache.set(version))
        except TimeoutError:
            assert number == 2
        cache.is_old = is_old and number == 4
        recorder.call(2, "r", "user/17", None, cache.get)
    recorder.call(1, "d", "user/17", None, lambda: cache.values.append(None))
    ended = check("h.jsonl", "--json", "-")
    found = json.loads(ended.stdout)
    assert found["verdict"] == expected
    assert (found["writes"], found["unknown_writes"], found["deletes"]) == (5, 1, 1)
    assert found["counts"]["stale_reads"] == is_old
