# SPDX-License-Identifier: Apache-2.0
"""How much more traffic the database bears with a protocol than with no_cache, as
scripts/capacity.py found it."""

import dataclasses
import json
import pathlib

from stalemark.common import command
from stalemark.common.differences import canonical


@dataclasses.dataclass(frozen=True)
class Bears:
    """The load relative to no_cache's, at which the p99 passes a limit. 0: less than was tried;
    `is_least`: no load that was tried was too much."""

    ratio: float
    limit_ns: int
    is_least: bool = False


class Capacities:
    """What a file of scripts/capacity.py says. Raises Refusal if it is none."""

    def __init__(self, path):
        self._path = path
        try:
            found = json.loads(pathlib.Path(path).read_text())
            self._workloads = [each for each in found["workloads"] if _is_whole(each)]
        except OSError as error:
            raise command.Refusal(f"{path}: {error.strerror}") from None
        except (ValueError, KeyError, TypeError, IndexError):
            raise command.Refusal(
                f"{path}: no capacities; scripts/capacity.py RESULT... --out FILE makes them"
            ) from None

    def of(self, group):
        """{canonical protocol: Bears} of the workload and setting of a group. Raises Refusal if
        there is none of that setting."""
        wanted = demand_of(group)
        for each in self._workloads:
            if each["demand"] == wanted:
                protocols = each["protocols"]
                return {
                    canonical(one["protocol"]): Bears(
                        (one["met"] or 0.0) / protocols[0]["met"], each["p99_ns"], one["is_least"])
                    for one in protocols
                }  # fmt: skip
        raise command.Refusal(f"{self._path}: holds no capacities of {group.title} as it is here")


def demand_of(group):
    """What is asked of a protocol with a cache, if there is one: no_cache records less."""
    first = [next(iter(row.values())) for row in group.rows.values()]
    cached = [result for result in first if not result.is_baseline] or first
    return json.loads(canonical(cached[0].demand))


def _is_whole(each):
    """Raises KeyError or TypeError if it is not what scripts/capacity.py writes."""
    for one in each["protocols"]:
        one["protocol"], one["met"], one["is_least"]  # noqa: B018
    return each["demand"] and each["p99_ns"] > 0 and each["protocols"][0]["met"] > 0
