"""What a first visit costs over the wire, in brotli, the worker's background precache apart."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Phone, Serve
from tests.browser.phone import open_online
from tests.browser.server import DelegateServer
from tests.browser.thousand import write_thousand

ALL, JAVASCRIPT, FOR_A_THOUSAND = 180_000, 150_000, 60_000

pytestmark = pytest.mark.browser


class Scale:
    """Weighs what a page's own requests bring, headers included."""

    def __init__(self, phone: Phone) -> None:
        self.page = phone(service_workers="block")
        self._kinds: dict[str, tuple[str, str]] = {}
        self.bytes: dict[str, int] = {}
        self.javascript = 0
        session = self.page.context.new_cdp_session(self.page)
        session.on("Network.responseReceived", self._note)
        session.on("Network.loadingFinished", self._weigh)
        session.send("Network.enable")

    def _note(self, event: dict[str, Any]) -> None:
        answer = event["response"]
        self._kinds[event["requestId"]] = (answer["url"], answer["mimeType"])

    def _weigh(self, event: dict[str, Any]) -> None:
        url, kind = self._kinds.get(event["requestId"], ("", ""))
        weight = int(event["encodedDataLength"])
        self.bytes[url] = self.bytes.get(url, 0) + weight
        self.javascript += weight if "javascript" in kind else 0

    @property
    def total(self) -> int:
        """Give the bytes of all answers."""
        return sum(self.bytes.values())

    def visit(self, server: DelegateServer) -> None:
        """Open the schedule as a first visit, and wait until all is quiet."""
        open_online(self.page, server.url)
        self.page.wait_for_load_state("networkidle")

    def lines(self) -> Iterator[str]:
        """Tell each answer's weight, the heaviest first."""
        for url, weight in sorted(self.bytes.items(), key=lambda each: -each[1]):
            yield f"{weight:>9,} {url}"


def test_a_first_visit_is_light_also_at_a_thousand_events(
    phone: Phone, delegate_server: DelegateServer, serve: Serve, tmp_path: Path
) -> None:
    eight, thousand = Scale(phone), Scale(phone)

    eight.visit(delegate_server)
    thousand.visit(serve(COPAPP_CONFERENCE=str(write_thousand(tmp_path / "thousand"))))

    print(f"\n{eight.total:,} bytes at 8 events, of which JavaScript {eight.javascript:,}:", *eight.lines(), sep="\n")
    print(f"{thousand.total:,} bytes at 1,000 events:", *thousand.lines(), sep="\n")
    assert eight.total <= ALL
    assert 0 < eight.javascript <= JAVASCRIPT
    assert thousand.total - eight.total <= FOR_A_THOUSAND
