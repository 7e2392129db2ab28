"""A file taken into the draft on a phone: what it would change is shown first."""

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from copapp.interop.programme_table import template_xlsx
from tests.browser.conftest import Phone, Serve
from tests.browser.server import DelegateServer
from tests.browser.staff import set_up
from tests.programme_files import PAGES

pytestmark = pytest.mark.browser

SOON = 15_000
TEXT = (PAGES / "connecting.txt").read_text("utf-8")


def look_at(page: Page, server: DelegateServer, text: str) -> None:
    page.goto(f"{server.url}/admin/import")
    expect(page.locator("main h1")).not_to_be_empty(timeout=SOON)
    page.fill("#import-text", text)
    page.locator(".plan-form button[type=submit]").click()


def test_the_page_again_changes_nothing_and_one_line_one_field(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    set_up(page, server)

    look_at(page, server, TEXT)
    expect(page.locator(".import-preview [role=status]")).to_be_visible(timeout=SOON)
    expect(page.locator(".import-preview")).to_contain_text("Unchanged: 8")
    look_at(page, server, TEXT.replace("Snow Leopard Room, 12:45-13:30", "Snow Leopard Room, 12:45-13:15"))

    expect(page.locator("#import-changed .field-changes li")).to_have_text(
        ["End: 2024-02-14 13:30 → 2024-02-14 13:15"], timeout=SOON
    )
    assert Axe().run(page).response["violations"] == []
    page.locator(".import-preview button.main").click()
    expect(page.locator(".banner.go")).to_be_visible(timeout=SOON)
    released = {each["slug"]: each for each in httpx.get(f"{server.url}/api/v1/programme").json()["events"]}
    assert released["human-wildlife-conflict"]["ends"] == "2024-02-14T13:30:00+05:00"
    page.goto(f"{server.url}/admin/release")
    expect(page.locator("[data-change='human-wildlife-conflict']")).to_contain_text("13:15", timeout=SOON)


def test_what_was_left_out_is_named_in_the_readers_language(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone(locale="ru-RU")
    set_up(page, server)

    look_at(page, server, "title,room,starts\nDawn walk,Garden Gate,soon\n,Garden Gate,2024-02-16 06:00\n")

    expect(page.locator("#import-skipped li")).to_have_text(
        ["Строка 2, нет времени, которое можно прочитать “Dawn walk”", "Строка 3, нет названия"], timeout=SOON
    )
    with page.expect_download() as given:
        page.get_by_role("link", name="Excel").click()
    assert given.value.suggested_filename == "programme.xlsx"
    assert given.value.path().read_bytes() == template_xlsx()


def test_what_is_no_programme_is_said_to_be_none(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    set_up(page, server)

    look_at(page, server, "Dear colleagues, the list follows later.")

    expect(page.locator("[role=alert] .banner.stop")).to_be_visible(timeout=SOON)
    expect(page.locator("#import-text")).to_have_value("Dear colleagues, the list follows later.")
    expect(page.locator(".import-preview")).to_have_count(0)
