# SPDX-License-Identifier: Apache-2.0
"""docs/install.md, followed by somebody who has a home of their own and no rights to this machine:
where the page says `sudo apt`, dpkg installs into a system apart."""

import os
import re
import subprocess

import pages
import pytest

# Every installation from the build folder writes the list that the page's last command reads.
pytestmark = pytest.mark.xdist_group("installation")

# What a build was configured by: otherwise its objects are all made anew, and the program is
# missing now and then while other tests run it.
BUILD_SETTINGS = ("CMAKE", "CCACHE", "STALEMARK_WARNINGS_AS_ERRORS")
PAGE = pages.REPOSITORY / "docs/install.md"


def followed(line, home, records):
    """What is run in place of a line of the page."""
    dpkg = (f"dpkg --admindir={records} --instdir={home}/system --log={records}/log"
            " --force-depends --force-not-root --force-script-chrootless")  # fmt: skip
    line = line.replace("sudo apt install ./", f"{dpkg} --install ")
    line = line.replace("sudo apt remove", f"{dpkg} --remove")
    line = line.replace("results/mine", f"{home}/mine")
    return pages.shortened(line)


def test_every_command_of_the_page_works_in_its_order(tmp_path):
    home, records = tmp_path / "home", tmp_path / "records"
    for folder in (home / "system", *(records / name for name in ("info", "updates", "triggers"))):
        folder.mkdir(parents=True)
    (records / "status").touch()
    environment = {
        "HOME": str(home), "MANPATH": f"{home}/system/usr/share/man", "MANPAGER": "cat",
        "PATH": f"{home}/system/usr/bin:{pages.binary().parent}:{os.environ['PATH']}",
        **{name: os.environ[name] for name in os.environ if name.startswith(BUILD_SETTINGS)},
    }  # fmt: skip
    lines = [line for kind, _, text in pages.blocks(PAGE) if kind == "console"
             for line in pages.commands(text)]  # fmt: skip
    assert len(lines) > 12
    made = []
    for line in lines:
        ended = subprocess.run(
            ["bash", "-c", followed(line, home, records)],
            cwd=pages.REPOSITORY, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ended.returncode == 0, f"{line}\n{ended.stdout}{ended.stderr}"
        made.append((line, {path for path in home.rglob("*stalemark*") if path.is_file()}))
    at = {line: files for line, files in made}
    copied = at["cmake --install build/release --prefix ~/.local"]
    assert home / ".local/bin/stalemark" in copied
    program = home / "system/usr/bin/stalemark"
    assert program in at["stalemark list"]
    assert program not in at["sudo apt remove stalemark"]
    assert made[-1][1] == set()
    assert (home / "mine/report.html").exists()


def test_the_page_names_the_package_that_is_made():
    listing = (pages.REPOSITORY / "CMakeLists.txt").read_text()
    version = re.search(r"^project\(\w+ VERSION (\S+)", listing, re.MULTILINE)[1]
    assert f"stalemark_{version}_amd64.deb" in PAGE.read_text()
