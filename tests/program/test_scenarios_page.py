# SPDX-License-Identifier: Apache-2.0
"""docs/scenarios.md and its pictures show what the program gives."""

import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as xml

import pytest
from places import REPOSITORY

sys.path[:0] = [str(REPOSITORY / "scripts" / each) for each in ("", "studies")]
from stalemark.common import svg_pictures  # noqa: E402

pytestmark = pytest.mark.xdist_group("virtual suite")  # They share what takes long to make.
DOCS = REPOSITORY / "docs"
SCENARIOS = [
    "hot_key_expiry", "cold_start", "mass_expiry", "flash_crowd",
    "popularity_drift", "slow_store", "lost_events", "near_cache_fleet",
]  # fmt: skip
# What the prose says in round figures: of a run, by its name; the figure; the least and the most.
CLAIMS = [
    ("slow_store", "--shield none", "reads answered per second at the end", 0, 5),
    ("slow_store", "--shield early", "reads answered per second at the end", 0, 5),
    ("slow_store", "--shield lock", "reads answered per second at the end", 5900, 6100),
    ("slow_store", "--shield stale", "not answered", 0, 0),
    ("hot_key_expiry", "--shield lock", "loads at once, first second", 1, 1),
    ("hot_key_expiry", "--shield early", "loads at once, first second", 100, 200),
    ("cold_start", "--shield none", "of these already under way", 45, 55),
    ("cold_start", "--strategy write_around", "stale reads", 45, 55),
    ("popularity_drift", "--shield none", "per operation in the worst second", 0, 40),
    ("lost_events", "--invalidate none", "stale reads", 50, 100),
    ("lost_events", "--invalidate erase", "stale reads", 50, 100),
    ("lost_events", "--invalidate event --on-gap reconcile", "1 s", 0, 0.01),
    ("near_cache_fleet", "--invalidate none --near-ttl 1s", "stale reads", 60, 70),
    ("near_cache_fleet", "--invalidate erase --near-ttl 1s", "age of the stalest", 900, 1100),
]


def scenarios(*words):
    return subprocess.run(
        [REPOSITORY / "scripts/studies/scenarios.py", *words], capture_output=True, text=True
    )


def table(name):
    """{run: {column: figure}}"""
    text = (DOCS / "scenarios.md").read_text()
    part = text.partition(f"<!-- {name}: from here on")[2].partition("<!--")[0]
    lines = [
        [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        for line in part.splitlines()
        if line.startswith("|")
    ]
    head, _, *rows = lines
    return {row[0]: dict(zip(head[1:], row[1:])) for row in rows}


@pytest.fixture
def copy(tmp_path):
    """The page and its pictures, to be changed."""
    shutil.copy(DOCS / "scenarios.md", tmp_path)
    shutil.copytree(DOCS / "images", tmp_path / "images")
    return tmp_path


def test_tables_and_pictures_are_those_of_the_results(virtual_suite):
    found = scenarios(virtual_suite, "--check")
    assert (found.returncode, found.stderr) == (0, "")


def test_a_changed_figure_or_picture_is_found_and_mended(virtual_suite, copy):
    page, picture = copy / "scenarios.md", copy / "images" / "lost_events.svg"
    page.write_text(page.read_text().replace("| `--shield lock` | ", "| `--shield lock` | 7", 1))
    picture.unlink()
    found = scenarios(virtual_suite, "--check", "--out", copy)
    assert found.returncode == 1
    assert str(page) in found.stderr and str(picture) in found.stderr
    assert scenarios(virtual_suite, "--out", copy).returncode == 0
    assert page.read_text() == (DOCS / "scenarios.md").read_text()
    committed = (DOCS / "images" / "lost_events.svg").read_text()
    assert svg_pictures.are_alike(picture.read_text(), committed)


def test_another_result_gives_another_table_and_another_picture(virtual_suite, copy, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(virtual_suite, other)
    file = other / "slow_store.cache_aside+shield=lock.r1.json"
    data = json.loads(file.read_text())
    data["operations"]["read"]["failed"] += 9_000
    data["timeline"][40]["unanswered"] = 3000
    file.write_text(json.dumps(data))
    scenarios(virtual_suite, "--out", copy)  # By the Matplotlib that is here.
    assert scenarios(other, "--out", copy).stdout.split() == [
        str(copy / "scenarios.md"), str(copy / "images" / "slow_store.svg"),
    ]  # fmt: skip


def test_what_is_missing_is_said_in_one_line(virtual_suite, copy, tmp_path):
    one = tmp_path / "one"
    one.mkdir()
    shutil.copy(virtual_suite / "slow_store.read_through.r1.json", one)
    found = scenarios(one, "--out", copy)
    assert found.returncode == 2 and "no results of hot_key_expiry" in found.stderr
    (copy / "scenarios.md").write_text("# Nothing\n")
    found = scenarios(virtual_suite, "--out", copy)
    assert found.returncode == 2 and "markers of hot_key_expiry" in found.stderr


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_picture_has_marks_in_it_and_is_small(name):
    file = DOCS / "images" / f"{name}.svg"
    drawn = xml.parse(file).getroot()
    styles = [part.get("style", "") for part in drawn.iter("{http://www.w3.org/2000/svg}path")]
    colours = {colour for style in styles for colour in re.findall(r"(?:#[0-9a-f]{6})", style)}
    assert len(colours - {"#ffffff", "#222222", "#d8d8d8", "#000000"}) >= 2
    assert f"(images/{name}.svg)" in (DOCS / "scenarios.md").read_text()
    assert file.stat().st_size < 64_000


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_row_is_a_run_of_the_suite(name, virtual_suite):
    commands = {json.loads(file.read_text())["command"] for file in virtual_suite.glob("*.json")}
    words = {frozenset(command.split()) for command in commands}
    rows = table(name)
    assert rows
    for row in rows:
        strategy = "" if "--strategy" in row else "--strategy cache_aside"
        assert frozenset(f"stalemark run {name} {row} {strategy}".split()) in words


@pytest.mark.parametrize(("name", "run", "column", "least", "most"), CLAIMS)
def test_what_the_prose_says_in_round_figures_is_so(name, run, column, least, most):
    number, unit = re.match(r"([\d,.]+)(?: (ms|s)\b)?", table(name)[run][column]).groups()
    assert least <= float(number.replace(",", "")) * (1_000 if unit == "s" else 1) <= most
