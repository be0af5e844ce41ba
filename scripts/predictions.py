#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Holds what the program measures in virtual time against what mathematics predicts."""

from stalemark.common import command
from stalemark.predictions import predictions

if __name__ == "__main__":
    command.run(predictions.main)
