#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes results in the formats of other tools."""

from stalemark.common import command
from stalemark.export import export

if __name__ == "__main__":
    command.run(export.main)
