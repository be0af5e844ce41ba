# SPDX-License-Identifier: Apache-2.0
"""The table of docs/faults.md, and the figures of its prose, are what the program gives."""

import functools
import json
import re

import pytest
from places import REPOSITORY

PAGE = REPOSITORY / "docs" / "faults.md"
COMMAND = (
    "run user_profile --runtime virtual --clients 64 --rate 2000 --warmup 30s --duration 20s"
)
HEAD = (
    "| fault | calls hit | operations failed | reads: response p99 | store reads per operation "
    "| stale reads |"
)
DOWN = "cache-down@5s+2s"


def rows():
    """{fault: its figures}"""
    lines = PAGE.read_text().split(HEAD + "\n")[1].splitlines()[1:]
    table = {}
    for line in lines[: lines.index("")]:
        name, *figures = (cell.strip() for cell in line.strip("|").split("|"))
        table[name.strip("`")] = figures
    return table


@pytest.fixture
def come_to(stalemark):
    """What a fault, with more options, comes to."""

    def run(fault, *options):
        ended = stalemark(*COMMAND.split(), "--fault", fault, *options, "--out", "-")
        assert ended.status == 0, ended.err
        return json.loads(ended.out)

    return run


def of_operations(result, name):
    return sum(kind.get(name, 0) for kind in result["operations"].values())


def calls_hit(result):
    if not result.get("faults"):
        return ""
    (fault,) = result["faults"]
    if "calls_hit" in fault:
        return f"{fault['calls_hit']:,}"
    return f"{result['cache']['cleared']:,} entries"


def figures(result):
    return [
        calls_hit(result),
        f"{of_operations(result, 'failed'):,}",
        f"{result['operations']['read']['response_ns']['p99'] / 1e6:.1f} ms",
        f"{result['store']['reads'] / of_operations(result, 'count'):.2f}",
        f"{result['consistency']['stale_reads']:,}",
    ]


@functools.cache
def prose():
    """With single blanks, so that a phrase may go over the end of a line."""
    return re.sub(r"\s+", " ", PAGE.read_text())


def test_the_page_shows_the_command():
    shown = PAGE.read_text().replace("\\\n    ", "")
    assert f"$ stalemark {COMMAND} --fault {DOWN}\n" in shown
    assert len(rows()) == 6


@pytest.mark.parametrize("fault", rows())
def test_a_row_says_what_its_fault_comes_to(come_to, fault):
    assert rows()[fault] == figures(come_to(fault))


def test_the_page_says_what_a_store_that_is_down_does_to_other_strategies(come_to):
    failed = of_operations(come_to("store-down@5s+2s", "--strategy", "no_cache"), "failed")
    assert f"With `--strategy no_cache` it is a tenth, {failed:,}." in prose()
    behind = come_to("store-down@5s+2s", "--strategy", "write_behind")
    reads = behind["operations"]["read"]["failed"]
    assert of_operations(behind, "failed") == reads
    assert f"With `--strategy write_behind` {reads:,} reads fail and no write does" in prose()
    writes = behind["durability"]["exposure_writes_max"]
    age = behind["durability"]["exposure_age_ns_max"] / 1e9
    assert (
        f"up to {writes} acknowledged writes in memory that a crash would lose, "
        f"for up to {age:.1f} s."
    ) in prose()


def test_the_page_says_what_a_cache_out_of_reach_leaves_behind(come_to):
    down = come_to(DOWN)
    assert down["promise"]["verdict"] == "untested"
    found = down["consistency"]
    assert found["ages_sampled"] == found["stale_reads"]
    oldest = found["stale_age_ns"]["max"] / 1e9
    left = found["divergence"]["after_drain"]["cache_stale"]
    assert (
        f"leave {found['stale_reads']} stale reads in the 13 seconds after them, "
        f"up to {oldest:.1f} s old, and {left} entries still unlike the store at the end."
    ) in prose()
    through = come_to(DOWN, "--strategy", "write_through")
    assert through["promise"]["verdict"] == "broken"
    assert f"breaks it with {through['consistency']['stale_reads']} stale reads" in prose()
