# SPDX-License-Identifier: Apache-2.0
"""What a page says of the repository is so: links, paths, options, and nothing of this machine."""

import re
import subprocess

import pages
import pytest

EACH = pytest.mark.parametrize(
    "page", pages.PAGES, ids=[str(page.relative_to(pages.REPOSITORY)) for page in pages.PAGES]
)
LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)")
PATH = re.compile(r"`((?:src|scripts|tests|docs|bench|workloads)/[\w./*-]*)`")
MACHINE = re.compile(r"/(?:work|home|root|mnt|Users)/|/tmp/\w")


def anchors(page):
    """The names that a reader's browser gives to the headings."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def wrong_links(page):
    for target, anchor in LINK.findall(page.read_text()):
        if "://" in target:
            continue
        place = page.parent / target if target else page
        if not place.exists() or (anchor and anchor not in anchors(place)):
            yield f"{target}#{anchor}"


@EACH
def test_links_lead_somewhere(page):
    assert list(wrong_links(page)) == []


@EACH
def test_paths_of_the_repository_exist(page):
    made = {info.removeprefix("file=") for _, info, _ in pages.blocks(page)}
    wrong = [
        path
        for path in PATH.findall(page.read_text())
        if path not in made and not any(pages.REPOSITORY.glob(path.rstrip("/")))
    ]
    assert wrong == []


@EACH
def test_no_page_speaks_of_a_machine(page):
    assert MACHINE.findall(page.read_text()) == []


def test_the_links_of_a_page_are_really_followed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# One, two\n[a](#one-two) [b](page.md#one-two) [c](none.md) [d](#three)\n")
    assert list(wrong_links(page)) == ["none.md#", "#three"]


def test_every_option_of_a_run_is_explained():
    help_text = subprocess.run(
        [pages.binary(), "run", "--help"], capture_output=True, text=True, check=True
    ).stdout
    options = set(re.findall(r"^ +(?:-\w,)?(--[a-z-]+)", help_text, re.MULTILINE))
    assert len(options) > 20
    text = "\n".join(page.read_text() for page in pages.PAGES)
    assert [name for name in sorted(options) if not re.search(rf"{name}\b(?!-)", text)] == []


def test_the_first_page_is_short():
    assert len((pages.REPOSITORY / "README.md").read_text().splitlines()) < 150
