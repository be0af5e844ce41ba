#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Compares two builds: has anything become worse?"""

from stalemark.common import command
from stalemark.compare import compare

if __name__ == "__main__":
    command.run(compare.main)
