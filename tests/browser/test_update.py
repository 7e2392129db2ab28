"""An installed build meets another server, with two real builds: asked, never forced, never in a loop."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.browsers import wait_until
from tests.browser.conftest import Phone, Serve
from tests.browser.next_build import NEW_WORD, OLD_WORD, make_next_build
from tests.browser.phone import (
    CATS,
    look_again,
    open_online,
    shown,
    star,
    wait_for_calendars,
    wait_for_worker,
)
from tests.browser.server import ROOT, DelegateServer

Deploy = Callable[[DelegateServer, Path], None]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def next_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second build, made once for all."""
    return make_next_build(tmp_path_factory.mktemp("next"))


@pytest.fixture
def start(serve: Serve, tmp_path: Path) -> Callable[[Path], DelegateServer]:
    """Serve a build; what it drew stays beside what the next one draws, as in a real deployment."""

    def started(root: Path) -> DelegateServer:
        server = serve(COPAPP_SITES=str(tmp_path / "site"))
        _deploy(server, root)
        return server

    return started


def _deploy(server: DelegateServer, root: Path) -> None:
    server.stop()
    server.root = root
    server.environment["PYTHONPATH"] = str(root)
    server.start()


def _last_place(page: Page) -> str:
    return page.locator("nav.places a").last.inner_text()


@pytest.mark.parametrize("way", ["forward", "back"])
def test_another_build_is_offered_and_taken_once(
    way: str, phone: Phone, start: Callable[[Path], DelegateServer], next_build: Path
) -> None:
    first, second = (ROOT, next_build) if way == "forward" else (next_build, ROOT)
    old_word, new_word = (OLD_WORD, NEW_WORD) if way == "forward" else (NEW_WORD, OLD_WORD)
    server, page = start(first), phone()
    open_online(page, server.url)
    wait_for_worker(page)
    wait_for_calendars(page)
    page.get_by_role("searchbox").fill("silk")
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))

    _deploy(server, second)
    look_again(page)
    question = page.locator(".toast", has_text="A new version of the app is ready.")
    expect(question).to_be_visible(timeout=20_000)
    question.get_by_role("button", name="Later").click()

    expect(question).to_have_count(0)
    expect(page.get_by_role("searchbox")).to_have_value("silk")
    star(page, CATS).click()
    expect(star(page, CATS)).to_have_attribute("aria-pressed", "true")
    assert (loads, _last_place(page), shown(page)) == ([], old_word, [CATS])

    page.reload()
    assert _last_place(page) == old_word
    expect(question).to_be_visible(timeout=20_000)
    page.get_by_role("searchbox").fill("cats")
    loads.clear()
    question.get_by_role("button", name="Update now").click()
    wait_until(lambda: _last_place(page) == new_word, "The other build")

    expect(page.get_by_role("searchbox")).to_have_value("cats")
    expect(page.locator("article.card")).to_have_count(1)
    assert (loads, page.url) == ([f"{server.url}/?q=cats"], f"{server.url}/?q=cats")
    expect(star(page, CATS)).to_have_attribute("aria-pressed", "true")
    page.reload()
    wait_for_worker(page)
    look_again(page)
    expect(page.locator("[data-freshness]")).to_have_attribute("data-freshness", "fresh")
    assert (len(loads), _last_place(page)) == (2, new_word)
    expect(question).to_have_count(0)


def test_an_old_tab_still_gets_its_own_parts(
    phone: Phone, start: Callable[[Path], DelegateServer], next_build: Path
) -> None:
    server, page = start(ROOT), phone(service_workers="block")
    open_online(page, server.url)
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    missing: list[str] = []
    page.on("response", lambda answer: missing.append(answer.url) if answer.status == 404 else None)

    _deploy(server, next_build)
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("button", name="Français").click()

    expect(page.locator("h1")).to_have_text("Réglages")
    assert (loads, missing) == ([], [])
    assert NEW_WORD in httpx.get(server.url).text


def test_the_switch_removes_the_worker_and_what_it_kept(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    open_online(page, server.url)
    wait_for_worker(page)
    wait_for_calendars(page)
    star(page, CATS).click()
    left = "navigator.serviceWorker.getRegistrations().then(async found => [found.length, await caches.keys()])"
    assert page.evaluate(left) != [0, []]

    server.stop()
    server.environment["COPAPP_WORKER"] = "off"
    server.start()
    look_again(page)
    wait_until(lambda: page.evaluate(left) == [0, []], "The worker's end")

    page.reload()
    expect(star(page, CATS)).to_have_attribute("aria-pressed", "true")
    wait_until(lambda: page.evaluate(left) == [0, []], "The worker's end again")
    expect(page.locator(".toast")).to_have_count(0)
