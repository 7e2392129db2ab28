"""The inbox, live for everyone who is signed in: lists, answers, clashes, drafts, keyboard."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from sqlmodel import Session, create_engine, select

from copapp.domain.meetings import Terms
from copapp.models import Coverage, MeetingRequest, StaffMember
from copapp.services import meetings
from copapp.services.asking import AskForm, ask
from copapp.services.tokens import request_token
from tests.browser.acts import journey_of
from tests.browser.conftest import Phone, Serve
from tests.browser.server import DelegateServer
from tests.browser.staff import PASSWORD, open_request, request_status, set_up

pytestmark = pytest.mark.browser

NOW = datetime(2024, 2, 12, 4, 0, tzinfo=UTC)
TEN = datetime(2024, 2, 13, 5, 0, tzinfo=UTC)
LIVE = 2_000  # what one does, the others see within two seconds
SOON = 10_000


@contextmanager
def changing(server: DelegateServer) -> Iterator[Session]:
    engine = create_engine(server.environment["COPAPP_DATABASE_URL"])
    with Session(engine) as db:
        yield db
        db.commit()
    engine.dispose()


def asked(server: DelegateServer, name: str, starts: datetime | None = TEN, event: str | None = None) -> str:
    """Ask through the services; give the token."""
    form = AskForm(name, "Ministry", f"{name.lower()}@ministry.example", f"{name} asks.", "en", event, starts)
    with changing(server) as db:
        return request_token(db, ask(db, form, f"key-of-{name}", NOW))


def as_staff(
    server: DelegateServer, act: Callable[[Session, StaffMember, MeetingRequest], Any], name: str
) -> None:
    """Do something as the first member, as the other half of a race would."""
    with changing(server) as db:
        member = db.exec(select(StaffMember)).first()
        request = db.exec(select(MeetingRequest).where(MeetingRequest.name == name)).one()
        assert member is not None
        act(db, member, request)


def accept(db: Session, member: StaffMember, request: MeetingRequest) -> None:
    terms = Terms(TEN, TEN + timedelta(minutes=30), member.id or 0, "Room Bukhara, Expo Centre", "bukhara")
    meetings.accept(db, request.id or 0, member, terms, NOW)


def sign_in(page: Page, server: DelegateServer) -> None:
    page.goto(f"{server.url}/admin")
    page.fill("[name=email]", "aigul@altyndala.example")
    page.fill("[name=password]", PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page.locator(".head")).to_contain_text("Signed in as Aigul", timeout=SOON)


def test_what_one_does_the_others_see(phone: Phone, serve: Serve) -> None:
    server, one, other = serve(), phone(), phone()
    set_up(one, server)
    sign_in(other, server)

    token = asked(server, "Dana")
    for page in (one, other):
        expect(page.locator(".rows li")).to_have_count(1, timeout=LIVE)
        expect(page.get_by_role("status").filter(has_text="A new request came in")).to_be_visible()
    open_request(one, "Dana")
    one.get_by_role("button", name="Accept", exact=True).click()
    expect(other.locator(".rows li")).to_have_count(0, timeout=LIVE)
    expect(other.locator(".tabs .chip", has_text="Agreed").locator(".count")).to_have_text("1")

    httpx.post(f"{server.url}/api/v1/meeting-requests/{token}/cancel").raise_for_status()
    expect(request_status(one, "cancelled")).to_be_visible(timeout=LIVE)


def test_taken_time_is_named_with_who_has_it(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    set_up(page, server)
    for name in ("Dana", "Erlan"):
        asked(server, name)
    open_request(page, "Erlan")

    as_staff(server, accept, "Dana")
    expect(page.locator(".clashes")).to_contain_text("Meeting Dana, Ministry", timeout=LIVE)
    page.get_by_role("button", name="Accept", exact=True).click()

    expect(page.locator(".answers [role=alert]")).to_contain_text(
        "This time is taken already: Dana, Ministry"
    )
    expect(request_status(page, "pending")).to_be_visible()


def test_clashes_are_named_before_the_answer(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    set_up(page, server)
    with changing(server) as db:
        member = db.exec(select(StaffMember)).one()
        db.add_all(
            Coverage(member_id=member.id or 0, event=each) for each in ("saiga-recovery", "saiga-networking")
        )
    asked(server, "Dana", TEN + timedelta(minutes=180), "cats-of-the-silk-road")

    open_request(page, "Dana")

    expect(page.locator(".clashes li")).to_have_count(2)
    expect(page.locator(".clashes")).to_contain_text("Transboundary Cooperation")
    expect(page.locator(".clashes [data-verdict=certain]")).to_have_count(2)
    expect(page.locator(".clashes")).to_contain_text("Certain: At the event “Saiga Networking Event”")
    expect(page.locator(".clashes")).to_contain_text("its end is not announced")
    expect(page.locator(".offered .tag")).to_have_text("In the way")


def test_what_an_unknown_end_makes_possible_is_said_with_its_assumption(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    set_up(page, server)
    with changing(server) as db:
        member = db.exec(select(StaffMember)).one()
        db.add(Coverage(member_id=member.id or 0, event="saiga-networking"))
    asked(server, "Dana", TEN + timedelta(minutes=210), "cats-of-the-silk-road")

    open_request(page, "Dana")

    expect(page.locator(".clashes [data-verdict=possible]")).to_contain_text(
        "Possible: At the event “Saiga Networking Event”"
    )
    expect(page.locator(".clashes")).to_contain_text("only if it lasts 60 minutes")
    expect(page.locator(".offered .tag")).to_have_text("Perhaps in the way")


def test_half_written_answer_survives_a_lost_server(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    set_up(page, server)
    asked(server, "Dana")
    open_request(page, "Dana")
    page.locator("summary", has_text="Propose another time").click()
    page.fill("details[open] [name=words]", "In the morning we are at the ple")

    server.kill()
    server.start()
    expect(page.locator("article.request h1")).to_have_text("Dana", timeout=30_000)
    words = page.locator(".answers [name=words]")
    expect(words).to_have_value("In the morning we are at the ple", timeout=30_000)
    page.reload()
    expect(words).to_have_value("In the morning we are at the ple", timeout=30_000)
    page.locator("summary", has_text="Propose another time").click()
    page.fill("details[open] [name=words]", "In the morning we are at the plenary.")
    page.get_by_role("button", name="Propose these terms").click()

    expect(page.locator(".proposal")).to_contain_text("plenary.", timeout=SOON)


def test_notes_and_reasons_go_where_they_should(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    set_up(page, server)
    token = asked(server, "Dana")
    open_request(page, "Dana")
    page.fill(".notes [name=words]", "Owes us a reply since 2019.")
    page.get_by_role("button", name="Keep note").click()
    expect(page.locator(".notes li")).to_contain_text("Owes us a reply")

    page.locator("summary", has_text="Decline").click()
    page.get_by_role("button", name="Decline and tell").click()
    expect(request_status(page, "declined")).to_be_visible(timeout=SOON)

    seen = httpx.get(f"{server.url}/api/v1/meeting-requests/{token}")
    assert seen.json()["status"] == "declined"
    assert seen.json()["words"] == ""
    assert "2019" not in seen.text


def test_search_and_tabs(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    set_up(page, server)
    for name in ("Dana", "Erlan", "Olga"):
        asked(server, name)
    as_staff(server, accept, "Olga")
    expect(page.locator(".rows li")).to_have_count(2, timeout=SOON)

    page.fill("[name=q]", "erlan ministry")
    expect(page.locator(".rows li")).to_have_count(1)
    page.fill("[name=q]", "")
    page.locator(".tabs .chip", has_text="Agreed").click()

    expect(page.locator(".rows .who")).to_have_text("Olga")
    expect(request_status(page, "accepted")).to_be_visible()


def test_search_reads_every_script_and_every_tab_and_says_what_it_did_not_find(
    phone: Phone, serve: Serve
) -> None:
    server, page = serve(), phone()
    set_up(page, server)
    for name in ("Королёв", "Núñez", "O’Brien"):
        asked(server, name)
    as_staff(server, accept, "Королёв")
    expect(page.locator(".rows li")).to_have_count(2, timeout=SOON)

    for words, name in (("КОРОЛЕВ", "Королёв"), ("nunez", "Núñez"), ("o'brien", "O’Brien")):
        page.fill("[name=q]", words)
        expect(page.locator(".rows .who")).to_have_text([name], timeout=SOON)
        expect(page.locator(".found")).to_contain_text(f"1 request found for “{words}”, in all groups")
    page.fill("[name=q]", "королев")
    expect(request_status(page, "accepted")).to_contain_text("Королёв", timeout=SOON)
    page.fill("[name=q]", "nobody")
    expect(page.locator(".found")).to_contain_text("Nothing was found for “nobody”", timeout=SOON)
    expect(page.get_by_text("Nothing waits for an answer.")).to_have_count(0)
    asked(server, "Zarina")
    expect(page.locator(".tabs .chip", has_text="To answer").locator(".count")).to_have_text(
        "3", timeout=SOON
    )
    expect(page.locator(".rows li")).to_have_count(0)

    page.get_by_role("button", name="Clear the search").click()
    expect(page.locator("[name=q]")).to_have_value("")
    expect(page.locator(".rows li")).to_have_count(3, timeout=SOON)


def test_keyboard_alone_answers(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone(viewport={"width": 1280, "height": 900})
    set_up(page, server)
    asked(server, "Dana")
    expect(page.locator(".rows li")).to_have_count(1, timeout=SOON)

    _tab_to(page, "Dana")
    page.keyboard.press("Enter")
    expect(page.locator("article.request")).to_be_visible()
    _tab_to(page, "Accept")
    page.keyboard.press("Enter")

    expect(request_status(page, "accepted")).to_be_visible(timeout=SOON)


def _tab_to(page: Page, words: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()").startswith(words):
            return
    raise AssertionError(f"Tab never came to {words}")


def test_hours_of_one_s_own_become_slots(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    set_up(page, server)
    page.get_by_role("link", name="My hours").click()
    wednesday = page.locator("section.panel", has_text="Wednesday 14 February")
    wednesday.locator("[name=opens]").fill("10:00")
    wednesday.locator("[name=closes]").fill("11:00")
    wednesday.get_by_role("button", name="Add").click()
    expect(wednesday.locator(".hours li")).to_contain_text("10:00–11:00")
    page.check("[name=is_shown]")
    page.fill("[name=job_title]", "Saiga programme")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("Kept.")).to_be_visible()

    offered = httpx.get(f"{server.url}/api/v1/slots").json()

    assert [each["name"] for each in offered["members"]] == ["Aigul Sadykova"]
    free = [each["starts"] for each in offered["slots"] if each["state"] == "free"]
    assert free == ["2024-02-14T10:00:00+05:00", "2024-02-14T10:30:00+05:00"]


def held_back(server: DelegateServer, number: int, name: str = "Flood") -> None:
    """Let so many requests come in beyond what staff can read."""
    with changing(server) as db:
        for each in range(number):
            form = AskForm(f"{name} {each}", "Script", f"flood{each}@spam.example", "Buy.", "en")
            ask(db, form, f"key-of-{name}-{each}", NOW, is_held_back=True)


def _picks(page: Page, name: str) -> Locator:
    return page.get_by_role("checkbox", name=f"Pick: {name}", exact=True)


@journey_of("InboxState.put_on_list", "InboxState.decline_unsaid", "InboxState.erase_held_back")
def test_a_flood_is_cleared_and_who_is_honest_is_let_in(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    set_up(page, server)
    token = asked(server, "Dana")
    held_back(server, 130)
    expect(page.locator(".rows li")).to_have_count(1, timeout=SOON)
    page.get_by_role("button", name="Held back 130").click(timeout=SOON)
    expect(page.locator(".rows li")).to_have_count(50, timeout=SOON)
    page.get_by_role("button", name="Show more: 80 left").click()
    expect(page.locator(".rows li")).to_have_count(100, timeout=SOON)

    _picks(page, "Flood 7").click()
    page.get_by_role("button", name="Move to “To answer”").click()
    expect(page.get_by_role("status").filter(has_text="Moved to “To answer”: 1.")).to_be_visible(timeout=SOON)

    page.get_by_role("button", name="Pick all: 129").click()
    expect(_picks(page, "Flood 3")).to_be_checked(timeout=SOON)
    _picks(page, "Flood 3").click()
    expect(page.get_by_role("status").filter(has_text="Picked: 128")).to_be_visible(timeout=SOON)
    held_back(server, 1, "Late")
    expect(page.get_by_role("button", name="Pick all: 130")).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="Decline without a mail").click()
    expect(page.get_by_role("status").filter(has_text="Declined without a mail: 128.")).to_be_visible(
        timeout=SOON
    )
    expect(page.locator(".rows li")).to_have_count(2, timeout=SOON)

    page.get_by_role("button", name="Pick all: 2").click()
    page.locator(".together summary").click()
    page.get_by_role("button", name="Erase 2 for good").click()
    expect(page.get_by_role("status").filter(has_text="Erased: 2.")).to_be_visible(timeout=SOON)
    expect(page.locator(".nothing")).to_have_text("Nothing is held back.")
    page.get_by_role("button", name="To answer 2").click()
    expect(page.locator(".rows li")).to_have_count(2, timeout=SOON)
    assert httpx.get(f"{server.url}/api/v1/meeting-requests/{token}").json()["status"] == "pending"


def test_what_a_colleague_cleared_is_picked_no_more(phone: Phone, serve: Serve) -> None:
    server, page, other = serve(), phone(), phone()
    set_up(page, server)
    sign_in(other, server)
    held_back(server, 3)
    for each in (page, other):
        each.get_by_role("button", name="Held back 3").click(timeout=SOON)
    for name in ("Flood 0", "Flood 1"):
        _picks(page, name).click(timeout=SOON)
    expect(page.get_by_role("status").filter(has_text="Picked: 2")).to_be_visible(timeout=SOON)

    _picks(other, "Flood 0").click(timeout=SOON)
    other.get_by_role("button", name="Decline without a mail").click(timeout=SOON)

    expect(page.locator(".rows li")).to_have_count(2, timeout=SOON)
    expect(page.get_by_role("status").filter(has_text="Picked: 1")).to_be_visible(timeout=SOON)


@pytest.mark.parametrize(
    ("language", "colours"), [("en", "dark"), ("fr", "light"), ("es", "dark"), ("ru", "light")]
)
def test_no_staff_page_has_a_violation_at_320_px(
    language: str, colours: str, phone: Phone, serve: Serve
) -> None:
    server = serve()
    page = phone(locale=language, color_scheme=colours, viewport={"width": 320, "height": 640})
    page.goto(f"{server.url}/admin/sign-in")
    found = {"sign-in": _violations(page)}
    set_up(page, server)
    asked(server, "Dana", event="saiga-recovery")
    as_staff(server, accept, "Dana")
    asked(server, "Erlan")
    expect(page.locator(".rows li")).to_have_count(1, timeout=SOON)
    found["inbox"] = _violations(page)
    open_request(page, "Erlan")
    for summary in page.locator("summary").all():
        summary.click()
    found["request"] = _violations(page)
    held_back(server, 2)
    page.goto(f"{server.url}/admin")
    page.locator(".tabs .chip").nth(4).click(timeout=SOON)
    page.locator(".rows input").first.click(timeout=SOON)
    page.locator(".together summary").click(timeout=SOON)
    found["held back"] = _violations(page)
    for address in ("team", "accounts"):
        page.goto(f"{server.url}/admin/{address}")
        expect(page.locator(".panel").first).to_be_visible(timeout=SOON)
        found[address] = _violations(page)

    assert found == dict.fromkeys(found, ([], []))


def _violations(page: Page) -> tuple[list[tuple[str, list[str]]], list[str]]:
    wide: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("*")]
            .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
            .map(each => each.tagName + "." + each.className + each.textContent.slice(0, 20))"""
    )
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found], wide


def test_events_to_be_at_say_what_they_clash_with(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    set_up(page, server)
    page.goto(f"{server.url}/admin/team")
    for title in ("Transboundary Cooperation", "Saiga Networking Event"):
        page.locator(".ticks label", has_text=title).locator("input").click()
        expect(page.locator(".ticks label", has_text=title).locator("input")).to_be_checked(timeout=SOON)

    networking = page.locator(".ticks > li", has=page.locator("label", has_text="Saiga Networking Event"))
    expect(networking.locator("[data-verdict=certain]")).to_contain_text(
        "Transboundary Cooperation", timeout=SOON
    )
    page.locator(".ticks label", has_text="Cats of the Silk Road").locator("input").click()
    expect(networking.locator("[data-verdict=possible]")).to_contain_text(
        "Cats of the Silk Road", timeout=SOON
    )
