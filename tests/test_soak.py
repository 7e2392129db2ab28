"""The soak, in short: what `make soak` does for minutes, for seconds."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.browser.server import DelegateServer
from tests.soak.phones import soak


def test_phones_never_see_a_torn_or_an_older_release(tmp_path: Path, redis_url: str) -> None:
    given = {"COPAPP_REDIS_URL": redis_url, "WORKERS": "2"}
    server = DelegateServer(tmp_path, given)
    server.seed()
    server.start()

    try:
        with ThreadPoolExecutor(1) as pool:  # in this thread the browser's loop may run
            short = soak(server, seconds=9, phones=12, pause=0.1, every=2, least=3)
            tally, made = pool.submit(asyncio.run, short).result()
    finally:
        server.close()

    assert tally.wrong == []
    assert made >= 3
    assert len(tally.releases) >= 3
    assert 0 < tally.known < tally.asked
