"""What is backed up comes back, in either database and across them; what was erased does not."""

import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session
from typer.testing import CliRunner

from copapp.cli import app
from copapp.clock import clock
from copapp.database import migrate, newest_revision, reading, snapshot, writing
from copapp.interop import backup_file
from copapp.interop.backup_file import BackupFileError, read_backup, write_backup
from copapp.services.backup import (
    NewerDataError,
    RestoreRefusedError,
    _kept_tables,
    _rows,
    restore_backup,
    take_backup,
)
from copapp.services.erasure import erase_all
from tests.askers import ask, new_request
from tests.browser.server import DelegateServer
from tests.conftest import Environment, every_database
from tests.tables import row_counts


def _all(db: Session) -> dict[str, object]:
    return {each.name: _rows(db, each) for each in _kept_tables()}


def _take() -> bytes:
    with snapshot() as db:
        return take_backup(db, newest_revision(), clock().now())


def _restore(content: bytes, *, replaces: bool = False) -> None:
    with writing() as db:
        restore_backup(db, content, newest_revision(), clock().now(), replaces=replaces)


@every_database
@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_a_backup_comes_back_in_either_database(
    line: TestClient, environment: Environment, request: pytest.FixtureRequest, target: str, tmp_path: object
) -> None:
    token = ask(line, new_request("Before")).json()["token"]
    with reading() as db:
        before = _all(db)
    content = _take()

    is_sqlite = target == "sqlite"
    url = (
        f"sqlite:///{tmp_path}/other.db" if is_sqlite else request.getfixturevalue("postgres").new_database()
    )
    environment(DATABASE_URL=url)
    migrate()
    _restore(content)

    with reading() as db:
        assert _all(db) == before
    assert line.get(f"/api/v1/meeting-requests/{token}").json()["name"]
    assert ask(line, new_request("After")).is_success


@every_database
def test_newer_data_is_lost_only_when_it_is_said(line: TestClient) -> None:
    content = _take()
    ask(line, new_request("Newer"))

    with pytest.raises(NewerDataError):
        _restore(content)
    assert row_counts()["meetingrequest"] == 1
    _restore(content, replaces=True)

    assert row_counts()["meetingrequest"] == 0


@every_database
def test_what_was_erased_after_the_backup_stays_erased(line: TestClient) -> None:
    ask(line, new_request("Erased"))
    content = _take()
    with writing() as db:
        erase_all(db)

    _restore(content, replaces=True)

    found = row_counts()
    assert [found[each] for each in ("meetingrequest", "meetingmove", "outboxmessage", "tombstone")] == [
        0,
        0,
        0,
        1,
    ]


def test_what_was_to_be_erased_by_now_does_not_come_back(line: TestClient, environment: Environment) -> None:
    ask(line, new_request("Late"))
    content = _take()

    environment(NOW="2024-06-01T10:00:00Z")
    _restore(content, replaces=True)

    assert row_counts()["meetingrequest"] == 0


def test_a_broken_file_changes_nothing(line: TestClient) -> None:
    ask(line, new_request("Stays"))
    content = _take()
    middle = len(content) // 2
    changed = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]

    for broken in (b"", content[:-40], content[:middle], changed):
        with pytest.raises(BackupFileError):
            _restore(broken, replaces=True)
    assert row_counts()["meetingrequest"] == 1


def test_a_row_that_was_changed_and_packed_again_is_noticed(line: TestClient) -> None:
    """The zip's own sums are right again; the manifest's are not."""
    ask(line, new_request("Stays"))
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(_take())) as whole, zipfile.ZipFile(packed, "w") as again:
        for name in whole.namelist():
            content = whole.read(name)
            is_meant = name == "meetingrequest.jsonl"
            again.writestr(name, content.replace(b"Stays", b"Other") if is_meant else content)

    with pytest.raises(BackupFileError, match="the table meetingrequest is not as it was written"):
        _restore(packed.getvalue(), replaces=True)


def test_the_commands_write_a_private_file_and_read_it(line: TestClient, tmp_path: object) -> None:
    path = f"{tmp_path}/kept.backup"

    assert CliRunner().invoke(app, ["backup", path]).exit_code == 0
    assert Path(path).stat().st_mode & 0o777 == 0o600
    assert len(list(Path(path).parent.glob("*.backup*"))) == 1
    assert CliRunner().invoke(app, ["restore", path]).exit_code == 0
    assert CliRunner().invoke(app, ["restore", f"{tmp_path}/none"]).exit_code == 1


@every_database
def test_a_snapshot_does_not_see_what_is_written_meanwhile(line: TestClient) -> None:
    with snapshot() as db:
        before = _all(db)
        ask(line, new_request("Meanwhile"))

        assert _all(db) == before
    assert row_counts()["meetingrequest"] == 1


@every_database
def test_rows_that_do_not_fit_leave_the_database_as_it_was(line: TestClient) -> None:
    ask(line, new_request("Stays"))
    about, tables = read_backup(_take())
    with reading() as db:
        before = _all(db)
    tables["outboxmessage"][0]["request_id"] = 4_000

    with pytest.raises(RestoreRefusedError, match="do not fit"):
        _restore(write_backup(about, tables), replaces=True)

    with reading() as db:
        assert _all(db) == before


@pytest.mark.parametrize("said", [{"conference": "cop15"}, {"revision": "9999"}])
def test_a_backup_of_something_else_is_refused(line: TestClient, said: dict[str, str]) -> None:
    about, tables = read_backup(_take())

    with pytest.raises(RestoreRefusedError, match="it is of"):
        _restore(write_backup(about | said, tables), replaces=True)


def test_a_bomb_and_a_file_that_is_not_listed_are_refused(
    line: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = _take()
    target = BytesIO(content)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("../../outside", "x")

    with pytest.raises(BackupFileError, match="not those that it lists"):
        _restore(target.getvalue(), replaces=True)
    monkeypatch.setattr(backup_file, "_LARGEST", len(content) // 2)
    with pytest.raises(BackupFileError, match="larger"):
        _restore(content, replaces=True)


def test_the_drill_from_a_server_under_writers_to_another_that_serves_the_same(tmp_path: Path) -> None:
    first, second = _server(tmp_path / "first"), _server(tmp_path / "second")
    file, ended, tokens = str(tmp_path / "kept.backup"), threading.Event(), list[str]()
    first.run("seed")
    first.start()
    try:
        with ThreadPoolExecutor(1) as pool:
            writer = pool.submit(_write, first.url, tokens, ended)
            try:
                while len(tokens) < 3 and not writer.done():
                    time.sleep(0.01)
                before = list(tokens)
                first.run("backup", file)
            finally:
                ended.set()
            writer.result()
        programme = httpx.get(f"{first.url}/api/v1/programme").content
    finally:
        first.stop()

    second.run("restore", file)
    second.start()
    try:
        answers = [httpx.get(f"{second.url}/api/v1/meeting-requests/{each}") for each in before]
        assert httpx.get(f"{second.url}/api/v1/programme").content == programme
    finally:
        second.stop()

    assert len(before) >= 3
    assert {each.status_code for each in answers} == {200}


def _server(folder: Path) -> DelegateServer:
    folder.mkdir()
    return DelegateServer(folder, {"COPAPP_SITES": str(folder / "site")})


def _write(url: str, tokens: list[str], ended: threading.Event) -> None:
    with httpx.Client(base_url=url, timeout=10) as line:
        while not ended.is_set():
            answer = ask(line, new_request(f"Writer {len(tokens)}"))
            tokens.append(answer.raise_for_status().json()["token"])


@every_database
def test_backup_replaces_nothing_beneath_a_served_app(tmp_path: Path, database_url: str) -> None:
    """An acknowledged request was gone, as if it had never been: 404 instead of 410."""
    server = DelegateServer(tmp_path, {"COPAPP_DATABASE_URL": database_url})
    server.seed()
    server.run("backup", str(tmp_path / "kept.backup"))
    server.start()
    with httpx.Client(base_url=server.url) as line:
        token = ask(line, new_request("Dana")).json()["token"]

        with pytest.raises(RuntimeError, match="the app serves this database"):
            server.run("restore", "--replace", str(tmp_path / "kept.backup"))
        kept = line.get(f"/api/v1/meeting-requests/{token}").json()["name"]
    server.close()
    restored = server.run("restore", "--replace", str(tmp_path / "kept.backup"))

    assert kept == "Dana"
    assert "Restored: " in restored
