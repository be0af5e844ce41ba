#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Counts facts about the sources of each strategy, guard and shield, and of events, as JSON."""

from stalemark.common import command
from stalemark.matrix import complexity

if __name__ == "__main__":
    command.run(complexity.main)
