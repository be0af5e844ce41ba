# SPDX-License-Identifier: Apache-2.0
"""Markdown as the pages have it."""

import re


def slug(heading):
    """What a link to a heading says behind its #, as GitHub names them."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def table(head, rows, figures=()):
    """The lines of a table. `figures`: numbers of the columns whose cells stand at the right."""
    rule = ["--:" if column in figures else "---" for column in range(len(head))]
    return [f"| {' | '.join(map(str, row))} |" for row in (head, rule, *rows)]
