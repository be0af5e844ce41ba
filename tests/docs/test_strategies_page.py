# SPDX-License-Identifier: Apache-2.0
"""docs/strategies.md says what the sources say, and the promises on it are the program's."""

import json
import shutil
import subprocess
import sys

import pages
import pytest

SCRIPT = pages.REPOSITORY / "scripts/studies/describe_strategies.py"
sys.path.insert(0, str(SCRIPT.parent))
import describe_strategies  # noqa: E402

CATALOG = (pages.REPOSITORY / "src/strategies/catalog.cc").read_text()
ROWS = describe_strategies.re.findall(describe_strategies.ROW, CATALOG)
DECLARED = [
    (name, options, promise)
    for name, function, _, *rest in ROWS
    for options, promise in describe_strategies.promises_of(function, *rest)
]
RACED = [
    (name, options, [race for race in races if race[0] in ("", options)])
    for name, _, function, _, modes in ROWS
    for races in [describe_strategies.races_of(function, modes)]
    for options in dict.fromkeys(["", *(race[0] for race in races)])
]


def call(*arguments):
    return subprocess.run([SCRIPT, *arguments], capture_output=True, text=True)


@pytest.fixture
def copy(tmp_path):
    for name in ("docs", "src/options", "src/strategies", "src/shields", "tests/strategies"):
        shutil.copytree(pages.REPOSITORY / name, tmp_path / name)
    return tmp_path


def test_the_page_is_up_to_date():
    outcome = call("--check")
    assert outcome.returncode == 0, outcome.stderr


CHANGES = {
    "a hazard": ("src/strategies/cache_aside.h", "Hazard: a reader", "Hazard: some reader"),
    "a step of the code": ("src/strategies/no_cache.h", "store.get(key)", "store.get( key)"),
    "a default": ("src/options/options.cc", "(default 128)", "(default 129)"),
    "the story of a race": ("src/strategies/known_race.cc", "Two nodes write", "Two nodes change"),
    "the test of a race": ("src/strategies/known_race.cc", "ANegativeEntryHides", "NoEntryHides"),
    "the races of a strategy": ("src/strategies/catalog.cc", "races_of_write_around", "no_races"),
    "an option": ("src/strategies/catalog.cc", "ttl jitter", "ttl"),
    "a shield's hazard": ("src/shields/lock.h", "Hazard: everybody", "Hazard: all"),
    "a shield's code": ("src/shields/lock.cc", "has_waited = true", "has_waited = 1"),
    "a shield's knob": ("src/shields/catalog.cc", "grace stale-if-error", "grace"),
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
    assert names == [name for name, *_ in ROWS]
    sections = (pages.REPOSITORY / "docs/strategies.md").read_text().split("\n## ")[1:]
    *strategies, shields = sections
    assert [section.split("\n")[0] for section in strategies] == names
    for section in [*strategies, *shields.split("\n### ")[1:]]:
        assert "- **Played by:** `" in section


def test_every_shield_has_a_section():
    listed = subprocess.run(
        [pages.binary(), "list", "shields", "--json"], capture_output=True, check=True
    )
    names = [row["name"] for row in json.loads(listed.stdout)["shields"]]
    page = (pages.REPOSITORY / "docs/strategies.md").read_text()
    assert [section.split("\n")[0] for section in page.split("\n### ")[1:]] == names


@pytest.mark.parametrize(("name", "options", "promise"), DECLARED)
def test_the_program_declares_that_promise(name, options, promise):
    assert result_of(name, options)["promise"]["declared"] == promise


@pytest.mark.parametrize(("name", "options", "races"), RACED)
def test_the_program_knows_those_races(name, options, races):
    ttl = " --ttl 5s" * (name == "refresh_ahead")  # Which is refused without.
    known = {race["name"]: race for race in result_of(name, options + ttl)["known_races"]}
    assert set(known) <= {race for _, race, *_ in races}
    for given, race, clients, steps in races:
        if given == options:
            assert (known[race]["clients"], known[race]["steps"]) == (clients, steps)


def result_of(strategy, options):
    short = "--operations 10 --clients 2 --warmup 0 --keys 100 --store memory --quiet --out -"
    outcome = subprocess.run(
        [pages.binary(), "run", "ycsb_a", "--strategy", strategy, *options.split(), *short.split()],
        capture_output=True, text=True,
    )  # fmt: skip
    assert outcome.returncode == 0, outcome.stderr
    return json.loads(outcome.stdout)
