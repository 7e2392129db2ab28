"""What journeys do on a delegate's phone, and what the programme holds that they look for."""

from contextlib import suppress
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, Request, expect

from copapp.interop.conference_folder import read_folder
from copapp.settings import DATA
from tests.browser.browsers import wait_until

TITLES = {event.slug: event.title for event in read_folder(DATA / "cop14").events}
PLACES = ("/", "/saved", "/meet", "/settings", "/about")
SAIGA, NETWORKING, CATS = "saiga-recovery", "saiga-networking", "cats-of-the-silk-road"


# Chromium lets a worker that was busy rest for half a minute before it gives way.
WORKER_SECONDS = 75
# An empty answer makes an active worker too; only the app's tells its build.
OURS_IS_ACTIVE = """new Promise((done) => {
  const { controller } = navigator.serviceWorker;
  if (controller?.state !== "activated") return done(false);
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => done(true);
  setTimeout(() => done(false), 2_000);
  controller.postMessage({ type: "BUILD" }, [port2]);
})"""

IS_WAITING = "navigator.serviceWorker.getRegistration().then((it) => Boolean(it?.waiting))"


def wait_for_worker(page: Page) -> None:
    """Wait until the app's worker is active, which it is once its files are whole, and answers this page."""
    wait_for_newer_worker(page, OURS_IS_ACTIVE, "An active worker of the app")


def wait_for_newer_worker(page: Page, claim: str, what: str) -> None:
    """Wait until that holds, for which a newer worker must have taken the place of the present one.

    Chromium lets it once the present one is at rest: after half a minute without work, but never while a
    debugger watches it, which Playwright is. So the test puts it to rest.
    """
    for _ in range(8):
        with suppress(TimeoutError):
            wait_until(lambda: page.evaluate(claim), what, 6)
            return
        if page.evaluate(IS_WAITING):
            session = page.context.new_cdp_session(page)
            session.send("ServiceWorker.enable")
            session.send("ServiceWorker.stopAllWorkers")
            session.detach()
    wait_until(lambda: page.evaluate(claim), what)


def wait_for_calendars(page: Page) -> None:
    """Wait until the worker, which must be active, keeps every event's calendar file and is idle."""
    kept = "caches.open('calendars').then(kept => kept.keys()).then(found => found.length)"
    wait_until(lambda: page.evaluate(kept) == len(TITLES), "The calendar files")


def open_online(page: Page, url: str) -> None:
    """Open an address and wait for the server's answer to the page's own question."""
    page.goto(url)
    expect_freshness(page, "fresh")


def expect_freshness(page: Page, kind: str) -> None:
    """Wait until the page says so."""
    expect(page.locator("[data-freshness]")).to_have_attribute("data-freshness", kind, timeout=15_000)


def look_again(page: Page) -> Literal[False]:
    """Do what a phone does when its owner comes back to the page: it asks for news, and for a new worker."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange')); dispatchEvent(new Event('focus'))")
    return False  # "look again, or see": waits read it so


def look_until(page: Page, locator: Locator) -> None:
    """Come back to the page until it shows that; the server looks for releases once a second."""

    def is_shown() -> bool:
        look_again(page)
        return locator.count() > 0

    wait_until(is_shown, f"{locator}", 15)


def card(page: Page, slug: str) -> Locator:
    """Give the card, or the page, of an event."""
    return page.locator(f"[data-event='{slug}']")


def star(page: Page, slug: str) -> Locator:
    """Give an event's bookmark button."""
    return card(page, slug).locator("button.star")


def expect_shown(page: Page, slugs: list[str]) -> None:
    """Wait until the cards, in the order of the page, are those of these slugs; fail with what they are."""
    with suppress(TimeoutError):
        wait_until(lambda: shown(page) == slugs, f"The cards {slugs}", 5)
    assert shown(page) == slugs


def shown(page: Page) -> list[str]:
    """List the slugs of the cards in the order of the page."""
    slugs: list[str] = page.locator("article.card").evaluate_all(
        "cards => cards.map(card => card.dataset.event)"
    )
    return slugs


class Watch:
    """Notes what a page must not do: open sockets, ask Reflex's event address, complain."""

    def __init__(self, page: Page) -> None:
        self.sockets: list[str] = []
        self.event_requests: list[str] = []
        self.complaints: list[str] = []
        page.on("websocket", lambda socket: self.sockets.append(socket.url))
        page.on("request", self._note)
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type in {"error", "warning"} else None,
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, request: Request) -> None:
        if urlsplit(request.url).path.startswith("/_event"):
            self.event_requests.append(request.url)
