"""`copapp seed`, as a coordinator types it: what it says, and its exit codes."""

from pathlib import Path
from shutil import copytree

import pytest
from typer.testing import CliRunner

from copapp.cli import app
from copapp.settings import settings
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


@pytest.mark.parametrize(
    "url",
    [
        "meet.example.org",
        "ht tp://meet.example.org",
        "ftp://meet.example.org",
        "https://",
        "https:///event",
        "https://meet example.org",
        "https://meet.example.org/app",
        "https://meet.example.org?x=1",
        "https://meet.example.org#main",
        "https://us:secret@meet.example.org",
        "https://meet.example.org:port",
    ],
)
def test_public_address_that_is_none_is_refused_in_words(
    folder: Path, environment: Environment, url: str
) -> None:
    """Posters, calendars and shared links led to it, and so nowhere."""
    environment(PUBLIC_URL=url)

    code, said, complained = seed()

    assert (code, said) == (2, "")
    assert complained == (
        "The environment cannot be used:\n  COPAPP_PUBLIC_URL: Value error, "
        "write scheme and host, without a path: https://meet.example.org\n"
    )


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://meet.example.org", "https://meet.example.org"),
        ("HTTPS://Meet.example.org//", "https://meet.example.org"),
        ("http://127.0.0.1:3000/", "http://127.0.0.1:3000"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("https://встреча.рф", "https://встреча.рф"),
    ],
)
def test_public_address_is_kept_without_a_stroke_at_its_end(
    environment: Environment, url: str, kept: str
) -> None:
    environment(PUBLIC_URL=url)

    assert settings().public_url == kept


def test_wrong_environment_is_refused_in_words(folder: Path, environment: Environment) -> None:
    environment(NOW="yesterday")

    code, said, complained = seed()

    assert (code, said) == (2, "")
    assert complained.splitlines()[0] == "The environment cannot be used:"
    assert complained.splitlines()[1].startswith("  COPAPP_NOW: ")
