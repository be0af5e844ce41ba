#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/strategies.md, from its marker on. What a strategy, guard or shield reads, declares
and can meet is asked of the program, under SETTINGS; the comment at the head of each, its code and
the tests that play its hazard are taken from the sources.

With --check it writes nothing, and exits with 1 if the page is out of date. ROOT is the repository
(left out: this one). The program is $STALEMARK_BINARY, or else build/release/stalemark.
"""

import json
import pathlib
import re
import subprocess
import sys
import textwrap

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from stalemark.common import command, markdown

MARKER = "<!-- From here on scripts/studies/describe_strategies.py writes. -->\n"
LICENCE = "// SPDX-License-Identifier: Apache-2.0\n"  # It may stand above the head.
HEAD = r"\A(?:// .+\n)+//\n// Strength: .+\n(?:// .+\n)*?// Hazard: .+\n(?://.*\n)*"
LOADING = r"^class Loading \{\n(?:.*\n)*?\};"
STEP = r"((?: {4}// .*\n)+) {4}\S.*?\b(\w+)\("
TEST = r"TEST(?:_F)?\(\w+, (\w+)\) \{\n((?:    .*\n|\n)*)\}"
# With which a promise may be another one; the usual comes first.
SETTINGS = (
    "--ttl 5s",
    "--ttl none",
    "--ttl none --invalidate none",
    "--ttl none --nodes 2",
    "--ttl 5s --nodes 2 --invalidate event",
    "--ttl none --nodes 2 --invalidate event",
)
# With which further races are known.
MORE_RACES = (
    "--negative-ttl 1s", "--invalidate set", "--invalidate none", "--nodes 2",
    "--nodes 2 --invalidate event", "--order cache_first", "--delete-delay 5ms", "--flushers 2",
    "--no-queue-lookup", "--guard tombstone", "--guard lock", "--guard newer_remembered",
)  # fmt: skip
# Whose races the table of guards and that of orders show.
SHOWN = ("cache_aside", "write_through")
HAZARDS = {
    "fill_over_erase": "a fill of an old row after an erase",
    "fill_over_set": "a fill of an old row over a newer one",
    "set_over_set": "an older row of a writer over a newer one",
    "unfinished_change": "an old copy of a writer that died",
}
SHORT = "--operations 10 --clients 2 --warmup 0 --keys 100 --store memory --quiet --out -"


def listed(kind):
    """What `stalemark list` says of it."""
    return json.loads(_output("list", kind, "--json"))[kind]


def result_of(strategy, options):
    """A short run's result under these options."""
    needed = " --ttl 5s" * (strategy == "refresh_ahead" and "--ttl" not in options)
    words = f"run ycsb_a --strategy {strategy} {options}{needed} {SHORT}"
    return json.loads(_output(*words.split()))


def _output(*words):
    ended = subprocess.run([command.program(), *words], capture_output=True, text=True)
    if ended.returncode:
        raise command.Refusal(ended.stderr.strip() or "stalemark failed", ended.returncode)
    return ended.stdout


def takes(entry, options):
    """Whether a strategy reads all of these, and can run with them."""
    known = {option["name"] for option in entry["options"]} | {"nodes", "guard"}
    asked = dict(each.strip().partition(" ")[::2] for each in options.split("--") if each)
    if ("refresh-at" in known and asked.get("ttl") == "none"
            or "order" in asked and entry["invalidate"][:1] == ["none"]
            or "delete-delay" in asked and entry["invalidate"][:1] != ["erase"]
            or asked.get("guard", "lock") != "lock" and "flush-delay" in known):  # fmt: skip
        return False
    return asked.keys() <= known and asked.get("invalidate", "") in ("", *entry["invalidate"])


def promises_of(entry):
    """{promise: settings under which it is declared}."""
    found = {}
    for options in [each for each in SETTINGS if takes(entry, each)] or [""]:
        declared = result_of(entry["name"], options)["promise"]["declared"]
        found.setdefault(declared, []).append(options)
    return found


def races_of(entry):
    """[(options, races)]: those known by default, and those that come with other options."""
    usual = result_of(entry["name"], "")["known_races"]
    found, seen = [("", usual)], [_told(race) for race in usual]
    for options in MORE_RACES:
        if takes(entry, options):
            races = result_of(entry["name"], options)["known_races"]
            more = [race for race in races if _told(race) not in seen]
            seen += map(_told, more)
            found += [(options, more)] if more else []
    return found


def _told(race):
    clients = f"{race['clients']} client{'s' * (race['clients'] > 1)}"
    return f"`{race['name']}` ({clients}, {race['steps']} calls)"


def text_of(comment):
    return " ".join(line.strip().removeprefix("//").strip() for line in comment.splitlines())


def find(path, pattern, what):
    found = re.search(pattern, path.read_text(), re.MULTILINE)
    if not found:
        raise command.Refusal(f"{path}: has no {what}")
    return found[0]


def table(head, *rows):
    return "\n".join([*markdown.table(head, rows), ""])


def summary(entry):
    promises = promises_of(entry)
    told = [f"`{declared}`" + _under(settings) * (len(promises) > 1)
            for declared, settings in promises.items()]  # fmt: skip
    modes = f" {', '.join(entry['invalidate'])}"
    options = [f"`--{option['name']}`" + modes * (option["name"] == "invalidate")
               for option in entry["options"]]  # fmt: skip
    return f"[`{entry['name']}`](#{entry['name']})", "; ".join(told), "; ".join(options)


def _under(settings):
    return " with " + " or ".join(f"`{each}`" for each in settings)


def players(root, name, *kinds):
    text = "".join((root / f"tests/strategies/{kind}_test.cc").read_text() for kind in kinds)
    return [f"`{test}`" for test, body in re.findall(TEST, text) if f'"{name}"' in body]


def typed(option):
    return f"--{option['name']} {option['value']}".strip()


def race_rows(raced):
    """[(name, story, test)] of the known races, each once."""
    rows = {}
    for race in [race for found in raced.values() for _, races in found for race in races]:
        stories, _ = rows.setdefault(race["name"], ([], race["test"]))
        if race["story"] not in stories:
            stories.append(race["story"])
    return [(name, " Or: ".join(stories), test) for name, (stories, test) in rows.items()]


def race_bullet(found):
    parts = [f"with `{options}` " * bool(options) + ", ".join(map(_told, races))
             for options, races in found if races]  # fmt: skip
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


def guard_section(root, name):
    path = root / f"src/guards/{name}.h"
    own = root / f"tests/strategies/guard_{name.partition('_')[0]}_test.cc"
    text = (root / "tests/strategies/guard_promise_test.cc").read_text()
    tests = [f"`{test}`" for test, _ in re.findall(TEST, text)[:2]]
    if own.exists():
        tests += [f"`{test}`" for test, _ in re.findall(TEST, own.read_text())]
    idea, bullets = head_of(path, tests)
    return "\n".join(["### guard " + name, "", idea, "", *bullets, ""])


def prevented(entry):
    """What the guard prevents, and under which faults."""
    told = [f"{what} ({', '.join(entry['prevents'][hazard])})" for hazard, what in HAZARDS.items()
            if entry["prevents"][hazard]]  # fmt: skip
    return "; ".join(told).replace("(none)", "").replace("(none, ", "(").strip() or "nothing"


def races_under(options, strategy):
    races = result_of(strategy, options)["known_races"]
    return ", ".join(f"`{race['name']}`" for race in races) or "none"


def guards_part(guards, orders):
    def row(entry, option):  # What erases cannot set.
        return ["refused" if (entry["name"], strategy) == ("quarantine", "write_through")
                else races_under(f"--{option} {entry['name']}", strategy)
                for strategy in SHOWN]  # fmt: skip

    races = [f"races of {strategy}" for strategy in SHOWN]
    return "\n".join([
        "## The guards\n\nIn brackets: the faults in spite of which a guard prevents it. "
        "`eviction` is that of the\nentry or tombstone of the key, `crash` that of a writer amid "
        "its change, `expiry` that of a\nlock or a lease under a holder that pauses.\n",
        table(("guard", "prevents", *races, "reads"), *(
            (f"[`{each['name']}`](#guard-{each['name']})", prevented(each), *row(each, "guard"),
             "; ".join(f"`--{option['name']}`" for option in each["options"]))
            for each in guards)),
        "Of the orders in which a write reaches store and cache:\n",
        table(("order", "does", *races), *(
            (f"`{each['name']}`", each["caption"], *row(each, "order")) for each in orders)),
    ])  # fmt: skip


def generated(root):
    strategies, shields = listed("strategies"), listed("shields")
    guards, orders = listed("guards"), listed("orders")
    raced = {entry["name"]: races_of(entry) for entry in strategies}
    options = {option["name"]: option for entry in (*strategies, *guards, *shields)
               for option in entry["options"]}  # fmt: skip
    loading = find(root / "src/shields/shield.h", LOADING, "class Loading")
    steps = re.findall(STEP, loading + (root / "src/strategies/loader.h").read_text())
    shown = {}
    return "\n".join([
        table(("strategy", "declares", "reads"), *map(summary, strategies)),
        table(("known race", "story", "played by"),
              *((f"`{name}`", story, f"`{test}`") for name, story, test in race_rows(raced))),
        table(("option", "does"), *((f"`{typed(each)}`", each["does"])
                                    for each in options.values())),
        table(("step", "does"), *((f"`{name}`", text_of(comment)) for comment, name in steps
                                  if name[0].islower())),
        *(section(root, name, races, shown) for name, races in raced.items()),
        guards_part(guards, orders),
        *(guard_section(root, each["name"]) for each in guards),
        "## The shields\n\nA shield says whether an entry that was found may answer (`serves`), "
        "and brings about the load\nwhere none may (`load`).\n",
        table(("shield", "reads"), *(
            (f"[`{each['name']}`](#{each['name']})",
             "; ".join(f"`--{option['name']}`" for option in each["options"]))
            for each in shields)),
        *(shield_section(root, each["name"]) for each in shields),
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
