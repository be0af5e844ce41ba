# SPDX-License-Identifier: Apache-2.0
"""scripts/schedule_picture.py: what is drawn of a schedule, and what is refused."""

import json
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest

from stalemark.common import command
from stalemark.guarantees import schedule_picture

SCRIPT = command.REPOSITORY / "scripts/schedule_picture.py"
SVG = "{http://www.w3.org/2000/svg}"


def explored(*words):
    ended = subprocess.run([command.program(), "explore", *words, "--json", "-"],
                           capture_output=True, text=True, check=True)  # fmt: skip
    return json.loads(ended.stdout)


def drawn(data, anomaly=None):
    picture = schedule_picture.Picture(schedule_picture.chosen(data, anomaly))
    return ElementTree.fromstring(picture.svg())


def texts(root):
    return [each.text for each in root.iter(f"{SVG}text")]


def arrows(root):
    return [each for each in root.iter(f"{SVG}line") if each.get("marker-end")]


def test_the_picture_of_the_page_is_the_schedule_of_today():
    data = explored("--strategy", "cache_aside", "--program", "r | w")
    kept = (command.REPOSITORY / "docs/images/overtaken_fill.svg").read_text()
    assert schedule_picture.Picture(schedule_picture.chosen(data, None)).svg() == kept


def test_every_step_has_its_words_and_every_call_of_a_tier_its_arrow():
    root = drawn(explored("--strategy", "cache_aside", "--program", "r | w"))
    shown = texts(root)
    assert shown[:4] == ["client 1", "client 2", "cache", "store"]
    assert shown[4:6] == ["-", "v0"]  # Before the program.
    steps = ["cache get (miss)", "store get (v0)", "store put (v2)", "cache erase",
             "cache put (v0)"]  # fmt: skip
    assert [text for text in shown if text in steps] == steps
    assert len(arrows(root)) == 5
    assert shown[-1] == "The cache keeps v0 although the store has v2, for ever."


def test_near_caches_have_their_lanes_and_a_warm_one_its_value():
    near = ["--caches", "near", "--nodes", "2", "--cache", "warm", "--program", "w | r"]
    root = drawn(explored(*near), "linearizability")
    assert texts(root)[:8] == [
        "client 1", "client 2", "near 1", "near 2", "store", "v0", "v0", "v0"]  # fmt: skip


def test_a_class_can_be_chosen():
    data = explored("--strategy", "cache_aside")
    first, other = drawn(data), drawn(data, "read_your_writes")
    assert texts(first) != texts(other)
    with pytest.raises(command.Refusal, match="no schedule of dirty in the file"):
        drawn(data, "dirty")


@pytest.mark.parametrize("text", ["[]", "{}", '{"anomalies": 1}', '{"steps": [], "caches": []}'])
def test_another_file_is_refused_in_one_line(tmp_path, text):
    (tmp_path / "x.json").write_text(text)
    ended = subprocess.run([SCRIPT, tmp_path / "x.json", "--out", tmp_path / "x.svg"],
                           capture_output=True, text=True)  # fmt: skip
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert not (tmp_path / "x.svg").exists()
