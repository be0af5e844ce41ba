#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Sums up simulated results, a line of CSV each: what they came to, and a digest of all else."""

from stalemark.common import command
from stalemark.export import virtual_summary

if __name__ == "__main__":
    command.run(virtual_summary.main)
