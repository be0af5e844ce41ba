# SPDX-License-Identifier: Apache-2.0
"""Parts of a page that a script writes, each between two markers that name it."""

import re

from stalemark.common.command import Refusal

MARKERS = "<!-- {0}: from here on scripts/studies/{1} writes -->\n{2}<!-- {0}: up to here -->"


def with_part(text, name, script, part, page):
    """The page's text with this part of it replaced; `page` is what a refusal names."""
    between = re.compile(MARKERS.format(name, re.escape(script), "(?:.*\n)*?"))
    if len(between.findall(text)) != 1:
        raise Refusal(f"{page}: expected the markers of {name} once")
    return between.sub(lambda _: MARKERS.format(name, script, f"\n{part}\n"), text)
