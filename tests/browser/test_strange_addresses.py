"""Addresses that strangers passed on: no page breaks, what can be read is read, the rest goes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browsers import wait_until
from tests.browser.conftest import Phone
from tests.browser.phone import (
    CATS,
    NETWORKING,
    SAIGA,
    Watch,
    expect_shown,
    open_online,
    shown,
    wait_for_worker,
)
from tests.browser.server import DelegateServer
from tests.strange_addresses import TOKEN

pytestmark = pytest.mark.browser

LONG = "x" * 6_000
WORST = [
    "/?day=%E0%A4%A",
    "/?day=0000-00-00&day=9999-99-99",
    "/?day[]=2024-02-13&__proto__=1&site=constructor",
    f"/?q={LONG}",
    "/?q=%00%FF%u2019",
    "/?q=%22%E2%80%9D)",
    "/?site=nowhere&day=13",
    "/#%E0",
    "/#copapp1",
    "/#copapp1~cop14~%E0%A4%A",
    "/saved#copapp1~cop14",
    f"/saved#copapp1~cop14~{LONG}~{LONG}~{LONG}",
    "/saved#copapp1%7Ecop14%7E%",
    "/event/%E0%A4%A",
    "/event/constructor",
    "/event/__proto__",
    "/event/%00",
    f"/event/{LONG}",
    "/map/constructor",
    "/map/%E0%A4%A/__proto__",
    "/map/bukhara/bukhara?stairs=__proto__",
    "/map/bukhara/nowhere",
    "/meet/constructor",
    "/meet/__proto__",
    "/meet/%E0%A4%A",
    "/meet?event=constructor&whom=__proto__&event[]=",
    "/changes#release-%E0",
    "/calendars?language=__proto__",
    "/%E0%A4%A",
    "/constructor",
]  # fmt: skip


_COUNT_ALERTS = """() => {
    window.alerts = 0;
    const isAlert = (node) => node.matches?.("[role=alert]") || node.querySelector?.("[role=alert]");
    const count = ({ addedNodes }) => { window.alerts += [...addedNodes].filter(isAlert).length };
    const watcher = new MutationObserver((changes) => changes.forEach(count));
    watcher.observe(document.body, { childList: true, subtree: true });
}"""
# What browser and router say of such an address: that it is not there, or cannot be decoded.
_OF_THE_ADDRESS = ("404", "malformed URL segment", "not a decodable element ID")


def _complaints(watch: Watch) -> list[str]:
    return [each for each in watch.complaints if not any(said in each for said in _OF_THE_ADDRESS)]


def test_no_address_breaks_a_page(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone()
    watch = Watch(page)

    for address in WORST:
        page.goto(delegate_server.url + address)
        expect(page.locator("nav.places"), address).to_be_visible()
        expect(page.locator("[data-freshness=fresh], .nothing").first, address).to_be_visible(timeout=15_000)
        assert _complaints(watch) == [], address


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("?day=2024-02-13.", "?day=2024-02-13"),
        ("?day=2024-02-13)%20", "?day=2024-02-13"),
        ("?day=2024-02-13&day=2024-02-14&utm_source=chat", "?day=2024-02-13"),
        ("?day=2024-2-13&site=nowhere", ""),
        ("?day=13&saved=1.", "?saved=1"),
        ("?q=saiga).", "?q=saiga"),
    ],
)
def test_what_can_be_read_stays_in_filter_and_address(
    asked: str, kept: str, phone: Phone, delegate_server: DelegateServer
) -> None:
    page = phone()

    open_online(page, f"{delegate_server.url}/{asked}")

    wait_until(lambda: page.url == f"{delegate_server.url}/{kept}", f"The address {kept}")
    chosen = page.locator(".day-tab[aria-pressed=true]")
    expect(chosen).to_have_text("Tue13" if "day" in kept else "All days")
    page.reload()
    expect(chosen).to_have_text("Tue13" if "day" in kept else "All days")


@pytest.mark.parametrize(
    "address",
    [f"/event/{CATS})", "/event/Cats-Of-The-Silk-Road%22.", "/Event/%E2%80%9Ccats-of-the-silk-road%E2%80%9D"],
)
def test_a_link_with_the_sentences_stop_leads_to_the_event(
    address: str, phone: Phone, delegate_server: DelegateServer
) -> None:
    page = phone()

    open_online(page, delegate_server.url + address)

    expect(page.locator(f"article.event[data-event='{CATS}']")).to_be_visible()
    assert page.url == f"{delegate_server.url}/event/{CATS}"


def test_it_leads_there_without_the_server(phone: Phone, delegate_server: DelegateServer) -> None:
    """Offline the worker answers, and the page finds by itself what was meant."""
    page = phone()
    open_online(page, delegate_server.url)

    page.evaluate(
        "address => { history.pushState(null, '', address); dispatchEvent(new PopStateEvent('popstate')); }",
        f"/event/{CATS})",
    )

    expect(page.locator(f"article.event[data-event='{CATS}']")).to_be_visible()
    assert page.url == f"{delegate_server.url}/event/{CATS}"


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/event/cats-of-the-silk", f"/event/{CATS}"),
        ("/map/bukara", "/map/bukhara"),
        ("/map/bukara/avantegard", "/map/bukhara/avantegarde"),
    ],
)
def test_a_cut_link_offers_the_nearest(
    address: str, leads_to: str, phone: Phone, delegate_server: DelegateServer
) -> None:
    page = phone()

    page.goto(delegate_server.url + address)

    near = page.locator(".nothing p", has_text="Did you mean:").get_by_role("link")
    near.click()
    wait_until(lambda: page.url == delegate_server.url + leads_to, leads_to)
    expect(page.locator(".nothing")).to_have_count(0)


def test_a_carried_link_opens_while_the_app_is_open(phone: Phone, delegate_server: DelegateServer) -> None:
    """Also the same one again: the hash changes without a load."""
    page = phone()
    open_online(page, f"{delegate_server.url}/saved")
    for _ in range(2):
        page.evaluate("text => { location.hash = text }", f"copapp1~cop14~{CATS}.SSAP-flyways")

        asked = page.get_by_role("alert")
        expect(asked).to_contain_text("Add 2 saved events to this phone?")
        page.get_by_role("button", name="Not now").click()
        expect(asked).to_have_count(0)
        assert page.url == f"{delegate_server.url}/saved"


@pytest.mark.parametrize("is_installed", [False, True], ids=["first visit", "installed"])
def test_a_carried_link_opens_where_a_chat_encoded_its_hash(
    *, is_installed: bool, phone: Phone, delegate_server: DelegateServer
) -> None:
    """It opened the saved events and offered nothing."""
    page = phone()
    if is_installed:
        open_online(page, f"{delegate_server.url}/saved")
        wait_for_worker(page)

    open_online(page, f"{delegate_server.url}/saved%23copapp1~cop14~{CATS}.ssap-flyways")

    expect(page.get_by_role("alert")).to_contain_text("Add 2 saved events to this phone?")
    wait_until(lambda: page.url == f"{delegate_server.url}/saved", "/saved")


def test_a_cut_carried_link_says_what_was_read_and_what_not(
    phone: Phone, delegate_server: DelegateServer
) -> None:
    page = phone()
    open_online(page, f"{delegate_server.url}/saved#copapp1~cop14~{CATS}.saiga-rec")

    asked = page.get_by_role("alert")
    expect(asked).to_contain_text("Add 1 saved event to this phone?")
    expect(asked).to_contain_text("Could not be read: saiga-rec.")
    page.get_by_role("button", name="Add them").click()

    expect_shown(page, [CATS])
    expect(page.get_by_text("No longer in the programme")).to_have_count(0)


@pytest.mark.parametrize("hash_", ["copapp1~co", "copapp1", f"copapp1~cop14~~{TOKEN[:20]}"])
def test_a_link_that_was_cut_too_short_says_so(
    hash_: str, phone: Phone, delegate_server: DelegateServer
) -> None:
    page = phone()

    open_online(page, f"{delegate_server.url}/saved#{hash_}")

    expect(page.get_by_role("alert")).to_contain_text("This link did not arrive whole")
    expect(page.get_by_role("button", name="Add them")).to_have_count(0)


def test_typing_into_the_field_raises_no_alarm(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone()
    open_online(page, f"{delegate_server.url}/saved")
    field = page.get_by_label("Paste a link or a short text here")
    alerts = _count_alerts(page)

    field.press_sequentially("hello, what goes in here?")
    field.fill("")
    field.press_sequentially(f"Look: COPAPP1~Cop14~{NETWORKING}")

    expect(page.get_by_role("alert")).to_contain_text("Add 1 saved event to this phone?")
    assert alerts() == 1
    page.get_by_role("button", name="Add them").click()
    expect_shown(page, [NETWORKING])


def _count_alerts(page: Page) -> Callable[[], int]:
    page.evaluate(_COUNT_ALERTS)
    return lambda: page.evaluate("window.alerts")


def test_an_address_on_the_open_page_is_read_too(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone()
    open_online(page, delegate_server.url)

    page.evaluate("() => { location.hash = '%E0%A4%A' }")
    page.goto(f"{delegate_server.url}/?day=2024-02-13)#%")

    expect(page.locator(".day-tab[aria-pressed=true]")).to_have_text("Tue13")
    assert SAIGA in shown(page)
