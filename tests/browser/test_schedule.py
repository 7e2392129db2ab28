"""The first screen: the eight events, what is on, search and filters, the two banners."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Phone, Serve
from tests.browser.phone import CATS, NETWORKING, SAIGA, TITLES, card, expect_shown, open_online
from tests.browser.server import DelegateServer
from tests.browser.thousand import write_thousand

DAYS = {
    "Monday 12 February": ["ssap-flyways"],
    "Tuesday 13 February": [SAIGA, NETWORKING, CATS, "ecological-connectivity"],
    "Wednesday 14 February": ["human-wildlife-conflict"],
    "Thursday 15 February": ["cami-sos-central-asia", "asiatic-wild-ass"],
}

pytestmark = pytest.mark.browser


@pytest.fixture
def page(phone: Phone, delegate_server: DelegateServer) -> Page:
    """The schedule on Monday morning."""
    opened = phone()
    open_online(opened, delegate_server.url)
    return opened


def test_events_stand_in_order_under_their_days(page: Page) -> None:
    found = page.locator("section.day").evaluate_all(
        """days => days.map(day => [day.querySelector("h2").firstChild.textContent,
             [...day.querySelectorAll("article")].map(card => card.dataset.event)])"""
    )

    assert found == [list(each) for each in DAYS.items()]
    assert [card(page, slug).locator("h3").inner_text() for slug in TITLES] == list(TITLES.values())


def test_an_unknown_end_is_said_in_words(page: Page) -> None:
    when = card(page, NETWORKING).locator(".when")

    expect(when).to_have_text("13:00end not announced")
    expect(card(page, SAIGA).locator(".when")).to_have_text("12:45–13:30")


def test_search_answers_while_typing_and_stands_in_the_address(page: Page) -> None:
    page.get_by_role("searchbox").press_sequentially("SAIG")

    expect(page.locator("article.card")).to_have_count(2)
    expect_shown(page, [SAIGA, NETWORKING])
    assert page.url.endswith("/?q=SAIG")
    page.get_by_role("searchbox").fill("no such thing")
    expect(page.locator(".nothing")).to_contain_text("Nothing found for “no such thing”.")
    page.get_by_role("button", name="Show everything").click()
    expect_shown(page, list(TITLES))
    assert page.url.endswith("/")


def test_a_long_list_is_drawn_as_far_as_one_scrolls_once_one_searches(
    phone: Phone, serve: Serve, tmp_path: Path
) -> None:
    page, cards = phone(), "article.card"
    open_online(page, serve(COPAPP_CONFERENCE=str(write_thousand(tmp_path / "hundred", 100))).url)
    expect(page.locator(cards)).to_have_count(100)

    page.get_by_role("searchbox").focus()
    expect(page.locator(cards)).to_have_count(20)
    page.get_by_role("searchbox").press_sequentially("room")
    for drawn in (40, 60, 80, 100):
        page.locator(cards).last.scroll_into_view_if_needed()
        expect(page.locator(cards)).to_have_count(drawn)


def test_filters_stand_in_the_address_and_a_link_opens_with_them(
    page: Page, phone: Phone, delegate_server: DelegateServer
) -> None:
    page.get_by_role("button", name="Tuesday 13 February").click()
    page.get_by_role("button", name="Savitsky Plaza").click()

    assert page.url.endswith("/?day=2024-02-13&site=savitsky-plaza")
    expect_shown(page, [NETWORKING])

    other = phone()
    open_online(other, page.url)
    expect_shown(other, [NETWORKING])
    expect(other.get_by_role("button", name="Savitsky Plaza")).to_have_attribute("aria-pressed", "true")


def test_back_from_an_event_keeps_the_filters(page: Page) -> None:
    page.get_by_role("searchbox").fill("silk")
    card(page, CATS).locator("a.cover").click()
    expect(page.locator("h1")).to_have_text(TITLES[CATS])

    page.go_back()

    expect(page.get_by_role("searchbox")).to_have_value("silk")
    expect_shown(page, [CATS])
    assert page.url.endswith("/?q=silk")


def test_today_is_marked_among_the_days(page: Page) -> None:
    tabs = page.locator(".day-tabs button:has(.number)")

    assert tabs.locator(".number").all_inner_texts() == ["12", "13", "14", "15", "16", "17"]
    expect(page.locator(".day-tabs button", has_text="today")).to_have_text("Mon12today")
    expect(page.locator("section.day h2", has_text="today")).to_have_text("Monday 12 Februarytoday")


def test_the_preview_banner_names_the_instant(page: Page) -> None:
    # The copy that all journeys share started at 09:00, some minutes ago.
    says = re.compile(r"Preview · the clock says Monday 12 February 2024, 09:\d\d")
    expect(page.locator(".banner")).to_contain_text(says)


def test_now_and_next_name_both_that_run_and_the_one_to_come(phone: Phone, serve: Serve) -> None:
    page = phone()
    open_online(page, serve(COPAPP_NOW="2024-02-13T13:05:00+05:00").url)

    briefs = page.locator(".now-next li")

    assert [
        (
            each.locator(".tag").inner_text(),
            each.get_by_role("link").inner_text(),
            each.locator(".quiet").inner_text(),
        )
        for each in briefs.all()
    ] == [
        ("Now", TITLES[SAIGA], "Room Bukhara · Expo Centre"),
        ("Now", TITLES[NETWORKING], "Avantegarde Room · Savitsky Plaza"),
        ("Next", TITLES[CATS], "Room Ferghana · Expo Centre"),
    ]
    expect(briefs.nth(1)).to_contain_text("end not announced")
    expect(card(page, SAIGA).locator(".tag")).to_have_text("Now")
    expect(card(page, SAIGA)).not_to_be_in_viewport()
    page.get_by_role("button", name="Jump to now").click()
    expect(card(page, SAIGA)).to_be_in_viewport()


@pytest.mark.parametrize(
    ("now", "banners"),
    [
        ("2024-01-20T10:00:00+05:00", ["Preview · the clock says Saturday 20 January 2024, 10:00"]),
        (
            "2024-03-01T10:00:00+05:00",
            [
                "Preview · the clock says Friday 1 March 2024, 10:00",
                "CMS COP14 is over. This is its programme, kept to read.",
            ],
        ),
    ],
)
def test_before_and_after_the_conference_nothing_is_now(
    now: str, banners: list[str], phone: Phone, serve: Serve
) -> None:
    page = phone()
    open_online(page, serve(COPAPP_NOW=now).url)

    assert page.locator(".banner").all_inner_texts() == banners
    expect(page.locator(".now-next")).to_have_count(0)
    expect(page.locator("article .tag")).to_have_count(0)
    expect_shown(page, list(TITLES))
