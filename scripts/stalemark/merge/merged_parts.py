# SPDX-License-Identifier: Apache-2.0
"""What was merged: whether the parts may be, and who they are.

A part is one run of the program. Of a merged result its parts are taken, so that what is merged
in two steps is the same as what is merged in one.
"""

import hashlib

from stalemark.common.command import Refusal
from stalemark.common.differences import canonical, flatten

BUILD = ("version", "commit", "dirty", "build_type")
TOLD = ("complete", "command", "seed", "started_at", "workload_digest", "elapsed_ns",
        "operations_per_second", "context", "session")  # fmt: skip
NAMES = ("schema", "complete", "command", "seed", "started_at", "configuration", "workload_digest",
         "operations_per_second", "merged")  # fmt: skip


def of(loaded, ran):
    """The parts of these results in the order of their seeds. `ran`: `side_by_side` or `in_turn`.
    Raises Refusal where they must not be merged."""
    for each in loaded[1:]:
        _check_question(loaded[0], each)
    parts, known, sessions = [], {}, {}
    for each in loaded:
        for part in _parts(each, ran):
            run = tuple(part.get(name) for name in ("seed", "started_at", "elapsed_ns"))
            for identity in (run, part["sha256"]):
                if identity in known:
                    raise Refusal(f"{known[identity]} and {each.path} hold the same run (seed"
                                  f" {part['seed']}), which would count twice")  # fmt: skip
                known[identity] = each.path
            session = part.get("session", {}).get("id")
            if session is not None and session in sessions and ran == "side_by_side":
                raise Refusal(f"{sessions[session]} and {each.path} ran one after another, in"
                              f" session {session}: expected --in-turn")  # fmt: skip
            sessions[session] = each.path
            parts.append(part)
    return sorted(parts, key=lambda part: (part["seed"], part.get("started_at", ""),
                                           part["sha256"]))  # fmt: skip


def head(loaded, parts):
    """What a result begins with, of all parts. Command and seed are those of the first part."""
    found = {"schema": loaded[0].data["schema"],
             "complete": all(part["complete"] for part in parts)}  # fmt: skip
    found |= {name: parts[0][name] for name in ("command", "seed")}
    if all("started_at" in part for part in parts):
        found["started_at"] = min(part["started_at"] for part in parts)
    asked = loaded[0].data["configuration"]
    found["context"] = {}
    found["configuration"] = {**asked, "seed": found["seed"]} if "seed" in asked else asked
    digests = sorted(part["workload_digest"] for part in parts if "workload_digest" in part)
    if len(digests) == len(parts):
        found["workload_digest"] = digests[0] if len(digests) == 1 else _digest(digests)
    return found


def _digest(digests):
    """Equal for results of different protocols whose parts were given the same operations."""
    return hashlib.sha256(" ".join(digests).encode()).hexdigest()[:16]


def _check_question(one, other):
    schemas = [each.data["schema"] for each in (one, other)]
    if schemas[0] != schemas[1]:
        raise Refusal(f"{one.path} and {other.path} are of two schemas ({schemas[0]} and"
                      f" {schemas[1]}): they count differently")  # fmt: skip
    for where, compared in (
        ("configuration", [_asked(each.data["configuration"]) for each in (one, other)]),
        ("context", [{name: each.data["context"].get(name) for name in BUILD}
                     for each in (one, other)]),
    ):  # fmt: skip
        before, after = map(flatten, compared)
        for name in sorted(before | after):
            values = before.get(name), after.get(name)
            if canonical(values[0]) != canonical(values[1]):
                told = " and ".join("none" if value is None else str(value) for value in values)
                raise Refusal(f"{one.path} and {other.path} are not runs of one question:"
                              f" {where}.{name} differs ({told})")  # fmt: skip


def _asked(configuration):
    return {name: value for name, value in configuration.items() if name != "seed"}


def _parts(result, ran):
    """As `merged.parts` tells them."""
    if merged := result.data.get("merged"):
        if len(merged["parts"]) > 1 and merged["ran"] != ran:
            words = {"in_turn": "with --in-turn", "side_by_side": "without --in-turn"}
            raise Refusal(f"{result.path}: was merged {words[merged['ran']]}; do this likewise")
        return merged["parts"]
    part = {"sha256": hashlib.sha256(result.path.read_bytes()).hexdigest()}
    return [part | {name: result.data[name] for name in TOLD if name in result.data}]
