"""The app as a service runs it: as a user who may write nowhere but where the environment says."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.browser.server import DelegateServer


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that belongs to nobody, who can reach it; what others may not write to is all the rest."""
    made = Path(tempfile.mkdtemp(prefix="copapp-nobody-"))
    yield made
    shutil.rmtree(made)


def test_serves_where_the_working_folder_cannot_be_written_to(folder: Path) -> None:
    """Each worker died of it and was started again, for ever."""
    server = DelegateServer(folder, {"COPAPP_SITES": str(folder / "site"), "HOME": "/nonexistent"})
    server.seed()
    server.root = Path("/")
    if os.geteuid() == 0:
        for each in (folder, *folder.iterdir()):
            shutil.chown(each, "nobody", "nogroup")
        server.as_whom = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]

    server.start()
    found = [httpx.get(f"{server.url}{path}").status_code for path in ("/", "/admin/sign-in", "/readyz")]
    server.close()

    assert found == [200, 200, 200]
    assert "PermissionError" not in server.log.read_text()
