"""A calendar of staff's own: made, followed, replaced and stopped on a phone."""

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.acts import journey_of
from tests.browser.conftest import Phone, Serve
from tests.browser.staff import set_up
from tests.browser.test_inbox import SOON, accept, as_staff, asked

pytestmark = pytest.mark.browser

ADDRESS = "#calendar-address"


def calendar(page: Page, whose: str) -> Locator:
    return page.locator(f"[data-calendar='{whose}']")


def done(page: Page, words: str) -> None:
    expect(page.locator("main .banner.go")).to_have_text(words, timeout=SOON)
    assert Axe().run(page).response["violations"] == []


@journey_of("CalendarState.keep", "CalendarState.replace_address", "CalendarState.stop")
def test_a_calendar_is_made_replaced_and_stopped_in_a_tap_each(phone: Phone, serve: Serve) -> None:
    server = serve()
    page = phone()
    set_up(page, server)
    asked(server, "Dana")
    as_staff(server, accept, "Dana")
    page.goto(f"{server.url}/admin/team")
    page.locator("a[href='/admin/calendar']").click()

    calendar(page, "own").locator("select[name=alarm]").select_option("30")
    calendar(page, "own").locator("button[type=submit]").click()
    done(page, "Your calendar has an address now.")
    first = page.input_value(ADDRESS)
    body = httpx.get(first).text
    assert "SUMMARY:Meeting no. 1\r\n" in body
    assert "TRIGGER:-PT30M" in body
    assert "Dana" not in body
    assert page.locator("a[href^='webcal://']").get_attribute("href") == first.replace("http", "webcal")
    expect(page.get_by_alt_text("QR code of the address")).to_be_visible()

    calendar(page, "own").locator("button", has_text="Replace the address").click()
    done(page, "There is a new address; the old one has ended.")
    expect(page.locator(ADDRESS)).not_to_have_value(first)
    second = page.input_value(ADDRESS)
    assert [httpx.get(each).status_code for each in (first, second)] == [410, 200]

    calendar(page, "team").locator("button[type=submit]").click()
    expect(page.locator(ADDRESS)).not_to_have_value(second)
    expect(page.locator(ADDRESS)).to_be_in_viewport()
    assert "SUMMARY:Aigul Sadykova: Meeting no. 1\r\n" in httpx.get(page.input_value(ADDRESS)).text

    third = page.input_value(ADDRESS)
    page.reload()
    expect(page.locator(ADDRESS)).to_have_value(third, timeout=SOON)
    page.get_by_role("button", name="I have it").click()
    expect(page.locator(ADDRESS)).to_have_count(0)
    page.reload()
    expect(calendar(page, "own").locator("select[name=alarm]")).to_have_value("30", timeout=SOON)
    expect(page.locator(ADDRESS)).to_have_count(0)
    calendar(page, "own").locator("button", has_text="Stop").click()
    done(page, "The address has ended. Take the calendar out of your program.")
    assert httpx.get(second).status_code == 410
    log = server.log.read_text()
    assert not any(each.rpartition("/")[2].removesuffix(".ics") in log for each in (first, second))
