"""One's own calendar: made by one tap, followed also offline, shared by two phones, replaced and stopped."""

import json
import random
from collections.abc import Callable

import httpx
import icalendar
import pytest
from playwright.sync_api import Locator, Page, Route, expect
from sqlmodel import Session, col, create_engine, select

from copapp.models import PersonalCalendar
from tests.browser.browsers import wait_until
from tests.browser.conftest import Phone, Serve
from tests.browser.phone import CATS, NETWORKING, SAIGA, TITLES, look_again, open_online, star
from tests.browser.server import DelegateServer
from tests.browser.test_saved_day import AFTER_CATS, agree

MADE = "**/api/v1/calendars"
SOON = 15_000
TURNS, TAPS = 10, 5
GONE = 410
MEETING = "the meeting"

pytestmark = pytest.mark.browser


def _own(page: Page) -> Locator:
    return page.locator(".my-calendar")


def _address(page: Page) -> str:
    """Give the address once the server has all that this phone is to tell."""
    expect(_own(page).locator("[data-calendar='live'][data-waits='false']")).to_be_visible(timeout=SOON)
    return _own(page).locator(".address").inner_text()


def _held(address: str) -> set[str]:
    """Fetch as a calendar program does: the slugs of its events, and whether the meeting is in it."""
    answer = httpx.get(address)
    entries = icalendar.Calendar.from_ical(answer.raise_for_status().content).walk("VEVENT")
    slugs = {title: slug for slug, title in TITLES.items()}
    return {slugs.get(str(each["summary"]), MEETING) for each in entries}


def _expect_held(address: str, wanted: Callable[[], set[str]]) -> None:
    try:
        wait_until(lambda: _held(address) == wanted(), "The same calendar", 10)
    except TimeoutError:
        assert _held(address) == wanted()


def _stars(page: Page) -> set[str]:
    """List what this phone shows as saved."""
    pressed: list[str] = page.locator("article:has(button.star[aria-pressed='true'])").evaluate_all(
        "cards => cards.map(card => card.dataset.event)"
    )
    return set(pressed)


def _living(server: DelegateServer) -> int:
    engine = create_engine(server.environment["COPAPP_DATABASE_URL"])
    with Session(engine) as db:
        found = len(db.exec(select(PersonalCalendar).where(col(PersonalCalendar.ended_at).is_(None))).all())
    engine.dispose()
    return found


def _made_though_a_reply_is_lost(page: Page, server: DelegateServer) -> str:
    """Tap once; the server makes it, and the phone does not hear of it the first time."""
    lost: list[int] = []

    def lose(route: Route) -> None:
        answer = route.fetch()
        if lost or not answer.ok:
            route.fulfill(response=answer)
            return
        lost.append(answer.status)
        route.abort()

    page.context.route(MADE, lose)
    page.goto(f"{server.url}/saved")
    _own(page).get_by_role("button", name="Make my calendar").click()
    address = _address(page)

    assert (lost, _living(server)) == ([201], 1)
    return address


def _reminds(page: Page, address: str) -> None:
    """The reminder that was chosen is in every entry, until none is wanted."""
    reminder = _own(page).get_by_label("Reminder before each entry")
    for minutes, lines in (("15", 2), ("", 0)):
        reminder.select_option(minutes)
        _address(page)
        assert httpx.get(address).text.count("TRIGGER:-PT15M") == lines


def test_one_calendar_follows_two_phones(phone: Phone, serve: Serve) -> None:
    server, first, second = serve(), phone(), phone()
    token = agree(server, AFTER_CATS, "snow-leopard", "Snow Leopard Room, Main Building")
    first.goto(f"{server.url}/meet/{token}")
    expect(first.locator(".agreed")).to_be_visible()
    open_online(first, server.url)
    star(first, CATS).click()

    address = _made_though_a_reply_is_lost(first, server)

    assert _held(address) == {CATS, MEETING}
    _reminds(first, address)
    _follows_bookmarks_changed_offline(first, server, address)
    _is_shared(first, second, server, address)
    new = _is_replaced(first, second, address)
    _is_brought_along(second, server, new)
    _is_stopped(first, new)


def _follows_bookmarks_changed_offline(page: Page, server: DelegateServer, address: str) -> None:
    """Fifty taps, every other five with no network: the calendar equals what the phone shows."""
    dice = random.Random(6)
    open_online(page, server.url)
    for turn in range(TURNS):
        before = _held(address)
        page.context.set_offline(turn % 2 == 1)
        for _ in range(TAPS):
            star(page, dice.choice(list(TITLES))).evaluate("star => star.click()")
        if turn % 2:
            assert _held(address) == before
            page.context.set_offline(False)
        _expect_held(address, lambda: _stars(page) | {MEETING})


def _is_shared(first: Page, second: Page, server: DelegateServer, address: str) -> None:
    """The second phone's events come in, what it takes out goes, and the first is asked, never changed."""
    there = _held(address)
    missing = next(slug for slug in (NETWORKING, SAIGA, *TITLES) if slug not in there)
    open_online(second, server.url)
    star(second, missing).click()
    second.goto(f"{server.url}/saved")
    second.get_by_text("Another phone of mine has one").click()
    _own(second).get_by_label("Paste its calendar address here").fill(address)

    assert _address(second) == address
    assert _held(address) == there | {missing}
    first.goto(f"{server.url}/saved")
    _own(first).get_by_role("button", name="Save them here too").click()
    expect(first.locator(f"article[data-event='{missing}']")).to_be_visible()
    assert (
        _address(first) == address
    )  # this phone's own word has reached the server: the next to change it counts
    second.context.set_offline(True)
    star(second, missing).click()
    expect(_own(second).locator(".state")).to_contain_text("Waiting on this phone", timeout=SOON)
    second.context.set_offline(False)
    _expect_held(address, lambda: there)
    look_again(first)
    expect(_own(first)).to_contain_text("1 event that is saved here was taken out by another phone")
    _own(first).get_by_role("button", name="Put back").click()
    _expect_held(address, lambda: there | {missing})


def _is_replaced(first: Page, second: Page, address: str) -> str:
    """The old address answers 410 at once, the new one holds the same, and the other phone is told."""
    there = _held(address)
    _own(first).get_by_role("button", name="replace it").first.click()
    _own(first).get_by_role("button", name="Yes, replace it").click()
    expect(_own(first).locator(".address")).not_to_have_text(address, timeout=SOON)
    new = _address(first)
    look_again(second)

    assert httpx.get(address).status_code == GONE
    assert _held(new) == there
    expect(_own(second)).to_contain_text("This calendar has ended", timeout=SOON)
    return new


def _is_brought_along(second: Page, server: DelegateServer, address: str) -> None:
    """The link that carries what is saved carries the calendar too, and joining it is asked."""
    there = _held(address)
    page = second.context.new_page()
    page.goto(f"{server.url}/saved#copapp1~cop14~{CATS}~~{address[-36:-4]}")
    page.get_by_role("button", name="Add them").click()
    _own(page).get_by_role("button", name="Share it").click()

    assert _address(page) == address
    _expect_held(address, lambda: there | {CATS})


def _is_stopped(page: Page, address: str) -> None:
    """Stopped for good, and said."""
    _own(page).get_by_role("button", name="Stop this calendar").click()
    _own(page).get_by_role("button", name="Yes, stop it").click()
    expect(_own(page)).to_contain_text("Stopped.")
    assert httpx.get(address).status_code == GONE


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (429, "network", "Very many calendars were made from this network within a day"),
        (503, "no_room", "There is no room for another calendar just now"),
    ],
)
def test_a_calendar_for_which_there_is_no_room_yet_says_so_and_is_made_later(
    status: int, code: str, words: str, phone: Phone, serve: Serve
) -> None:
    """It was said to wait until one is back online."""
    server, page = serve(), phone()
    body, kind = json.dumps({"title": words, "status": status, "code": code}), "application/problem+json"
    page.context.route(MADE, lambda route: route.fulfill(status=status, body=body, content_type=kind))
    page.goto(f"{server.url}/saved")
    _own(page).get_by_role("button", name="Make my calendar").click()
    expect(_own(page).locator("[data-calendar='making']")).to_contain_text(words, timeout=SOON)
    expect(_own(page).locator("[data-calendar='making']")).to_contain_text("made by itself later")
    expect(_own(page).locator("[data-calendar='making']")).not_to_contain_text("online")

    page.context.unroute(MADE)
    page.reload()

    assert _held(_address(page)) == set()
    expect(_own(page)).not_to_contain_text(words)
    assert _living(server) == 1


def test_each_program_gets_the_address_in_its_own_way(phone: Phone, delegate_server: DelegateServer) -> None:
    """An address on https is handed to Google and Outlook; a room's own page names its room."""
    page = phone(locale="ru")
    page.goto(f"{delegate_server.url}/map/bukhara")
    page.get_by_role("link", name="Подписаться на этот зал в календаре").click()
    path = "/api/v1/rooms/bukhara.ics?language=ru"
    public = page.locator(".ways-in")
    webcal = delegate_server.url.replace("http", "webcal")

    expect(public.locator("a.open")).to_have_attribute("href", webcal + path)
    expect(public.locator(".address")).to_have_text(delegate_server.url + path)
    expect(public).to_contain_text("Google и Outlook нужен адрес")
    expect(public.get_by_role("link")).to_have_count(1)
    public.get_by_role("button", name="QR-код").click()
    expect(public.locator(".code img")).to_be_visible()
    page.get_by_role("combobox").select_option("days/2024-02-13")
    expect(public.locator(".address")).to_contain_text("/api/v1/days/2024-02-13.ics")
