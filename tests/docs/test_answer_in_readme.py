# SPDX-License-Identifier: Apache-2.0
"""README.md begins with the answer that results/service.json keeps; a few seeds give the same."""

import json
import subprocess

import pages
import pytest
from pages import REPOSITORY

pytestmark = pytest.mark.xdist_group("answer")
KEPT = json.loads((REPOSITORY / "results" / "service.json").read_text())


def test_it_holds_what_is_kept():
    subprocess.run([REPOSITORY / "scripts" / "studies" / "readme_answer.py", "--check"], check=True)


@pytest.fixture(scope="module")
def again(tmp_path_factory):
    """The answer of three seeds."""
    folder = tmp_path_factory.mktemp("again")
    words = [pages.binary(), "suite", "service", "--out", folder, "--repeat", "3", "--quiet"]
    subprocess.run(words, check=True)
    capacity = folder / "capacity.json"
    subprocess.run([REPOSITORY / "scripts/capacity.py", folder, "--out", capacity], check=True)
    screen = subprocess.run([REPOSITORY / "scripts/matrix.py", folder, "--capacity", capacity],
                            check=True, capture_output=True, text=True).stdout  # fmt: skip
    assert max(map(len, screen.splitlines())) <= 100
    (told,) = json.loads((folder / "matrix.json").read_text())["answers"]
    return told


def test_few_seeds_give_the_same_verdicts_but_for_what_depends_on_an_assumption(again):
    for row, kept in zip(again["rows"], KEPT["rows"]):
        assert row["protocol"] == kept["protocol"]
        for aspect, told in kept["claims"].items():
            if told["verdict"] != "depends":
                assert row["claims"][aspect]["verdict"] == told["verdict"]


def test_few_seeds_give_the_same_figures(again):
    for row, kept in zip(again["rows"], KEPT["rows"]):
        assert row["known"] == kept["known"]
        for kind in ("read", "write"):
            for name, value in kept[kind].items():
                rel = 0.04 if name.startswith("mean") else 0.1
                assert row[kind][name] == pytest.approx(value, rel=rel), (row["protocol"], name)
        assert row["bears"] == pytest.approx(kept["bears"], rel=0.12)
        reads = "store_reads_per_operation"
        assert row[reads] == pytest.approx(kept[reads], rel=0.02)


def test_few_seeds_give_the_same_advice(again):
    found, kept = ([(each["need"], each["protocol"]) for each in told["advice"]]
                   for told in (again, KEPT))  # fmt: skip
    assert found == kept
