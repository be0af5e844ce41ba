# SPDX-License-Identifier: Apache-2.0
"""What a row of the matrix holds of its protocol that no run of it has shown: what it declares, and
what exploring schedules proves or breaks."""

from stalemark.guarantees import wording


def of(parts, known):
    """`parts`: measures.Part of each workload; `known`: the Guarantees. Runs of one protocol that
    are not all of one explored protocol, as on other fleets, are of none."""
    results = [result.data for part in parts for result in part.results.values()]
    found = {each and each.protocol: each for each in map(known.of, results)}
    explored = next(iter(found.values())) if len(found) == 1 else None
    has_ttl = all("ttl_ns" in data["configuration"]["protocol"] for data in results)
    declared = sorted({data.get("promise", {}).get("declared", "") for data in results} - {""})
    broken = [each for each in (_broken(explored, text, has_ttl) for text in declared) if each]
    return {
        "declared": declared,
        "short": wording.short(explored, has_ttl),
        "explored": wording.as_data(explored),
        "broken_promise": wording.sentence(broken[0]) if broken else None,
    }


def _broken(explored, declared, has_ttl):
    return explored and wording.broken_promise(explored, declared, has_ttl)
