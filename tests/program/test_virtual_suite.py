# SPDX-License-Identifier: Apache-2.0
"""The virtual suite gives what results/virtual/summary.csv keeps: a change of behaviour shows."""

import json
import subprocess
import sys

import pytest
from places import REPOSITORY

pytestmark = pytest.mark.xdist_group("virtual suite")  # They share what takes long to make.
sys.path[:0] = [str(REPOSITORY / "scripts" / each) for each in ("", "studies")]
from stalemark.export import virtual_summary  # noqa: E402

SUMMARY = REPOSITORY / "results" / "virtual" / "summary.csv"


def compare(folder, against):
    return subprocess.run(
        [REPOSITORY / "scripts" / "virtual_summary.py", folder, "--against", against],
        capture_output=True,
        text=True,
    )


def test_the_virtual_suite_gives_the_results_that_are_kept(virtual_suite, tmp_path):
    found = compare(virtual_suite, SUMMARY)
    assert (found.returncode, found.stdout) == (0, ""), found.stdout

    lines = SUMMARY.read_text().splitlines()
    other = tmp_path / "other.csv"
    run = lines[1].split(",")[0]
    digest = lines[1].split(",")[-1]
    other.write_text("\n".join([lines[0], lines[1].replace(digest, "0" * 16), *lines[3:], "new,1"]))
    found = compare(virtual_suite, other)
    assert found.returncode == 1
    messages = found.stdout.splitlines()
    assert f"{run}: digest {'0' * 16} -> {digest}" in messages
    assert f"{lines[2].split(',')[0]}: is new" in messages
    assert "new: is not there any more" in messages


def test_what_is_known_of_a_protocol_beforehand_is_no_behaviour(virtual_suite):
    data = json.loads(next(virtual_suite.glob("*.json")).read_text())
    digest = virtual_summary.digest_of(data)
    assert virtual_summary.digest_of(data | {"known_races": "others"}) == digest
    assert virtual_summary.digest_of(data | {"seed": -1}) != digest
