"""The app as a service runs it: as a user who may write nowhere but where the environment says."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.browser.server import DelegateServer, copapp_program

AS_NOBODY = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that belongs to nobody, who can reach it; what others may not write to is all the rest."""
    made = Path(tempfile.mkdtemp(prefix="copapp-nobody-"))
    yield made
    shutil.rmtree(made)


def as_a_service(server: DelegateServer, *own: Path) -> None:
    """Let it run in a folder that is not its own, as somebody who has these, with what is in them."""
    server.root = Path("/")
    if os.geteuid() == 0:
        for each in (path for folder in own for path in (folder, *folder.iterdir())):
            shutil.chown(each, "nobody", "nogroup")
        server.as_whom = AS_NOBODY


def test_serves_where_the_working_folder_cannot_be_written_to(folder: Path) -> None:
    """Each worker died of it and was started again, for ever."""
    server = DelegateServer(folder, {"COPAPP_SITES": str(folder / "site"), "HOME": "/nonexistent"})
    server.seed()
    as_a_service(server, folder)

    server.start()
    found = [httpx.get(f"{server.url}{path}").status_code for path in ("/", "/admin/sign-in", "/readyz")]
    server.close()

    assert found == [200, 200, 200]
    assert "PermissionError" not in server.log.read_text()


def test_where_pages_cannot_be_kept_serving_says_what_to_set(folder: Path) -> None:
    """It ended in a traceback."""
    server = DelegateServer(folder, {"COPAPP_SITES": "", "HOME": "/nonexistent"})
    server.seed()
    as_a_service(server, folder)

    with pytest.raises(RuntimeError, match="did not become ready"):
        server.start()

    said = server.log.read_text()
    assert said.startswith("The pages cannot be kept in /var/site: Permission denied. Set COPAPP_SITES to a ")
    assert "Traceback" not in said


def test_without_a_database_serving_makes_none(folder: Path) -> None:
    server = DelegateServer(folder, {"COPAPP_DATABASE_URL": f"sqlite:///{folder}/var/copapp.db"})

    with pytest.raises(RuntimeError, match=f"There is no database at {folder}/var/copapp.db. Make one with "):
        server.run("serve")

    assert list(folder.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize("kept", [["copapp.db"], []])
def test_database_that_cannot_be_written_to_says_what_is_missing(folder: Path, kept: list[str]) -> None:
    folder.chmod(0o755)
    server = DelegateServer(folder, {"HOME": "/nonexistent"})
    for each in kept:
        server.seed()
        (folder / each).chmod(0o644)

    done = subprocess.run(
        [*AS_NOBODY, copapp_program(), "seed"],
        cwd="/",
        env=server.environment,
        check=False,
        text=True,
        capture_output=True,
    )

    assert done.returncode == 1
    assert done.stderr.startswith(f"The database at {folder}/copapp.db cannot be opened: ")
    assert done.stderr.endswith("Who runs this must be able to write to that file and its folder.\n")
