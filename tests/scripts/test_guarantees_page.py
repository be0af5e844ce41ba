# SPDX-License-Identifier: Apache-2.0
"""docs/guarantees.md and results/guarantees.json: of these sources, and of each other."""

import json
import re
import subprocess

from guarantees_table import ERASE, FREE, LOCKED, anomaly, cell, row, table
from stalemark.common import command
from stalemark.guarantees import page

STUDY = command.REPOSITORY / "scripts/studies/guarantees.py"
TABLE = json.loads((command.REPOSITORY / "results/guarantees.json").read_text())
PAGE = (command.REPOSITORY / "docs/guarantees.md").read_text()


def test_table_and_page_are_of_these_sources():
    ended = subprocess.run([STUDY, "--check"], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_every_link_of_the_overview_has_its_heading():
    links = re.findall(r"\]\(#([^)]+)\)", PAGE)
    headings = [re.sub(r"[^\w\- ]", "", line[4:].lower()).replace(" ", "-")
                for line in PAGE.splitlines() if line.startswith("### ")]  # fmt: skip
    assert links == headings
    assert len(links) == len(TABLE["protocols"])


def test_every_protocol_of_the_program_is_in_the_table():
    source = (command.REPOSITORY / "src/cli/explored_protocols.cc").read_text()
    rows = re.findall(r'\{"([^"]+)",\s*"--strategy', source)
    assert [each["protocol"] for each in TABLE["protocols"]] == rows


def test_a_sentence_is_broken_by_the_shortest_schedule_of_its_classes():
    row_of = row("a", cell(anomaly("permanent", 7), anomaly("linearizability", 3)),
                 cell(anomaly("permanent", 2), fault="crash"))  # fmt: skip
    made = table(row_of)
    assert page.verdict(made, "a", ("none",), ("permanent",))[0]
    assert "(7 steps)" in page.verdict(made, "a", ("none",), ("permanent",))[1]
    assert "(3 steps)" in page.verdict(made, "a", ("none",), page.STALE)[1]
    assert "--crash 1" in page.verdict(made, "a", ("none", "crash"), page.STALE)[1]
    assert not page.verdict(made, "a", ("none",), ("store_older",))[0]


def test_a_proof_counts_the_schedules_of_all_its_cells():
    made = table(FREE, ERASE, LOCKED)
    broken, why = page.verdict(made, "store, set; lock_all", ("none", "eviction"), page.STALE)
    assert (broken, why.split(" schedules")[0]) == (False, "none in 1,500")
    cut = table(row("a", cell(schedules=5), cell(cache="warm", exhaustive=False)))
    assert page.verdict(cut, "a", ("none",), page.STALE)[1].startswith("none in 1,005, cut off")


def test_a_pipe_does_not_end_a_cell_of_the_table():
    other = {**row("a", cell(anomaly("permanent", 2))), "program": "w | r"}
    assert '--program "w \\| r"' in page.verdict(table(other), "a", ("none",), page.STALE)[1]
