"""The programme as staff keep it: changed in a draft, released, seen by phones; nobody overwrites another."""

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.acts import journey_of
from tests.browser.conftest import Phone, Serve
from tests.browser.phone import card, open_online
from tests.browser.server import DelegateServer
from tests.browser.staff import PASSWORD, set_up

pytestmark = pytest.mark.browser

SOON, WITHIN_A_MINUTE = 15_000, 60_000


def open_desk(page: Page, server: DelegateServer, path: str = "programme") -> None:
    page.goto(f"{server.url}/admin/{path}")
    expect(page.locator("main h1")).to_be_visible(timeout=SOON)


def draft_row(page: Page, slug: str) -> str:
    return page.locator(f"[data-draft='{slug}']").inner_text(timeout=SOON)


def keep(page: Page) -> None:
    page.locator(".event-form button[type=submit]").click()


def open_event(page: Page, server: DelegateServer, slug: str) -> None:
    page.goto(f"{server.url}/admin/event?slug={slug}")
    expect(page.locator("[name=title]")).not_to_have_value("", timeout=SOON)


def sign_in(page: Page, server: DelegateServer) -> None:
    page.goto(f"{server.url}/admin/sign-in")
    page.fill("[name=email]", "aigul@altyndala.example")
    page.fill("[name=password]", PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page.locator("nav.places")).to_be_visible(timeout=SOON)


@journey_of("EventState.save", "ReleaseState.make_release")
def test_a_change_waits_for_its_release_and_is_then_on_open_phones(phone: Phone, serve: Serve) -> None:
    server, staff, delegate = serve(), phone(), phone()
    set_up(staff, server)
    open_online(delegate, server.url)
    expect(card(delegate, "saiga-networking")).to_contain_text("end not announced")

    open_event(staff, server, "saiga-networking")
    staff.fill("[name=ends]", "14:15")
    keep(staff)
    expect(staff.locator(".head [role=status]")).to_be_visible(timeout=SOON)
    released = httpx.get(f"{server.url}/api/v1/programme").json()
    assert [each["ends"] for each in released["events"] if each["slug"] == "saiga-networking"] == [None]

    open_desk(staff, server, "release")
    change = staff.locator("[data-change='saiga-networking']")
    expect(change).to_contain_text("2024-02-13 14:15", timeout=SOON)
    assert Axe().run(staff).response["violations"] == []
    staff.fill("[name=note]", "The networking ends at 14:15.")
    staff.locator(".release-form button[type=submit]").click()

    expect(staff.locator("main .banner.go")).to_be_visible(timeout=SOON)
    shown = card(delegate, "saiga-networking")
    expect(shown).to_contain_text("–14:15", timeout=WITHIN_A_MINUTE)
    expect(shown.locator(".changes")).to_contain_text("End was end not announced")


@journey_of("ProgrammeState.move")
def test_several_are_found_and_moved_together(phone: Phone, serve: Serve) -> None:
    server, staff = serve(), phone()
    set_up(staff, server)
    open_desk(staff, server)

    staff.locator("[name=q]").type("silk road", delay=20)
    expect(staff.locator("[data-draft]")).to_have_count(1, timeout=SOON)
    staff.get_by_role("button", name="Pick these 1").click()
    staff.get_by_role("button", name="Show all").click()
    expect(staff.locator("[data-draft]")).to_have_count(8, timeout=SOON)
    expect(staff.locator("[data-draft='cats-of-the-silk-road'] input")).to_be_checked(timeout=SOON)
    tick = staff.locator("[data-draft='saiga-recovery'] input")
    tick.click(timeout=SOON)
    expect(tick).to_be_checked(timeout=SOON)
    staff.locator("[data-move='15']").click()

    expect(staff.locator("[data-draft='saiga-recovery']")).to_contain_text("13:00–13:45", timeout=SOON)
    expect(staff.locator("[data-draft='cats-of-the-silk-road']")).to_contain_text("14:00–14:45")
    assert Axe().run(staff).response["violations"] == []


def test_who_saves_second_is_shown_what_the_first_kept_and_loses_nothing(phone: Phone, serve: Serve) -> None:
    server, first, second = serve(), phone(), phone()
    set_up(first, server)
    sign_in(second, server)
    for page in (first, second):
        open_event(page, server, "cats-of-the-silk-road")

    first.fill("[name=title]", "Cats of the first")
    keep(first)
    expect(first.locator(".head [role=status]")).to_be_visible(timeout=SOON)
    second.fill("[name=title]", "Cats of the second")
    keep(second)

    told = second.locator("[role=alert] .proposal")
    expect(told).to_contain_text("Cats of the first", timeout=SOON)
    expect(second.locator("[name=title]")).to_have_value("Cats of the second")
    keep(second)
    expect(second.locator(".head h1")).to_have_text("Cats of the second", timeout=SOON)


def test_kept_is_said_only_of_what_one_has_kept_oneself(phone: Phone, serve: Serve) -> None:
    """It stood above a refusal, and after taking over what somebody else had kept."""
    server, first, second = serve(), phone(), phone()
    set_up(first, server)
    sign_in(second, server)
    for page in (first, second):
        open_event(page, server, "cats-of-the-silk-road")
    said = second.locator(".head [role=status]")
    second.fill("[name=title]", "Cats of the second")
    keep(second)
    expect(said).to_have_text("Kept in the draft.", timeout=SOON)

    first.reload()
    expect(first.locator("[name=title]")).to_have_value("Cats of the second", timeout=SOON)
    first.fill("[name=title]", "Cats of the first")
    keep(first)
    expect(first.locator(".head [role=status]")).to_be_visible(timeout=SOON)
    second.fill("[name=title]", "Cats once more")
    keep(second)
    expect(second.locator("[role=alert] .proposal")).to_contain_text("Cats of the first", timeout=SOON)
    expect(said).to_have_count(0)
    second.get_by_role("button", name="Take that one").click()
    expect(second.locator("[name=title]")).to_have_value("Cats of the first", timeout=SOON)
    expect(said).to_have_count(0)


def test_what_is_typed_outlives_a_reload_until_it_is_kept(phone: Phone, serve: Serve) -> None:
    server, staff = serve(), phone()
    set_up(staff, server)
    open_event(staff, server, "cats-of-the-silk-road")

    staff.fill("[name=title]", "Half written")
    staff.reload()
    expect(staff.locator("[name=title]")).to_have_value("Half written", timeout=SOON)
    keep(staff)
    expect(staff.locator(".head h1")).to_have_text("Half written", timeout=SOON)
    staff.fill("[name=title]", "Again")
    staff.fill("[name=title]", "Half written")
    open_desk(staff, server)

    assert "Half written" in draft_row(staff, "cats-of-the-silk-road")


@journey_of("ReleaseState.bring_back")
def test_a_new_event_and_an_earlier_release(phone: Phone, serve: Serve) -> None:
    server, staff = serve(), phone()
    set_up(staff, server)
    open_desk(staff, server, "event")
    expect(staff.locator("[name=day]")).to_have_value("2024-02-12", timeout=SOON)

    staff.fill("[name=title]", "Breakfast with saigas")
    staff.fill("[name=starts]", "08:00")
    keep(staff)
    expect(staff).to_have_url(f"{server.url}/admin/event?slug=breakfast-with-saigas", timeout=SOON)
    open_desk(staff, server, "release")
    staff.locator(".release-form button[type=submit]").click(timeout=SOON)
    expect(staff.locator("main .banner.go")).to_be_visible(timeout=SOON)
    staff.get_by_role("button", name="Bring release 1 back").click()

    expect(staff.locator("main .banner.go")).to_contain_text("3", timeout=SOON)
    slugs = [each["slug"] for each in httpx.get(f"{server.url}/api/v1/programme").json()["events"]]
    assert "breakfast-with-saigas" not in slugs
    assert len(slugs) == 8
