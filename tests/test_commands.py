"""Every command says which database it means, makes none by the way, and keeps what it writes private."""

import json
import os
import shutil
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from typer.testing import CliRunner

from copapp import database
from copapp.cli import app
from copapp.database import reading, writing
from copapp.interop.backup_file import write_backup
from copapp.staff_cli import app as staff_app
from tests.conftest import Environment

# What a backup of an older version says of itself.
OLDER = {"revision": "0003", "conference": "cop14", "taken_at": "2024-02-01T08:00:00+00:00"}
# What each command is given; those that may make a database, or need none.
GIVEN = {
    "export": ["programme.csv"],
    "import": ["-"],
    "backup": ["kept.backup"],
    "clock": [],
    "erase": ["--all"],
    "staff add": ["Aigul", "aigul@example.org", "--coordinator"],
    "staff reset": ["aigul@example.org"],
    "staff reset-factor": ["aigul@example.org"],
    "staff disable": ["aigul@example.org"],
    "staff enable": ["aigul@example.org"],
    "staff list": [],
}
MAKERS = {"build", "seed", "serve", "restore"}


def run(command: str, *more: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, [*command.split(), *GIVEN.get(command, []), *more], input=b"")
    return done.exit_code, done.output


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def elsewhere(environment: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, where nobody has said which database is meant."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.delenv("COPAPP_DATABASE_URL")
    monkeypatch.delenv("COPAPP_SITES")
    monkeypatch.chdir(folder)
    environment()
    return folder


@pytest.fixture(params=[0o022, 0o000])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def test_every_command_is_tried_here() -> None:
    names = {each.name or getattr(each.callback, "__name__", "") for each in app.registered_commands}
    of_staff = {each.name or getattr(each.callback, "__name__", "") for each in staff_app.registered_commands}

    assert names | {f"staff {each}" for each in of_staff} == set(GIVEN) | MAKERS


@pytest.mark.parametrize("command", GIVEN)
def test_command_makes_no_database_by_the_way(elsewhere: Path, command: str) -> None:
    """In another folder, erasing answered that no such request was kept, and left a new database behind."""
    code, said = run(command)

    assert code == 1
    assert f"There is no database at {elsewhere}/var/copapp.db." in said
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("command", GIVEN)
def test_empty_file_is_no_database(elsewhere: Path, command: str) -> None:
    (elsewhere / "var").mkdir()
    (elsewhere / "var" / "copapp.db").touch()

    code, said = run(command)

    assert (code, "There is no database at" in said) == (1, True)
    assert (elsewhere / "var" / "copapp.db").stat().st_size == 0


@pytest.mark.parametrize("command", GIVEN)
def test_empty_postgresql_is_no_database_and_its_password_is_not_shown(
    environment: Environment, postgres_url: str, command: str
) -> None:
    url = make_url(postgres_url).set(password="Canary")
    environment(DATABASE_URL=url.render_as_string(hide_password=False))

    code, said = run(command)

    assert code == 1
    assert f"There is no database at 127.0.0.1:{url.port}/{url.database}." in said
    assert "Canary" not in said


def test_database_that_does_not_answer_is_named_without_its_password(environment: Environment) -> None:
    environment(DATABASE_URL="postgresql://us:Canary@127.0.0.1:1/conference")

    code, said = run("staff list")

    assert (code, said) == (1, "The database at 127.0.0.1:1/conference cannot be opened: OperationalError.\n")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("./var/Canary.db", "write it as sqlite:///./var/copapp.db, "),
        ("/var/lib/Canary.db", "write it as sqlite:///./var/copapp.db, "),
        ("postgresql://us:Canary@host:port/name", "write it as sqlite:///./var/copapp.db, "),
        ("mysql://us:Canary@host/name", "the app keeps its data in SQLite or PostgreSQL: write sqlite:///"),
        (
            "postgresql+asyncpg://us:Canary@host/name",
            "the app keeps its data in SQLite or PostgreSQL: write ",
        ),
        ("sqlite://var/Canary.db", "write sqlite:/// and the file, as in sqlite:///./var/copapp.db; with "),
    ],
)
def test_database_that_is_none_is_refused_in_words(environment: Environment, url: str, said: str) -> None:
    """Each ended in a traceback."""
    environment(DATABASE_URL=url)

    code, output = run("staff list")

    assert (code, "Canary" in output) == (2, False)
    assert output.startswith(f"The environment cannot be used:\n  COPAPP_DATABASE_URL: Value error, {said}")


def test_postgresql_is_known_by_its_short_name(environment: Environment, postgres_url: str) -> None:
    environment(
        DATABASE_URL=make_url(postgres_url).set(drivername="postgres").render_as_string(hide_password=False)
    )

    assert run("seed")[0] == 0


def test_file_that_is_no_database_is_said_to_be_none(environment: Environment, tmp_path: Path) -> None:
    (tmp_path / "copapp.db").write_text("A letter of more than a hundred characters. " * 10)

    said = run("staff list")

    assert said == (1, f"The database at {tmp_path}/copapp.db cannot be opened: file is not a database.\n")


def test_refused_restore_makes_no_database(elsewhere: Path) -> None:
    """It left an empty one behind, in which nobody was to be found."""
    for name, content in {"other.backup": b"A letter", "older.backup": write_backup(OLDER, {})}.items():
        (elsewhere / name).write_bytes(content)

        assert CliRunner().invoke(app, ["restore", name]).exit_code == 1

    assert CliRunner().invoke(app, ["restore", "none.backup"]).exit_code == 1
    assert sorted(each.name for each in elsewhere.iterdir()) == ["older.backup", "other.backup"]


@pytest.mark.parametrize(
    ("name", "email", "said"),
    [
        ("Bolat", "bolat", "Write an address such as name@example.org."),
        ("Bolat", "Aigul@example.org", "This address has an account already."),
    ],
)
def test_account_that_cannot_be_added_says_why(
    environment: Environment, name: str, email: str, said: str
) -> None:
    run("seed")
    run("staff add")

    done = CliRunner().invoke(app, ["staff", "add", name, email])

    assert (done.exit_code, done.output) == (1, f"{name} <{email}> cannot be added. {said}\n")


def test_guessed_address_of_a_link_is_said_to_be_one(environment: Environment) -> None:
    run("seed")
    guessed = run("staff add")[1]
    environment(PUBLIC_URL="https://meet.example.org")
    known = run("staff reset")[1]

    words = "COPAPP_PUBLIC_URL is not set, so its beginning is a guess: write there where the app is served."
    assert (words in guessed, "COPAPP_PUBLIC_URL" in known) == (True, False)


@pytest.mark.parametrize("command", ["seed", *GIVEN])
def test_database_of_a_newer_version_is_refused_in_words(environment: Environment, command: str) -> None:
    """It ended in a hundred lines of traceback."""
    run("seed")
    with writing() as db:
        db.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))

    code, said = run(command)

    assert code == 1
    assert "is of a newer version of the app (its tables are at 9999, this version knows them up to " in said
    with reading() as db:
        assert db.connection().execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"


def test_erasing_names_the_database_that_holds_nothing(environment: Environment, tmp_path: Path) -> None:
    run("seed")

    code, said = run("erase")

    assert (code, said) == (1, f"No such request is kept in the database at {tmp_path}/copapp.db.\n")


def test_first_account_without_the_role_says_that_nobody_coordinates(environment: Environment) -> None:
    run("seed")
    done = CliRunner().invoke(app, ["staff", "add", "Bolat", "bolat@example.org"])

    assert "Nobody is a coordinator yet" in done.output
    assert "Nobody is a coordinator yet" not in run("staff add")[1]


def test_database_is_its_owners_only(elsewhere: Path, umask: int) -> None:
    """With the usual umask every user of the machine could read every request."""
    assert run("seed")[0] == 0
    with writing() as db:
        db.connection().execute(text("CREATE TABLE more (x)"))
    found = {each.name: mode(each) for each in (elsewhere / "var").iterdir()}

    assert mode(elsewhere / "var") == 0o700
    assert found == {"copapp.db": 0o600, "copapp.db-wal": 0o600, "copapp.db-shm": 0o600}


def test_database_that_everybody_could_read_is_closed(elsewhere: Path, umask: int) -> None:
    run("seed")
    file = elsewhere / "var" / "copapp.db"
    with reading() as db:
        db.connection().execute(text("SELECT 1"))
        for each in file.parent.iterdir():
            each.chmod(0o644)
        database._engines.clear()

        run("staff list")

        assert {mode(each) for each in file.parent.iterdir()} == {0o600}


def test_files_that_hold_personal_data_are_their_owners_only(elsewhere: Path, umask: int) -> None:
    run("seed")
    for name in ("requests.csv", "requests.xlsx", "kept.backup"):
        (elsewhere / name).touch(0o666)
        (elsewhere / name).chmod(0o666)

    for name in ("requests.csv", "requests.xlsx"):
        assert CliRunner().invoke(app, ["export", name]).exit_code == 0
    assert run("backup", "--force")[0] == 0
    run("backup", "--force")

    for name in ("requests.csv", "requests.xlsx", "kept.backup"):
        assert mode(elsewhere / name) == 0o600
    assert run("export")[0] == 0
    assert mode(elsewhere / "programme.csv") == 0o666 & ~umask  # what everybody may read


def test_backup_overwrites_only_when_told_to(environment: Environment, tmp_path: Path) -> None:
    run("seed")
    kept = tmp_path / "kept.backup"
    kept.write_bytes(b"the only good one")

    refused = CliRunner().invoke(app, ["backup", str(kept)])

    assert refused.exit_code == 1
    assert refused.output == f"{kept} is there already: name another, or overwrite it with --force.\n"
    assert kept.read_bytes() == b"the only good one"
    assert CliRunner().invoke(app, ["backup", str(kept), "--force"]).exit_code == 0
    assert CliRunner().invoke(app, ["restore", str(kept), "--replace"]).exit_code == 0


def test_restore_names_both_versions(environment: Environment, tmp_path: Path) -> None:
    run("seed")
    kept = tmp_path / "kept.backup"
    CliRunner().invoke(app, ["backup", str(kept)])
    other = tmp_path / "other.backup"
    shutil.copy(kept, other)
    _rewrite(other, database.newest_revision(), "0003")

    done = CliRunner().invoke(app, ["restore", str(other)])

    assert done.exit_code == 1
    words = f"whose tables are at 0003 (this version: {database.newest_revision()})"
    assert words in done.output


def _rewrite(file: Path, was: str, now: str) -> None:
    """Let a backup say that another version took it."""
    with zipfile.ZipFile(file) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    about = json.loads(parts["manifest.json"])
    assert about["revision"] == was
    parts["manifest.json"] = json.dumps(about | {"revision": now}).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
