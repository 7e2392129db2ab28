"""From asking to cancelling, a delegate's phone and a staff member's desk side by side."""

from typing import Any

import httpx
import icalendar
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Phone, Serve
from tests.browser.phone import open_online
from tests.browser.staff import fill_form, open_request, request_status, set_up, slot

pytestmark = pytest.mark.browser

DESK = {"viewport": {"width": 1280, "height": 900}}
SOON = 8_000  # both sides are current within seconds


def ask(delegate: Page, url: str) -> None:
    open_online(delegate, url)
    delegate.locator("article.card .cover", has_text="Saiga Antelope").click()
    delegate.get_by_role("link", name="Ask for a meeting").click()
    expect(delegate.locator("[name=event]")).to_have_value("saiga-recovery")
    fill_form(delegate)
    slot(delegate, "2024-02-13T10:00:00+05:00").click()
    delegate.wait_for_timeout(
        3_000
    )  # a form that is sent sooner than a person can is looked at as a script's
    delegate.locator("form.ask button[type=submit]").click()
    expect(request_status(delegate, "pending")).to_be_visible(timeout=SOON)
    delegate.get_by_role("link", name="See your request").click()
    expect(delegate.locator("article.request")).to_be_visible()


def calendar_of(file: str) -> Any:
    body = httpx.get(file).content
    [event] = icalendar.Calendar.from_ical(body).walk("VEVENT")
    return event


def test_meeting_from_asking_to_cancelling(phone: Phone, serve: Serve) -> None:
    server = serve()
    staff, delegate = phone(**DESK), phone()
    set_up(staff, server)
    expect(staff.locator(".rows li")).to_have_count(0)

    ask(delegate, server.url)
    expect(staff.locator(".rows li")).to_have_count(1, timeout=SOON)

    open_request(staff, "Dana Omarova")
    staff.locator(".terms summary").click()
    staff.fill("[name=starts]", "2024-02-13T14:00")
    staff.locator("summary", has_text="Propose another time").click()
    staff.fill("details[open] [name=words]", "In the morning we are at the plenary.")
    staff.get_by_role("button", name="Propose these terms").click()
    expect(delegate.locator(".proposal")).to_contain_text("Tuesday 13 February, 14:00–14:30", timeout=SOON)
    expect(delegate.locator(".proposal")).to_contain_text("plenary")

    delegate.get_by_role("button", name="Another time").click()
    delegate.locator(".days .chip", has_text="Thu 15").click()
    delegate.locator("button.slot", has_text="11:00").click()
    expect(request_status(delegate, "countered")).to_be_visible(timeout=SOON)
    expect(staff.locator(".proposal")).to_contain_text("15 February, 11:00", timeout=SOON)

    staff.reload()
    staff.get_by_role("button", name="Accept", exact=True).click()
    expect(request_status(staff, "accepted")).to_be_visible(timeout=SOON)
    expect(delegate.locator(".agreed")).to_contain_text("Thursday 15 February, 11:00–11:30", timeout=SOON)
    file = f"{server.url}{delegate.locator('.agreed a').get_attribute('href')}"
    agreed = calendar_of(file)
    assert agreed["dtstart"].dt.isoformat() == "2024-02-15T11:00:00+05:00"
    assert agreed["status"] == "CONFIRMED"

    staff.locator(".terms summary").click()
    staff.fill("[name=starts]", "2024-02-15T15:00")
    staff.locator("summary", has_text="Propose another time").click()
    staff.get_by_role("button", name="Propose these terms").click()
    expect(delegate.locator(".proposal")).to_contain_text("15:00", timeout=SOON)
    expect(delegate.locator(".agreed")).to_contain_text("11:00")
    delegate.get_by_role("button", name="Accept").click()
    expect(delegate.locator(".agreed")).to_contain_text("15:00–15:30", timeout=SOON)
    moved = calendar_of(file)
    assert moved["uid"] == agreed["uid"]
    assert moved["sequence"] == agreed["sequence"] + 1
    expect(staff.locator(".facts")).to_contain_text("15:00", timeout=SOON)

    delegate.get_by_role("button", name="Cancel").click()
    delegate.get_by_role("button", name="Yes, cancel it").click()
    expect(request_status(delegate, "cancelled")).to_be_visible(timeout=SOON)
    expect(request_status(staff, "cancelled")).to_be_visible(timeout=SOON)
    assert calendar_of(file)["status"] == "CANCELLED"


def test_two_taps_from_the_list_to_accepted(phone: Phone, serve: Serve) -> None:
    server = serve()
    staff, delegate = phone(), phone()
    set_up(staff, server)
    ask(delegate, server.url)

    staff.locator(".rows a", has_text="Dana Omarova").click()
    staff.get_by_role("button", name="Accept", exact=True).click()

    expect(request_status(staff, "accepted")).to_be_visible(timeout=SOON)
    expect(delegate.locator(".agreed")).to_contain_text("Tuesday 13 February, 10:00–10:30", timeout=SOON)
