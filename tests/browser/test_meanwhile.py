"""Pages that do not follow by themselves: a colleague changes what one of them shows, and then it is used."""

import json

import pytest
from playwright.sync_api import Page, expect

from copapp.interop.personal_calendar import Wishes
from copapp.models import StaffCalendar
from copapp.services import staff_calendars
from copapp.services.queries import latest_plan
from copapp.services.venue import replace_plan
from tests.browser.conftest import Phone, Serve
from tests.browser.phone import TITLES
from tests.browser.server import DelegateServer
from tests.browser.staff import set_up
from tests.browser.test_forms import CATS, NOW, colleague, event, moved, row
from tests.browser.test_import import look_at
from tests.browser.test_settings import HALLS, changed, without_cloakroom

pytestmark = pytest.mark.browser

SOON = 30_000


def refused(page: Page, *lines: str) -> None:
    """Wait until it is said that nothing was done, with these beside."""
    told = page.locator("[role=alert] .banner.stop")
    expect(told).to_contain_text("meanwhile", timeout=SOON)
    for line in lines:
        expect(told).to_contain_text(line)


def test_a_calendar_that_was_changed_elsewhere_is_shown_before_it_is_touched(
    phone: Phone, serve: Serve
) -> None:
    server, page = serve(), phone()
    set_up(page, server)
    page.goto(f"{server.url}/admin/calendar")
    own = page.locator("[data-calendar=own]")
    own.locator("button[type=submit]").click(timeout=SOON)
    expect(page.locator("main .banner.go")).to_be_visible(timeout=SOON)

    def on_the_other_phone(language: str, alarm: int) -> None:
        with colleague(server) as (db, me):
            staff_calendars.set_wishes(db, me, Wishes(language, alarm), of_team=False)

    on_the_other_phone("fr", 60)
    own.locator("select[name=alarm]").select_option("5")
    own.locator("button[type=submit]").click()
    refused(page, "en · 15", "fr · 60")
    expect(own.locator("select[name=alarm]")).to_have_value("60")
    kept = row(server, StaffCalendar)
    assert (kept.language, kept.alarm) == ("fr", 60)

    on_the_other_phone("ru", 30)
    own.get_by_role("button", name="Stop").click()
    refused(page, "fr · 60", "ru · 30")
    on_the_other_phone("es", 0)
    own.get_by_role("button", name="Replace the address").click()
    refused(page, "ru · 30", "es · 0")
    assert row(server, StaffCalendar).token_hash == kept.token_hash
    own.get_by_role("button", name="Stop").click()
    expect(page.locator("main .banner.go")).to_contain_text("ended", timeout=SOON)


def test_a_plan_is_kept_over_the_one_that_was_shown(phone: Phone, serve: Serve) -> None:
    server, page = serve(COPAPP_CONFERENCE=str(HALLS)), phone()
    set_up(page, server)
    page.goto(f"{server.url}/admin/settings")
    expect(page.locator("#plan")).to_contain_text("Rooms: 4", timeout=SOON)
    mine = changed(lambda plan: plan.update(schematic=True))
    page.fill("#plan-text", mine)
    with colleague(server) as (db, by):
        replace_plan(db, by, changed(without_cloakroom).encode(), NOW)

    submit = page.locator(".plan-form button[type=submit]")
    submit.click()
    refused(page)
    expect(page.locator("#plan")).to_contain_text("Rooms: 3", timeout=SOON)
    expect(page.locator("#plan-text")).to_have_value(mine)
    assert _rooms(server) == 3

    submit.click()
    expect(page.locator("#plan")).to_contain_text("Rooms: 4", timeout=SOON)
    assert _rooms(server) == 4


def _rooms(server: DelegateServer) -> int:
    with colleague(server) as (db, _):
        plan = latest_plan(db)
        assert plan is not None
        return len(json.loads(plan.document)["rooms"])


def test_an_import_is_taken_into_the_draft_that_it_was_compared_with(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    set_up(page, server)
    look_at(page, server, f"title,room,starts\n{TITLES[CATS]},Room Ferghana,2024-02-12 16:00\n")
    difference = page.locator("#import-changed .field-changes li").first
    expect(difference).to_contain_text("16:00", timeout=SOON)
    before = difference.inner_text()

    moved(server, CATS)
    page.locator(".import-preview button.main").click()
    expect(page.locator("main .banner.stop")).to_be_visible(timeout=SOON)
    expect(difference).not_to_have_text(before)
    assert event(server, CATS).starts.hour == 9, "the colleague's"

    page.locator(".import-preview button.main").click()
    expect(page.locator("main .banner.go")).to_be_visible(timeout=SOON)
    assert event(server, CATS).starts.hour == 11
