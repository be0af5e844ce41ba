# SPDX-License-Identifier: Apache-2.0
"""docs/explore.md: its schedule is what is printed, and its tables have what there is."""

import json
import re
import subprocess

import pages

PAGE = pages.REPOSITORY / "docs/explore.md"


def explored(*words):
    return subprocess.run(
        [pages.binary(), "explore", *words], check=True, capture_output=True, text=True
    ).stdout


def test_the_schedule_on_the_page_is_what_the_program_prints():
    shown = next(text for kind, _, text in pages.blocks(PAGE) if kind == "")
    assert shown in explored("--strategy", "cache_aside")


def test_every_class_is_explained():
    source = (pages.REPOSITORY / "src/explore/anomaly_class.h").read_text()
    names = re.findall(r'"(\w+)"', source)
    assert len(names) == 9
    assert [name for name in names if f"| `{name}` |" not in PAGE.read_text()] == []


def test_every_field_is_explained():
    found = json.loads(explored("--program", "r | w", "--json", "-"))
    explained = set(re.findall(r"`(\w+)`", PAGE.read_text()))
    assert [name for name in found if name not in explained] == []
    assert [name for name in found["anomalies"][0] if name not in explained | {"class"}] == []


def test_the_reduction_is_tested_with_as_many_protocols_as_the_page_says():
    source = (pages.REPOSITORY / "tests/explore/reduction_test.cc").read_text()
    assert f"for {len(re.findall(r' add[(]', source))} protocols and programs" in PAGE.read_text()
