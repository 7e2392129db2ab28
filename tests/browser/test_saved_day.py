"""The saved day: one line of events and meetings, its gaps and walks, and clashes named at both ends."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from sqlmodel import Session, create_engine, select

from copapp.domain.meetings import Terms
from copapp.models import EventStatus, StaffMember, StaffRole
from copapp.services import meetings
from copapp.services.asking import AskForm, ask
from copapp.services.tokens import request_token
from tests.browser.conftest import Phone, Serve
from tests.browser.phone import (
    CATS,
    NETWORKING,
    SAIGA,
    TITLES,
    card,
    expect_freshness,
    expect_shown,
    look_until,
    open_online,
    star,
    wait_for_worker,
)
from tests.browser.releases import release
from tests.browser.server import DelegateServer

pytestmark = pytest.mark.browser

CONNECTIVITY, CONFLICT = "ecological-connectivity", "human-wildlife-conflict"
MONDAY = datetime(2024, 2, 12, 4, tzinfo=UTC)
AFTER_CATS = datetime(2024, 2, 13, 9, 35, tzinfo=UTC)  # 14:35 at the venue, five minutes after it


def save(page: Page, server: DelegateServer, *slugs: str) -> None:
    """Save events as a person does, and look at the saved day."""
    open_online(page, server.url)
    for slug in slugs:
        star(page, slug).click()
        expect(star(page, slug)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="Saved").click()
    expect(page.locator(".entry")).to_have_count(len(slugs))


def agree(server: DelegateServer, starts: datetime, room: str | None, place: str) -> str:
    """Ask for a meeting and have it accepted by one of us; give the request's token."""
    return _answered(server, meetings.accept, starts, room, place)


def propose(server: DelegateServer, starts: datetime) -> str:
    """Ask for a meeting and have another time proposed; give the request's token."""
    return _answered(server, meetings.propose, starts, "snow-leopard", "Snow Leopard Room, Main Building")


def _answered(
    server: DelegateServer, answer: Callable[..., object], starts: datetime, room: str | None, place: str
) -> str:
    engine = create_engine(server.environment["COPAPP_DATABASE_URL"])
    with Session(engine) as db:
        member = db.exec(select(StaffMember)).first() or _aigul(db)
        form = AskForm("Dana", "Ministry", "dana@ministry.example", "The saiga corridor.", "en", None, None)
        request = ask(db, form, f"key-of-{starts.isoformat()}", MONDAY)
        terms = Terms(starts, starts + timedelta(minutes=30), member.id or 0, place, room)
        answer(db, request.id or 0, member, terms, MONDAY)
        token = request_token(db, request)
        db.commit()
    engine.dispose()
    return token


def _aigul(db: Session) -> StaffMember:
    member = StaffMember(
        slug="aigul",
        name="Aigul Sadykova",
        email="aigul@altyndala.example",
        role=StaffRole.MEMBER,
        job_title="Saiga",
        languages=["en"],
        is_shown=True,
        created_at=MONDAY,
    )
    db.add(member)
    db.flush()
    return member


def clash_lines(entry: Locator) -> list[tuple[str, str]]:
    """List an entry's clashes: how sure, and in which words."""
    found: list[list[str]] = entry.locator("[data-verdict]").evaluate_all(
        "lines => lines.map(line => [line.dataset.verdict, line.innerText.trim()])"
    )
    return [(verdict, words) for verdict, words in found]


def joints(page: Page) -> list[tuple[str, str]]:
    """List what stands between the entries, from top to bottom."""
    found: list[list[str]] = page.locator("[data-joint]").evaluate_all(
        "joints => joints.map(joint => [joint.dataset.joint, joint.innerText.trim()])"
    )
    return [(kind, words) for kind, words in found]


def brackets(page: Page) -> list[tuple[str, list[str]]]:
    """List what is held together, and how surely it clashes."""
    found: list[list[Any]] = page.locator("[data-bracket]").evaluate_all(
        """all => all.map(each => [each.dataset.bracket,
            [...each.querySelectorAll("article")].map(card => card.dataset.event ?? "meeting")])"""
    )
    return [(kind, slugs) for kind, slugs in found]


@pytest.fixture
def tuesday(phone: Phone, delegate_server: DelegateServer) -> Page:
    """The whole real Tuesday, saved out of order."""
    page = phone()
    save(page, delegate_server, CONNECTIVITY, CATS, SAIGA, NETWORKING)
    return page


def test_real_tuesday_tells_the_truth(tuesday: Page) -> None:
    expect_shown(tuesday, [SAIGA, NETWORKING, CATS, CONNECTIVITY])

    assert clash_lines(card(tuesday, SAIGA)) == [("certain", f"Overlaps {TITLES[NETWORKING]}, 13:00")]
    assert clash_lines(card(tuesday, NETWORKING)) == [
        ("certain", f"Overlaps {TITLES[SAIGA]}, 12:45"),
        ("possible", f"May overlap {TITLES[CATS]}, 13:45"),
    ]
    assert clash_lines(card(tuesday, CATS)) == [("possible", f"May overlap {TITLES[NETWORKING]}, 13:00")]
    assert clash_lines(card(tuesday, CONNECTIVITY)) == []
    assert joints(tuesday) == [
        ("certain", "Overlap: Both run from 13:00, about 12 min to walk"),
        (
            "possible",
            "Possible overlap: If Saiga Networking Event lasts 60 minutes (its end is not announced), "
            "it runs until 14:00, about 12 min to walk",
        ),
        ("gap", "3 h 45 min, in the same room"),
    ]
    assert brackets(tuesday) == [("certain", [SAIGA, NETWORKING, CATS]), ("", [CONNECTIVITY])]
    expect(tuesday.locator(".day-name")).to_contain_text("1 clash")
    expect(tuesday.locator(".day-name")).to_contain_text("1 possible clash")


def test_a_walk_leads_to_its_way(tuesday: Page) -> None:
    tuesday.get_by_role("link", name="about 12 min to walk").first.click()

    expect(tuesday).to_have_url(re.compile("/map/bukhara/avantegarde$"))
    expect(tuesday.locator("main")).to_contain_text("Avantegarde Room")


def test_without_the_event_in_between_nothing_clashes(tuesday: Page) -> None:
    star(tuesday, NETWORKING).click()

    expect(tuesday.locator("[data-verdict]")).to_have_count(0)
    assert joints(tuesday) == [
        ("gap", "15 min, stay in Expo Centre"),
        ("gap", "3 h 45 min, in the same room"),
    ]
    assert [kind for kind, _ in brackets(tuesday)] == ["", "", ""]


def test_agreed_meetings_stand_in_the_day(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    token = agree(server, AFTER_CATS, "snow-leopard", "Snow Leopard Room, Main Building")
    page.goto(f"{server.url}/meet/{token}")
    expect(page.locator(".agreed")).to_be_visible()
    open_online(page, server.url)
    for slug in (CATS, CONNECTIVITY):
        star(page, slug).click()
    page.get_by_role("link", name="Saved").click()
    meeting = page.locator("article.meeting")

    expect(meeting).to_contain_text("Meeting with Aigul Sadykova")
    expect(meeting).to_contain_text("Snow Leopard Room, Main Building")
    expect(page.locator(".head")).to_contain_text("2 saved events, 1 agreed meeting")
    assert clash_lines(card(page, CATS)) == [
        ("certain", "Not enough time to walk: Meeting with Aigul Sadykova, 14:35")
    ]
    assert clash_lines(meeting) == [("certain", f"Not enough time to walk: {TITLES[CATS]}, 13:45")]
    assert joints(page) == [
        ("certain", "The walk does not fit: 5 min, about 10 min to walk"),
        ("walk", "3 h 10 min, about 10 min to walk"),
    ]
    assert brackets(page) == [("certain", [CATS, "meeting"]), ("", [CONNECTIVITY])]
    expect(page.locator("[data-request=accepted]")).to_have_count(1)
    expect(meeting.locator(".where a")).to_have_attribute("href", "/map/snow-leopard")
    meeting.get_by_role("link", name="Meeting with Aigul Sadykova").click()
    expect(page).to_have_url(f"{server.url}/meet/{token}")


def test_saving_hints_at_what_it_clashes_with(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone()
    open_online(page, delegate_server.url)
    star(page, SAIGA).click()
    hint = page.get_by_role("status").filter(has_text="Saved.")

    star(page, NETWORKING).click()
    expect(hint).to_have_text(f"Saved. Overlaps {TITLES[SAIGA]} at 12:45.")
    expect(star(page, NETWORKING)).to_have_attribute("aria-pressed", "true")

    star(page, NETWORKING).click()
    expect(hint).to_have_count(0)
    star(page, SAIGA).click()
    star(page, NETWORKING).click()
    card(page, CATS).locator("a.cover").click()
    expect(page.locator("article.event h1")).to_have_text(TITLES[CATS])
    page.locator("article.event .actions .star").click()
    expect(hint).to_have_text(
        f"Saved. May overlap {TITLES[NETWORKING]} at 13:00: {TITLES[NETWORKING]} has no announced end, "
        "60 minutes are assumed."
    )


def test_hint_counts_agreed_meetings_and_is_silent_where_nothing_clashes(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    token = agree(server, AFTER_CATS, "snow-leopard", "Snow Leopard Room")
    page.goto(f"{server.url}/meet/{token}")
    expect(page.locator(".agreed")).to_be_visible()
    open_online(page, server.url)

    with page.expect_request("**/day-*.js"):
        star(page, CONFLICT).click()
    page.wait_for_load_state("networkidle")
    expect(page.locator(".toast")).to_have_count(0)
    star(page, CATS).click()

    expect(page.locator(".toast")).to_contain_text(
        "Saved. 5 min between this and Meeting with Aigul Sadykova at 14:35, about 10 min to walk."
    )


def test_day_and_hint_work_with_no_network(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone(locale="fr")
    open_online(page, server.url)
    wait_for_worker(page)
    server.kill()
    page.reload()
    expect_freshness(page, "offline")

    star(page, SAIGA).click()
    star(page, NETWORKING).click()

    expect(page.locator(".toast")).to_contain_text(f"Enregistré. Chevauche {TITLES[SAIGA]} à 12:45.")
    page.goto(f"{server.url}/saved")
    expect(card(page, NETWORKING).locator("[data-verdict=certain]")).to_contain_text("Chevauche")
    expect(page.locator("[data-joint=certain]")).to_contain_text("environ 12 min à pied")


def test_a_bookmark_is_kept_where_the_hint_cannot_be_fetched(
    phone: Phone, delegate_server: DelegateServer
) -> None:
    page = phone(service_workers="block")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    open_online(page, delegate_server.url)
    page.route("**/day-*.js", lambda route: route.abort())

    with page.expect_event("requestfailed"):
        star(page, SAIGA).click()

    page.reload()
    expect(star(page, SAIGA)).to_have_attribute("aria-pressed", "true")
    assert problems == []


def test_two_tabs_show_the_same_day(tuesday: Page) -> None:
    other = tuesday.context.new_page()
    open_online(other, tuesday.url)
    expect(other.locator("[data-verdict]")).to_have_count(4)

    star(other, SAIGA).click()

    expect(tuesday.locator("[data-verdict=certain]")).to_have_count(0)
    expect(tuesday.locator("[data-verdict=possible]")).to_have_count(2)
    assert brackets(tuesday) == [("possible", [NETWORKING, CATS]), ("", [CONNECTIVITY])]


def test_phone_s_own_zone_changes_nothing(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone(timezone_id="America/St_Johns")

    save(page, delegate_server, SAIGA, NETWORKING)

    assert joints(page) == [("certain", "Overlap: Both run from 13:00, about 12 min to walk")]


def test_a_cancelled_event_stays_in_the_day_and_clashes_no_more(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    save(page, server, SAIGA, NETWORKING)
    with release(server) as draft:
        draft.event(NETWORKING).status = EventStatus.CANCELLED

    look_until(page, page.locator(f"article.cancelled[data-event='{NETWORKING}']"))

    expect(page.locator("[data-verdict]")).to_have_count(0)
    expect_shown(page, [SAIGA, NETWORKING])
    assert joints(page) == []


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "fr", "es", "ru"])
def test_a_full_day_has_no_violation_at_320_px_in(
    language: str, colours: str, phone: Phone, delegate_server: DelegateServer
) -> None:
    page = phone(locale=language, color_scheme=colours, viewport={"width": 320, "height": 640})
    open_online(page, f"{delegate_server.url}/saved#copapp1~cop14~{CATS}.{CONNECTIVITY}.{NETWORKING}.{SAIGA}")
    page.get_by_role("alert").locator("button.main").click()
    expect(page.locator("[data-verdict]")).to_have_count(4)
    expect(page.locator("html")).to_have_attribute("lang", language)

    found = [(each["id"], each["nodes"][0]["html"][:120]) for each in Axe().run(page).response["violations"]]
    width = page.evaluate("document.documentElement.scrollWidth")

    assert (found, width) == ([], 320)


def test_today_is_one_tap_below_past_days(phone: Phone, serve: Serve) -> None:
    server, page = serve(COPAPP_NOW="2024-02-14T11:00:00+05:00"), phone()
    save(page, server, SAIGA, NETWORKING, CATS, CONFLICT)
    expect(card(page, CONFLICT)).not_to_be_in_viewport()

    page.get_by_role("button", name="Jump to now").click()

    expect(card(page, CONFLICT)).to_be_in_viewport()


def test_meeting_that_is_on_says_so(phone: Phone, serve: Serve) -> None:
    server, page = serve(COPAPP_NOW="2024-02-13T14:40:00+05:00"), phone()
    token = agree(server, AFTER_CATS, None, "Lobby")

    page.goto(f"{server.url}/meet/{token}")
    expect(page.locator(".agreed")).to_be_visible()
    open_online(page, f"{server.url}/saved")

    expect(page.locator("article.meeting .tag")).to_have_text(["Now", "Agreed meeting"])


def test_day_of_a_dark_phone_prints_dark_on_light(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone(color_scheme="dark")
    save(page, delegate_server, SAIGA, NETWORKING)
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(238, 240, 234)"

    page.emulate_media(media="print")

    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(31, 36, 33)"
    expect(page.locator("[data-joint=certain]")).to_be_visible()
    expect(page.locator(".places")).to_be_hidden()
    expect(page.locator(".star").first).to_be_hidden()


def test_request_that_waits_for_this_person_stands_above_the_days(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    token = propose(server, AFTER_CATS)
    page.goto(f"{server.url}/meet/{token}")
    expect(page.locator(".proposal")).to_be_visible()
    save(page, server, CATS)
    headings = page.locator("main h2")
    expect(headings).to_contain_text(["My requests", "Tuesday 13 February", "To another phone"])

    page.locator("[data-request=proposed] a").click()
    page.get_by_role("button", name="Accept").click()
    expect(page.locator(".agreed")).to_be_visible()
    page.get_by_role("link", name="Saved").click()

    expect(headings).to_contain_text(["Tuesday 13 February", "To another phone"])
    assert brackets(page) == [("certain", [CATS, "meeting"])]
