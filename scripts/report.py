#!/usr/bin/python3
"""Makes report.html from results: the decision matrix and its pictures, in one file.

RESULT is a result file or a folder of them. The page needs no network, follows the reader's light
or dark theme and fits a phone. The pictures are written beside it as PNG files, too. What the
results do not hold is left out of the page.
"""

import base64
import dataclasses
import io
import re

import jinja2

import chart_style
import charts
import command
import matrix
import matrix_text


@dataclasses.dataclass(frozen=True)
class Picture:
    caption: str
    light: str  # Data URIs.
    dark: str


def main():
    parser = command.Parser(__doc__)
    parser.add_argument("results", nargs="+", metavar="RESULT")
    parser.add_argument("--out", metavar="DIR", required=True, help="where report.html goes")
    options = parser.parse_args()
    groups, interrupted = matrix.gather(options.results)
    folder = matrix.output_folder(options.out, options.results[0])
    page = render(matrix.build(groups, interrupted), groups, folder)
    matrix.write(folder / "report.html", page)
    print(folder / "report.html")


def render(built, groups, folder):
    """The page; its pictures go into the folder."""
    notes = []
    labels = [row["protocol"] for row in built["overall"]]
    styles = chart_style.styles_of(labels)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(command.REPOSITORY / "scripts"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(
        matrix=built,
        origin=matrix_text.origin(built),
        columns=matrix_text.COLUMNS,
        overall=[matrix_text.cells(row, notes) for row in built["overall"]],
        notes=notes,
        nothing=matrix_text.NOTHING,
        legend=matrix_text.LEGEND,
        method=matrix_text.METHOD,
        rules=list(matrix_text.rules(built)),
        counting=matrix_text.counting(),
        workloads=[
            {
                "title": workload["title"],
                "setting": workload["setting"],
                "rows": [matrix_text.cells(row, None) for row in workload["rows"]],
                "pictures": _pictures(group, labels, styles, folder),
                "commands": _commands(group, labels),
            }
            for workload, group in zip(built["workloads"], groups)
        ],
    )


def _pictures(group, labels, styles, folder):
    rows = {label: group.rows[label] for label in labels if label in group.rows}
    found = []
    for draw in charts.CHARTS:
        light = draw(rows, styles, chart_style.LIGHT)
        if light is None:
            continue
        name = re.sub(r"[^\w.-]+", "_", group.title)
        light.savefig(folder / f"{name}.{draw.__name__}.png", dpi=144)
        dark = draw(rows, styles, chart_style.DARK)
        caption = " ".join(draw.__doc__.split())
        found.append(Picture(caption, _data_uri(light), _data_uri(dark)))
    return found


def _data_uri(drawn):
    """The same figure gives the same bytes."""
    buffer = io.BytesIO()
    drawn.savefig(buffer, format="svg", metadata={"Date": None})
    return f"data:image/svg+xml;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def _commands(group, labels):
    rows = [group.rows[label] for label in labels if label in group.rows]
    return [row[min(row)].data["command"] for row in rows]


if __name__ == "__main__":
    command.run(main)
