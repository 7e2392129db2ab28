"""The three browsers do what the journeys ask of them, on a page of our own."""

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.browsers import BrowserMissingError, Page, find_chromium

PAGE = """<!doctype html><meta name="viewport" content="width=device-width"><title>Steppe</title>
<button onclick="this.textContent = 'Saved'">Save</button>"""


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "index.html").write_text(PAGE)
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_QuietHandler, directory=tmp_path))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.browser
@pytest.mark.parametrize("name", ["firefox", "webkit"])
def test_other_browsers_open_read_click_and_evaluate(
    name: str, request: pytest.FixtureRequest, address: str
) -> None:
    page: Page = request.getfixturevalue(name)

    page.resize(600, 700)
    page.open(address)
    before = page.text("button")
    page.click("button")

    assert before == "Save"
    assert page.text("button") == "Saved"
    assert page.evaluate("fetch('/').then(answer => answer.status)") == 200
    assert page.evaluate("undefined") is None
    assert page.evaluate("innerWidth") <= 600
    with pytest.raises(RuntimeError):
        page.evaluate("nothing.there")


@pytest.mark.browser
def test_chromium_opens_a_page(browser: Browser, address: str) -> None:
    page = browser.new_page()

    page.goto(address)

    assert page.title() == "Steppe"
    page.close()


def test_a_chromium_that_was_named_and_is_not_there_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")

    with pytest.raises(BrowserMissingError, match="/nowhere/chromium"):
        find_chromium("/usr/bin/chromium")
