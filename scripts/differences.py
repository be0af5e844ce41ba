"""What tells configurations apart, in words, and the short names of protocols that follow."""

import collections
import json

import figures

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
    flats = [flatten(each) for each in objects]
    names = sorted({name for flat in flats for name in flat})
    differing = [
        name for name in names if len({canonical(flat.get(name)) for flat in flats}) > 1
    ]
    return [" ".join(_leaf(name, flat.get(name)) for name in differing) for flat in flats]


def _leaf(name, value):
    if value is None:
        return f"{name.removesuffix('_ns')}=none"
    if name.endswith("_ns"):
        return f"{name.removesuffix('_ns')}={figures.duration(value)}".replace(" ", "")
    return f"{name}={value if isinstance(value, str) else canonical(value)}"


def labels_of(protocols):
    """{key: label} of {key: protocol}: strategy, guard, shield, and what differs where that leaves
    two alike."""
    alike = collections.defaultdict(list)
    for key, protocol in protocols.items():
        parts = [protocol["strategy"], protocol.get("guard"), protocol.get("shield")]
        alike["+".join(part for part in parts if part and part != "none")].append(key)
    labels = {}
    for base, keys in alike.items():
        suffixes = differences([protocols[key] for key in keys])
        for key, suffix in zip(keys, suffixes):
            telling = [word for word in suffix.split(" ") if word and word not in USUAL_WORDS]
            labels[key] = " ".join([base, *telling])
    return labels
