"""A delegate's page opens no socket and complains of nothing; a Reflex upgrade must not bring either back."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Phone
from tests.browser.phone import CATS, PLACES, TITLES, Watch, open_online, star, wait_for_worker
from tests.browser.server import DelegateServer

ADDRESSES = [*PLACES, *(f"/event/{slug}" for slug in TITLES)]

pytestmark = pytest.mark.browser


def test_no_page_opens_a_socket_or_complains(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone()
    watch = Watch(page)

    for address in ADDRESSES:
        open_online(page, delegate_server.url + address)
        expect(page.locator("body")).not_to_contain_text("Cannot connect to server")
        expect(page.locator("body")).not_to_contain_text("Connection Error")
        assert "ws://" not in page.content()
    wait_for_worker(page)

    assert (watch.sockets, watch.event_requests, watch.complaints) == ([], [], [])


def test_taps_open_no_socket_either(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone()
    watch = Watch(page)

    open_online(page, delegate_server.url)
    page.get_by_role("searchbox").fill("silk")
    star(page, CATS).click()
    page.get_by_role("link", name=TITLES[CATS]).last.click()
    page.get_by_role("button", name="QR code").click()
    page.get_by_role("link", name="More").click()
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("button", name="Dark").click()
    page.get_by_role("button", name="Русский").click()
    expect(page.locator("h1")).to_have_text("Настройки")
    page.locator("nav.places a").first.click()
    expect(page.locator("h1")).to_have_text("CMS COP14")

    assert (watch.sockets, watch.event_requests, watch.complaints) == ([], [], [])


def test_an_offline_page_opens_no_socket_either(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone()
    open_online(page, delegate_server.url)
    wait_for_worker(page)
    watch = Watch(page)

    page.context.set_offline(True)
    page.goto(f"{delegate_server.url}/event/{CATS}")
    expect(page.locator("h1")).to_have_text(TITLES[CATS])

    assert (watch.sockets, watch.event_requests) == ([], [])
    expect(page.locator("body")).not_to_contain_text("Connection Error")


def test_the_watch_sees_a_socket(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone()
    watch = Watch(page)
    open_online(page, delegate_server.url)

    page.evaluate(
        "new Promise(done => { new WebSocket(location.origin.replace('http', 'ws') + '/_event')"
        ".onclose = done })"
        ".then(() => true)"
    )

    assert len(watch.sockets) == 1
    assert watch.complaints != []
