"""Chromium with nothing attached but its page, for updates.

Playwright also debugs service workers, and a debugged worker may never give way to the next one.
"""

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from websocket import WebSocket, create_connection

from tests.browser.browsers import ANSWER_SECONDS, CHROMIUM_ARGUMENTS, find_chromium, wait_until


class PlainPage:
    """One page over the DevTools protocol."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._last_id = 0

    def command(self, method: str, **params: Any) -> dict[str, Any]:
        """Send one command and return its result; events that come between are passed over."""
        self._last_id += 1
        self._socket.send(json.dumps({"id": self._last_id, "method": method, "params": params}))
        while True:
            answer: dict[str, Any] = json.loads(self._socket.recv())
            if answer.get("id") == self._last_id:
                result: dict[str, Any] = answer.get("result", {})
                return result

    def open(self, url: str) -> None:
        """Go to an address."""
        self.command("Page.navigate", url=url)

    def evaluate(self, expression: str) -> Any:
        """Return the expression's value (a promise is awaited), None where it throws."""
        given = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        return self.command("Runtime.evaluate", **given).get("result", {}).get("value")

    def wait_for(self, claim: str, seconds: float = ANSWER_SECONDS) -> None:
        """Wait until a JavaScript expression is true."""
        wait_until(lambda: self.evaluate(claim) is True, claim, seconds)

    def click(self, words: str) -> None:
        """Press the button of these words, once it is there."""
        find = (
            f"[...document.querySelectorAll('button')].find(each => each.innerText === {json.dumps(words)})"
        )
        self.wait_for(f"Boolean({find})")
        self.evaluate(f"{find}.click()")


@contextmanager
def plain_chromium() -> Iterator[PlainPage]:
    """Run the machine's Chromium on an empty profile."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = ["--headless", "--remote-debugging-port=0", f"--user-data-dir={profile}"]
        log = Path(profile, "stderr.log")
        with log.open("wb") as stderr:
            process = subprocess.Popen(
                [find_chromium(""), *CHROMIUM_ARGUMENTS, *options, "about:blank"], stderr=stderr
            )
        try:
            found = wait_until(
                lambda: re.search(r"ws://([\d.:]+)/", log.read_text(errors="replace")), "Chromium's address"
            )
            page = wait_until(lambda: _page_address(found[1]), "A page of Chromium's")
            socket = create_connection(page, timeout=ANSWER_SECONDS, suppress_origin=True)
            try:
                yield PlainPage(socket)
            finally:
                socket.close()
        finally:
            process.terminate()
            process.wait(10)


def _page_address(host: str) -> str | None:
    targets = httpx.get(f"http://{host}/json").json()
    return next((each["webSocketDebuggerUrl"] for each in targets if each["type"] == "page"), None)
