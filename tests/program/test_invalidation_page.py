# SPDX-License-Identifier: Apache-2.0
"""The table of docs/invalidation.md is what the program gives."""

import json
import re

import pytest
from places import REPOSITORY

PAGE = REPOSITORY / "docs" / "invalidation.md"
COMMAND = "run user_profile --runtime virtual --nodes 4 --rate 2000 --duration 30s --ttl 10s"
HEAD = "| options | stale reads | visible within 10 ms | within 1 s | left stale | hit ratio |"


def rows():
    """{options: what stands behind them}; "..." stands for those of the last row without."""
    lines = PAGE.read_text().split(HEAD + "\n")[1].splitlines()[1:]
    table = {}
    whole = ""
    for line in lines[: lines.index("")]:
        name, *figures = (cell.strip() for cell in line.strip("|").split("|"))
        options = re.sub("[`]", "", name)
        if not options.startswith("..."):
            whole = options
        table[options.replace("...", whole)] = figures
    return table


def share(value):
    """To as many decimals as tell it from none and from all."""
    return f"{100 * value:.3f}%" if value < 0.01 else f"{100 * value:.1f}%".replace("100.0", "100")


def figures(result):
    consistency = result["consistency"]
    visible = consistency["visible_within"]
    return [
        share(consistency["stale_fraction"]),
        share(visible["10ms"]),
        share(visible["1s"]),
        str(consistency["divergence"]["after_drain"]["cache_stale"]),
        f"{result['cache']['hit_ratio']:.3f}",
    ]


def test_the_page_shows_the_command():
    assert f"$ stalemark {COMMAND} --invalidate event\n" in PAGE.read_text()
    assert len(rows()) == 7


@pytest.mark.parametrize("options", rows())
def test_a_row_says_what_its_options_come_to(stalemark, options):
    ended = stalemark(*COMMAND.split(), *options.split(), "--out", "-")
    assert ended.status == 0
    assert rows()[options] == figures(json.loads(ended.out))
