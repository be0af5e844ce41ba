#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How much more traffic the same database bears with each protocol of simulated results."""

from stalemark.common import command
from stalemark.matrix import capacity

if __name__ == "__main__":
    command.run(capacity.main)
