# SPDX-License-Identifier: Apache-2.0
"""docs/guarantees.md, from the table of guarantees."""

from stalemark.common import markdown

SHORT = {  # From what is worst.
    "stuck": "stuck", "store_older": "write lost", "permanent_after_ttl": "stale for ever",
    "permanent": "stale until its TTL", "dirty": "dirty", "read_your_writes": "own write unseen",
    "monotonic_reads": "goes back", "linearizability": "not linearizable",
    "lost_update": "update lost",
}  # fmt: skip
FAULTS = {  # With the option of `explore` and what the overview calls it.
    "none": ("", "no fault"), "eviction": (" --evict 1", "an eviction"),
    "crash": (" --crash 1", "a node dies"), "expiry": (" --expire 1", "a limit passes early"),
    "loss": (" --lose 1", "an event is lost"),
}  # fmt: skip

# What articles on caching say, with the protocol that it is about, the faults under which it is
# meant, and the classes that would break it.
STALE = ("permanent", "permanent_after_ttl", "read_your_writes", "monotonic_reads",
         "linearizability")  # fmt: skip
SENTENCES = (
    ("Write-through is strongly consistent: the cache is always fresh.",
     "store, set; plain fill", ("none",), STALE),
    ("Write-through is strongly consistent if each write holds a lock of its key.",
     "lock over store, set; fill outside", ("none",), STALE),
    ("Write-through is strongly consistent if writes and whole reads hold a lock of the key.",
     "lock over store, set; get locked", ("none", "eviction"), STALE),
    ("...also where a writer dies.",
     "lock over store, set; get locked", ("crash",), STALE),
    ("Cache-aside is eventually consistent without a TTL, too: a write erases the old copy.",
     "store, erase; plain fill", ("none",), ("permanent_after_ttl",)),
    ("A double delete mends cache-aside: nothing stale stays.",
     "erase, store, delayed erase; plain fill", ("none",), ("permanent_after_ttl",)),
    ("...and then reads are strongly consistent.",
     "erase, store, delayed erase; plain fill", ("none",), STALE),
    ("Deleting first and then writing is the safer order.",
     "erase, store; plain fill", ("none",), ("permanent_after_ttl",)),
    ("Leases keep stale values out of the cache.",
     "store, erase voids lease; leased fill, losers wait", ("none", "eviction"),
     ("permanent_after_ttl",)),
    ("Leases make reads strongly consistent.",
     "store, erase voids lease; leased fill, losers wait", ("none",), STALE),
    ("Comparing versions keeps stale values out of the cache.",
     "store, erase; fill if newer", ("none",), ("permanent_after_ttl",)),
    ("Tombstones with versions keep stale values out of the cache.",
     "store, tombstone; fill if newer", ("none",), ("permanent_after_ttl",)),
    ("...even if a tombstone is evicted.",
     "store, tombstone; fill if newer", ("eviction",), ("permanent_after_ttl",)),
    ("Change data capture invalidates every stale copy in the end.",
     "store, erase from the log; plain fill", ("none",), ("permanent_after_ttl",)),
    ("Write-behind is only late for readers of the store; the cache is fresh.",
     "behind, queue looked into; plain fill", ("none",), STALE),
    ("Write-behind loses acknowledged writes when a node dies.",
     "behind, queue looked into; plain fill", ("crash",), ("store_older",)),
    ("TTL-based expiry serves data that is at most as old as its TTL: in the end it is over.",
     "store, erase; plain fill, TTL", ("none", "eviction"), ("permanent_after_ttl",)),
    ("Event-based invalidation is precise: no cache keeps an old value.",
     "near caches; store, erase by events", ("none",), ("permanent_after_ttl",)),
    ("...if events and fills compare versions.",
     "near caches; store, erase by events if older", ("none",), ("permanent_after_ttl",)),
    ("...also if an event is lost.",
     "near caches; store, erase by events if older", ("loss",), ("permanent_after_ttl",)),
    ("Events keep two layers of caches free of old values.",
     "near caches before a shared one; store, erase by events", ("none",),
     ("permanent_after_ttl",)),
    ("Read-through, with one load per key at a time, is eventually consistent.",
     "read through, store, erase; one load at a time", ("none",), ("permanent_after_ttl",)),
)  # fmt: skip


def _row(table, name):
    return next(row for row in table["protocols"] if row["protocol"] == name)


def _cells(row, fault):
    return [cell for cell in row["cells"] if cell["fault"] == fault]


def _shortest(row, fault):
    """By class, the anomaly of the fewest steps, from a cold or a warm cache."""
    found = {}
    for cell in _cells(row, fault):
        for anomaly in cell["anomalies"]:
            best = found.get(anomaly["class"])
            if best is None or anomaly["steps"] < best["steps"]:
                found[anomaly["class"]] = {**anomaly, "cache": cell["cache"], "fault": fault}
    return found


def _proof(cells):
    number = sum(cell["schedules"] for cell in cells)
    cut = "" if all(cell["exhaustive"] for cell in cells) else ", cut off"
    return f"none in {number:,}{cut}"


def _steps(anomaly):
    return f"{'' if anomaly.get('shortest', True) else '≤ '}{anomaly['steps']}"


def _gravest(row, fault):
    found = _shortest(row, fault)
    name = next((name for name in SHORT if name in found), None)
    if not _cells(row, fault):
        return "-"
    return f"{SHORT[name]} {_steps(found[name])}" if name else _proof(_cells(row, fault))


def cell_text(cell):
    """All classes of a cell, with the steps of their shortest schedules."""
    found = {anomaly["class"]: anomaly for anomaly in cell["anomalies"]}
    if "permanent_after_ttl" in found:
        found.pop("permanent", None)
    words = [f"{SHORT[name]} {_steps(found[name])}" for name in SHORT if name in found]
    return ", ".join(words) if words else _proof([cell])


def command_of(row, anomaly, program):
    own = f' --program "{row["program"]}"' if row.get("program", program) != program else ""
    warm = " --cache warm" if anomaly["cache"] == "warm" else ""
    return f"stalemark explore {row['options']}{own}{FAULTS[anomaly['fault']][0]}{warm}"


def _in_table(code):
    """Code in a cell of a table."""
    return "`" + code.replace("|", "\\|") + "`"


def verdict(table, name, faults, classes):
    """Broken, with the shortest schedule, or proved for the program."""
    row = _row(table, name)
    found = [
        anomaly for fault in faults for key, anomaly in _shortest(row, fault).items()
        if key in classes
    ]  # fmt: skip
    if not found:
        cells = [cell for fault in faults for cell in _cells(row, fault)]
        command = _in_table(f"stalemark explore {row['options']}")
        return False, f"{_proof(cells)} schedules: {command}"
    best = min(found, key=lambda anomaly: (anomaly["steps"], anomaly["class"]))
    command = command_of(row, best, table["program"])
    return True, f"{best['witness']} ({best['steps']} steps): {_in_table(command)}"


def _sentences(table):
    rows = []
    for sentence, name, faults, classes in SENTENCES:
        is_broken, why = verdict(table, name, faults, classes)
        holds = is_broken if "loses" in sentence else not is_broken
        rows.append((sentence, "holds" if holds else "**does not hold**", why))
    return markdown.table(("What is said", "Here", "Why"), rows)


def _overview(table):
    rows = [
        (f"[{row['protocol']}](#{markdown.slug(row['protocol'])})", row["declared"],
         *(_gravest(row, fault) for fault in FAULTS))
        for row in table["protocols"]
    ]  # fmt: skip
    return markdown.table(("Protocol", "Declared", *(head for _, head in FAULTS.values())), rows)


def _section(row, program):
    """All cells of a row, and the shortest schedule of what is gravest without a fault."""
    own = f", program `{row['program']}`" if row.get("program", program) != program else ""
    explored = f"`stalemark explore {row['options']}`{own}. Declared: {row['declared']}."
    lines = [f"### {row['protocol']}", "", explored, ""]
    by_fault = [(FAULTS[fault][1], *map(cell_text, _cells(row, fault)))
                for fault in FAULTS if _cells(row, fault)]  # fmt: skip
    lines += markdown.table(("", "cold cache", "warm cache"), by_fault)
    for other in row.get("programs", ()):
        absent = ", no rows" if other["rows"] == "absent" else ""
        lines += ["", f"`{other['program']}`{absent}: {cell_text(other)}."]
    shown = _shortest(row, "none")
    name = next((name for name in SHORT if name in shown), None)
    if name:
        witness = shown[name]["witness"]
        lines += ["", f"{witness[0].upper()}{witness[1:]} ({_steps(shown[name])} steps,"
                      f" {shown[name]['cache']} cache)."]  # fmt: skip
    return [*lines, ""]


def text(table):
    cells = [cell for row in table["protocols"] for cell in row["cells"] + row.get("programs", [])]
    number = sum(cell["schedules"] for cell in cells)
    cut = sum(not cell["exhaustive"] for cell in cells)
    whole = "All are exhaustive." if cut == 0 else (
        f"{cut} of the {len(cells)} explorations were cut off, after 200,000 schedules where an"
        " anomaly had been found and after 2,000,000 elsewhere; in them an anomaly that is not"
        " shown may exist.")  # fmt: skip
    sections = [line for row in table["protocols"] for line in _section(row, table["program"])]
    return "\n".join([
        "# Guarantees",
        "",
        "<!-- scripts/studies/guarantees.py writes this page from results/guarantees.json. -->",
        "",
        "What caching protocols guarantee, settled by exploration: every schedule of a small",
        "program was carried out over the real strategies, guards and shields. A sentence that",
        "does not hold comes with a schedule that breaks it; the command prints it, step by step.",
        "A sentence that holds has been proved for this program, and for no other.",
        "",
        "## What is said of caching, and what holds",
        "",
        *_sentences(table),
        "",
        "## The protocols",
        "",
        f"The program is `{table['program']}`: three clients, one key, no TTL if none is named.",
        "A number is the length of the shortest schedule, in steps, that shows the anomaly; `≤`: a",
        f"shorter one may exist. *None in* so many schedules. {number:,} schedules are behind the",
        f"table. {whole}",
        "",
        "The overview has what is gravest, from a cold or a warm cache. With a fault, one of its",
        "kind happens at any point, or none: an entry or a tombstone is evicted; a node dies with",
        "its memory (each client then has a node of its own); a lock, a lease, a tombstone or an",
        "entry ends while somebody still counts on it; an event does not reach a node.",
        "*Declared* is what `stalemark run` says that the protocol promises as long as no process",
        "dies and no limit passes early.",
        "",
        *_overview(table),
        "",
        "What each anomaly means, and what a step is: [explore](explore.md).",
        "",
        "## One by one",
        "",
        *sections,
    ])  # fmt: skip
