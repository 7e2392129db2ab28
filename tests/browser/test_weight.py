"""What a first visit costs over the wire, in brotli, the worker's background precache apart."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Phone, Serve
from tests.browser.phone import open_online
from tests.browser.server import DelegateServer
from tests.browser.thousand import write_thousand

# What a first visit cost before there was a map, and what repairs a damaged app and reads strange addresses.
# What a feature adds has to load when it is asked for.
ALL, JAVASCRIPT, FOR_A_THOUSAND = 163_000, 148_000, 60_000

pytestmark = pytest.mark.browser


class Scale:
    """Weighs what a page's own requests bring, headers included."""

    def __init__(self, phone: Phone) -> None:
        self.page = phone(service_workers="block")
        self._answers: dict[str, tuple[str, bool, int]] = {}
        session = self.page.context.new_cdp_session(self.page)
        session.on("Network.responseReceived", self._note)
        session.on("Network.loadingFinished", self._weigh)
        session.send("Network.enable")

    def _note(self, event: dict[str, Any]) -> None:
        answer = event["response"]
        is_javascript = "javascript" in answer["mimeType"]
        self._answers[event["requestId"]] = (answer["url"], is_javascript, int(answer["encodedDataLength"]))

    def _weigh(self, event: dict[str, Any]) -> None:
        url, is_javascript, _ = self._answers.get(event["requestId"], ("a redirect", False, 0))
        self._answers[event["requestId"]] = (url, is_javascript, int(event["encodedDataLength"]))

    @property
    def total(self) -> int:
        """Give the bytes of all answers."""
        return sum(weight for _, _, weight in self._answers.values())

    @property
    def javascript(self) -> int:
        """Give the bytes of the scripts among them."""
        return sum(weight for _, is_javascript, weight in self._answers.values() if is_javascript)

    def visit(self, server: DelegateServer) -> None:
        """Open the schedule as a first visit, and wait until all is quiet."""
        open_online(self.page, server.url)
        self.page.wait_for_load_state("networkidle")

    def lines(self) -> Iterator[str]:
        """Tell each answer's weight, the heaviest first."""
        for url, _, weight in sorted(self._answers.values(), key=lambda each: -each[2]):
            yield f"{weight:>9,} {url}"


def test_a_first_visit_is_light_also_at_a_thousand_events(
    phone: Phone, delegate_server: DelegateServer, serve: Serve, tmp_path: Path
) -> None:
    eight, thousand = Scale(phone), Scale(phone)

    eight.visit(delegate_server)
    thousand.visit(serve(COPAPP_CONFERENCE=str(write_thousand(tmp_path / "thousand"))))

    print(
        f"\n{eight.total:,} bytes at 8 events, of which JavaScript {eight.javascript:,}:",
        *eight.lines(),
        sep="\n",
    )
    print(f"{thousand.total:,} bytes at 1,000 events:", *thousand.lines(), sep="\n")
    assert eight.total <= ALL
    assert 0 < eight.javascript <= JAVASCRIPT
    assert thousand.total - eight.total <= FOR_A_THOUSAND
