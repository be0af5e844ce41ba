# SPDX-License-Identifier: Apache-2.0
"""The use cases of workloads/: applications, each with what it requires."""

import dataclasses
import json

import cluster_runs
from stalemark.common import command, durations
from stalemark.recommend import requirements

WORKLOADS = command.REPOSITORY / "workloads"
LONGER = 1.2  # Than the age that a run must be able to show.
LEAST_S = 36  # So long that a share of own writes can be judged.
SURROUNDINGS = {
    cluster_runs.SHARED: "--deployment service --cache-size 50%",
    cluster_runs.LAYERED: "--deployment fleet",
}


@dataclasses.dataclass(frozen=True)
class UseCase:
    name: str
    fields: dict  # Of its workload, without its requirements.
    limits: dict  # As recommendation.of_groups() takes them.

    def workload(self, _):
        """In runs that are long enough for its limit of age; no
        entry lives longer than the oldest read that is allowed."""
        age_s = self.limits.get("stale_age_max", 0) / 1e9
        ttl = self.fields["ttl"]
        return {
            **self.fields,
            "ttl": f"{age_s:g}s" if age_s and durations.seconds(ttl) > age_s else ttl,
            "rate": 4000,
            "warmup": "60s",
            "duration": f"{max(LEAST_S, round(LONGER * age_s))}s",
            "options": {"runtime": "virtual"},
        }


def load(folder=WORKLOADS):
    """Those that require something. A scenario, which brings its own surroundings, is none."""
    found = []
    for path in sorted(folder.glob("*.json")):
        fields = json.loads(path.read_text())
        limits = requirements.of_workload(fields.pop("requirements", {}))
        if limits and "options" not in fields:
            found.append(UseCase(path.stem, _lasting(fields), limits))
    return found


def _lasting(fields):
    """Of phases the last, in which the application is busiest."""
    phases = fields.pop("phases", None)
    if phases:
        fields |= {name: phases[-1][name] for name in ("mix", "popularity")}
    return fields
