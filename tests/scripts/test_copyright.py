# SPDX-License-Identifier: Apache-2.0
"""docs/copyright is in Debian's machine-readable format, and tells of all that others made."""

import fnmatch
import re
import subprocess

import pytest
from conftest import REPOSITORY

TEXT = (REPOSITORY / "docs/copyright").read_text()
TRACKED = subprocess.run(
    ["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True
).stdout.splitlines()
OURS = {"tests/scripts/data/recorded_noise.json"}  # In a folder of what others made.


def paragraphs(text):
    """[{field: value}]; a line that begins with a space goes on with the value."""
    found = []
    for paragraph in text.rstrip("\n").split("\n\n"):
        fields = re.findall(r"^([A-Z][\w-]*):(.*(?:\n .*)*)$", paragraph, re.MULTILINE)
        assert "\n".join(f"{name}:{value}" for name, value in fields) == paragraph
        found.append({name: value.strip() for name, value in fields})
    return found


def mistakes(text, tracked):
    head, *rest = paragraphs(text)
    if not head.get("Format", "").endswith("/copyright-format/1.0/"):
        yield "no format"
    files = [each for each in rest if "Files" in each]
    told = {each["License"].split("\n")[0] for each in rest if "\n" in each["License"]}
    for each in files:
        for pattern in each["Files"].split():
            if not fnmatch.filter(tracked, pattern):
                yield f"{pattern}: no such file"
        if not each.get("Copyright"):
            yield f"{each['Files']}: nobody's"
        for name in re.split(r" (?:and|or) ", each["License"].split("\n")[0]):
            if name not in told:
                yield f"{name}: no text"
    named = [pattern for each in files[1:] for pattern in each["Files"].split()]
    for name in tracked:
        folders = set(name.split("/")[:-1])
        is_ours = name in OURS or name.endswith(("README.md", "data/LICENSE"))
        if is_ours or not folders & {"data", "vendor"}:
            continue
        if not any(fnmatch.fnmatch(name, pattern) for pattern in named):
            yield f"{name}: whose?"


def test_it_tells_of_everything():
    assert list(mistakes(TEXT, TRACKED)) == []
    first = next(each for each in paragraphs(TEXT) if "Files" in each)
    assert (first["Files"], first["License"]) == ("*", "Apache-2.0")


WRONG = {
    "no format": ("copyright-format/1.0/", "", "no format"),
    "a file that there is not": ("mar.csv", "apr.csv", "workloads/data/twitter-2020apr.csv: no"),
    "a file of others that is not told of": (
        "Files: scripts/stalemark/report/vendor/*", "Files: scripts/stalemark/report/vendor/e*",
        "scripts/stalemark/report/vendor/LICENSE: whose?"),
    "a licence without its text": ("\n\nLicense: 0BSD\n", "\n\nLicense: BSD-0\n", "0BSD: no text"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "words"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_found(before, after, words):
    assert TEXT.count(before) == 1
    found = list(mistakes(TEXT.replace(before, after), TRACKED))
    assert any(words in mistake for mistake in found), found


def test_a_line_that_belongs_to_no_field_is_found():
    with pytest.raises(AssertionError):
        paragraphs(TEXT.replace("\n .\n", "\n\n", 1))
