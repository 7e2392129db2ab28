"""A captive portal answers in the app's place: nothing of it is kept, and the app comes back after it."""

import json
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browsers import wait_until
from tests.browser.conftest import Phone, Serve, found
from tests.browser.phone import (
    CATS,
    TITLES,
    WORKER_SECONDS,
    expect_freshness,
    look_again,
    open_online,
    wait_for_newer_worker,
    wait_for_worker,
)
from tests.browser.plain_chromium import PlainPage, plain_chromium
from tests.browser.portals import FETCHED, KEPT, WHOLE, poison_each
from tests.browser.relay import LOGIN, PORTALS, Relay, earlier_worker, slow_worker
from tests.browser.releases import release
from tests.browser.server import DelegateServer
from tests.browser.test_update import ACTIVE, COME_BACK, FRESH

MAP = "nav.places a[href='/map']"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shared(delegate_server: DelegateServer) -> Iterator[Relay]:
    """A network before the shared copy, as it was for each test."""
    with Relay(delegate_server.url).running() as relay:
        yield relay


@pytest.fixture
def network(shared: Relay) -> Relay:
    """A network without a portal."""
    shared.portal, shared.worker, shared.is_cached = lambda _path, _by_worker: "", str, True
    shared.asked.clear()
    return shared


@pytest.fixture
def page() -> Iterator[PlainPage]:
    """Chromium, left alone."""
    with found(plain_chromium()) as opened:
        yield opened


def _portal(network: Relay, kind: str) -> None:
    network.portal = lambda _path, _by_worker: kind


def _works_without_the_network(page: Page, network: Relay) -> None:
    _portal(network, "a reset")
    for address in ("/saved", f"/event/{CATS}", "/map", "/"):
        page.goto(network.url + address)
        expect(page.locator("h1")).to_be_visible()
        expect_freshness(page, "offline")


def test_a_portal_at_single_requests_of_an_installation_keeps_nothing_foreign(
    phone: Phone, network: Relay
) -> None:
    page, files = phone(), network.files()

    assert poison_each(page, network, [*files][::4]) == []

    wait_for_worker(page)
    assert page.evaluate(KEPT, files) == WHOLE
    assert len(files) >= 76
    _works_without_the_network(page, network)


@pytest.mark.parametrize("kind", PORTALS)
def test_a_portal_during_a_whole_visit_leaves_the_next_one_whole(
    kind: str, phone: Phone, network: Relay
) -> None:
    page = phone()
    network.portal = lambda path, by_worker: kind if by_worker or path == "/sw.js" else ""
    open_online(page, network.url)
    wait_until(lambda: ("/sw.js", False) in network.asked, "The worker asked for")

    network.portal = lambda _path, by_worker: kind if by_worker else ""
    page.reload()
    wait_until(lambda: look_again(page) or network.asked_by_the_worker(), "An installation")

    network.portal = lambda _path, _by_worker: ""
    page.reload()
    wait_until(lambda: look_again(page) or page.evaluate(KEPT, network.files()) == WHOLE, "All of it")
    page.reload()
    wait_for_worker(page)
    assert page.evaluate(KEPT, network.files()) == WHOLE
    _works_without_the_network(page, network)


@pytest.mark.parametrize("kind", PORTALS)
def test_an_installed_app_works_on_behind_a_portal(kind: str, phone: Phone, network: Relay) -> None:
    page = phone()
    open_online(page, network.url)
    wait_for_worker(page)
    calendar = f"/api/v1/events/{CATS}.ics"
    true = page.evaluate(FETCHED, calendar)

    _portal(network, kind)
    for address in ("/saved", f"/event/{CATS}", "/map", "/"):
        page.goto(network.url + address)
        expect_freshness(page, "offline")
        expect(page.locator("h1")).not_to_have_text(LOGIN)
    page.locator(MAP).click()
    expect(page.locator("h1")).to_be_visible()

    assert "BEGIN:VCALENDAR" in true
    assert page.evaluate(FETCHED, calendar) == true
    assert page.locator("[role=alert]").count() == 0
    network.portal = lambda _path, _by_worker: ""
    look_again(page)
    expect_freshness(page, "fresh")
    assert page.evaluate(KEPT, network.files()) == WHOLE


CALENDARS = "caches.open('calendars').then((kept) => kept.keys()).then((files) => files.length)"


def test_what_was_put_into_the_caches_is_not_handed_out(phone: Phone, network: Relay) -> None:
    page = phone()
    open_online(page, network.url)
    wait_for_worker(page)
    calendar = f"/api/v1/events/{CATS}.ics"
    true = page.evaluate(FETCHED, calendar)
    wait_until(
        lambda: page.evaluate(CALENDARS) == len(TITLES), "Each event's calendar, which the page fetches"
    )
    page.evaluate(
        """async () => {
          for (const name of await caches.keys()) {
            const kept = await caches.open(name);
            for (const request of await kept.keys()) {
              const { headers } = await kept.match(request);
              await kept.put(request, new Response("<h1>VENUE WIFI LOGIN</h1>", { headers }));
            }
          }
        }"""
    )

    _portal(network, "a login page")
    assert page.evaluate(FETCHED, "/map.css") == "refused"
    assert LOGIN in page.evaluate(FETCHED, calendar)  # the portal's own answer, as without a worker
    network.portal = lambda _path, _by_worker: ""
    page.goto(f"{network.url}/meet")
    expect(page.locator("h1")).to_have_text("Meet us")
    assert page.evaluate(FETCHED, calendar) == true
    for address in ("/saved", "/map", "/"):
        page.goto(network.url + address)
        expect_freshness(page, "fresh")
    _portal(network, "a reset")
    for address in ("/saved", "/map", "/"):
        page.goto(network.url + address)
        expect_freshness(page, "offline")


def test_a_poisoned_update_leaves_the_earlier_release_as_it_is(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    with Relay(server.url).running() as network:
        open_online(page, network.url)
        wait_for_worker(page)
        earlier, asked = network.files(), len(network.asked_by_the_worker())
        new_title = "Supper under the stars"

        network.portal = lambda path, by_worker: "a login page" if by_worker and path == "/saved" else ""
        with release(server) as draft:
            draft.event(CATS).title = new_title
        wait_until(lambda: network.files() != earlier, "The new site")
        look_again(page)
        wait_until(lambda: "/saved" in network.asked_by_the_worker()[asked:], "The poisoned update")
        wait_until(
            lambda: page.evaluate(
                "navigator.serviceWorker.getRegistration().then((it) => !it.installing && !it.waiting)"
            ),
            "Its end",
        )
        _portal(network, "a login page")
        for address in ("/saved", "/map", "/"):
            page.goto(network.url + address)
            expect(page.locator("h1")).not_to_have_text(LOGIN)
            expect_freshness(page, "offline")

        network.portal = lambda _path, _by_worker: ""
        page.goto(network.url)
        look_again(page)
        files = json.dumps(network.files())
        is_whole = f"({KEPT})({files}).then(({{ wrong, missing }}) => !wrong.length && !missing)"
        wait_for_newer_worker(page, is_whole, "The new release, all of it")


HEADING = "document.querySelector('h1')?.innerText"


@pytest.mark.parametrize("damage", ["everything", "one part, of the right type", "one page"])
def test_a_phone_that_took_a_login_page_for_the_app_is_healed_by_the_next_build(
    damage: str, page: PlainPage, network: Relay
) -> None:
    files = network.files()
    part = next(path for path in files if path.startswith("/assets/_saved"))
    network.worker = earlier_worker
    kind, hidden = {
        "everything": ("a login page", set(files)),
        "one part, of the right type": ("its own of the same type", {part}),
        "one page": ("a login page", {"/saved"}),
    }[damage]
    network.portal = lambda path, by_worker: kind if by_worker and path in hidden else ""
    page.open(network.url)
    page.wait_for(ACTIVE, WORKER_SECONDS)
    network.portal = lambda _path, _by_worker: ""
    page.open(f"{network.url}/saved")
    page.wait_for(f"document.readyState === 'complete' && ({HEADING} === '{LOGIN}' || !({FRESH}))")

    network.worker = str
    page.open(f"{network.url}/saved")

    page.wait_for(f"{HEADING} === 'Saved' && {FRESH} && {ACTIVE}", WORKER_SECONDS)
    assert page.evaluate(f"({KEPT})({files})".replace("'", '"')) == WHOLE
    assert (
        page.evaluate("caches.keys().then((names) => names.filter((name) => name.includes('precache')))")
        == []
    )
    _portal(network, "a reset")
    for address, heading in (
        ("/saved", "Saved"),
        ("/settings", "Settings"),
        (f"/event/{CATS}", TITLES[CATS]),
    ):
        page.open(network.url + address)
        page.wait_for(f"{HEADING} === {heading!r}")


WAITS = "navigator.serviceWorker.getRegistration().then(({ waiting }) => Boolean(waiting))"
ASK_AGAIN = "dispatchEvent(new Event('online'))"


def test_a_newer_worker_that_is_slow_to_answer_is_asked_again(page: PlainPage, network: Relay) -> None:
    page.open(network.url)
    page.wait_for(f"{FRESH} && {ACTIVE}", WORKER_SECONDS)
    network.worker = slow_worker
    page.evaluate(COME_BACK)
    page.wait_for(WAITS, WORKER_SECONDS)

    is_taken = f"{WAITS}.then((waits) => !waits)"
    for _ in range(
        6
    ):  # seldom: each time the page asks for its data too, and a busy worker holds the next one back
        page.evaluate(ASK_AGAIN)
        with suppress(TimeoutError):
            page.wait_for(is_taken, 10)
            break

    page.wait_for(is_taken)
    page.wait_for(ACTIVE)


SAID = {
    "en-GB": ("A part of the app could not be loaded.", "Load it again", "The server cannot be reached."),
    "fr-FR": (
        "Une partie de l’application n’a pas pu être chargée.",
        "Recharger",
        "Le serveur est injoignable.",
    ),
    "es-ES": (
        "No se pudo cargar una parte de la aplicación.",
        "Cargar de nuevo",
        "No se puede contactar con el servidor.",
    ),
    "ru-RU": ("Часть приложения не загрузилась.", "Загрузить заново", "Сервер недоступен."),
}


@pytest.mark.parametrize(
    ("locale", "kind"),
    [
        ("en-GB", "a login page"),
        ("fr-FR", "nothing"),
        ("es-ES", "a way to its login"),
        ("ru-RU", "its own of the same type"),
    ],
)
def test_a_part_that_cannot_be_loaded_is_said_and_mended_with_a_tap(
    locale: str, kind: str, phone: Phone, network: Relay
) -> None:
    page = phone(locale=locale)
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    # The map's part and every catalogue; and no worker, which would have true ones.
    parts = ("/assets/_map_._index", "/assets/map-", "/assets/fr-", "/assets/es-", "/assets/ru-", "/sw.js")
    network.portal = lambda path, _by_worker: kind if path.startswith(parts) else ""
    open_online(page, network.url)
    page.locator(MAP).click()
    panel = page.locator("body > [role=alert]")
    part, button, unreached = SAID[locale]
    expect(panel.locator("p")).to_have_text(part)
    assert len(loads) == 1

    _portal(network, kind)
    panel.get_by_role("button", name=button).click()
    expect(panel.locator("p")).to_contain_text(unreached)
    assert (len(loads), page.url) == (1, f"{network.url}/")

    network.portal = lambda _path, _by_worker: ""
    panel.get_by_role("button", name=button).click()
    expect(panel).to_have_count(0)
    expect_freshness(page, "fresh")
    page.locator(MAP).click()
    expect(page).to_have_url(f"{network.url}/map")
    expect(page.locator("#stage, .stage, svg").first).to_be_visible()
    assert len(loads) == 2


@pytest.mark.parametrize("part", ["/assets/rolldown-runtime-", "/assets/entry.client-", "/assets/_index-"])
def test_an_app_whose_first_parts_the_browser_keeps_empty_says_so_and_is_mended_with_a_tap(
    part: str, phone: Phone, network: Relay
) -> None:
    page = phone()
    network.portal = lambda path, _by_worker: "nothing" if path.startswith(part) else ""
    page.goto(network.url)
    assert [path for path, _ in network.asked if path.startswith(part)]

    network.portal = lambda _path, _by_worker: ""
    page.goto(network.url)
    panel = page.locator("body > [role=alert]")
    panel.get_by_role("button", name="Load it again").click()

    expect_freshness(page, "fresh")
    expect(panel).to_have_count(0)
    wait_for_worker(page)
