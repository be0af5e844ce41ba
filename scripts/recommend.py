#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Names the simplest protocol that measurably meets what an application requires."""

from stalemark.common import command
from stalemark.recommend import recommend

if __name__ == "__main__":
    command.run(recommend.main)
