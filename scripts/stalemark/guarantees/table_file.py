# SPDX-License-Identifier: Apache-2.0
"""Reads the table of guarantees, results/guarantees.json, which `stalemark explore --matrix --json`
writes: what every schedule of a small program proves or breaks, protocol by protocol.

STALEMARK_GUARANTEES names another file, or is "none". Without a file nothing is explored.
"""

import json
import os
import pathlib

import jsonschema

from stalemark.common import command, files
from stalemark.guarantees import protocols, sources
from stalemark.guarantees.statement import Statement

VARIABLE = "STALEMARK_GUARANTEES"
FILE = command.REPOSITORY / "results" / "guarantees.json"
STALE = "guarantees.json was made from other sources; run scripts/studies/guarantees.py"
SCHEMA = pathlib.Path(__file__).with_name("schema.json")


class Guarantees:
    """Of the table `data`, which is valid; `note`: a sentence on what is wrong with it, or none."""

    def __init__(self, data, note=""):
        self.note = note
        self.program = data["program"]
        self._rows = [(protocols.of_row(row["configuration"]), row) for row in data["protocols"]]

    def of(self, data):
        """The Statement for a result's protocol and fleet; None where they were not explored."""
        configuration = data["configuration"]
        wanted = protocols.of_result(configuration)
        declared = data.get("promise", {}).get("declared", "")
        for words, row in self._rows:
            if (
                words == wanted
                and protocols.are_alike_in_nodes(row["configuration"], configuration)
                and protocols.are_alike_in_promise(row, declared)
            ):
                found = Statement(row, row.get("program", self.program))
                return found if found.is_explored else None
        return None


class Nothing:
    """No table: of no protocol anything was explored."""

    note = ""
    program = None

    def of(self, data):
        return None


NOTHING = Nothing()


def chosen():
    """The table that the user has; NOTHING if there is none."""
    named = os.environ.get(VARIABLE)
    if named == "none" or not named and not FILE.exists():
        return NOTHING
    return load(pathlib.Path(named) if named else FILE)


def load(path, root=command.REPOSITORY):
    """Raises Refusal if the file is no such table."""
    data = files.parsed(path)
    _check(path, data)
    is_stale = sources.is_checkout(root) and data["sources_digest"] != sources.digest(root)
    return Guarantees(data, STALE if is_stale else "")


def _check(path, data):
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))
    if isinstance(data, dict) and data.get("schema", 1) != 1:
        raise command.Refusal(f"{path}: schema {data['schema']!r}; this script reads schema 1")
    error = jsonschema.exceptions.best_match(validator.iter_errors(data))
    if error:
        raise command.Refusal(
            f"{path}: no table of guarantees: {error.json_path}: {error.message[:200]}"
        )
    names = [row["protocol"] for row in data["protocols"]]
    if twice := _twice(names):
        raise command.Refusal(f"{path}: no table of guarantees: two rows named {twice!r}")
    alike = [_identity(row) for row in data["protocols"]]
    if twice := _twice([each for each in alike if each[0] != protocols.NO_CACHE]):
        first, second = [name for name, each in zip(names, alike) if each == twice][:2]
        raise command.Refusal(
            f"{path}: no table of guarantees: {first!r} and {second!r} are one protocol"
        )
    for row in data["protocols"]:
        if twice := _twice([(cell["fault"], cell["cache"]) for cell in row["cells"]]):
            raise command.Refusal(
                f"{path}: no table of guarantees: {row['protocol']}: two cells with fault"
                f" {twice[0]} and a {twice[1]} cache"
            )


def _identity(row):
    """What a result is told by which row it is of."""
    configuration = row["configuration"]
    return (protocols.of_row(configuration), configuration.get("nodes"),
            configuration.get("ttl", False), row["declared"])  # fmt: skip


def _twice(values):
    return next((each for place, each in enumerate(values) if each in values[:place]), None)
