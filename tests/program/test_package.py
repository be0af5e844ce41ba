# SPDX-License-Identifier: Apache-2.0
"""The Debian package: what it says, what it brings, and that nothing stays when it goes."""

import gzip
import re
import subprocess

import pytest
from places import REPOSITORY
from installation import BUILD, Installation, files_in

LISTING = (REPOSITORY / "CMakeLists.txt").read_text()
VERSION = re.search(r"^project\(\w+ VERSION (\S+)", LISTING, re.MULTILINE)[1]
pytestmark = pytest.mark.xdist_group("package")  # They share what takes long to make.


def run(*words):
    ended = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
    assert ended.returncode == 0, f"{words}\n{ended.stdout}{ended.stderr}"
    return ended.stdout


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    folder = tmp_path_factory.mktemp("package")
    run("cpack", "--config", BUILD / "CPackConfig.cmake", "-B", folder)
    (made,) = folder.glob("*.deb")
    return made


class Dpkg:
    """A system of its own to install into, so that this machine's stays as it is."""

    def __init__(self, folder):
        self.root, self.records = folder / "root", folder / "records"
        self.root.mkdir()
        for name in ("info", "updates", "triggers"):
            (self.records / name).mkdir(parents=True)
        (self.records / "status").touch()

    def __call__(self, *words):
        return run("dpkg", f"--admindir={self.records}", f"--instdir={self.root}",
                   f"--log={self.records}/log", "--force-depends", "--force-not-root",
                   "--force-script-chrootless", *words)  # fmt: skip


def test_the_fields_say_what_it_is(package):
    architecture = run("dpkg", "--print-architecture").strip()
    assert package.name == f"stalemark_{VERSION}_{architecture}.deb"
    fields = dict(
        re.findall(r"^([\w-]+): (.*)$", run("dpkg-deb", "-f", package), re.MULTILINE)
    )
    assert fields["Package"] == "stalemark"
    assert fields["Version"] == VERSION
    assert fields["Section"] == "utils"
    assert "@" in fields["Maintainer"]
    assert "cach" in fields["Description"]
    for library in ("librocksdb", "libboost-context", "libfmt", "libc6", "zlib1g"):
        assert re.search(rf"\b{library}\S* \(>= ", fields["Depends"]), fields["Depends"]
    assert "python" not in fields["Depends"]
    imported = {"numpy", "scipy", "jinja2", "jsonschema", "matplotlib", "tqdm"}
    assert set(re.findall(r"python3-(\w+)", fields["Recommends"])) == imported


def test_recommended_is_what_scripts_import():
    listed = (REPOSITORY / "scripts/packages.txt").read_text().partition("[bench]")[0]
    told = (REPOSITORY / "cmake/package.cmake").read_text()
    for name in re.findall(r"^(python3\S*)", listed, re.MULTILINE):
        assert name in told


def test_files_lie_where_debian_has_them(package, tmp_path):
    run("dpkg-deb", "-x", package, tmp_path)
    files = files_in(tmp_path)
    assert {name.split("/")[0] for name in files} == {"usr"}
    for name in ("bin/stalemark", "share/bash-completion/completions/stalemark",
                 "share/zsh/vendor-completions/_stalemark", "share/man/man1/stalemark.1.gz",
                 "share/doc/stalemark/copyright", "share/doc/stalemark/LICENSE",
                 "share/doc/stalemark/NOTICE", "share/stalemark/workloads/ycsb_a.json",
                 "share/stalemark/workloads/suites/embedded.json",
                 "share/stalemark/scripts/stalemark/report/vendor/"
                 "licenses/LICENSE-d3"):  # fmt: skip
        assert f"usr/{name}" in files
    assert not [name for name in files if "site-functions" in name or "__pycache__" in name]
    assert gzip.decompress((tmp_path / "usr/share/man/man1/stalemark.1.gz").read_bytes())
    owners = {line.split()[1] for line in run("dpkg-deb", "-c", package).splitlines()}
    assert owners == {"root/root"}
    sections = run("readelf", "-S", "--wide", tmp_path / "usr/bin/stalemark")
    assert ".text" in sections and ".debug_info" not in sections
    assert not re.search(r"R(UN)?PATH", run("readelf", "-d", tmp_path / "usr/bin/stalemark"))


def test_it_is_installed_used_and_removed_without_a_trace(package, tmp_path):
    dpkg = Dpkg(tmp_path)
    dpkg("--install", package)
    assert f"Version: {VERSION}" in dpkg("--status", "stalemark")
    copy = Installation(dpkg.root / "usr", tmp_path / "place")
    for strategy in ("no_cache", "cache_aside"):
        copy.stalemark("run", "ycsb_a", "--strategy", strategy, "--runtime", "virtual", "--keys",
                       100, "--operations", 1000, "--out", f"{strategy}.json")  # fmt: skip
    assert "cache_aside" in copy.run("matrix.py", *sorted(copy.place.glob("*.json")))
    assert (copy.share / "scripts/stalemark/common/__pycache__").is_dir()
    dpkg("--remove", "stalemark")
    assert files_in(dpkg.root) == set()
    assert not list(dpkg.root.rglob("*stalemark*"))
    assert "install ok installed" not in (dpkg.records / "status").read_text()
