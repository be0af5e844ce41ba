# SPDX-License-Identifier: Apache-2.0
"""Counts facts about the sources of each strategy, guard and shield, and of events, as JSON.

A part's own files are the one named for it and those of its folder that nothing else there uses:
the contract, the settings and the steps that all share are nobody's own. Guards are built upon each
other: what one reaches counts for it. What the contract offers
to all and only some make use of counts for each of these. Of events each node's end counts, and
who reads the store's log if events come from there; the bus between is somebody else's, and so are
the faults that are played on it. In these files are counted

  lines     neither blank nor comment alone
  locks     members that are a lock: std::mutex and its kin, KeyMutexes, Semaphore
  sections  places that take one: lock_guard, unique_lock, scoped_lock, shared_lock,
            KeyMutexes::Lock
  tasks     places that start background tasks: calls of spawn(), Executor members
  knobs     options that it reads, by its row of the catalogue
"""

import collections
import json
import pathlib
import re

from stalemark.common import command

ROOMS = {"strategies": "Strategy", "guards": "Guard", "shields": "Shield"}
# Of a room whose parts are built upon each other, what a part reaches counts for it, but for these.
SHARED = {"guards": {"guard", "settings"}}
LOCK = r"\b(?:std::(?:\w+_)?mutex|KeyMutexes|Semaphore)\s+\w+\s*[;{=]"
SECTION = r"\b(?:lock_guard|unique_lock|scoped_lock|shared_lock|KeyMutexes::Lock)\b"
TASK = r"\bspawn\(|\bExecutor>?\s+\w+\s*[;{=]"
ROW = r'\{\s*"(\w+)",\s*"[^"]*",\s*make<\w+>,\s*(?:\w+,\s*)*"([^"]*)"'
# {file of src/: how it is made use of}
ON_OFFER = {"shields/background_reloads.h": r"\b(?:start_reload|reloads_\.start)\("}
# What a node has to have to hear of other nodes' writes: files of src/.
FRESHNESS = {
    "event": (
        "events/publisher.h",
        "events/subscriber.h",
        "events/inbox.h",
        "events/inbox.cc",
        "events/receiver.h",
        "events/receiver.cc",
        "events/gap_detector.h",
        "events/gap_detector.cc",
        "guards/informed_cache.h",
        "guards/informed_cache.cc",
        "guards/checked_cache.h",
    ),
    "log": ("events/log_tail.h", "events/log_tail.cc"),
    "version": ("guards/heard_versions.h",),
}
FRESHNESS_KNOBS = {
    "event": r'\{"(?:event-(?!delay|hold-back)[\w-]+|on-gap|gap-grace|heartbeat)",',
    "log": r'\{"log-poll",',
    "version": r"(?!)",  # None of its own.
}


def without_comments(source):
    """The source with comments blanked and string literals kept."""
    pattern = r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/'
    return re.sub(
        pattern, lambda m: m[0] if m[0][0] == '"' else "\n" * m[0].count("\n"), source, flags=re.S
    )


def count_room(folder, contract):
    """{part: facts}; empty if there is no such folder yet."""
    files = {
        path.name: without_comments(path.read_text())
        for path in sorted(folder.glob("*"))
        if path.suffix in (".h", ".cc")
    }
    catalogue = files.pop("catalog.cc", "")
    files.pop("catalog.h", None)
    knobs = {name: len(words.split()) for name, words in re.findall(ROW, catalogue)}
    rows = {f"{name}.h" for name in knobs}
    parts = [
        pathlib.Path(name).stem
        for name, text in files.items()
        if re.search(rf":\s*public {contract}\b", text) or name in rows
    ]
    users = _users(files, parts, folder.name)
    found = {}
    for part in parts:
        own = [text for name, text in files.items() if _is_own(name, part, users, folder.name)]
        found[part] = _facts(own + _made_use_of(own, folder.parent))
        if part in knobs:
            found[part]["knobs"] = knobs[part]
    return found


def _is_own(name, part, users, room):
    stem = pathlib.Path(name).stem
    if room in SHARED:
        return part in users[stem] and stem not in SHARED[room]
    return users[stem] == {part}


def _made_use_of(own, source):
    """The texts of what is on offer to all and used in these."""
    return [
        without_comments((source / name).read_text())
        for name, use in ON_OFFER.items()
        if any(re.search(use, text) for text in own)
    ]


def _users(files, parts, room):
    """For each stem, the parts that reach it over the room's own includes."""
    includes = collections.defaultdict(set)
    for name, text in files.items():
        includes[pathlib.Path(name).stem] |= set(re.findall(rf'#include "{room}/(\w+)\.h"', text))
    users = collections.defaultdict(set)
    for part in parts:
        waiting = [part]
        while waiting:
            stem = waiting.pop()
            if part not in users[stem]:
                users[stem].add(part)
                waiting.extend(includes[stem])
    return users


def _facts(texts):
    text = "\n".join(texts)
    return {
        "lines": sum(bool(line.strip()) for line in text.splitlines()),
        "locks": len(re.findall(LOCK, text)),
        "sections": len(re.findall(SECTION, text)),
        "tasks": len(re.findall(TASK, text)),
    }


def _freshness(source):
    """{way of hearing: facts}; empty where there are no events yet."""
    options = source / "options" / "options.cc"
    if not options.exists():
        return {}
    found = {}
    for way, knob in FRESHNESS_KNOBS.items():
        texts = [without_comments((source / name).read_text()) for name in FRESHNESS[way]]
        found[way] = {**_facts(texts), "knobs": len(re.findall(knob, options.read_text()))}
    return found


def count(root=command.REPOSITORY):
    rooms = {room: count_room(root / "src" / room, base) for room, base in ROOMS.items()}
    return {**rooms, "freshness": _freshness(root / "src")}


def of_protocol(protocol, counted):
    """The facts of all parts of a protocol together; empty if the sources lack one."""
    parts = [("strategies", protocol["strategy"])]
    parts += [
        (room, protocol[name])
        for room, name in (("guards", "guard"), ("shields", "shield"))
        if protocol.get(name, "none") != "none"
    ]
    if protocol.get("invalidate") == "event":
        parts += [("freshness", "event")] + [("freshness", "log")] * (_source(protocol) == "log")
        parts += [("freshness", "version")] * (protocol.get("check") == "version")
    if any(name not in counted[room] for room, name in parts):
        return {}
    facts = [counted[room][name] for room, name in parts]
    return {fact: sum(each.get(fact, 0) for each in facts) for fact in facts[0]}


def _source(protocol):
    """Who tells of writes, where the protocol's events do not come from the application."""
    return protocol.get("source", "application")


def main():
    root = command.Parser(__doc__).parse_root()
    print(json.dumps(count(root), indent=2))
