# SPDX-License-Identifier: Apache-2.0
"""Files of JSON that programs read, and files that they write: whole or not at all."""

import json
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


def parsed(path):
    """What a file of JSON holds."""
    try:
        return json.loads(path.read_text())
    except OSError as error:
        raise command.Refusal(f"{path}: {error.strerror or error}") from None
    except ValueError as error:
        raise command.Refusal(f"{path}: not JSON: {error}") from None
