#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Puts the answer of a matrix.json, as scripts/quickstart makes it, into README.md, and keeps it in
results/service.json and as a picture in docs/images/service.svg. --check writes nothing and ends
with status 1 if README.md does not hold what results/service.json says."""

import pathlib
import sys
import json
import re

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import answer_picture
from stalemark.common import command, files
from stalemark.matrix import answer_markdown

README = command.REPOSITORY / "README.md"
KEPT = command.REPOSITORY / "results" / "service.json"
PICTURE = command.REPOSITORY / "docs" / "images" / "service.svg"
PLACE = (r"(<!-- the answer: scripts/studies/readme_answer.py -->\n).*?"
         r"(<!-- end of the answer -->\n)")  # fmt: skip


def lines_of(told):
    """What README.md says: the table of the graded protocols and the advice."""
    graded = [row for row in told["rows"] if row["claims"] or not told["rows"].index(row)]
    lines = answer_markdown.markdown({**told, "rows": graded})
    return "\n".join(["", *lines, ""]) + "\n"


def main():
    parser = command.Parser(__doc__)
    parser.add_argument("matrix", metavar="MATRIX.json", nargs="?")
    parser.add_argument("--check", action="store_true", help="compare alone")
    options = parser.parse_args()
    if options.check == bool(options.matrix):
        raise command.Refusal("expected a MATRIX.json, or --check")
    if options.matrix:
        told = answer_picture.read(options.matrix)
        files.write(KEPT, json.dumps(told, indent=2) + "\n")
        answer_picture.save(told, PICTURE)
    told = json.loads(KEPT.read_text())
    text = README.read_text()
    wanted = re.sub(PLACE, lambda found: found[1] + lines_of(told) + found[2], text, flags=re.S)
    if options.check and text != wanted:
        raise command.Refusal("README.md does not hold the answer of results/service.json", 1)
    if not options.check:
        files.write(README, wanted)


if __name__ == "__main__":
    command.run(main)
