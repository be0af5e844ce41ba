"""Where the program is that the tests run: $STALEMARK_BINARY, or else build/release/stalemark.

Not in conftest.py: `pytest tests` has several of that name, and a test may be given another's.
"""

import os
import pathlib

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = pathlib.Path(os.environ.get("STALEMARK_BINARY", REPOSITORY / "build/release/stalemark"))
