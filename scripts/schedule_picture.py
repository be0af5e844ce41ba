#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Draws a schedule that `stalemark explore --json` has found, as a sequence diagram in SVG."""

from stalemark.common import command
from stalemark.guarantees import schedule_picture

if __name__ == "__main__":
    command.run(schedule_picture.main)
