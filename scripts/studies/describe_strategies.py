#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/strategies.md, from its marker on, from the sources: of each strategy its row of the
catalogue, the comment at its head, the races that are known to break it, its read() and write() and
the tests that play its hazard; and likewise of each shield, with its serves() and load().

With --check it writes nothing, and exits with 1 if the page is out of date. ROOT is the repository
(left out: this one).
"""

import pathlib
import sys
import re
import textwrap

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from stalemark.common import command

MARKER = "<!-- From here on scripts/studies/describe_strategies.py writes. -->\n"
LICENCE = "// SPDX-License-Identifier: Apache-2.0\n"  # It may stand above the head.
HEAD = r"\A(?:// .+\n)+//\n// Strength: .+\n(?:// .+\n)*?// Hazard: .+\n(?://.*\n)*"
TRAITS = r"(?:,\s*\{[^}]*\})?"
ROW = (r'\{\s*"(\w+)",\s*"[^"]*",\s*make<\w+>,\s*(\w+),\s*(\w+),\s*"([^"]*)",\s*"([^"]*)"'
       + TRAITS + r"\}")  # fmt: skip
SHIELD_ROW = r'\{\s*"(\w+)",\s*"[^"]*",\s*make<\w+>,\s*"([^"]*)"' + TRAITS + r"\}"
OPTION = r'\{"([\w-]+)",\s*"([^"]*)",\s*"([^"]*)",\s*"\w*",\s*\w+\}'
PROMISE = r" {8}(\w+), +// (.*)"
RACE = r'\.name = "(\w+)",\s*\.story =\s*((?:"[^"]*"\s*)+),[^"]*\.test = "([\w.]+)"'
LOADING = r"^class Loading \{\n(?:.*\n)*?\};"
STEP = r"((?: {4}// .*\n)+) {4}\S.*?\b(\w+)\("
TEST = r"TEST(?:_F)?\(\w+, (\w+)\) \{\n((?:    .*\n|\n)*)\}"

# What the promise functions of the catalogue answer, by options; a test asks the program.
PROMISES = {
    "strong": {"": "linearizable, durable"},
    "until_expiry": {
        "--ttl 5s": "bounded_staleness(5s), durable",
        "--ttl none --invalidate erase": "eventual, durable",
        "--ttl none --nodes 2 --invalidate event": "eventual, durable",
        "--ttl none --nodes 2 --invalidate erase": "none, durable",
        "--ttl none --invalidate none": "none, durable",
    },
    "strong_on_one_node": {
        "--nodes 1": "linearizable, durable",
        "--ttl 5s --nodes 2 --invalidate event": "bounded_staleness(5s), durable",
        "--ttl none --nodes 2 --invalidate event": "eventual, durable",
        "--ttl none --nodes 2 --invalidate set": "none, durable",
    },
    "eventual_on_one_node": {"--nodes 1": "eventual", "--nodes 2": "none"},
}

# What the races functions answer: (options, race, clients, steps). With no options a race is there
# by default, with others if it is there only then. A test asks the program.
TOLD = [("--nodes 2 --invalidate event", "late_event", 2, 6)]
UNSEEN = [("--nodes 2", "unseen_write", 2, 6), *TOLD]
HIDDEN = [("--negative-ttl 1s", "negative_entry_hides_insert", 2, 6)]
INVALIDATION = [
    ("", "overtaken_fill", 2, 6),
    *HIDDEN,
    ("--invalidate set", "inverted_writers", 2, 5),
    ("--invalidate none", "unseen_write", 1, 5),
    *UNSEEN,
]
RACES = {
    "no_races": [],
    "races_of_invalidation": INVALIDATION,
    "races_of_write_through": [
        ("", "overtaken_fill", 2, 6),
        ("", "inverted_writers", 2, 5),
        *HIDDEN,
        *UNSEEN,
    ],
    "races_of_write_around": [
        ("", "overtaken_fill", 2, 5),
        ("", "unseen_write", 1, 5),
        ("--negative-ttl 1s", "negative_entry_hides_insert", 2, 5),
        ("--invalidate set", "inverted_writers", 2, 8),
        *TOLD,
    ],
    "races_of_write_behind": [
        ("", "slow_fill_over_queue", 2, 5),
        ("", "late_store", 2, 2),
        ("", "lost_queue", 1, 4),
        ("", "late_batch", 1, 5),
        ("--negative-ttl 1s", "negative_entry_hides_insert", 2, 5),
        ("--nodes 2", "unordered_queues", 2, 5),
        ("--nodes 2", "unflushed_write", 2, 4),
        ("--nodes 2", "unseen_write", 2, 5),
    ],
    "races_of_refresh_ahead": [
        *INVALIDATION,
        ("--invalidate none", "overtaken_reload", 2, 8),
        ("--nodes 2", "overtaken_reload", 2, 9),
    ],
}


def promises_of(function, knobs, modes):
    """(options, promise) for those options of PROMISES that the strategy can be given."""
    return [(options, declared) for options, declared in PROMISES[function].items()
            if not ("refresh-at" in knobs and "--ttl none" in options)
            and _takes(modes, options)]  # fmt: skip


def races_of(function, modes):
    """Those of RACES that the strategy can meet."""
    return [race for race in RACES[function] if _takes(modes, race[0])]


def _takes(modes, options):
    return "--invalidate" not in options or options.split()[-1] in modes


def text_of(comment):
    return " ".join(line.strip().removeprefix("//").strip() for line in comment.splitlines())


def find(path, pattern, what):
    found = re.search(pattern, path.read_text(), re.MULTILINE)
    if not found:
        raise command.Refusal(f"{path}: has no {what}")
    return found[0]


def table(*rows):
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:], ""])


def summary(name, function, _, knobs, modes):
    promises = [f"`{declared}`" + f" with `{options}`" * bool(options)
                for options, declared in promises_of(function, knobs, modes)]  # fmt: skip
    options = [f"`--{knob}`" + f" {modes.replace(' ', ', ')}" * (knob == "invalidate")
               for knob in knobs.split()]  # fmt: skip
    return f"[`{name}`](#{name})", "; ".join(promises), "; ".join(options)


def players(root, name, *kinds):
    text = "".join((root / f"tests/strategies/{kind}_test.cc").read_text() for kind in kinds)
    return [f"`{test}`" for test, body in re.findall(TEST, text) if f'"{name}"' in body]


def race_rows(root):
    """[(name, story, test)] of the known races, each once."""
    found = re.findall(RACE, (root / "src/strategies/known_race.cc").read_text())
    rows = {}
    for name, story, test in found:
        stories, _ = rows.setdefault(name, ([], test))
        stories.append("".join(re.findall(r'"([^"]*)"', story)))
    return [(name, " Or: ".join(stories), test) for name, (stories, test) in rows.items()]


def race_bullet(races):
    texts = {}
    for options, name, clients, calls in races:
        told = f"`{name}` ({clients} client{'s' * (clients > 1)}, {calls} calls)"
        texts.setdefault(options, []).append(told)
    parts = [f"with `{options}` " * bool(options) + ", ".join(told)
             for options, told in texts.items()]  # fmt: skip
    return f"Known races: {'; '.join(parts) or 'none'}."


def head_of(path, tests, *more):
    """(idea, bullets) of the comment at the head of the file, with `more` behind the hazard."""
    head = find(path, HEAD, "head of '// Name: idea.', '// Strength: ...', '// Hazard: ...'")
    head = head.removeprefix(LICENCE)
    idea, *rest = map(text_of, re.split(r"^//\n|(?=^// Hazard: )", head, flags=re.M))
    hazard = next(number for number, text in enumerate(rest) if text.startswith("Hazard:"))
    rest[hazard + 1 : hazard + 1] = more
    rest.append(f"Played by: {', '.join(tests)}.")
    bullets = [textwrap.fill(re.sub(r"^(\w[\w ]*:)", r"**\1**", text), 100, break_on_hyphens=False,
                             initial_indent="- ", subsequent_indent="  ")
               for text in rest]  # fmt: skip
    return textwrap.fill(idea, 100), bullets


def section(root, name, races, shown):
    """`shown`: whose code each is of that has been shown so far; grows."""
    path = root / f"src/strategies/{name}.h"
    tests = players(root, name, "hazard") or players(root, name, "idea")
    idea, bullets = head_of(path, tests, race_bullet(races))
    code = ""
    for part in ("read", "write"):
        body = find(path, rf"^ +Result.* {part}\(.*\n(?: {{5}}.*\n|\n)+ {{4}}\}}\n", f"{part}()")
        body = textwrap.dedent(body).replace(" override", "")
        whose = shown.setdefault(body, name)
        code += body if whose == name else f"// {part}() is that of {whose}.\n"
    return "\n".join(["## " + name, "", idea, "", *bullets, "", "```cpp", code + "```\n"])


def method(path, name):
    """The code of a shield's method, which stands in its header or in the .cc beside it."""
    inside = rf"^ {{4}}\w\S* {name}\(.*(?:\}}\n|\n(?: {{5}}.*\n|\n)+ {{4}}\}}\n)"
    beside = rf"^\w\S* \w+::{name}\(.*\n(?: .*\n|\n)+\}}\n"
    source = path.with_suffix(".cc")
    if source.exists() and re.search(beside, source.read_text(), re.MULTILINE):
        return re.sub(r"\w+::", "", find(source, beside, f"{name}()"), count=1)
    return textwrap.dedent(find(path, inside, f"{name}()")).replace(" override", "")


def shield_section(root, name):
    path = root / f"src/shields/{name}.h"
    idea, bullets = head_of(path, players(root, name, "shield", "lease", "stale"))
    code = "\n".join(method(path, part) for part in ("serves", "load"))
    return "\n".join(["### " + name, "", idea, "", *bullets, "", "```cpp", code + "```\n"])


def generated(root):
    rows = re.findall(ROW, (root / "src/strategies/catalog.cc").read_text())
    promises = re.findall(PROMISE, (root / "src/strategies/catalog.h").read_text())
    options = re.findall(OPTION, (root / "src/options/options.cc").read_text())
    loading = find(root / "src/shields/shield.h", LOADING, "class Loading")
    steps = re.findall(STEP, loading + (root / "src/strategies/loader.h").read_text())
    shields = re.findall(SHIELD_ROW, (root / "src/shields/catalog.cc").read_text())
    knobs, shown = {knob for row in (*rows, *((s[1], "") for s in shields))
                    for knob in row[-2].split()}, {}  # fmt: skip
    return "\n".join([
        table(("strategy", "declares", "reads"), *(summary(*row) for row in rows)),
        table(("promise", "says"), *((f"`{name}`", text) for name, text in promises)),
        table(("known race", "story", "played by"),
              *((f"`{name}`", story, f"`{test}`") for name, story, test in race_rows(root))),
        table(("option", "does"), *((f"`{f'--{name} {value}'.strip()}`", text)
                                    for name, value, text in options if name in knobs)),
        table(("step", "does"), *((f"`{name}`", text_of(comment)) for comment, name in steps
                                  if name[0].islower())),
        *(section(root, row[0], races_of(row[2], row[-1]), shown) for row in rows),
        "## The shields\n\nA shield says whether an entry that was found may answer (`serves`), "
        "and brings about the load\nwhere none may (`load`).\n",
        table(("shield", "reads"), *((f"[`{name}`](#{name})",
                                      "; ".join(f"`--{knob}`" for knob in knobs.split()))
                                     for name, knobs in shields)),
        *(shield_section(root, name) for name, _ in shields),
    ])  # fmt: skip


def main():
    parser = command.Parser(__doc__)
    parser.add_argument("--check", action="store_true", help="compare only")
    parser.add_argument("root", nargs="?", type=pathlib.Path, default=command.REPOSITORY)
    arguments = parser.parse_args()
    page = arguments.root / "docs/strategies.md"
    before = page.read_text()
    after = before.partition(MARKER)[0] + MARKER + "\n" + generated(arguments.root)
    if not arguments.check:
        page.write_text(after)
    elif before != after:
        raise command.Refusal(f"{page} is out of date; run describe_strategies.py", 1)


if __name__ == "__main__":
    command.run(main)
