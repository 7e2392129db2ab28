"""After one visit the server may die: every page answers, says how old it is, and works."""

import re

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Phone, Serve
from tests.browser.phone import (
    CATS,
    TITLES,
    card,
    expect_freshness,
    expect_shown,
    look_again,
    open_online,
    star,
    wait_for_calendars,
    wait_for_worker,
)
from tests.browser.server import DelegateServer

OFFLINE = re.compile(r"^You are offline\. This is the programme of 09:\d\d\.$")
HEADINGS = {
    "/": "CMS COP14",
    "/saved": "Saved",
    "/settings": "Settings",
    "/about": "About us at CMS COP14",
} | {f"/event/{slug}": title for slug, title in TITLES.items()}

pytestmark = pytest.mark.browser


def test_every_page_renders_with_the_server_dead(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    open_online(page, server.url)
    wait_for_worker(page)

    server.kill()

    assert len(HEADINGS) == 12
    for address, heading in HEADINGS.items():
        page.goto(server.url + address)
        expect(page.locator("h1")).to_have_text(heading)
        expect_freshness(page, "offline")
        expect(page.locator(".freshness")).to_have_text(OFFLINE)
        if address == "/":
            expect_shown(page, list(TITLES))


def test_a_phone_works_on_offline_and_is_fresh_again_at_once(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    open_online(page, server.url)
    wait_for_worker(page)
    server.kill()

    page.reload()
    expect_freshness(page, "offline")
    star(page, CATS).click()
    page.goto(f"{server.url}/settings")
    page.get_by_role("button", name="Français").click()
    expect(page.locator("h1")).to_have_text("Réglages")
    page.goto(f"{server.url}/saved")

    expect(page.locator("h1")).to_have_text("Enregistrés")
    expect(page.locator(".freshness")).to_contain_text("hors ligne")
    expect(card(page, CATS)).to_contain_text("Cats of the Silk Road")

    server.start()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect_freshness(page, "fresh")
    server.kill()
    look_again(page)
    expect_freshness(page, "offline")
    server.start()
    look_again(page)
    expect_freshness(page, "fresh")


def test_a_page_that_lost_the_network_says_so(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone()
    open_online(page, delegate_server.url)

    page.context.set_offline(True)

    expect_freshness(page, "offline")
    page.context.set_offline(False)
    expect_freshness(page, "fresh")


@pytest.mark.parametrize("address", ["/api/v1/programme", "/api/v1/openapi.json", "/admin", "/ADMIN/"])
def test_the_worker_never_answers_for(address: str, phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    open_online(page, server.url)
    wait_for_worker(page)
    while_up = page.evaluate("address => fetch(address).then(answer => answer.status)", address)

    server.kill()

    asked = page.evaluate("address => fetch(address).then(() => 'answered', () => 'refused')", address)
    assert (while_up, asked) == (200 if address == "/api/v1/programme" else while_up, "refused")
    with pytest.raises(Exception, match="ERR_CONNECTION_REFUSED"):
        page.goto(server.url + address)


def test_of_the_api_only_whom_one_can_meet_is_in_a_cache_and_nothing_of_staff(
    phone: Phone, delegate_server: DelegateServer
) -> None:
    page = phone()
    open_online(page, delegate_server.url)
    wait_for_worker(page)

    kept = page.evaluate(
        """async () => (await Promise.all((await caches.keys()).map(async (name) =>
             (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)))).flat()"""
    )

    pages = [each for each in kept if not each.startswith(("/assets/", "/icons/"))]
    calendars = [each for each in pages if each.endswith(".ics")]
    assert {"/", "/saved", "/settings", "/about"} <= set(pages)
    assert [each for each in kept if "admin" in each] == []
    assert [each for each in pages if each.startswith("/api") and each not in calendars] == ["/api/v1/slots"]


def test_the_worker_and_the_pages_are_asked_for_anew_each_time(delegate_server: DelegateServer) -> None:
    answers = {
        address: httpx.get(delegate_server.url + address).headers["cache-control"]
        for address in ("/", "/sw.js", "/event/saiga-recovery", "/manifest.webmanifest")
    }

    assert set(answers.values()) == {"no-cache"}


def test_calendar_files_are_handed_over_offline(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    open_online(page, server.url)
    wait_for_worker(page)
    wait_for_calendars(page)
    server.kill()

    page.goto(f"{server.url}/event/{CATS}")
    expect_freshness(page, "offline")
    with page.expect_download() as download:
        page.get_by_role("link", name="Add to calendar").click()

    assert download.value.suggested_filename == f"{CATS}.ics"
    assert "SUMMARY:Cats of the Silk Road" in download.value.path().read_text(encoding="utf-8")
