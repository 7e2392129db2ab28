"""The venue's clock is the only one; the phone's is a second line, and its being wrong changes nothing."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Phone, Serve
from tests.browser.phone import SAIGA, TITLES, card, look_again, open_online
from tests.browser.server import DelegateServer

ZONES = {
    "Asia/Samarkand": None,
    "Asia/Karachi": None,  # another zone with the venue's offset: nothing to say
    "Europe/Paris": "08:45 on your phone",
    "Asia/Kathmandu": "13:30 on your phone",
    "America/New_York": "02:45 on your phone",
    "Pacific/Auckland": "20:45 on your phone",
    "Pacific/Honolulu": "Mon 21:45 on your phone",
}
YEARS_MS = {"slow": -366 * 86_400_000, "fast": 366 * 86_400_000}

pytestmark = pytest.mark.browser


def _venue_times(page: Page) -> list[str]:
    return [" ".join(card(page, slug).locator(".starts, .ends").all_inner_texts()) for slug in TITLES]


@pytest.mark.parametrize("zone", ZONES)
def test_venue_time_is_the_same_on_a_phone_in(
    zone: str, phone: Phone, delegate_server: DelegateServer
) -> None:
    page = phone(timezone_id=zone)
    open_online(page, delegate_server.url)

    assert _venue_times(page) == [
        "13:45 –14:30",
        "12:45 –13:30",
        "13:00 end not announced",
        "13:45 –14:30",
        "18:15 –19:00",
        "12:45 –13:30",
        "12:45 –13:30",
        "18:15 –19:00",
    ]
    expect(page.locator(".zone")).to_have_text("Samarkand time, UTC+5")
    own = card(page, SAIGA).locator(".phone-time").all_inner_texts()
    assert own == ([ZONES[zone]] if ZONES[zone] else [])
    page.goto(f"{delegate_server.url}/event/{SAIGA}")
    expect(page.locator(".facts .starts")).to_contain_text("Tuesday 13 February, 12:45")


@pytest.mark.parametrize("wrong", YEARS_MS)
def test_a_phone_clock_wrong_by_a_year_changes_nothing(wrong: str, phone: Phone, serve: Serve) -> None:
    server = serve(COPAPP_NOW="2024-02-13T13:05:00+05:00")
    page = phone()
    page.add_init_script(
        "{ const real = Date.now; const Real = Date; let shift = " + str(YEARS_MS[wrong]) + ";"
        " globalThis.setShift = (ms) => { shift = ms };"
        " globalThis.Date = class extends Real {"
        "   constructor(...given) { given.length ? super(...given) : super(real() + shift) }"
        "   static now() { return real() + shift } } }"
    )

    open_online(page, server.url)

    expect(page.locator(".freshness")).to_have_text("Checked just now")
    expect(page.locator(".now-next .tag")).to_have_text(["Now", "Now", "Next"])
    expect(page.locator(".banner")).to_contain_text("Tuesday 13 February 2024, 13:0")
    page.evaluate("setShift(0)")
    look_again(page)
    expect(page.locator(".freshness")).to_have_text("Checked just now")
    expect(page.locator(".now-next .tag")).to_have_text(["Now", "Now", "Next"])
