#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Measures what sessions of one build differ by, for compare.py --floor."""

from stalemark.common import command
from stalemark.compare import noise_floor

if __name__ == "__main__":
    command.run(noise_floor.main)
