#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes report.html from results: the decision matrix, its pictures and its evidence."""

from stalemark.common import command
from stalemark.report import report

if __name__ == "__main__":
    command.run(report.main)
