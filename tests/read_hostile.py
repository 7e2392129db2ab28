"""Look at each file of a folder in a process of its own: `python -m tests.read_hostile FOLDER`."""

import sys
from pathlib import Path

from tests.apart import look_apart, refusal
from tests.programme_files import PAGES


def main(folder: Path) -> None:
    """Look at two at once: each has a processor."""
    refusal((PAGES / "connecting.txt").read_bytes)  # whatever is imported late
    look_apart({file.name: file.read_bytes for file in sorted(folder.iterdir())}, 2)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
