# SPDX-License-Identifier: Apache-2.0
"""What operations a workload asks for, whether or not any of them ended."""

CHANGES = ("write", "delete", "read_modify_write")


def asked(results, kinds):
    """Those of `kinds` that any phase asks for, or that ran: older results do not tell the mix."""
    return [
        kind
        for kind in kinds
        if any(kind in each["operations"] or kind in _asked(each) for each in results)
    ]


def _asked(result):
    return {kind for mix in _mixes(result) for kind, share in mix.items() if share > 0}


def largest_share(result, kind):
    """The share of all operations that the phase asks for which asks for the most of this kind; 1
    where the result does not tell the mix."""
    mixes = [mix for mix in _mixes(result) if sum(mix.values()) > 0]
    return max((mix.get(kind, 0) / sum(mix.values()) for mix in mixes), default=1.0)


def largest_open_share(result, kind):
    """Likewise of the phases that are open loops; of a trace, the share of what ran."""
    workload = result["configuration"]["workload"]
    if "trace" in workload:
        return share(result, kind)
    opened = [phase["mix"] for phase in workload.get("phases", [])
              if "mix" in phase and phase.get("rate") is not None]  # fmt: skip
    mixes = [mix for mix in opened if sum(mix.values()) > 0]
    if not mixes:
        return largest_share(result, kind)
    return max(mix.get(kind, 0) / sum(mix.values()) for mix in mixes)


def share(result, kind):
    """Of the operations that ran; where none did, of those asked for."""
    counts = {name: each["count"] for name, each in result["operations"].items()}
    ran = sum(counts.values())
    return counts.get(kind, 0) / ran if ran else largest_share(result, kind)


def _mixes(result):
    phases = result["configuration"]["workload"].get("phases", [])
    return [phase["mix"] for phase in phases if "mix" in phase]
