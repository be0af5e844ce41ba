# SPDX-License-Identifier: Apache-2.0
"""Files that programs write: whole or not at all."""

import os
import pathlib

from stalemark.common import command


def write(path, text):
    """All of it or nothing: a reader never meets half a file."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text)
    temporary.replace(path)


def save(path, text):
    """write(), with one line for the user where that fails."""
    try:
        write(pathlib.Path(path), text)
    except OSError as error:
        raise command.Refusal(f"{path}: {error.strerror}") from None


def output_folder(out, first_result):
    """Where a script writes, made if it is missing."""
    path = pathlib.Path(first_result)
    folder = pathlib.Path(out) if out else path if path.is_dir() else path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise command.Refusal(f"{folder}: {error.strerror}") from None
    return folder
