# SPDX-License-Identifier: Apache-2.0
"""Reads result files, checks them against results/schema.json and sorts out which may be compared.

A group holds the results of one workload and setting: their configurations are equal but for the
protocol and the seed. What they say of TTLs may differ, too, unless that makes two settings of one
protocol: it stands in the workload, but only the protocol reads it.
Within a group all were recorded in one session, by one build, and repetition by repetition every
protocol was given the same operations; results of which that is not true are refused, for what
differs then is not the protocol alone. Simulated results have no session and no build: their
repetitions are told apart by the seed, and they are never mixed with real ones. Runs of no_cache
say nothing of caches, and so belong to every group that differs from them in nothing else.
"""

import collections
import dataclasses
import json
import pathlib

import jsonschema

from stalemark.common import files
from stalemark.common.command import REPOSITORY, Refusal
from stalemark.common.differences import USUAL_RULES, canonical, differences, labels_of

NOT_COMPARABLE = 4
SCHEMAS = (1, 2)  # What differs: `$defs/schema_1` of the schema, due_operations.per_second().
FRESHNESS = ("ttl", "ttl_jitter", "negative_ttl")  # Of the workload, for the protocol to read.


@dataclasses.dataclass(frozen=True)
class Result:
    path: pathlib.Path
    data: dict

    @property
    def protocol(self):
        """As recorded; how TTLs are spread over the keys, of which it tells the longest; how nodes
        hear of writes, and the rules of the layers."""
        configuration = self.data["configuration"]
        protocol = dict(configuration["protocol"])
        ttl = configuration["workload"].get("ttl", "")
        if "ttl_ns" in protocol and "(" in ttl:
            protocol["ttl_spread"] = ttl
        for place, rules in USUAL_RULES.items():
            for name, value in configuration.get(place, {}).items():
                if name in rules and value != rules[name]:
                    protocol[name] = value
        return protocol

    @property
    def setting(self):
        """The configuration without what the comparison varies. Faults of events hit those alone
        who send any."""
        setting = _without(self.data["configuration"], ("protocol", "seed", "events"))
        if "shared_cache" in setting:
            setting["shared_cache"] = _without(
                setting["shared_cache"], USUAL_RULES["shared_cache"]
            )
        faults = [text for text in setting.pop("faults", []) if not text.startswith("event")]
        return {**setting, "faults": faults} if faults else setting

    @property
    def demand(self):
        """The setting without what only the protocol reads."""
        return {**self.setting, "workload": _without(self.setting["workload"], FRESHNESS)}

    @property
    def is_baseline(self):
        return self.protocol["strategy"] == "no_cache"

    @property
    def uncached(self):
        """The demand without what caches are like, of which no_cache reads nothing. In an open loop
        the clients follow from how long calls take, of which those of the cache are some."""
        unread = ("cache", "shared_cache", "near_cache")
        configuration = self.data["configuration"]
        is_open = configuration.get("rate") is not None or "trace" in configuration["workload"]
        demand = _without(self.demand, unread + ("clients",) * is_open)
        demand["wires"] = _without(demand.get("wires", {}), ("cache_latency",))
        demand["workload"] = _without(demand["workload"], ("cache_size",))
        faults = [text for text in demand.pop("faults", []) if not text.startswith("cache")]
        return {**demand, "faults": faults}

    @property
    def is_simulated(self):
        return self.data["configuration"].get("runtime") == "virtual"

    @property
    def session(self):
        return self.data.get("session", {}).get("id")

    @property
    def repetition(self):
        """Pairs results across protocols: the round of a session; in virtual time, the seed."""
        return self.data.get("session", {}).get("repetition", self.data["seed"])


@dataclasses.dataclass
class Group:
    title: str  # The workload and, where one name stands for several settings, what differs.
    setting: dict
    rows: dict  # Label of a protocol -> {repetition: Result}, baseline first.


def load(paths):
    """The results among these files and folders. In a folder, JSON files without "schema" are not
    results and are passed over."""
    validator = jsonschema.Draft202012Validator(
        json.loads((REPOSITORY / "results" / "schema.json").read_text())
    )
    found = []
    for path in map(pathlib.Path, paths):
        inside = sorted(path.glob("*.json")) if path.is_dir() else [path]
        for file in inside:
            data = files.parsed(file)
            if path.is_dir() and not (isinstance(data, dict) and "schema" in data):
                continue
            _check(validator, file, data)
            found.append(Result(file, data))
    if not found:
        raise Refusal(f"no results in {', '.join(map(str, paths))}; expected files of `stalemark`")
    return found


def _check(validator, file, data):
    if isinstance(data, dict) and data.get("schema", SCHEMAS[0]) not in SCHEMAS:
        known = " and ".join(map(str, SCHEMAS))
        raise Refusal(f"{file}: schema {data['schema']!r}; this script reads schema {known}")
    error = jsonschema.exceptions.best_match(validator.iter_errors(data))
    if error:
        raise Refusal(f"{file}: not a result: {error.json_path}: {error.message[:200]}")


def _without(fields, names):
    return {name: value for name, value in fields.items() if name not in names}


def group(results):
    """The groups of these results, each checked to be comparable."""
    results = _distinct(results)
    _check_kind(results)
    _check_builds(results)
    by_name = collections.defaultdict(list)
    for setting, members in _with_baselines(list(_tables(results))):
        by_name[setting["workload"]["name"]].append((setting, members))

    found = []
    for name, tables in sorted(by_name.items()):
        suffixes = differences([setting for setting, _ in tables])
        for (setting, members), suffix in zip(tables, suffixes):
            title = f"{name} ({suffix})" if suffix else name
            _check_comparable(title, members)
            found.append((title, setting, members))
    labels = labels_of([_protocols(members) for _, _, members in found])
    return [
        Group(title, setting, _rows(title, members, named))
        for (title, setting, members), named in zip(found, labels)
    ]


def _distinct(results):
    """Without simulated runs that are another's but for how they were typed: two protocols of a
    suite may be alike by their workload or by what was typed."""
    seen, kept = set(), []
    for each in results:
        same = each.is_simulated and canonical(_without(each.data, ("command",)))
        if not same or same not in seen:
            kept.append(each)
        seen.add(same)
    return kept


def _tables(results):
    """What the results of each group have in common, and they themselves."""
    for members in _split(results, lambda each: each.demand):
        by_setting = _split(members, lambda each: each.setting)
        runs = {(canonical(each.protocol), each.repetition) for each in members}
        if len(by_setting) > 1 and len(runs) == len(members):
            yield members[0].demand, members
        else:
            yield from ((same[0].setting, same) for same in by_setting)


def _with_baselines(tables):
    """Runs of no_cache that stand apart only as they say nothing of caches join those that do."""
    apart = [members for _, members in tables if all(run.is_baseline for run in members)]
    cached = [members for _, members in tables if not any(run.is_baseline for run in members)]
    joined = []
    for runs in apart:
        for members in cached:
            if members[0].uncached == runs[0].uncached:
                members += runs
                joined.append(runs)
    return [table for table in tables if not any(table[1] is runs for runs in joined)]


def _split(results, key):
    found = collections.defaultdict(list)
    for each in results:
        found[canonical(key(each))].append(each)
    return list(found.values())


def _check_kind(results):
    simulated = sum(each.is_simulated for each in results)
    if 0 < simulated < len(results):
        raise Refusal(
            f"{simulated} of {len(results)} results are simulated, the others real: their times"
            " have nothing in common; give those of one kind"
        )


def _check_builds(results):
    for field in ("version", "commit", "dirty", "build_type", "compiler", "flags", "cpu"):
        _check_alike(
            f"values of context.{field}",
            [each.data["context"].get(field) for each in results],
            "give results of one build on one machine",
        )


def _check_comparable(title, members):
    _check_alike(
        f"{title}: sessions",
        [each.session for each in members],
        "record them together with `stalemark suite`",
    )
    digests = {}
    for each in members:
        digest = each.data.get("workload_digest")
        if digests.setdefault(each.repetition, digest) != digest:
            raise Refusal(
                f"{title}: {each.path}: its workload_digest differs from the others' of repetition "
                f"{each.repetition}: they were not given the same operations",
                NOT_COMPARABLE,
            )


def _check_alike(what, values, advice):
    different = sorted({str(value) for value in values})
    if len(different) > 1:
        raise Refusal(f"{what} differ ({', '.join(different[:3])}); {advice}", NOT_COMPARABLE)


def _protocols(members):
    return {canonical(each.protocol): each.protocol for each in members}


def _rows(title, members, labels):
    rows = collections.defaultdict(dict)
    for each in sorted(members, key=lambda each: not each.is_baseline):
        row = rows[labels[canonical(each.protocol)]]
        if each.repetition in row:
            other = row[each.repetition].path
            raise Refusal(f"{title}: {other} and {each.path} are the same run twice")
        row[each.repetition] = each
    return dict(rows)
