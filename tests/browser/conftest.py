"""Browsers and a served app for the journeys."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import browsers
from tests.browser.server import DelegateServer

Serve = Callable[..., DelegateServer]
Phone = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a journey begin again once: a busy machine makes a browser late. What fails twice is broken."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium under Playwright; each test opens its own context."""
    with found(browsers.chromium(browsers.CHROMIUM_WITHOUT_WINDOWS)) as opened:
        yield opened


@pytest.fixture
def phone(browser: Browser) -> Iterator[Phone]:
    """Give `phone(**context)`: a page of a new phone, empty, at the venue unless told otherwise."""
    with ExitStack() as opened:

        def start(**given: Any) -> Page:
            at_the_venue = {"locale": "en-GB", "timezone_id": "Asia/Samarkand"}
            size = {"viewport": {"width": 390, "height": 844}}
            context = browser.new_context(**(at_the_venue | size | given))
            opened.callback(context.close)
            return context.new_page()

        yield start


@pytest.fixture
def firefox() -> Iterator[browsers.FirefoxPage]:
    """Debian's Firefox ESR on an empty profile."""
    with found(browsers.firefox()) as page:
        yield page


@pytest.fixture
def webkit() -> Iterator[browsers.WebKitPage]:
    """WebKitGTK on an empty profile."""
    with found(browsers.webkit()) as page:
        yield page


@pytest.fixture
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Give `serve(**environment)`: a seeded, running copy of the app with its own database."""
    with ExitStack() as running:

        def start(**environment: str) -> DelegateServer:
            return _serve(tmp_path_factory, environment, running)

        yield start


@pytest.fixture(scope="session")
def delegate_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DelegateServer]:
    """One copy for all journeys that neither end it nor write to it; those that do ask for `serve`."""
    with ExitStack() as running:
        yield _serve(tmp_path_factory, {}, running)


def _serve(
    folders: pytest.TempPathFactory, environment: dict[str, str], running: ExitStack
) -> DelegateServer:
    server = DelegateServer(folders.mktemp("served"), environment)
    server.seed()
    running.callback(server.close)
    server.start()
    return server


@contextmanager
def found(opening: AbstractContextManager[Any]) -> Iterator[Any]:
    """Skip where the browser is missing; under CI a skip would hide it, so there it fails."""
    with ExitStack() as opened:
        try:
            value = opened.enter_context(opening)
        except browsers.BrowserMissingError as missing:
            if os.environ.get("CI"):
                raise
            pytest.skip(str(missing))
        yield value
