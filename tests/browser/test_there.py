"""Who of us is at an event: said by staff with a tap, seen by delegates, also offline, if we agreed."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.acts import journey_of
from tests.browser.conftest import Phone, Serve
from tests.browser.phone import CATS, card, open_online, wait_for_worker
from tests.browser.server import DelegateServer
from tests.browser.staff import PASSWORD, set_up

pytestmark = pytest.mark.browser

LIVE = 2_000  # what one does, the others see within two seconds
SOON = 15_000


def sign_in(page: Page, server: DelegateServer) -> None:
    page.goto(f"{server.url}/admin/sign-in")
    page.fill("[name=email]", "aigul@altyndala.example")
    page.fill("[name=password]", PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page.locator("nav.places")).to_be_visible(timeout=SOON)


def show_to_delegates(page: Page, *, is_shown: bool) -> None:
    """Agree to be shown as a Russian speaker, or take it back, two taps from anywhere."""
    page.locator("nav.places a[href='/admin/team']").click()
    page.locator("[name=is_shown]").set_checked(is_shown, timeout=SOON)
    page.fill("[name=job_title]", "Saiga")
    page.locator("[name=speaks_ru]").set_checked(True)
    page.locator("form:has([name=is_shown]) button[type=submit]").click()
    expect(page.get_by_text("Kept.")).to_be_visible(timeout=SOON)


def aigul_at(page: Page, slug: str) -> Locator:
    """Give the button that says whether Aigul is at an event."""
    return page.locator(f"[data-cover='{slug}'] .people button")


def colleague(page: Page) -> Locator:
    return card(page, CATS).locator("[data-colleague='aigul-sadykova']")


@journey_of("TeamState.set_practice", "CoverState.cover")
def test_delegates_see_who_of_us_is_there_and_ask_with_one_tap(phone: Phone, serve: Serve) -> None:
    server, one, other, delegate = serve(), phone(), phone(), phone()
    set_up(one, server)
    show_to_delegates(one, is_shown=True)
    one.locator(".ways a[href='/admin/cover']").click()
    sign_in(other, server)
    other.goto(f"{server.url}/admin/event?slug={CATS}")
    expect(other.locator(".people button")).to_have_attribute("aria-pressed", "false", timeout=SOON)
    other.goto(f"{server.url}/admin/cover")
    expect(other.get_by_text("8 events have nobody yet.")).to_be_visible(timeout=SOON)

    aigul_at(one, CATS).click()

    expect(aigul_at(one, CATS)).to_have_attribute("aria-pressed", "true")
    expect(aigul_at(other, CATS)).to_have_attribute("aria-pressed", "true", timeout=LIVE)
    expect(other.get_by_text("7 events have nobody yet.")).to_be_visible()
    assert Axe().run(one).response["violations"] == []

    open_online(
        delegate, server.url
    )  # the schedule alone: what the event's page says offline came with the worker
    wait_for_worker(delegate)
    delegate.context.set_offline(True)
    delegate.goto(f"{server.url}/event/{CATS}")
    expect(colleague(delegate)).to_contain_text("Aigul Sadykova")
    expect(colleague(delegate)).to_contain_text("Speaks Russian")
    assert Axe().run(delegate).response["violations"] == []
    colleague(delegate).get_by_role("link", name="Ask Aigul Sadykova for a meeting").click()
    expect(delegate.locator("[name=whom]")).to_have_value("aigul-sadykova")
    expect(delegate.locator("[name=event]")).to_have_value(CATS)

    show_to_delegates(one, is_shown=False)
    delegate.context.set_offline(False)
    open_online(delegate, f"{server.url}/event/{CATS}")
    expect(colleague(delegate)).to_have_count(0, timeout=SOON)
