"""Wrong addresses, broken or blocked storage, false answers: a clear message, and what was saved stays."""

import json

import httpx
import pytest
from playwright.sync_api import Page, expect

from copapp.i18n import catalogue
from tests.browser.conftest import Phone
from tests.browser.phone import (
    CATS,
    SAIGA,
    card,
    expect_freshness,
    expect_shown,
    look_again,
    open_online,
    star,
)
from tests.browser.server import DelegateServer

BOOKMARKS = "copapp:cop14:bookmarks"
NEWER = json.dumps({"version": 99, "value": {"as": "nobody knows yet"}})
BLOCKED = """for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, {
    configurable: true,
    get() { throw new DOMException("Access is denied.", "SecurityError") } })"""
PORTAL = "<!doctype html><title>Venue Wi-Fi</title><h1>Accept the terms</h1>"

pytestmark = pytest.mark.browser


def _keep(page: Page, name: str, value: str) -> None:
    page.evaluate("([name, value]) => localStorage.setItem(name, value)", [name, value])


def _kept(page: Page, name: str) -> str | None:
    kept: str | None = page.evaluate("name => localStorage.getItem(name)", name)
    return kept


@pytest.mark.parametrize(
    ("address", "key"),
    [("/event/no-such-thing", "event.unknown"), ("/no/such/page", "not_found.title")],
)
@pytest.mark.parametrize("language", ["en", "fr", "es", "ru"])
def test_a_wrong_address_is_said_in_words(
    address: str, key: str, language: str, phone: Phone, delegate_server: DelegateServer
) -> None:
    page = phone(locale=language)

    answer = page.goto(delegate_server.url + address)

    assert answer is not None
    assert answer.status == 404
    expect(page.locator("h1")).to_have_text(str(catalogue(language)[key]))
    page.locator("nav.places a").first.click()
    expect(page.locator("h1")).to_have_text("CMS COP14")


def test_a_slug_with_markup_does_nothing(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone()

    page.goto(
        f"{delegate_server.url}/event/%3Cimg%20src=x%20onerror=document.title='owned'%3E?q=%3Cscript%3E"
    )

    expect(page.locator("h1")).to_have_text("There is no such event")
    assert page.title() != "owned"
    assert httpx.get(f"{delegate_server.url}/event/..%2f..%2fetc%2fpasswd").status_code == 404


@pytest.mark.parametrize("raw", ["{not json", "[]", '{"version": 1, "value": [1, 2]}', "\x00\ufffd"])
def test_damaged_bookmarks_are_set_aside_and_new_ones_work(
    raw: str, phone: Phone, delegate_server: DelegateServer
) -> None:
    page = phone()
    open_online(page, delegate_server.url)
    _keep(page, BOOKMARKS, raw)

    page.reload()

    expect(page.get_by_role("alert")).to_have_text(
        "What was saved on this phone could not be read. It was set aside, not deleted; new saves work."
    )
    assert _kept(page, f"{BOOKMARKS}:damaged") == raw
    star(page, CATS).click()
    page.goto(f"{delegate_server.url}/saved")
    expect_shown(page, [CATS])
    assert _kept(page, f"{BOOKMARKS}:damaged") == raw


@pytest.mark.parametrize("name", ["programme", "seen", "contact", "language"])
def test_other_damaged_things_are_forgotten_without_a_word(
    name: str, phone: Phone, delegate_server: DelegateServer
) -> None:
    page = phone()
    open_online(page, delegate_server.url)
    for raw in ("{not json", '{"version": 1, "value": {"programme": {"release": 3}, "etag": 1}}'):
        _keep(page, f"copapp:cop14:{name}", raw)

        page.reload()

        expect_freshness(page, "fresh")
        expect(page.locator("article.card")).to_have_count(8)
        expect(page.get_by_role("alert")).to_have_count(0)


def test_a_store_of_a_newer_version_is_left_untouched(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone()
    open_online(page, delegate_server.url)
    _keep(page, BOOKMARKS, NEWER)

    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("from a newer version of the app. It is kept untouched")
    star(page, SAIGA).click()

    expect(star(page, SAIGA)).to_have_attribute("aria-pressed", "true")
    assert _kept(page, BOOKMARKS) == NEWER


@pytest.mark.parametrize("language", ["en", "fr", "es", "ru"])
def test_blocked_storage_is_said_and_the_app_works_on(
    language: str, phone: Phone, delegate_server: DelegateServer
) -> None:
    page = phone(locale=language)
    page.add_init_script(BLOCKED)

    open_online(page, delegate_server.url)

    expect(page.get_by_role("alert")).to_have_text(str(catalogue(language)["problem.blocked"]))
    star(page, CATS).click()
    page.locator("nav.places a").nth(1).click()
    expect(card(page, CATS)).to_be_visible()


def test_a_full_storage_is_said_and_the_star_still_answers(
    phone: Phone, delegate_server: DelegateServer
) -> None:
    page = phone()
    open_online(page, delegate_server.url)
    page.evaluate(
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }; 0"
    )

    star(page, CATS).click()

    expect(page.get_by_role("alert")).to_contain_text("This phone's storage is full.")
    expect(star(page, CATS)).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize(
    ("kind", "body"), [("text/html", PORTAL), ("application/json", '{"logged_in": false}')]
)
def test_a_captive_portal_counts_as_offline_not_as_data(
    kind: str, body: str, phone: Phone, delegate_server: DelegateServer
) -> None:
    page = phone()
    open_online(page, delegate_server.url)

    page.context.route(
        "**/api/v1/programme", lambda route: route.fulfill(status=200, content_type=kind, body=body)
    )
    look_again(page)

    expect_freshness(page, "offline")
    expect(page.locator("article.card")).to_have_count(8)
    page.context.unroute_all(behavior="wait")
    look_again(page)
    expect_freshness(page, "fresh")
