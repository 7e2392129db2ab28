"""A file taken into the draft on a phone: what it would change is shown first."""

import sqlite3
from contextlib import closing

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from copapp.interop.programme_table import template_xlsx
from copapp.interop.readers import limits
from copapp.interop.table_file import xlsx_table
from tests.browser.acts import journey_of
from tests.browser.conftest import Phone, Serve
from tests.browser.server import DelegateServer
from tests.browser.staff import set_up
from tests.browser.wire import Wire
from tests.listeners import web_page
from tests.programme_files import PAGES

pytestmark = pytest.mark.browser

SOON = 15_000
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGE = b"x" * (limits.BYTES + 1)
TEXT = (PAGES / "connecting.txt").read_text("utf-8")


def look_at(page: Page, server: DelegateServer, text: str) -> None:
    page.goto(f"{server.url}/admin/import")
    expect(page.locator("main h1")).to_be_visible(timeout=SOON)
    page.fill("#import-text", text)
    page.locator("#import-text").locator("xpath=../following-sibling::div[1]").locator("button").click()


def test_the_page_again_changes_nothing_and_one_line_one_field(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    set_up(page, server)

    look_at(page, server, "Dear colleagues, the list follows later.")
    expect(page.locator("[role=alert] .banner.stop")).to_be_visible(timeout=SOON)
    expect(page.locator("#import-text")).to_have_value("Dear colleagues, the list follows later.")
    expect(page.locator(".import-preview")).to_have_count(0)
    look_at(page, server, TEXT)
    expect(page.locator(".import-preview [role=status]")).to_be_visible(timeout=SOON)
    expect(page.locator(".import-preview")).to_contain_text("Unchanged: 8")
    look_at(page, server, TEXT.replace("Snow Leopard Room, 12:45-13:30", "Snow Leopard Room, 12:45-13:15"))

    expect(page.locator("#import-changed .field-changes li")).to_have_text(
        ["End: 2024-02-14 13:30 → 2024-02-14 13:15"], timeout=SOON
    )
    assert Axe().run(page).response["violations"] == []
    page.locator(".import-preview button.main").click()
    expect(page.locator("main .banner.go")).to_be_visible(timeout=SOON)
    released = {each["slug"]: each for each in httpx.get(f"{server.url}/api/v1/programme").json()["events"]}
    assert released["human-wildlife-conflict"]["ends"] == "2024-02-14T13:30:00+05:00"
    page.goto(f"{server.url}/admin/release")
    expect(page.locator("[data-change='human-wildlife-conflict']")).to_contain_text("13:15", timeout=SOON)


def test_what_was_not_sent_for_an_import_is_named(phone: Phone, serve: Serve) -> None:
    """The tap went by without a word, and the next one was listed beside a thing without a name."""
    server, page = serve(), phone()
    set_up(page, server)
    page.goto(f"{server.url}/admin/import")
    expect(page.locator("main h1")).to_be_visible(timeout=SOON)
    page.fill("#import-text", TEXT)
    page.context.set_offline(True)
    bar = page.locator(".connection")
    expect(bar).to_contain_text("No connection since", timeout=SOON)

    look = page.locator(".plan-form").get_by_role("button", name="Show what it would change")
    look.nth(1).click(force=True)
    expect(bar).to_contain_text("Not sent: Show what it would change.")
    page.fill("#import-address", "https://example.org/programme")
    look.last.click(force=True)
    expect(bar).to_contain_text("Not sent: Show what it would change.")
    expect(page.locator("#import-text")).to_have_value(TEXT)


def test_an_answer_that_is_lost_on_its_way_to_an_import_is_named(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    set_up(page, server)
    wire = Wire(server.port)
    page.goto(f"{wire.url}/admin/import")
    expect(page.locator("main h1")).to_be_visible(timeout=SOON)
    page.fill("#import-text", TEXT)
    bar = page.locator(".connection")

    def lose_what_follows(route: Route) -> None:
        wire.stop("up")
        route.fulfill(status=201, body="kept")

    page.route("**/admin/import/file", lose_what_follows)
    page.locator(".plan-form").get_by_role("button", name="Show what it would change").nth(1).click()
    expect(bar).to_contain_text("Being sent: Show what it would change…")
    wire.cut()
    wire.flow()

    expect(bar).to_contain_text("was lost before an answer came: Show what it would change.", timeout=SOON)
    expect(bar).not_to_contain_text("No connection", timeout=30_000)
    expect(page.locator("#import-text")).to_have_value(TEXT)
    page.goto("about:blank")
    wire.close()


@journey_of("ImportState.take")
def test_a_workbook_chosen_on_a_phone_is_looked_at_and_taken(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    set_up(page, server)
    page.goto(f"{server.url}/admin/import")
    expect(page.locator("main h1")).to_be_visible(timeout=SOON)
    rows = [["Title", "Date", "Start", "Room"], ["Dawn walk", "2024-02-16", "06:00", "Garden Gate"]]
    book = xlsx_table("Programme", rows)

    page.set_input_files("#import-file", {"name": "plan.xlsx", "mimeType": EXCEL, "buffer": book})
    page.locator("#import-file").locator("xpath=../following-sibling::div[1]").locator("button").click()

    expect(page.locator("#import-added li")).to_have_text(
        ["Dawn walk 2024-02-16 06:00 · Garden Gate"], timeout=SOON
    )
    expect(page.locator(".import-preview > p").first).to_have_text("plan.xlsx: An Excel table. Unchanged: 0")
    expect(page.locator("#import-added")).to_be_in_viewport()
    page.locator(".import-preview button.main").click()
    expect(page.locator("main .banner.go")).to_be_visible(timeout=SOON)
    page.set_input_files("#import-file", {"name": "large.xlsx", "mimeType": EXCEL, "buffer": LARGE})
    page.locator("#import-file").locator("xpath=../following-sibling::div[1]").locator("button").click()
    expect(page.locator("main .banner.stop")).to_contain_text("10 MB is the most", timeout=SOON)


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


@journey_of("ImportState.watch", "WatchState.stop")
def test_a_watched_address_is_reviewed_when_it_says_something_else(phone: Phone, serve: Serve) -> None:
    with web_page(TEXT.encode()) as source:
        server, page = serve(COPAPP_FETCH_ALLOW=source.place), phone()
        set_up(page, server)
        ask_for(page, server, "http://169.254.169.254/latest/meta-data/")
        expect(page.locator("main .banner.stop")).to_contain_text("private network", timeout=SOON)
        expect(page.locator("#import-address")).to_have_value("http://169.254.169.254/latest/meta-data/")

        ask_for(page, server, source.url)
        expect(page.locator(".import-preview")).to_contain_text("Unchanged: 8", timeout=SOON)
        page.get_by_role("button", name="Watch this address").click()
        expect(page.locator("#watched li")).to_contain_text(source.url, timeout=SOON)
        page.goto(f"{server.url}/admin/programme")
        expect(page.locator("[data-draft]")).to_have_count(8, timeout=SOON)
        source.content = TEXT.replace(
            "Snow Leopard Room, 12:45-13:30", "Snow Leopard Room, 12:45-13:15"
        ).encode()
        let_half_an_hour_pass(server)

        page.locator("[data-watched] a").click(timeout=SOON)
        expect(page.locator("#import-changed .field-changes li")).to_have_text(
            ["End: 2024-02-14 13:30 → 2024-02-14 13:15"], timeout=SOON
        )
        assert Axe().run(page).response["violations"] == []
        page.locator(".import-preview button.main").click()
        expect(page.locator("main .banner.go")).to_be_visible(timeout=SOON)
        expect(page.locator("#watched .tag")).to_have_count(0, timeout=SOON)
        page.get_by_role("button", name="Stop watching").click()
        expect(page.locator("#watched")).to_have_count(0, timeout=SOON)


def ask_for(page: Page, server: DelegateServer, address: str) -> None:
    page.goto(f"{server.url}/admin/import")
    expect(page.locator("main h1")).to_be_visible(timeout=SOON)
    page.fill("#import-address", address)
    page.locator("#import-address").press("Enter")


def let_half_an_hour_pass(server: DelegateServer) -> None:
    """Make the time of the next look come, for a server whose clock runs on by itself."""
    file = server.environment["COPAPP_DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, timeout=30)) as db, db:
        db.execute("UPDATE watchedaddress SET free_at = '2024-02-12 00:00:00.000000'")
