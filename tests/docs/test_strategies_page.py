# SPDX-License-Identifier: Apache-2.0
"""docs/strategies.md says what the sources and the program say."""

import json
import shutil
import subprocess

import pages
import pytest

SCRIPT = pages.REPOSITORY / "scripts/studies/describe_strategies.py"


def call(*arguments):
    return subprocess.run([SCRIPT, *arguments], capture_output=True, text=True)


@pytest.fixture
def copy(tmp_path):
    for name in ("docs", "src/strategies", "src/guards", "src/shields", "tests/strategies"):
        shutil.copytree(pages.REPOSITORY / name, tmp_path / name)
    return tmp_path


def test_the_page_is_up_to_date():
    outcome = call("--check")
    assert outcome.returncode == 0, outcome.stderr


CHANGES = {
    "a hazard": ("src/strategies/cache_aside.h", "Hazard: a reader", "Hazard: some reader"),
    "a step of the code": ("src/strategies/no_cache.h", "store.get(key)", "store.get( key)"),
    "a guard's hazard": ("src/guards/lease.h", "Hazard: a reader", "Hazard: some reader"),
    "a shield's hazard": ("src/shields/lock.h", "Hazard: all readers", "Hazard: readers"),
    "a shield's code": ("src/shields/lock.cc", "has_waited = true", "has_waited = 1"),
    "the name of a test": ("tests/strategies/hazard_test.cc", "IsInvertedByTwo", "IsUpsetByTwo"),
}


@pytest.mark.parametrize(("file", "before", "after"), CHANGES.values(), ids=CHANGES)
def test_a_change_of_the_sources_puts_it_out_of_date(copy, file, before, after):
    text = (copy / file).read_text()
    assert before in text
    (copy / file).write_text(text.replace(before, after))
    assert call("--check", copy).returncode == 1
    assert call(copy).returncode == 0
    assert call("--check", copy).returncode == 0


def test_what_the_program_says_is_on_the_page():
    page = (pages.REPOSITORY / "docs/strategies.md").read_text()
    for kind in ("strategies", "guards", "shields"):
        listed = subprocess.run([pages.binary(), "list", kind, "--json"], capture_output=True)
        for entry in json.loads(listed.stdout)[kind]:
            for option in entry["options"]:
                assert f"--{option['name']}" in page and option["does"] in page
            for race in entry.get("races", []):
                assert race["story"] in page and f"`{race['test']}`" in page
    assert "`bounded_staleness(5s), durable` with `--ttl 5s`" in page
    assert "with `--negative-ttl 1s` `negative_entry_hides_insert`" in page


def test_a_head_without_a_hazard_is_refused(copy):
    head = copy / "src/strategies/cache_aside.h"
    head.write_text(head.read_text().replace("// Hazard:", "// But"))
    outcome = call(copy)
    assert outcome.returncode == 2
    assert len(outcome.stderr.splitlines()) == 1


def test_every_strategy_has_a_section_and_a_test_that_plays_it():
    listed = subprocess.run(
        [pages.binary(), "list", "strategies", "--json"], capture_output=True, check=True
    )
    names = [row["name"] for row in json.loads(listed.stdout)["strategies"]]
    sections = (pages.REPOSITORY / "docs/strategies.md").read_text().split("\n## ")[1:]
    *strategies, guards, shields = sections
    assert [section.split("\n")[0] for section in strategies] == names
    for section in [*strategies, *guards.split("\n### ")[1:], *shields.split("\n### ")[1:]]:
        assert "- **Played by:** `" in section


@pytest.mark.parametrize(("kind", "before"), [("guards", "guard "), ("shields", "")])
def test_every_guard_and_every_shield_has_a_section(kind, before):
    listed = subprocess.run(
        [pages.binary(), "list", kind, "--json"], capture_output=True, check=True
    )
    names = [before + row["name"] for row in json.loads(listed.stdout)[kind]]
    page = (pages.REPOSITORY / "docs/strategies.md").read_text()
    part = page.partition(f"\n## The {kind}\n")[2].partition("\n## ")[0]
    assert [section.split("\n")[0] for section in part.split("\n### ")[1:]] == names
