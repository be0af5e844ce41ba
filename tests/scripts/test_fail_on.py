# SPDX-License-Identifier: Apache-2.0
"""compare.py: which exact figures --fail-on takes, and what new ones leave in JUnit's file."""

import xml.etree.ElementTree as xml

import pytest
from two_sides import simulated, write


@pytest.fixture
def compare(call):
    def run(base, head, *options, **more):
        return call("compare.py", base, "--", head, *options, **more)

    return run


@pytest.fixture
def virtual(tmp_path):
    """Writes a simulated result of either side; answers the two files."""

    def make(base=None, **figures):
        return (write(tmp_path / "v/base.json", base or simulated()),
                write(tmp_path / "v/head.json", simulated(**figures)))  # fmt: skip

    return make


@pytest.mark.parametrize("figure", ["store.failed", "cache.failed", "shared_cache.failed"])
def test_fail_on_a_count_of_failures_fails_by_one_more(compare, virtual, figure):
    section = figure.partition(".")[0]
    data = [simulated(), simulated()]
    for number, each in enumerate(data):
        each.setdefault(section, dict(each["cache"]))["failed"] = 3 + number
    outcome = compare(*virtual(data[0], **{section: data[1][section]}), "--fail-on", f"{figure}:0")
    assert outcome.returncode == 1
    loose = compare(*virtual(data[0], **{section: data[1][section]}), "--fail-on", f"{figure}:50")
    assert loose.returncode == 0


@pytest.mark.parametrize("figure", ["store.writes", "virtual.trace_hash", "virtual.events"])
def test_fail_on_a_figure_without_a_direction_is_refused(compare, virtual, figure):
    outcome = compare(*virtual(), "--fail-on", f"{figure}:0")
    assert (outcome.returncode, outcome.stderr.count("\n")) == (2, 1)
    assert f"more of {figure} is neither better nor worse" in outcome.stderr


def test_a_case_with_nothing_but_new_figures_keeps_its_line_in_junit(compare, virtual, tmp_path):
    sides = virtual(**{"shield": {"joined": 5}})
    assert compare(*sides, "--junit", tmp_path / "j.xml").returncode == 0
    assert [each.get("name") for each in xml.parse(tmp_path / "j.xml").iter("testcase")] == [
        "all figures"
    ]
