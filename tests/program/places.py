# SPDX-License-Identifier: Apache-2.0
"""Where the program under test is: $STALEMARK_BINARY, or else build/release/stalemark."""

import os
import pathlib

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = pathlib.Path(os.environ.get("STALEMARK_BINARY", REPOSITORY / "build/release/stalemark"))
