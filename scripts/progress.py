#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Shows a bar with the share done and the time left while a command works, on standard error."""

from stalemark.common import command, progress

if __name__ == "__main__":
    command.run(progress.main)
