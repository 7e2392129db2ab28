"""An installed build meets another server, with two real builds: asked, never forced, never in a loop."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Phone, Serve, found
from tests.browser.next_build import NEW_WORD, OLD_WORD, make_next_build
from tests.browser.phone import CATS, WORKER_SECONDS, open_online
from tests.browser.plain_chromium import PlainPage, plain_chromium
from tests.browser.server import ROOT, DelegateServer

Start = Callable[[Path], DelegateServer]

FRESH = "document.querySelector('[data-freshness]')?.dataset.freshness === 'fresh'"
ACTIVE = "navigator.serviceWorker.controller?.state === 'activated'"
ASKED = "document.querySelector('.toasts').innerText.includes('A new version of the app is ready.')"
COME_BACK = "document.dispatchEvent(new Event('visibilitychange')); dispatchEvent(new Event('focus'))"
SHOWN = "[...document.querySelectorAll('article.card')].map(card => card.dataset.event).join()"
STAR = f"document.querySelector('[data-event=\"{CATS}\"] .star')"
PLACE = "document.querySelector('nav.places a:last-child').innerText"
REGISTERED = "navigator.serviceWorker.getRegistrations()"
LEFT = f"{REGISTERED}.then(async (found) => found.length + (await caches.keys()).length)"
GONE = f"{REGISTERED}.then((found) => found.length === 0)"
# What the worker in force says: its build, or that the switch is off.
SAYS = f"""{REGISTERED}.then(([found]) => new Promise((tell) => {{
    const {{ port1, port2 }} = new MessageChannel();
    port1.onmessage = (event) => tell(event.data);
    found.active.postMessage({{ type: "BUILD" }}, [port2]) }}))"""
FILES = "caches.open('copapp').then((kept) => kept.keys()).then((files) => files.length)"
TYPE = """(() => { const field = document.querySelector("input[type=search]");
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, "%s");
    field.dispatchEvent(new Event("input", { bubbles: true })) })()"""
TYPED = "document.querySelector('input[type=search]').value"
# Counts the loads of this tab.
LOADS = "Number(sessionStorage.loads ?? 0)"
COUNT_LOADS = "sessionStorage.loads = Number(sessionStorage.loads ?? 0) + 1"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def next_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second build, made once for all."""
    return make_next_build(tmp_path_factory.mktemp("next"))


@pytest.fixture
def start(serve: Serve, tmp_path: Path) -> Start:
    """Serve a build; what it drew stays beside what the next one draws, as in a real deployment."""

    def started(root: Path) -> DelegateServer:
        server = serve(COPAPP_SITES=str(tmp_path / "site"))
        _deploy(server, root)
        return server

    return started


@pytest.fixture
def page() -> Iterator[PlainPage]:
    """Chromium, left alone."""
    with found(plain_chromium()) as opened:
        yield opened


def _deploy(server: DelegateServer, root: Path) -> None:
    server.stop()
    server.root = root
    server.environment["PYTHONPATH"] = os.pathsep.join(
        filter(None, [str(root), os.environ.get("PYTHONPATH")])
    )
    server.start()


@pytest.mark.parametrize("way", ["forward", "back"])
def test_another_build_is_offered_and_taken_once(
    way: str, page: PlainPage, start: Start, next_build: Path
) -> None:
    builds = [(ROOT, OLD_WORD), (next_build, NEW_WORD)]
    (first, old_word), (second, new_word) = builds if way == "forward" else reversed(builds)
    server = start(first)
    page.command("Page.enable")
    page.command("Page.addScriptToEvaluateOnNewDocument", source=COUNT_LOADS)
    page.open(server.url)
    page.wait_for(f"{FRESH} && {ACTIVE}")
    page.evaluate(TYPE % "silk")

    _deploy(server, second)
    page.evaluate(COME_BACK)
    page.wait_for(ASKED, WORKER_SECONDS)
    page.click("Later")

    page.wait_for(f"!{ASKED}")
    page.evaluate(f"{STAR}.click()")
    page.wait_for(f"{STAR}.ariaPressed === 'true'")
    assert page.evaluate(f"[{LOADS}, {PLACE}, {TYPED}, {SHOWN}]") == [1, old_word, "silk", CATS]

    page.open(f"{server.url}/?q=silk")
    page.wait_for(f"{LOADS} === 2 && {FRESH} && {ASKED}", WORKER_SECONDS)
    page.evaluate(TYPE % "cats")
    assert page.evaluate(f"[{PLACE}, {TYPED}]") == [old_word, "cats"]
    page.click("Update now")
    page.wait_for(f"{PLACE} === '{new_word}' && {FRESH} && {ACTIVE} && {SHOWN} === '{CATS}'", WORKER_SECONDS)
    # Once, or twice where a request hung in the old worker and held the new one back.
    loads = page.evaluate(LOADS)
    assert loads in (3, 4)

    page.evaluate(COME_BACK)
    page.wait_for(FRESH)
    assert page.evaluate(f"[{LOADS}, {PLACE}, {TYPED}, {STAR}.ariaPressed, {ASKED}]") == [
        loads,
        new_word,
        "cats",
        "true",
        False,
    ]


def test_an_old_tab_still_gets_its_own_parts(phone: Phone, start: Start, next_build: Path) -> None:
    server, tab = start(ROOT), phone(service_workers="block")
    open_online(tab, server.url)
    loads: list[str] = []
    tab.on("load", lambda loaded: loads.append(loaded.url))
    missing: list[str] = []
    tab.on("response", lambda answer: missing.append(answer.url) if answer.status == 404 else None)

    _deploy(server, next_build)
    tab.get_by_role("link", name="More").click()
    tab.get_by_role("link", name="Settings").click()
    tab.get_by_role("button", name="Français").click()

    expect(tab.locator("h1")).to_have_text("Réglages")
    assert (loads, missing) == ([], [])
    assert NEW_WORD in httpx.get(f"{server.url}/settings").text


def test_the_switch_removes_the_worker_and_what_it_kept(page: PlainPage, serve: Serve) -> None:
    server = serve()
    page.open(server.url)
    page.wait_for(f"{FRESH} && {ACTIVE}")
    page.evaluate(f"{STAR}.click()")
    page.wait_for(f"{LEFT}.then(left => left > 1)")

    _switch(server, "off")
    page.evaluate(COME_BACK)
    page.wait_for(GONE, WORKER_SECONDS)
    page.open(server.url)
    page.wait_for(f"{FRESH} && {STAR}.ariaPressed === 'true'")
    page.wait_for(f"{LEFT}.then(left => left === 0)", WORKER_SECONDS)
    assert page.evaluate(ASKED) is False


def test_a_page_that_stays_open_while_the_switch_goes_on_and_off_has_it_all_again(
    page: PlainPage, serve: Serve
) -> None:
    server = serve()
    page.open(server.url)
    page.wait_for(f"{FRESH} && {ACTIVE}")
    build, files = page.evaluate(SAYS), page.evaluate(FILES)
    _switch(server, "off")
    page.evaluate(COME_BACK)
    page.wait_for(GONE, WORKER_SECONDS)

    _switch(server, "on")
    page.evaluate(COME_BACK)
    page.wait_for(f"{FILES}.then((files) => files === {files})", WORKER_SECONDS)
    page.wait_for(f"{SAYS}.then((build) => build === {build!r})", WORKER_SECONDS)

    server.stop()
    page.open(f"{server.url}/map")
    page.wait_for("document.querySelector('h1')?.innerText === 'Map'")


def _switch(server: DelegateServer, worker: str) -> None:
    server.stop()
    server.environment["COPAPP_WORKER"] = worker
    server.start()
