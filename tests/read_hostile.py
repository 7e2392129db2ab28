"""Look at each file of a folder in a process of its own: `python -m tests.read_hostile FOLDER`."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.apart import look_apart, refusal
from tests.programme_files import PAGES

Answer = dict[str, Any]
_SECONDS, _MEGABYTES = 5, 256


def read_apart(files: dict[str, bytes], within: Path, environment: dict[str, str]) -> dict[str, Answer]:
    """Have all of them looked at, and give what came of each."""
    folder = within / "hostile"
    folder.mkdir()
    names = {f"{number:03}": name for number, name in enumerate(files)}
    for number, name in names.items():
        (folder / number).write_bytes(files[name])
    command = [sys.executable, "-m", "tests.read_hostile", str(folder)]
    ran = subprocess.run(command, env=environment, capture_output=True, check=True, text=True)
    return {names[answer["name"]]: answer for answer in map(json.loads, ran.stdout.splitlines())}


def wrong_with(answer: Answer) -> bool:
    """Whether a file was let take too long or too much, broke something, or got no word."""
    is_dear = answer["worked"] >= _SECONDS or answer["megabytes"] >= _MEGABYTES
    return is_dear or bool(answer["raised"]) or not answer["said"]


def main(folder: Path) -> None:
    """Look at two at once: each has a processor."""
    refusal((PAGES / "connecting.txt").read_bytes)  # whatever is imported late
    look_apart({file.name: file.read_bytes for file in sorted(folder.iterdir())}, 2)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
