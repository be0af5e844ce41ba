# SPDX-License-Identifier: Apache-2.0
"""The sources that decide what an exploration of schedules finds, and their digest.

A table of guarantees names the digest of the sources that it was made from. With other sources it
says nothing for certain, and its readers tell so.
"""

import hashlib

FOLDERS = ("core", "runtime", "caches", "stores", "wire", "events", "guards", "shields",
           "strategies", "assembly", "explore")  # fmt: skip


def digest(root):
    """sha256, in hex, over the files of these folders of root/src: for each, sorted by its path
    below the root, the path and the contents, each behind its length."""
    found = hashlib.sha256()
    for path in sorted(_files(root), key=lambda path: path.relative_to(root).as_posix()):
        for part in (path.relative_to(root).as_posix().encode(), path.read_bytes()):
            found.update(b"%d:" % len(part))
            found.update(part)
    return found.hexdigest()


def is_checkout(root):
    """Whether the sources are there: an installed copy has only some of them."""
    return (root / "src" / "core").is_dir()


def _files(root):
    for folder in FOLDERS:
        yield from (path for path in (root / "src" / folder).rglob("*") if path.is_file())
