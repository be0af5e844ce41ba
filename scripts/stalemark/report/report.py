# SPDX-License-Identifier: Apache-2.0
"""Makes report.html from results: the decision matrix, its pictures and its evidence, in one file.

RESULT is a result file or a folder of them. The page needs no network, follows the reader's light
or dark theme, fits a phone and prints. What the results do not hold is left out, and the page says
which command would make it. A predictions.json of scripts/predictions.py beside the results is
shown, too.
"""

from stalemark.common import command, files
from stalemark.guarantees import table_file
from stalemark.matrix import matrix
from stalemark.report import all_workloads, whole_page, recommended


def main():
    parser = command.Parser(__doc__)
    parser.add_argument("results", nargs="+", metavar="RESULT")
    parser.add_argument("--out", metavar="DIR", required=True, help="where report.html goes")
    parser.add_argument("--assumptions", metavar="DIR", help="results with other assumptions")
    parser.add_argument("--capacity", metavar="FILE", help="of scripts/capacity.py")
    options = parser.parse_args()
    groups, interrupted = matrix.gather(options.results)
    predictions = all_workloads.predictions(options.results)
    folder = files.output_folder(options.out, options.results[0])
    known = table_file.chosen()
    answers = matrix.answers_of(groups, options.assumptions, options.capacity, known)
    built = matrix.build(groups, interrupted, answers, known=known)
    page = whole_page.render(
        built, groups, predictions, lambda of: recommended.recommendations(of, known)
    )
    files.write(folder / "report.html", page)
    print(folder / "report.html")
