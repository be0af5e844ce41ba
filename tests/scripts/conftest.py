"""Makes the scripts importable and runnable."""

import pathlib
import subprocess
import sys

import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
SCRIPTS = REPOSITORY / "scripts"
sys.path.insert(0, str(SCRIPTS))
sys.path.insert(0, str(pathlib.Path(__file__).parent))


@pytest.fixture
def call():
    """Runs a script as a user does; answers its exit status and what it printed."""

    def run(name, *arguments, **options):
        command = [SCRIPTS / name, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False, **options)

    return run
