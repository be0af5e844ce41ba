# SPDX-License-Identifier: Apache-2.0
"""Names the simplest protocol that measurably meets what an application requires.

RESULT is a result file or a folder of them. Without options each workload of the results is judged
by its own requirements; --workload takes one of them, and what is required here wins over what the
workload says. With requirements and without --workload every workload counts, or with --reads
those with about that share of reads, and a protocol must be good enough in the worst. Protocols are
ranked by the size of their code (scripts/complexity.py). A limit above zero is met by the upper end
of a 95% interval; zero only by none at all. docs/recommendation.md explains the answer.

Exit status: 0 something qualifies in each use case; 1 nothing does in one of them at least; 2 wrong
usage or input; 4 results that are not comparable.
"""

import json
import sys

from stalemark.common import command, files, workload_mix
from stalemark.guarantees import table_file
from stalemark.matrix import matrix
from stalemark.recommend import recommendation, recommendation_text
from stalemark.recommend.requirements import REQUIREMENTS, of_workload

NEAR = 0.05  # Shares of reads that far apart are alike.
OPTIONS = {
    "--max-stale-age": "stale_age_max",
    "--max-stale-fraction": "stale_fraction_max",
    "--read-your-writes": "read_your_writes",
    "--max-own-writes-missed": "own_writes_missed_max",
    "--monotonic-reads": "monotonic_reads",
    "--lose-at-most": "writes_lost_max",
    "--read-p99": "read_p99_max",
    "--write-p99": "write_p99_max",
    "--store-reads": "store_reads_max",
}


def parser():
    made = command.Parser(__doc__)
    made.add_argument("results", nargs="+", metavar="RESULT")
    made.add_argument("--workload", metavar="NAME", help="judge this workload of the results")
    made.add_argument("--reads", metavar="FRACTION", help="judge those with that share")
    for option, name in OPTIONS.items():
        required = REQUIREMENTS[name]
        text = " ".join(required.judge.__doc__.split()).replace("%", "%%")
        how = {"metavar": required.metavar} if required.parse else {"action": "store_true"}
        made.add_argument(option, dest=name, help=text, **how)
    made.add_argument("--json", metavar="FILE", help="write the answer as JSON, too")
    made.add_argument("--markdown", metavar="FILE", help="write it as Markdown, too")
    return made


def main():
    options = parser().parse_args()
    groups, interrupted = matrix.gather(options.results)
    if interrupted:
        print(f"recommend.py: {interrupted} interrupted runs are left out", file=sys.stderr)
    limits = typed(options)
    found = recommend(groups, limits, options, table_file.chosen())
    print("\n\n".join(map(recommendation_text.terminal, found)))
    if options.json:
        written = json.dumps([recommendation_text.as_data(each) for each in found], indent=2)
        files.save(options.json, written + "\n")
    if options.markdown:
        files.save(options.markdown, "\n".join(map(recommendation_text.markdown, found)))
    return 0 if all(each.qualified for each in found) else 1


def typed(options):
    limits = {}
    for option, name in OPTIONS.items():
        given = getattr(options, name)
        if given in (None, False):
            continue
        try:
            limits[name] = REQUIREMENTS[name].parse(given) if REQUIREMENTS[name].parse else True
        except ValueError as error:
            raise command.Refusal(f"{option}: {error}") from None
    return limits


def recommend(groups, limits, options, known):
    chosen = with_reads(groups, options.reads) if options.reads else groups
    if options.workload:
        chosen = named(chosen, options.workload)
        own = of_workload(chosen[0].setting["workload"].get("requirements", {}))
        why = chosen[0].setting["workload"].get("requirements", {}).get("why", "")
        if not own and not limits:
            raise command.Refusal(
                f"{options.workload} requires nothing; say what you do, for example --read-p99 2ms"
            )
        required = {**own, **limits}
        return [recommendation.of_groups([each], required, why, known) for each in chosen]
    if limits:
        return [recommendation.of_groups(chosen, limits, known=known)]
    found = recommendation.of_use_cases(chosen, known)
    if not found:
        raise command.Refusal(
            "none of these workloads has requirements; say yours, for example --read-p99 2ms"
        )
    return found


def named(groups, name):
    chosen = [each for each in groups if each.setting["workload"]["name"] == name]
    if not chosen:
        known = ", ".join(sorted({each.setting["workload"]["name"] for each in groups}))
        raise command.Refusal(
            f"{name}: not measured in these results, which hold {known}; for a workload that there"
            f' is, a suite with "workloads": ["{name}"] measures it (docs/workloads.md)'
        )
    return chosen


def with_reads(groups, text):
    try:
        share = REQUIREMENTS["store_reads_max"].parse(text)
    except ValueError:
        share = 2
    if share > 1:
        raise command.Refusal(f"--reads: expected a share from 0 to 1, got '{text}'")
    chosen = [each for each in groups if abs(reads_of(each) - share) <= NEAR]
    if not chosen:
        known = ", ".join(f"{each.title} ({reads_of(each):.0%})" for each in groups)
        raise command.Refusal(
            f"--reads {text}: no workload of these results is within {100 * NEAR:g} points of it:"
            f" {known};"
            f" not measured; run: stalemark suite --reads {text} --repeat 6 --out DIR"
        )
    return chosen


def reads_of(group):
    """The share of operations that are reads."""
    row = next(iter(group.rows.values()))
    return workload_mix.share(next(iter(row.values())).data, "read")
