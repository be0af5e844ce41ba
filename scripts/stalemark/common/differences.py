# SPDX-License-Identifier: Apache-2.0
"""What tells configurations apart, in words, and the short names of protocols that follow."""

import collections
import json

from stalemark.common import figures

# What a protocol says of events and layers, unless it says something else.
USUAL_RULES = {
    "events": {
        "source": "application",
        "check": "none",
        "order": "cache-first",
        "on_gap": "none",
        "delay": "lognormal(500us,0.5)",
        "batch": 1,
        "batch_delay_ns": 0,
        "gap_grace_ns": 20_000_000,
        "heartbeat_ns": 1_000_000_000,
        "log_poll_ns": 10_000_000,
    },
    "shared_cache": {"layer_ttl": "carry", "near_ttl_ns": None},
}
# What a setting is that a configuration leaves out, where that is not none.
ABSENT = {"verify": "checksum"}
# Of a protocol, what it has from the workload.
LIFETIMES = ("ttl_ns", "jitter", "negative_ttl_ns", "ttl_spread")
# How a difference says that a protocol keeps to a usual rule.
USUAL_WORDS = {
    f"{name.removesuffix('_ns')}=none" for rules in USUAL_RULES.values() for name in rules
}


def canonical(value):
    """Equal for equal values, whatever the order of their fields."""
    return json.dumps(value, sort_keys=True)


def flatten(value, prefix=""):
    """A nested object as {"a.b": leaf}."""
    if not isinstance(value, dict):
        return {prefix: value}
    flat = {}
    for name, inner in value.items():
        flat.update(flatten(inner, f"{prefix}.{name}" if prefix else name))
    return flat


def differences(objects):
    """For each object, the leaves in which not all agree, as "name=value" words."""
    names = sorted(_differing(objects))
    flats = [flatten(each) for each in objects]
    return [" ".join(_leaf(name, flat.get(name)) for name in names) for flat in flats]


def _differing(objects):
    """The names of the leaves in which not all of these agree."""
    flats = [flatten(each) for each in objects]
    names = {name for flat in flats for name in flat}
    return {name for name in names if len({canonical(flat.get(name)) for flat in flats}) > 1}


def _leaf(name, value):
    if value is None:
        return f"{name.removesuffix('_ns')}={ABSENT.get(name, 'none')}"
    if name.endswith("_ns"):
        return f"{name.removesuffix('_ns')}={figures.duration(value)}".replace(" ", "")
    return f"{name}={value if isinstance(value, str) else canonical(value)}"


def labels_of(groups):
    """For each group, {key: label} of its {key: protocol}: strategy, guard, shield, and what
    differs where that leaves two alike in any of the groups, so that a label means one protocol in
    all of them. How long entries live is told only within a group: a workload says that for all
    protocols, and it is no other protocol that heeds another workload's."""
    alike = collections.defaultdict(list)
    for place, protocols in enumerate(groups):
        for key, protocol in protocols.items():
            alike[_base(protocol)].append((place, key, protocol))
    labels = [{} for _ in groups]
    for base, members in alike.items():
        everywhere = _differing([_lasting(protocol) for _, _, protocol in members])
        for place, key, protocol in members:
            here = _differing([other for where, _, other in members if where == place])
            words = [_leaf(name, flatten(protocol).get(name)) for name in sorted(everywhere | here)]
            labels[place][key] = " ".join([base, *(w for w in words if w not in USUAL_WORDS)])
    return labels


def _base(protocol):
    parts = [protocol["strategy"], protocol.get("guard"), protocol.get("shield")]
    return "+".join(part for part in parts if part and part != "none")


def _lasting(protocol):
    """Without what the workload says of it."""
    return {name: value for name, value in protocol.items() if name not in LIFETIMES}
