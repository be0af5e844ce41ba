# SPDX-License-Identifier: Apache-2.0
"""Each check fails on a planted violation, and passes without."""

import hashlib

import pytest
from conftest import REPOSITORY, SCRIPTS

# Of www.apache.org/licenses/LICENSE-2.0.txt, the appendix included.
APACHE_2_SHA256 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
LICENCE = "SPDX-License-Identifier: Apache-2.0"
HEADER = "#pragma once\n\n#include <string>\n\ninline std::string name() { return {}; }\n"


def put(path, text):
    """Writes a file of ours: a source has the line of its licence first."""
    mark = {".md": None, ".py": "#", ".txt": "#"}.get(path.suffix, "//")
    path.write_text(f"{mark} {LICENCE}\n{text}" if mark else text)


@pytest.fixture
def tree(tmp_path):
    """A small house without faults."""
    for folder in ("src/core", "src/runtime", "src/strategies", "tests", "scripts"):
        (tmp_path / folder).mkdir(parents=True)
    put(tmp_path / "src/core/name.h", HEADER)
    put(tmp_path / "src/strategies/name.cc", '#include "core/name.h"\n')
    put(tmp_path / "CMakeLists.txt", "room(core fmt::fmt)\nroom(strategies core)\n")
    return tmp_path


@pytest.mark.parametrize("script", ["check_layers.py", "check_text.py", "check_headers.py"])
def test_a_house_without_faults_passes(call, tree, script):
    outcome = call(script, tree)
    assert (outcome.returncode, outcome.stderr) == (0, "")


@pytest.mark.parametrize("script", ["check_layers.py", "check_text.py", "check_headers.py"])
def test_a_folder_that_is_no_house_is_wrong_input(call, tmp_path, script):
    outcome = call(script, tmp_path)
    assert outcome.returncode == 2
    assert len(outcome.stderr.splitlines()) == 1


LAYERS = {
    "an upward include": ("src/core/up.cc", '#include "strategies/name.h"\n', "core/ must not"),
    "a strategy that knows a wire": (
        "src/strategies/w.h", '#include "wire/wire.h"\n', "strategies/ must not know wire/"),
    "an include with spaces": (
        "src/core/up.cc", '  #  include  "runtime/name.h"\n', "core/ must not know runtime/"),
    "a bare include": ("src/core/up.cc", '#include "name.h"\n', 'expected "room/file.h"'),
    "an include of nowhere": ("src/core/up.cc", '#include "util/name.h"\n', "expected"),
    "a way around": ("src/core/up.cc", '#include "../wire/wire.h"\n', "expected"),
    "a new folder": ("src/helpers/name.h", HEADER, "helpers is not a room"),
    "a link upwards": ("CMakeLists.txt", "room(core strategies)\n", "core must not link"),
}  # fmt: skip


@pytest.mark.parametrize(("file", "text", "words"), LAYERS.values(), ids=LAYERS)
def test_a_wrong_layer_is_found(call, tree, file, text, words):
    (tree / file).parent.mkdir(parents=True, exist_ok=True)
    (tree / file).write_text(text)
    outcome = call("check_layers.py", tree)
    assert outcome.returncode == 1
    assert outcome.stdout.startswith(f"{file}:")
    assert words in outcome.stdout
    assert len(outcome.stdout.splitlines()) == 1


def test_the_rooms_of_our_build_are_all_in_the_table():
    import re

    import check_layers

    rooms = re.findall(r"^room\((\w+)", (REPOSITORY / "CMakeLists.txt").read_text(), re.MULTILINE)
    assert len(rooms) > 5
    assert set(rooms) <= check_layers.MAY_KNOW.keys()
    assert {path.name for path in (REPOSITORY / "src").iterdir()} <= check_layers.MAY_KNOW.keys()


UNFINISHED = "TO" + "DO"
TEXT = {
    "a long line": ("src/core/a.cc", "//" + 99 * "x" + "\n", "101 columns"),
    "a long line of Python": ("scripts/a.py", "#" + 100 * "x" + "\n", "101 columns"),
    "a long file": ("tests/a.cc", 300 * "\n", "301 lines"),
    "a tab": ("src/core/a.cc", "\tint i;\n", "a tab"),
    "trailing space": ("src/core/a.cc", "int i; \n", "trailing space"),
    "no newline at the end": ("src/core/a.cc", "int i;", "no newline"),
    "unfinished work": ("src/core/a.cc", f"// {UNFINISHED}: more\n", "unfinished"),
    "unfinished work in a page": ("README.md", f"{UNFINISHED}\n", "unfinished"),
    "a header without a guard": ("src/core/a.h", "int f();\n", "no #pragma once"),
    "a guard in a comment": ("src/core/a.h", "// #pragma once\n", "no #pragma once"),
    "a long Python function": ("scripts/a.py", "def f():\n" + 60 * "    f()\n", "f: 61 lines"),
    "a thread": ("src/strategies/a.cc", "std::thread t;\n", "std::thread"),
    "a thread's own": ("src/strategies/a.cc", "thread_local int i;\n", "thread_local"),
    "a wait": (
        "src/strategies/a.cc", "std::this_thread::sleep_for(1s);\n", "std::this_thread"),
    "a clock": ("src/strategies/a.cc", "using C = std::chrono::steady_clock;\n", "steady_clock"),
    "a wall clock": ("src/strategies/a.cc", "system_clock::now();\n", "system_clock"),
    "a condition": ("src/strategies/a.cc", "std::condition_variable c;\n", "condition_variable"),
    "a distribution": (
        "src/core/a.cc", "std::uniform_int_distribution<int> d;\n", "uniform_int_distribution"),
    "an engine": ("tests/a.cc", "std::mt19937_64 engine;\n", "mt19937_64"),
    "a shuffle": ("src/runtime/a.cc", "std::shuffle(a, b, c);\n", "std::shuffle"),
    "a device": ("src/core/a.cc", "std::random_device device;\n", "random_device"),
    "a logarithm": ("src/strategies/a.cc", "double d = -std::log(draw());\n", "std::log"),
    "a power": ("src/strategies/a.cc", "const double d = std::pow(a, b);\n", "std::pow"),
    "C's exponential": ("src/core/a.cc", "const double d = 2 * exp(x);\n", "exp"),
    "a single-precision one": ("src/core/a.cc", "const float f = ::expf(x);\n", "::expf"),
    "C's generator": ("src/core/a.cc", "int i = std::rand();\n", "std::rand"),
}  # fmt: skip


@pytest.mark.parametrize(("file", "text", "words"), TEXT.values(), ids=TEXT)
def test_text_that_nobody_should_meet_is_found(call, tree, file, text, words):
    put(tree / file, text)
    outcome = call("check_text.py", tree)
    assert outcome.returncode == 1
    assert outcome.stdout.startswith(f"{file}:")
    assert words in outcome.stdout
    assert len(outcome.stdout.splitlines()) == 1


INNOCENT = {
    "a thread in the runtime": ("src/runtime/a.cc", "std::thread t;\n"),
    "a thread in a test": ("tests/a.cc", "std::thread t;\n"),
    "a thread in a comment": ("src/strategies/a.cc", "// No std::thread here.\nint i;\n"),
    "our own logarithm": ("src/core/a.cc", "double d = portable::log(x);\n"),
    "our own by its name": (
        "src/core/a.cc", "using portable::exp;\nconst double d = 2 * exp(x);\n"),
    "a commit log": ("src/strategies/a.cc", "CommitLog* log() { return far.log(); }\n"),
    "a square root": ("src/core/a.cc", "const double d = std::sqrt(std::floor(x));\n"),
    "a logarithm in a test": ("tests/a.cc", "const double d = std::log(x);\n"),
    "a mutex": ("src/strategies/a.cc", "std::mutex guard;\n"),
    "a line of 100 columns": ("src/core/a.cc", "//" + 98 * "x" + "\n"),
    "a long line of a page": ("README.md", 200 * "x" + "\n"),
    "a file of 300 lines": ("src/core/a.cc", 299 * "\n"),
    "a name with a banned word in it": ("src/strategies/a.cc", "int operand = rand_of(thread);\n"),
}


@pytest.mark.parametrize(("file", "text"), INNOCENT.values(), ids=INNOCENT)
def test_text_that_is_right_is_left_alone(call, tree, file, text):
    put(tree / file, text)
    assert call("check_text.py", tree).stdout == "text: nothing that a reader should not meet\n"


UNLICENSED = {
    "a source": ("src/core/a.cc", "int i;\n"),
    "a header": ("src/core/a.h", "#pragma once\n"),
    "a test": ("tests/a.py", "import os\n"),
    "a script of the page": ("scripts/a.js", "const one = 1;\n"),
    "a style": ("scripts/a.css", "a {}\n"),
    "a template": ("scripts/a.html.j2", "<p>\n"),
    "a part of the build": ("scripts/a.cmake", "include(CPack)\n"),
    "the build": ("CMakeLists.txt", "room(core)\n"),
    "a program without a suffix": ("scripts/a", "#!/bin/sh\necho\n"),
    "another licence": ("src/core/a.cc", "// SPDX-License-Identifier: MIT\n"),
    "more than this licence": ("src/core/a.cc", f"// {LICENCE} OR MIT\n"),
    "a licence further down": ("src/core/a.cc", f"int i;\n// {LICENCE}\n"),
    "a licence that is no comment": ("src/core/a.cc", f"{LICENCE}\n"),
}


@pytest.mark.parametrize(("file", "text"), UNLICENSED.values(), ids=UNLICENSED)
def test_a_source_that_does_not_name_its_licence_is_found(call, tree, file, text):
    (tree / file).write_text(text)
    outcome = call("check_text.py", tree)
    assert outcome.returncode == 1
    assert outcome.stdout == f"{file}: does not begin with {LICENCE}\n"


LICENSED = {
    "a program": ("scripts/a", f"#!/bin/sh\n# {LICENCE}\necho\n"),
    "a style": ("scripts/a.css", f"/* {LICENCE} */\na {{}}\n"),
    "a template": ("scripts/a.html.j2", f"{{#- {LICENCE} -#}}\n<p>\n"),
    "what others wrote": ("scripts/stalemark/report/vendor/a.js", "const one = 1;\n"),
    "a page": ("docs/a.md", "# A page\n"),
    "a workload": ("workloads/a.json", "{}\n"),
    "a list of packages": ("scripts/packages.txt", "python3\n"),
}


@pytest.mark.parametrize(("file", "text"), LICENSED.values(), ids=LICENSED)
def test_what_names_its_licence_or_needs_no_line_is_left_alone(call, tree, file, text):
    (tree / file).parent.mkdir(parents=True, exist_ok=True)
    (tree / file).write_text(text)
    assert call("check_text.py", tree).returncode == 0


def test_the_licence_is_the_whole_text_of_apache_2():
    ours = (REPOSITORY / "LICENSE").read_text()
    assert hashlib.sha256(ours.encode()).hexdigest() == APACHE_2_SHA256
    assert "the Stalemark authors" in (REPOSITORY / "NOTICE").read_text()


def test_a_header_that_leans_on_others_is_found(call, tree):
    (tree / "src/core/leaning.h").write_text("#pragma once\n\nstd::string name();\n")
    outcome = call("check_headers.py", tree)
    assert outcome.returncode == 1
    assert "src/core/leaning.h does not compile alone" in outcome.stdout
    assert "name.h does not" not in outcome.stdout.replace("leaning.h", "")


def test_every_script_can_be_run_and_says_what_it_does():
    for path in SCRIPTS.rglob("*.py"):
        text = path.read_text()
        if "command.run(" in text and path.name != "command.py":
            assert text.startswith(f'#!/usr/bin/python3\n# {LICENCE}\n"""'), path
            assert path.stat().st_mode & 0o111, path
