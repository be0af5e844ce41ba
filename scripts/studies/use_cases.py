# SPDX-License-Identifier: Apache-2.0
"""The use cases of workloads/: applications, each with what it requires."""

import dataclasses
import json

import cluster_runs
from stalemark.common import command
from stalemark.recommend import requirements

WORKLOADS = command.REPOSITORY / "workloads"
LONGER = 1.2  # Than the age that a run must be able to show.


@dataclasses.dataclass(frozen=True)
class UseCase:
    name: str
    fields: dict  # Of its workload, without its requirements.
    limits: dict  # As recommendation.of_groups() takes them.

    def workload(self, place):
        """Placed and paced like a cluster; in runs that are long enough for its limit of age."""
        age_s = self.limits.get("stale_age_max", 0) / 1e9
        fields = {**self.fields, "keys": min(self.fields["keys"], cluster_runs.KEYS)}
        duration_s = max(30, round(LONGER * age_s))
        return cluster_runs.placed(fields, place, cluster_runs.RATE_MAX, duration_s)


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
