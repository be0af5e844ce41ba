# SPDX-License-Identifier: Apache-2.0
"""What Tab offers is what there is: the words come from the program, in both shells."""

import json
import re
import subprocess

import pytest
from places import BINARY
from shells import Shell

COMMANDS = ["run", "suite", "list", "show", "check", "explore", "completion"]
EVERYTHING_READ = (
    "--runtime virtual --operations 10 --warmup 0 --nodes 2 --clients 2 --shared-cache 1MiB"
    " --ttl 1s --invalidate event --event-source log"
)
BASES = [EVERYTHING_READ, "--runtime virtual --operations 10 --strategy write_behind --rate 1000"]


@pytest.fixture(params=["bash", "zsh"])
def shell(request, tmp_path):
    return Shell(request.param, BINARY, tmp_path)


@pytest.fixture
def candidates(stalemark):
    """What the program offers for the last of the words."""

    def ask(*words):
        ended = stalemark("complete", *words)
        assert (ended.status, ended.err) == (0, "")
        return {line.split("\t")[0] for line in ended.out.splitlines()[1:]}

    return ask


@pytest.fixture
def listed(stalemark):
    lists = json.loads(stalemark("list", "--json").out)
    return {kind: {entry["name"] for entry in entries} for kind, entries in lists.items()}


def options_of(stalemark, *command):
    """{option: what follows it} by --help."""
    text = stalemark(*command, "--help").out
    return dict(re.findall(r"^  (?:-\w,)?(--[\w-]+)(?: ([A-Z|=]+))?", text, re.MULTILINE))


def test_the_commands_are_those_of_help(shell, stalemark):
    listed = stalemark("--help").out.partition("Subcommands:")[2]
    named = re.findall(r"^  ([a-z]+) ", listed, re.MULTILINE)
    assert shell.offered("stalemark ") == set(named) == set(COMMANDS)


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
def test_every_option_of_help_is_offered(shell, stalemark, command):
    options = options_of(stalemark, *command)
    assert "--help" in options
    assert shell.offered(" ".join(["stalemark", *command, "--"])) == set(options)


def test_bash_completes_from_its_variables_alone(tmp_path, listed):
    """As other programs call it, without readline."""
    script = 'source <("$1" completion bash); COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))\n'
    script += '_stalemark; printf "%s\\n" "${COMPREPLY[@]}"'

    def reply(*words):
        line = ["bash", "--norc", "-c", script, "bash", BINARY, *words]
        ended = subprocess.run(line, capture_output=True, text=True, cwd=tmp_path, check=True)
        assert ended.stderr == ""
        return set(ended.stdout.splitlines()) - {""}

    assert reply("run", "--strategy", "") == listed["strategies"]
    assert reply("run", "--strategy", "=", "write_b") == {"write_behind"}
    assert reply("run", "--fault", "store-d") == {"store-down@"}
    assert reply("run", "yc") == {name for name in listed["workloads"] if name.startswith("yc")}


@pytest.mark.parametrize("line, kind", [
    ("run --strategy ", "strategies"), ("run --shield ", "shields"), ("run --store ", "stores"),
    ("suite --cache ", "caches"), ("run ", "workloads"),
    ("run --store-latency ", "latencies"), ("run --ttl 1s --quiet ", "workloads"),
])  # fmt: skip
def test_names_are_those_of_the_list(shell, listed, line, kind):
    assert shell.offered(f"stalemark {line}") == listed[kind]


def test_a_suite_is_named_by_a_suite_or_by_a_workload(shell, listed):
    assert shell.offered("stalemark suite ") == listed["suites"] | listed["workloads"]


def test_kinds_are_those_of_the_list(shell, listed):
    assert shell.offered("stalemark list ") == set(listed)


def test_a_word_is_completed_as_it_is_typed(shell, tmp_path):
    typed = {
        "sui": ["suite"],
        "run --strategy=write_b": ["run", "--strategy=write_behind"],
        "run --strategy write_b": ["run", "--strategy", "write_behind"],
        "run --nodes 2 user_p": ["run", "--nodes", "2", "user_profile"],
        "run ycsb_a --event-so": ["run", "ycsb_a", "--event-source"],
    }
    for line, words in typed.items():
        assert shell.accepted(f"stalemark {line}") == words


def test_a_fault_is_completed_up_to_what_the_user_decides(shell):
    assert shell.accepted("stalemark run --fault store-do") == ["run", "--fault", "store-down@"]
    assert shell.accepted("stalemark run --fault=store-fa") == ["run", "--fault=store-fails="]


def test_files_are_offered_where_files_are_taken(shell, tmp_path):
    (tmp_path / "measured.json").write_text("{}")
    (tmp_path / "measured folder").mkdir()
    words = shell.accepted("stalemark show measured.j")
    assert words == ["show", "measured.json"]
    assert shell.accepted("stalemark show a b measured.j") == ["show", "a", "b", "measured.json"]
    assert shell.accepted("stalemark run ycsb_a --out measured.j")[-1] == "measured.json"
    assert shell.accepted("stalemark run ycsb_a --out=measured.j")[-1] == "--out=measured.json"
    assert shell.accepted("stalemark run ./measured.j") == ["run", "./measured.json"]
    assert shell.accepted("stalemark run ycsb_a --db mea")[-1].rstrip("/") == "measured folder"
    assert shell.accepted("stalemark suite --out mea")[-1].rstrip("/") == "measured folder"


def test_the_users_own_workloads_are_offered(shell, tmp_path):
    mine = tmp_path / "mine"
    (mine / "suites").mkdir(parents=True)
    (mine / "carts: big.json").write_text("not even JSON")
    (mine / "carts.json").write_text("{}")
    (mine / "suites" / "nightly.json").write_text("{}")
    shell.environment["STALEMARK_WORKLOADS"] = str(mine)
    if shell.name == "zsh":  # To bash a colon parts words, even behind a quote.
        assert shell.accepted("stalemark run carts:") == ["run", "carts: big"]
    assert shell.accepted("stalemark suite ni") == ["suite", "nightly"]
    assert len(shell.offered("stalemark run ca")) == 2


def test_what_was_given_is_not_offered_again_unless_it_may_be(candidates):
    assert "--seed" not in candidates("run", "--seed", "1", "--")
    assert "--fault" in candidates("run", "--fault", "none", "--")
    assert "--seed" in candidates("run", "--db", "--seed", "--")


def test_nothing_is_offered_where_nothing_is_known(candidates):
    assert candidates("no_such_command", "") == set()
    assert candidates("run", "--seed", "") == set()
    assert candidates("run", "--quiet=") == set()
    assert candidates() == set()


def test_whoever_refuses_a_word_and_names_the_right_ones_has_offered_them(
    stalemark, candidates, tiny
):
    found = set()
    for name, kind in options_of(stalemark, "run").items():
        for base in BASES if kind else []:
            ended = stalemark("run", tiny, *base.split(), name, "qqqqqqqq")
            known = re.search(r"unknown (?!option)[^;]*'qqqqqqqq'; known: (.*)", ended.err)
            if known and ended.status == 2:
                found.add(name)
                offered = {word.rstrip("@=") for word in candidates("run", name, "")}
                assert offered - {"none"} == set(known[1].split()) - {"none"}, name
    assert {"--shield", "--on-gap", "--event-order"} <= found
    assert len(found) >= 10


def test_every_word_that_is_offered_is_taken(stalemark, candidates, tiny):
    tried = 0
    for name, kind in options_of(stalemark, "run").items():
        for word in candidates("run", name, "") if kind else []:
            if word.endswith(("@", "=")):
                continue
            time = [] if name == "--runtime" else ["--runtime", "virtual"]
            ended = stalemark("run", tiny, *time, "--operations", 10, name, word)
            assert not re.search("unknown|expected", ended.err), ended.err
            tried += 1
    assert tried > 30


def test_the_fault_beginnings_are_all_forms(stalemark, candidates):
    faults = json.loads(stalemark("list", "faults", "--json").out)["faults"]
    beginnings = {re.match(r"[a-z-]+[@=]", entry["form"])[0] for entry in faults}
    assert candidates("run", "--fault", "") == beginnings | {"none"}


@pytest.mark.parametrize(
    "words, part", [((), "SHELL is required"), (("powershell",), "known: bash zsh")]
)
def test_a_shell_that_is_not_known_is_refused(stalemark, words, part):
    ended = stalemark("completion", *words)
    assert (ended.status, ended.out) == (2, "")
    assert part in ended.err and ended.err.count("\n") == 1
