# SPDX-License-Identifier: Apache-2.0
"""A schedule of `stalemark explore` as a sequence diagram in SVG.

A lane for each client, one for what else acts, and one for each cache and row of the store; a row
for each step. An arrow is a call of a cache or the store, whose lane shows what it has since then.
"""

import pathlib
from xml.sax.saxutils import escape

from stalemark.common import command, files

MARGIN, ROW, HEAD, LANE, COPY = 16, 34, 44, 190, 90
INK, LINE, CHANGED, WRONG = "#222222", "#9A9A9A", "#DCE9F7", "#F8D7CD"
ARROW = ('<defs><marker id="to" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7"'
         ' markerHeight="7" orient="auto">'
         f'<path d="M0 0 8 4 0 8z" fill="{INK}"/></marker></defs>')  # fmt: skip


class Picture:
    def __init__(self, witness):
        self._witness = witness
        self._parts = []
        steps = witness["steps"]
        clients = sorted({step["client"] for step in steps if "client" in step})
        has_others = any("client" not in step for step in steps)
        self._actors = [f"client {each}" for each in clients] + ["others"] * has_others
        stores = ["store"] if len(steps[0]["rows"]) == 1 else [
            f"store k{key}" for key in range(1, len(steps[0]["rows"]) + 1)]
        self._tiers = [*witness["caches"], *stores]
        self._places = {}
        left = MARGIN
        for name, wide in [(name, LANE) for name in self._actors] + [
                (name, COPY) for name in self._tiers]:
            self._places[name] = left + wide / 2
            left += wide
        self.width = left + MARGIN
        self.height = MARGIN + HEAD + ROW * len(steps) + 3 * ROW // 2

    def svg(self):
        steps = [(step, MARGIN + HEAD + ROW * number)
                 for number, step in enumerate(self._witness["steps"])]  # fmt: skip
        for step, top in steps:
            if step.get("wrong"):
                self._parts.append(
                    f'<rect x="{MARGIN / 2:g}" y="{top:g}" width="{self.width - MARGIN:g}"'
                    f' height="{ROW}" fill="{WRONG}"/>')  # fmt: skip
        for name, at in self._places.items():
            self._text(at, MARGIN + 14, name, weight="bold")
            self._line(at, MARGIN + HEAD - 4, at, self.height - 3 * ROW // 2, LINE)
        contents = self._contents_before()
        for name, value in contents.items():
            self._text(self._places[name], MARGIN + 32, value)
        for step, top in steps:
            self._step(step, contents, top)
            contents = self._contents(step)
        sentence = self._witness["sentence"]
        text = f"{sentence[:1].upper()}{sentence[1:]}."
        self._text(MARGIN, self.height - MARGIN, text, anchor="start")
        size = f'width="{self.width:g}" height="{self.height:g}"'
        return "\n".join([
            f'<svg xmlns="http://www.w3.org/2000/svg" {size}'
            f' viewBox="0 0 {self.width:g} {self.height:g}" font-family="sans-serif">',
            f"<title>{escape(text)}</title>", ARROW,
            '<rect width="100%" height="100%" fill="white"/>', *self._parts, "</svg>", "",
        ])  # fmt: skip

    def _contents(self, step):
        return dict(zip(self._tiers, [*step["copies"], *step["rows"]]))

    def _contents_before(self):
        is_absent = self._witness.get("rows_absent", False)
        is_copied = self._witness["cache"] == "warm" and not is_absent
        return {name: "none" if name.startswith("store") and is_absent
                else "v0" if name.startswith("store") or is_copied else "-"
                for name in self._tiers}  # fmt: skip

    def _step(self, step, before, top):
        middle = top + ROW / 2
        actor = f"client {step['client']}" if "client" in step else "others"
        start, target = self._places[actor], self._target(step)
        if target:
            end = self._places[target] - 24
            self._line(start, middle + 4, end, middle + 4, INK, is_arrow=True)
        self._parts.append(f'<circle cx="{start:g}" cy="{middle + 4:g}" r="3" fill="{INK}"/>')
        halo = WRONG if step.get("wrong") else "white"
        self._text(start, middle - 3, _words(step), size=12, halo=halo)
        for name, value in self._contents(step).items():
            if value != before[name]:
                self._value(self._places[name], middle, value)

    def _target(self, step):
        """The lane of what is called; None: it has none."""
        key = f" k{step['of_key']}" if "of_key" in step else ""
        tier = step.get("tier", "")
        if tier == "near cache" and "client" in step:  # Clients ask the nodes in turn.
            tier = f"near {(step['client'] - 1) % self._witness['nodes'] + 1}"
        return next((name for name in (tier + key, tier) if name in self._tiers), None)

    def _value(self, at, middle, value):
        self._parts.append(f'<rect x="{at - 22:g}" y="{middle - 11:g}" width="44" height="22"'
                           f' rx="4" fill="{CHANGED}" stroke="{LINE}"/>')  # fmt: skip
        self._text(at, middle + 4, value)

    def _text(self, x, y, text, anchor="middle", weight="normal", size=13, halo=None):
        around = f' stroke="{halo}" stroke-width="4" paint-order="stroke"' if halo else ""
        style = f'text-anchor="{anchor}" font-weight="{weight}" font-size="{size}"'
        self._parts.append(
            f'<text x="{x:g}" y="{y:g}" {style} fill="{INK}"{around}>{escape(text)}</text>')

    def _line(self, x1, y1, x2, y2, color, is_arrow=False):
        marker = ' marker-end="url(#to)"' if is_arrow else ""
        places = f'x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"'
        self._parts.append(f'<line {places} stroke="{color}"{marker}/>')


def _words(step):
    actor = "" if "client" in step else f"{step['actor']}: "
    effect = f" ({step['effect']})" if step.get("effect") else ""
    tier = f"{step['tier']} " if step.get("tier") else ""
    return f"{actor}{tier}{step['verb']}{effect}"


def chosen(data, anomaly):
    """The witness of this class, or the first one."""
    if "steps" in data and "caches" in data:
        return data
    all_of = data.get("explorations", [data])
    found = [each for one in all_of for each in one.get("anomalies", []) if "witness" in each]
    if anomaly:
        found = [each for each in found if each["class"] == anomaly]
    if not found:
        raise command.Refusal(f"no schedule{f' of {anomaly}' if anomaly else ''} in the file")
    return found[0]["witness"]


def main():
    parser = command.Parser("Draws a schedule that `stalemark explore --json` has found, as SVG.")
    parser.add_argument("file", type=pathlib.Path, metavar="FILE", help="of explore --json")
    parser.add_argument("--anomaly", metavar="CLASS", help="the schedule of this class (the first)")
    parser.add_argument("--out", required=True, metavar="SVG", help="is written, or replaced")
    asked = parser.parse_args()
    data = files.parsed(asked.file)
    try:
        picture = Picture(chosen(data, asked.anomaly)).svg()
    except (AttributeError, IndexError, KeyError, TypeError):
        wanted = "expected what `stalemark explore --json` writes"
        raise command.Refusal(f"{asked.file}: {wanted}") from None
    files.save(asked.out, picture)
