import subprocess
import sys
from pathlib import Path


def test_rooms_import_downwards_only() -> None:
    """The contracts stand in pyproject.toml; copapp/README.md says what lives in which room."""
    linter = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run(
        [linter, "--no-cache"], cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
