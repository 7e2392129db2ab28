import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from copapp import settings

ROOM = Path(settings.__file__).parent
CODE = [
    file
    for kind in ("py", "js", "mjs", "json", "mako")
    for file in sorted(ROOM.rglob(f"*.{kind}"))
    if settings.DATA not in file.parents
]
# The conference's default name stands there, and nowhere else.
DEFAULT = {ROOM / "settings.py": ["cop14"]}


def test_rooms_import_downwards_only() -> None:
    """The contracts stand in pyproject.toml; copapp/README.md says what lives in which room."""
    linter = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run(
        [linter, "--no-cache"], cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def words_of(conference: str) -> set[str]:
    """Names that would give away for which conference the code was written."""
    folder = settings.DATA / conference
    about = tomllib.loads((folder / "conference.toml").read_text("utf-8"))
    listed = tomllib.loads((folder / "programme.toml").read_text("utf-8"))
    slugs = {each["slug"] for kind in ("site", "room", "event") for each in listed[kind]}
    names = {each["name"] for kind in ("site", "room") for each in listed[kind]}
    place = set(about["place"].split(", "))
    return {conference, about["name"], about["organisation"], about["timezone"]} | place | slugs | names


@pytest.mark.parametrize("file", CODE, ids=lambda file: file.relative_to(ROOM).as_posix())
def test_code_knows_no_conference(file: Path) -> None:
    names = words_of("cop14") | {"Saiga", "Altyn Dala"}
    anyone = re.compile("|".join(map(re.escape, sorted(names))), re.IGNORECASE)

    assert anyone.findall(file.read_text("utf-8")) == DEFAULT.get(file, [])
