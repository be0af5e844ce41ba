# SPDX-License-Identifier: Apache-2.0
"""The command of a run, changed so that the next one measures what this one did not."""

import shlex

from stalemark.common.durations import nanoseconds

ONCE = {"--duration": nanoseconds, "--repeat": float}  # What makes one value more than another.


def with_options(command, options):
    """`command` with the most that it or `options` ("--duration 3s", ...) ask for of each of them.
    A run that is to last so long is not ended by its operations before."""
    added = [word for option in options for word in option.split(" ")]
    most, words = {}, []
    rest = iter(_words(command) + added)
    for word in rest:
        name, _, value = word.partition("=")
        if name in ONCE:
            most.setdefault(name, []).append(value or next(rest, ""))
        elif name == "--operations" and "--duration" in added:
            value or next(rest, "")
        else:
            words.append(word)
    for name, values in most.items():
        words += [name, max(values, key=lambda value, name=name: _amount(name, value))]
    return shlex.join(words)


def _words(command):
    try:
        return shlex.split(command)
    except ValueError:  # Quotes that nobody closed.
        return command.split()


def _amount(name, value):
    try:
        return ONCE[name](value)
    except ValueError:
        return 0.0
