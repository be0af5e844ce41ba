# SPDX-License-Identifier: Apache-2.0
"""The recommendations for the use cases of a set of results, as the report shows them."""

import dataclasses

from stalemark.guarantees.table_file import NOTHING
from stalemark.recommend import recommendation, recommendation_text


@dataclasses.dataclass(frozen=True)
class Exclusion:
    protocol: str
    why: str  # The requirement that it misses, and by how much.


@dataclasses.dataclass(frozen=True)
class Recommendation:
    """For one use case."""

    workload: str  # The title of its group.
    requirements: list[str]  # In words, one each.
    best: str | None  # The label of a protocol; None: none qualifies.
    because: str  # Why this one; where there is none, what comes nearest.
    excluded: list[Exclusion]
    not_measured: list[str] = dataclasses.field(default_factory=list)  # With what would.


def recommendations(groups, known=NOTHING):
    """One for each workload that says what it requires. `known`: the Guarantees."""
    for found in recommendation.of_use_cases(groups, known):
        best = found.qualified[0] if found.qualified else None
        run = recommendation_text.run_missing(found)
        yield Recommendation(
            workload=", ".join(found.titles),
            requirements=recommendation_text.needs(found),
            best=best.label if best else None,
            because=_because(found, best),
            excluded=[
                Exclusion(each.label, recommendation_text.why(each, found))
                for each in found.excluded
            ],
            not_measured=[f"Not measured; run: {run}"] if run else [],
        )


def _because(found, best):
    """What was seen of the best, or who comes nearest; and what a milder limit would gain."""
    if best is None:
        sentences = [recommendation_text.conclusion(found)]
    else:
        seen = [recommendation_text.seen(best, name, found.titles) for name in found.limits]
        sentences = [f"{recommendation_text.size(best)}; {'; '.join(seen)}"]
        sentences += filter(None, [recommendation_text.proof(best, found)])
    sentences += [recommendation_text.relaxing(*each, found) for each in found.relaxations()]
    return " ".join(f"{text[0].upper()}{text[1:]}." for text in sentences)
