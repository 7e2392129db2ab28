"""`copapp seed`, as a coordinator types it: what it says, and its exit codes."""

from pathlib import Path
from shutil import copytree

import pytest
from typer.testing import CliRunner

from copapp.cli import app
from tests.conftest import DATA, Environment


@pytest.fixture
def folder(environment: Environment, tmp_path: Path) -> Path:
    """A data folder of its own for the test, named by its path."""
    made = tmp_path / "conference"
    copytree(DATA / "tiny", made)
    environment(CONFERENCE=str(made))
    return made


def seed() -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["seed"])
    return done.exit_code, done.stdout, done.stderr


def test_seed_says_what_it_released_and_then_that_it_has(folder: Path) -> None:
    first, second = seed(), seed()

    assert first == (0, "Release 1: 4 events.\n", "")
    assert second == (0, "A release exists already.\n", "")


def test_seed_names_what_is_wrong_with_the_folder(folder: Path) -> None:
    (folder / "programme.toml").unlink()

    code, said, complained = seed()

    assert (code, said) == (2, "")
    assert complained == (
        f"The data folder {folder} cannot be used:\n  {folder}/programme.toml: there is no such file\n"
    )


def test_wrong_environment_is_refused_in_words(folder: Path, environment: Environment) -> None:
    environment(NOW="yesterday")

    code, said, complained = seed()

    assert (code, said) == (2, "")
    assert complained.splitlines()[0] == "The environment cannot be used:"
    assert complained.splitlines()[1].startswith("  COPAPP_NOW: ")
