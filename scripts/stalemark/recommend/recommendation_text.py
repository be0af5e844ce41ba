# SPDX-License-Identifier: Apache-2.0
"""A recommendation for the terminal, as Markdown and as plain data."""

import re
import textwrap

from stalemark.common.figures import number_of, short
from stalemark.common.markdown import table
from stalemark.matrix.measures import BASELINE
from stalemark.recommend import explored_requirements, repeated_runs
from stalemark.recommend.judgements import MET, MISSED, NOT_MEASURED, RACE_KNOWN, SCHEDULE_KNOWN
from stalemark.recommend.recommendation import SIZE
from stalemark.recommend.requirements import REQUIREMENTS

SESSION = r"(.+)-\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ-\d+"  # Of a suite, by its name.
WIDTH = 100
LABEL = 10  # Of what stands at the left of a paragraph.
EXCLUDED_MOST = 8  # On the terminal.


def needs(recommendation):
    """Each requirement in words."""
    return [words(name, limit) for name, limit in recommendation.limits.items()]


def words(name, limit):
    requirement = REQUIREMENTS[name]
    if requirement.parse is None:
        return requirement.title
    if limit == 0:
        return {"stale_age_max": "never stale", "writes_lost_max": "no write at risk"}.get(
            name, f"{requirement.title} 0"
        )
    return f"{requirement.title} at most {requirement.show(limit)}"


def size(candidate):
    """"18 lines, 1 task": what there is any of."""
    facts = [(candidate.facts.get(fact, 0), fact) for fact in SIZE]
    return ", ".join(number_of(count, fact.removesuffix("s")) for count, fact in facts if count)


def seen(candidate, name, titles):
    judgement, title = candidate.judgements[name]
    where = f" in {title}" if len(titles) > 1 else ""
    return f"{REQUIREMENTS[name].title}: {judgement.seen}{where}"


def proof(candidate, recommendation):
    """What was explored without finding what the requirements exclude; "" if nothing was, or if
    nothing is known beyond the sources."""
    if candidate.protocol["strategy"] == BASELINE:
        return ""
    found = explored_requirements.proved(recommendation.limits, candidate.explored)
    return f"explored: {found}" if found else ""


def failure(candidate, name, recommendation):
    """What excluded it, and by how much."""
    judgement, _ = candidate.judgements[name]
    text = seen(candidate, name, recommendation.titles)
    if judgement.status == NOT_MEASURED:
        return f"{text} - not measured"
    if judgement.excess is not None and judgement.excess != float("inf"):
        text += f" - {short(judgement.excess, 2)} times the limit"
    undecided = " - undecided: more repetitions would tell"
    return text if judgement.status == MISSED else text + undecided


def why(candidate, recommendation):
    """What excluded it; what was not measured only if nothing did."""
    failing = {name: candidate.judgements[name][0].status for name in candidate.failing}
    missed = [name for name, status in failing.items() if status == MISSED]
    return "; ".join(failure(candidate, name, recommendation) for name in missed or failing)


def run_missing(recommendation):
    """The command that would measure what was not, of protocols that nothing else excludes. Several
    simulated ones can be run one by one; measured ones are recorded together, by their suite. None:
    it was all measured."""
    lacking, options = [], []
    for each in recommendation.excluded:
        failing = [each.judgements[name][0] for name in each.failing]
        if all(judgement.status == NOT_MEASURED for judgement in failing):
            lacking.append(each)
            options += [judgement.missing for judgement in failing if judgement.missing]
    if not lacking:
        return None
    first, *others = lacking
    if not others or first.session is None:
        command = repeated_runs.with_options(first.command, options)
        alike = f", and likewise {', '.join(each.label for each in others)}" * bool(others)
        return f"{command} --out DIR/result.json{alike}"
    suite = re.fullmatch(SESSION, first.session)
    name = suite[1] if suite else "SUITE"
    command = repeated_runs.with_options(f"stalemark suite {name}", options)
    return f"{command} --out DIR" + ", with the SUITE that made these results" * (not suite)


def relaxing(name, limit, candidate, recommendation):
    requirement = REQUIREMENTS[name]
    if limit is None:
        change = f"without \"{words(name, recommendation.limits[name])}\""
    else:
        change = f"with {requirement.title} up to {requirement.show(limit)}"
    return f"{change}: {candidate.label} ({size(candidate)})"


def _missing_guard(best, recommendation):
    """Where a cache would do but for races that are known: what would keep those out."""
    excluded = [[judgement.seen for judgement, _ in each.judgements.values()]
                for each in recommendation.excluded]  # fmt: skip
    is_alone = best.protocol["strategy"] == BASELINE and len(recommendation.qualified) == 1
    if not excluded or not is_alone or not all(
        any(text.startswith((RACE_KNOWN, SCHEDULE_KNOWN)) for text in seen) for seen in excluded
    ):  # fmt: skip
        return ""
    return (
        "; every protocol with a cache that was compared has a known race, which a guard, such as"
        " --guard lease, may prevent"
    )


def conclusion(recommendation):
    """The answer in a sentence, for a headline."""
    if recommendation.qualified:
        best = recommendation.qualified[0]
        return f"{best.label} ({size(best)}){_missing_guard(best, recommendation)}"
    nearest = recommendation.nearest
    return (
        "nothing that was measured qualifies; nearest comes"
        f" {nearest.label}: {why(nearest, recommendation)}"
    )


def terminal(recommendation):
    lines = [", ".join(recommendation.titles)]
    _paragraph(lines, "requires", "; ".join(needs(recommendation)))
    _paragraph(lines, "take", conclusion(recommendation))
    if recommendation.qualified:
        best = recommendation.qualified[0]
        for name in recommendation.limits:
            _paragraph(lines, "", "- " + seen(best, name, recommendation.titles))
        if known := proof(best, recommendation):
            _paragraph(lines, "", f"- {known}")
        others = recommendation.qualified[1:]
        larger = [each for each in others if each.size >= best.size]
        if larger:
            text = ", ".join(f"{each.label} ({each.size[0]:,} lines)" for each in larger)
            _paragraph(lines, "or", text)
        for each in others:
            if each not in larger:  # Of a deployment, no_cache.
                text = f"{short(each.store_reads)} reads of the database per operation"
                _paragraph(lines, "or", f"{each.label}, with {text}")
    shown = recommendation.excluded[:EXCLUDED_MOST]
    for index, each in enumerate(shown):
        _paragraph(lines, "not" if index == 0 else "", f"{each.label}: {why(each, recommendation)}")
    if more := len(recommendation.excluded) - len(shown):
        _paragraph(lines, "", f"and {more} more, which --markdown and --json name")
    if recommendation.partly_run:
        text = f"{', '.join(recommendation.partly_run)}: not run on all of these workloads"
        _paragraph(lines, "left out", text)
    if run := run_missing(recommendation):
        _paragraph(lines, "run", run)
    for line in recommendation.caveats:
        _paragraph(lines, "beware", line)
    for index, found in enumerate(recommendation.relaxations()):
        _paragraph(lines, "but" if index == 0 else "", relaxing(*found, recommendation))
    return "\n".join(lines)


def _paragraph(lines, label, text):
    lines += textwrap.wrap(
        text,
        WIDTH,
        initial_indent=f"  {label:{LABEL}}",
        subsequent_indent=" " * (LABEL + 4),
        break_long_words=False,
        break_on_hyphens=False,
    )


def markdown(recommendation):
    answer = conclusion(recommendation)
    headline = f"Take {answer}" if recommendation.qualified else answer[0].upper() + answer[1:]
    header = ["protocol", "lines", *needs(recommendation)]
    lines = [
        f"### {', '.join(recommendation.titles)}",
        "",
        f"Requires: {'; '.join(needs(recommendation))}.",
        "",
        f"**{headline}**",
        "",
        *_proof_lines(recommendation),
        *table(header, map(_row, recommendation.candidates)),
        "",
        *(text for line in recommendation.caveats for text in (f"Beware: {line}.", "")),
    ]
    for found in recommendation.relaxations():
        text = relaxing(*found, recommendation)
        lines.append(f"- {text[0].upper()}{text[1:]}")
    return "\n".join(lines) + "\n"


def _proof_lines(recommendation):
    qualified = recommendation.qualified
    known = proof(qualified[0], recommendation) if qualified else ""
    return [f"{known[0].upper()}{known[1:]}.", ""] if known else []


def _row(candidate):
    marks = {MET: "", MISSED: "✗ "}
    cells = [candidate.label, f"{candidate.facts.get('lines', '?')}"]
    for judgement, _ in candidate.judgements.values():
        cells.append(marks.get(judgement.status, "? ") + judgement.seen)
    return cells


def as_data(recommendation):
    """For JSON: infinite excess is absent."""
    return {
        "workloads": recommendation.titles,
        "requirements": recommendation.limits,
        "best": recommendation.qualified[0].label if recommendation.qualified else None,
        "nearest": recommendation.nearest.label if recommendation.nearest else None,
        "protocols": [
            {
                "protocol": each.label,
                "qualifies": not each.failing,
                "complexity": each.facts,
                "explored": each.explored and each.explored.protocol,
                "judgements": {
                    name: _judged(judgement, title)
                    for name, (judgement, title) in each.judgements.items()
                },
            }
            for each in recommendation.candidates
        ],
        "partly_run": recommendation.partly_run,
        "caveats": recommendation.caveats,
        "run": run_missing(recommendation),
        "relaxations": [
            {"requirement": name, "limit": limit, "protocol": candidate.label}
            for name, limit, candidate in recommendation.relaxations()
        ],
    }


def _judged(judgement, title):
    found = {"status": judgement.status, "seen": judgement.seen, "workload": title}
    if judgement.excess not in (None, float("inf")):
        found["excess"] = judgement.excess
    if judgement.needed is not None:
        found["limit_met"] = judgement.needed
    return found
