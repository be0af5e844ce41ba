# SPDX-License-Identifier: Apache-2.0
"""stalemark(1), as it was made with the program: complete, clean, and its examples work."""

import os
import re
import subprocess

import pages
import pytest
from test_page_commands import check

PAGE = pages.binary().parent / "installation/stalemark.1"
SOURCES = [path.read_text() for path in (pages.REPOSITORY / "src").rglob("*.cc")]


def help_of(*command):
    return subprocess.run(
        [pages.binary(), *command, "--help"], capture_output=True, text=True, check=True
    ).stdout


@pytest.fixture(scope="module")
def shown():
    """As a reader sees it, in wide lines."""
    ended = subprocess.run(
        ["man", "-l", PAGE], capture_output=True, text=True, check=True,
        env={**os.environ, "MANPAGER": "cat", "MANWIDTH": "200", "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    return ended.stdout


def sections(text):
    """{heading: text}"""
    parts = re.split(r"^([A-Z][A-Z ]+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def commands():
    return re.findall(r"^  ([a-z]+) ", help_of().partition("Subcommands:")[2], re.MULTILINE)


def test_it_has_the_sections_that_a_reader_looks_for(shown):
    wanted = ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "ENVIRONMENT", "FILES",
              "EXAMPLES"]  # fmt: skip
    assert [name for name in wanted if name not in sections(shown)] == []
    assert sections(shown)["NAME"].strip().startswith("stalemark - ")


def test_every_option_of_every_command_is_explained_with_the_words_of_help(shown):
    seen = " ".join(shown.split())
    for command in commands():
        assert command in seen
        for line in help_of(command).splitlines():
            option = re.match(r"  (?:-h,)?(--[\w-]+)(?: [A-Z|=]+)? {2,}(.*)", line)
            if option:
                assert option[1] in seen
                assert " ".join(option[2].split()) in seen, option[2]


def test_formatters_have_nothing_to_complain_of():
    for line in (["man", "--warnings", "-l", "-Tutf8", "-Z", PAGE],
                 ["mandoc", "-T", "lint", "-W", "warning", PAGE]):  # fmt: skip
        ended = subprocess.run(line, capture_output=True, text=True, check=False)
        told = ended.stderr + ("" if line[0] == "man" else ended.stdout)
        # help2man writes the month in words.
        assert [each for each in told.splitlines() if "cannot parse date" not in each] == []


def test_formatters_would_complain(tmp_path):
    wrong = tmp_path / "wrong.1"
    wrong.write_text(PAGE.read_text() + ".no_such_macro\n.TP\n")
    told = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "warning", wrong], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert "no_such_macro" in told.stdout


def test_exit_statuses_are_those_of_the_program(shown):
    named = set(re.findall(r"^ +(\d+) ", sections(shown)["EXIT STATUS"], re.MULTILINE))
    ours = {each for text in SOURCES for each in re.findall(r"int status_\w+ = (\d+);", text)}
    assert len(ours) > 3
    assert named == ours | {"0"}


def test_variables_are_those_that_the_program_reads(shown):
    told = sections(shown)["ENVIRONMENT"]
    named = set(re.findall(r"^ {7}([A-Z_]{4,})(?: |$)", told, re.MULTILINE))
    reading = r'(?:getenv|shipped_folder)\((?:"\w+", )?"(\w+)"'
    read = {each for text in SOURCES for each in re.findall(reading, text)}
    assert named == read


def test_the_examples_work(shown, place, results):
    folder, environment = place
    examples = sections(shown)["EXAMPLES"]
    lines = re.findall(r"^ +((?:stalemark|source) .*|/usr/.*)$", examples, re.MULTILINE)
    assert len(lines) >= 5
    for line in lines:
        line = line.replace("/usr/share/stalemark/", "")
        if line.startswith("source"):
            subprocess.run(["bash", "-c", line], env=environment, check=True)
        else:
            check(line, (folder, environment), results)
