#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes results/guarantees.json, which `stalemark explore --matrix` finds, and docs/guarantees.md
from it.

With --page it writes the page alone; with --check it writes nothing, and exits with 1 if the page
or the digest of the sources is out of date. The program is $STALEMARK_BINARY, or else
build/release/stalemark.
"""

import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from stalemark.common import command
from stalemark.guarantees import page, sources

TABLE = command.REPOSITORY / "results" / "guarantees.json"
PAGE = command.REPOSITORY / "docs" / "guarantees.md"
SCHEDULES_MOST = 2_000_000  # In a cell; a tenth of it where an anomaly was found.


def made_table():
    words = ["explore", "--matrix", "--max-schedules", str(SCHEDULES_MOST), "--json", "-"]
    ended = subprocess.run([command.program(), *words], stdout=subprocess.PIPE, check=True)
    table = json.loads(ended.stdout)
    return {
        "schema": table["schema"],
        "sources_digest": sources.digest(command.REPOSITORY),
        "program": table["program"],
        "protocols": table["protocols"],
    }


def main():
    parser = command.Parser(__doc__)
    parser.add_argument("--page", action="store_true", help="write the page alone")
    parser.add_argument("--check", action="store_true", help="write nothing")
    asked = parser.parse_args()
    table = json.loads(TABLE.read_text()) if asked.page or asked.check else made_table()
    text = page.text(table)
    if asked.check:
        if table["sources_digest"] != sources.digest(command.REPOSITORY):
            raise command.Refusal(f"{TABLE} was made from other sources; run guarantees.py", 1)
        if PAGE.read_text() != text:
            raise command.Refusal(f"{PAGE} is out of date; run guarantees.py --page", 1)
        return
    if not asked.page:
        TABLE.write_text(json.dumps(table, indent=1) + "\n")
    PAGE.write_text(text)


if __name__ == "__main__":
    command.run(main)
