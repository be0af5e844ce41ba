#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes one result of the results of several processes or machines, without loss."""

from stalemark.common import command
from stalemark.merge import merge

if __name__ == "__main__":
    command.run(merge.main)
