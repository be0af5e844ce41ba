#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the decision matrix from results: a row per protocol, beside the article's grades."""

from stalemark.common import command
from stalemark.matrix import matrix

if __name__ == "__main__":
    command.run(matrix.main)
