"""What was acknowledged is kept, whenever the server dies. `make soak` kills it a hundred times."""

from pathlib import Path

from tests.browser.server import DelegateServer
from tests.conftest import every_database
from tests.kills import kill_under_writers


@every_database
def test_acknowledged_request_outlives_a_kill(tmp_path: Path, database_url: str) -> None:
    server = DelegateServer(tmp_path, {"COPAPP_DATABASE_URL": database_url})
    server.seed()
    server.start()

    try:
        outcome = kill_under_writers(server, kills=2, writers=20, alive=0.5)
    finally:
        server.close()

    assert outcome.wrong == []
    assert outcome.kills == 2
    assert outcome.acknowledged > 20
