"""One request in a browser: every act does what was on the screen, or says what is there meanwhile."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocketRoute, expect
from sqlmodel import Session, col, select

from copapp.domain.meetings import Terms
from copapp.models import Availability, MeetingMove, MeetingNote, MeetingRequest, StaffMember, StaffRole
from copapp.services import meetings, team
from copapp.services.staff import add_member
from copapp.services.tokens import request_token
from tests.browser.acts import journey_of
from tests.browser.conftest import Phone, _serve
from tests.browser.server import DelegateServer
from tests.browser.staff import request_status, set_up
from tests.browser.test_inbox import NOW, TEN, asked, changing, sign_in
from tests.browser.wire import Wire

pytestmark = pytest.mark.browser

SOON, BACK = 10_000, 30_000
VENUE = ZoneInfo("Asia/Samarkand")
HOUR = timedelta(hours=1)
SATURDAY = TEN + timedelta(days=4)
_WORKING_DAYS = [TEN + timedelta(days=day) for day in range(4)]
_names = (f"Person{number}" for number in count(1))
# Each test has times of its own: what one agrees is in nobody else's way.
_half_hours = (day - HOUR + timedelta(minutes=30) * turn for day in _WORKING_DAYS for turn in range(18))


def propose(starts: datetime) -> Callable[..., object]:
    """Give the act of proposing half an hour with whoever does it."""

    def act(db: Session, number: int, by: StaffMember, now: datetime) -> object:
        return meetings.propose(db, number, by, _terms(starts, by), now)

    return act


def agree(starts: datetime) -> Callable[..., object]:
    """Give the act of accepting half an hour with whoever does it."""

    def act(db: Session, number: int, by: StaffMember, now: datetime) -> object:
        return meetings.accept(db, number, by, _terms(starts, by), now)

    return act


def _terms(starts: datetime, member: StaffMember) -> Terms:
    return Terms(starts, starts + timedelta(minutes=30), member.id or 0)


@dataclass(frozen=True)
class Desk:
    """A served app with Aigul, who is signed in on a page, and her colleagues."""

    server: DelegateServer
    page: Page
    phone: Phone
    line: "Line"

    @staticmethod
    def half_hour() -> datetime:
        """Give a time that nobody else wants."""
        return next(_half_hours)

    def request(self, starts: datetime | None = None) -> str:
        """Ask for a meeting; give the name of who asks."""
        name = next(_names)
        asked(self.server, name, starts or self.half_hour())
        return name

    def number(self, name: str) -> int:
        """Give the number of the request of that name."""
        with changing(self.server) as db:
            return self._row(db, name).id or 0

    def open(self, name: str, page: Page | None = None) -> Page:
        """Open a request by its address."""
        page = page or self.page
        page.goto(f"{self.server.url}/admin/request?id={self.number(name)}")
        expect(page.locator("article.request h1")).to_have_text(name, timeout=SOON)
        return page

    def meanwhile(self, act: Callable[..., Any], name: str, who: str = "Bolat", **given: Any) -> None:
        """Let a colleague do something with a request."""
        with changing(self.server) as db:
            member = db.exec(select(StaffMember).where(StaffMember.name == who)).one()
            act(db, self._row(db, name).id, member, now=NOW, **given)

    def counter(self, name: str, starts: datetime) -> None:
        """Let the delegate propose another time."""
        with changing(self.server) as db:
            request = self._row(db, name)
            body = {"action": "counter", "proposal": request.proposal, "slot": starts.isoformat()}
            address = f"{self.server.url}/api/v1/meeting-requests/{request_token(db, request)}/answer"
        httpx.post(address, json=body).raise_for_status()

    def told(self, name: str) -> MeetingRequest:
        """Give the request as it is written."""
        with changing(self.server) as db:
            row = self._row(db, name)
            db.expunge(row)
            return row

    def lines(self, name: str) -> list[tuple[str, str]]:
        """List who did what to a request."""
        with changing(self.server) as db:
            lines = select(MeetingMove).where(MeetingMove.request_id == self._row(db, name).id)
            return [(each.actor, each.kind) for each in db.exec(lines.order_by(col(MeetingMove.id)))]

    def notes(self, name: str) -> list[str]:
        """List what staff wrote about a request."""
        with changing(self.server) as db:
            notes = select(MeetingNote).where(MeetingNote.request_id == self._row(db, name).id)
            return [each.text for each in db.exec(notes)]

    def member(self, name: str) -> int:
        """Give the number of one of us."""
        with changing(self.server) as db:
            return db.exec(select(StaffMember).where(StaffMember.name == name)).one().id or 0

    @staticmethod
    def _row(db: Session, name: str) -> MeetingRequest:
        return db.exec(select(MeetingRequest).where(MeetingRequest.name == name)).one()


class Line:
    """The socket of a page, of which what comes down can be held back: as slow a network as a test likes."""

    def __init__(self, page: Page) -> None:
        self._held: list[str | bytes] | None = None
        page.route_web_socket(re.compile("/_event"), self._open)

    def _open(self, route: WebSocketRoute) -> None:
        self._page, server = route, route.connect_to_server()
        route.on_message(server.send)
        server.on_message(self._down)

    def _down(self, message: str | bytes) -> None:
        if self._held is None:
            self._page.send(message)
        else:
            self._held.append(message)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let nothing come down until the end."""
        self._held = []
        yield
        late, self._held = self._held, None
        for message in late:
            self._page.send(message)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[DelegateServer]:
    """One server for all: Aigul and Bolat can be met all week but on Saturday, when Camille can."""
    with ExitStack() as running:
        server = _serve(tmp_path_factory, {}, running)
        first = browser.new_page()
        set_up(first, server)
        first.close()
        with changing(server) as db:
            aigul = db.exec(select(StaffMember)).one()
            for name in ("Bolat", "Camille"):
                add_member(db, aigul, name, f"{name.lower()}@example.org", StaffRole.MEMBER, NOW)
            for member in db.exec(select(StaffMember)).all():
                days = [SATURDAY] if member.name == "Camille" else _WORKING_DAYS
                db.add_all(
                    Availability(member_id=member.id or 0, starts=day - HOUR, ends=day + 8 * HOUR)
                    for day in days
                )
        yield server


@pytest.fixture
def desk(house: DelegateServer, phone: Phone) -> Desk:
    page = phone()
    line = Line(page)
    sign_in(page, house)
    return Desk(house, page, phone, line)


def when(instant: datetime) -> str:
    """Write an instant as staff's pages do."""
    return f"{instant.astimezone(VENUE):%a %-d %B, %H:%M}"


def when_theirs(instant: datetime) -> str:
    return f"As the delegate proposes: {when(instant)}"


def accept(page: Page) -> None:
    page.get_by_role("button", name="Accept", exact=True).click()


def write(page: Page, act: str, words: str) -> Locator:
    """Open the form of an act and write something into it."""
    form = page.locator("details.act", has=page.locator("summary", has_text=act))
    form.locator("summary").click()
    form.locator("[name=words]").fill(words)
    return form


@journey_of("RequestState.accept")
def test_one_is_looked_at_and_another_is_accepted(desk: Desk) -> None:
    one, other = desk.request(), desk.request()
    page = desk.page
    page.goto(f"{desk.server.url}/admin")
    page.locator(".rows a", has_text=one).click()
    expect(page.locator("article.request h1")).to_have_text(one)
    page.locator(".back").click()
    page.locator(".rows a", has_text=other).click()
    expect(page.locator("article.request h1")).to_have_text(other)
    accept(page)

    expect(request_status(page, "accepted")).to_be_visible(timeout=SOON)
    assert desk.told(other).status == "accepted"
    assert desk.lines(one) == [("delegate", "ask")]


def test_nothing_of_the_former_request_is_shown_while_another_is_on_its_way(desk: Desk) -> None:
    one, other = desk.request(), desk.request()
    page = desk.open(one)
    page.locator(".back").click()
    expect(page.locator(".rows a", has_text=other)).to_be_visible(timeout=SOON)

    with desk.line.held():
        page.locator(".rows a", has_text=other).click()
        expect(page).to_have_url(re.compile(r"\?id="))
        expect(page.locator("article.request, .answers button")).to_have_count(0)

    expect(page.locator("article.request h1")).to_have_text(other, timeout=SOON)


@journey_of("RequestState.propose", "RequestState.accept")
def test_a_delegates_new_time_replaces_what_was_prepared(desk: Desk) -> None:
    name, ours, theirs = desk.request(), desk.half_hour(), desk.half_hour()
    page = desk.open(name)
    page.locator(".terms summary").click()
    page.fill("[name=starts]", f"{ours.astimezone(VENUE):%Y-%m-%dT%H:%M}")
    expect(page.locator(".offered")).to_contain_text(when(ours), timeout=SOON)
    write(page, "Propose another time", "In the morning we cannot.").locator("button").click()
    expect(page.locator(".proposal")).to_contain_text(when(ours), timeout=SOON)
    expect(page.locator("details.act[open]")).to_have_count(0)
    expect(page.locator(".answers [name=words]")).to_have_value("")

    desk.counter(name, theirs)
    expect(page.locator(".offered")).to_contain_text(
        f"As the delegate proposes: {when(theirs)}", timeout=SOON
    )
    expect(page.locator(".meanwhile li").first).to_contain_text("A time was proposed")
    expect(page.locator(".meanwhile")).to_contain_text("The delegate proposed another time")
    expect(page.locator(".meanwhile")).to_contain_text(when(theirs))
    accept(page)

    expect(request_status(page, "accepted")).to_be_visible(timeout=SOON)
    assert desk.told(name).starts == theirs
    expect(page.locator(".meanwhile")).to_have_count(0)


def test_another_time_than_the_delegates_can_only_be_proposed(desk: Desk) -> None:
    name, theirs = desk.request(), desk.half_hour()
    desk.meanwhile(propose(desk.half_hour()), name)
    desk.counter(name, theirs)
    page = desk.open(name)
    page.locator(".terms summary").click()
    page.locator("[name=minutes]").select_option("45")
    page.fill("[name=starts]", f"{desk.half_hour().astimezone(VENUE):%Y-%m-%dT%H:%M}")

    expect(page.locator(".offered")).to_contain_text(f"The delegate proposes {when(theirs)}", timeout=SOON)
    expect(page.get_by_role("button", name="Accept", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Take the delegate’s time").click()
    expect(page.locator(".offered")).to_contain_text(
        f"As the delegate proposes: {when(theirs)}", timeout=SOON
    )
    accept(page)

    expect(request_status(page, "accepted")).to_be_visible(timeout=SOON)
    told = desk.told(name)
    assert (told.starts, told.ends) == (theirs, theirs + timedelta(minutes=45))


@journey_of("RequestState.decline")
def test_declining(desk: Desk) -> None:
    name = desk.request()
    page = desk.open(name)
    write(page, "Decline", "We are all in the plenary.").get_by_role("button").click()

    expect(request_status(page, "declined")).to_be_visible(timeout=SOON)
    expect(page.locator(".history")).to_contain_text("We are all in the plenary.")
    assert desk.lines(name) == [("delegate", "ask"), ("staff", "decline")]


def test_withdrawing_what_we_proposed_is_called_so(desk: Desk) -> None:
    name = desk.request()
    desk.meanwhile(propose(desk.half_hour()), name)
    page = desk.open(name)
    write(page, "Withdraw the proposal", "").get_by_role("button").click()

    expect(page.locator(".history")).to_contain_text("Our proposal was withdrawn", timeout=SOON)
    expect(request_status(page, "declined")).to_be_visible()


@journey_of("RequestState.cancel")
def test_calling_a_meeting_off(desk: Desk) -> None:
    name, at = desk.request(), desk.half_hour()
    desk.meanwhile(agree(at), name)
    page = desk.open(name)
    write(page, "Cancel the meeting", "Our flight is late.").get_by_role("button").click()

    expect(request_status(page, "cancelled")).to_be_visible(timeout=SOON)
    assert desk.lines(name)[-1] == ("staff", "cancel")
    assert not desk.told(name).is_held


@journey_of("RequestState.reassign")
def test_handing_over_leaves_a_bar_for_the_colleague(desk: Desk) -> None:
    name = desk.request()
    page = desk.open(name)
    page.fill(".notes [name=words]", "Half a note")
    form = write(page, "Hand to a colleague", "You know them.")
    form.locator("[name=member]").select_option(label="Bolat")
    form.get_by_role("button").click()

    expect(page.locator(".history")).to_contain_text("Handed to Bolat · Aigul", timeout=SOON)
    expect(page.locator(".offered")).to_contain_text("Bolat")
    expect(page.locator(".notes li")).to_contain_text("You know them.")
    expect(page.locator(".notes [name=words]")).to_have_value("Half a note")
    expect(page.locator("details.act[open]")).to_have_count(0)
    assert desk.told(name).member_id == desk.member("Bolat")
    page.locator(".terms summary").click()
    page.locator("form#terms [name=member]").select_option(label="Aigul Sadykova")
    expect(page.locator(".answers")).to_contain_text(
        "This is with Bolat; your answer gives it to Aigul", timeout=SOON
    )


@journey_of("RequestState.add_note")
def test_a_note_is_kept_and_the_field_is_empty(desk: Desk) -> None:
    name = desk.request()
    page = desk.open(name)
    page.fill(".notes [name=words]", "Owes us a reply.")
    page.get_by_role("button", name="Keep note").click()

    expect(page.locator(".notes li")).to_contain_text("Owes us a reply.", timeout=SOON)
    expect(page.locator(".notes [name=words]")).to_have_value("")


def hand_over(page: Page) -> None:
    form = write(page, "Hand to a colleague", "Half written")
    form.locator("[name=member]").select_option(label="Bolat")
    form.get_by_role("button").click()


def keep_note(page: Page) -> None:
    page.fill(".notes [name=words]", "Half written")
    page.get_by_role("button", name="Keep note").click()


LATE = {
    "accept": accept,
    "propose": lambda page: write(page, "Propose another time", "Half written").locator("button").click(),
    "decline": lambda page: write(page, "Decline", "Half written").get_by_role("button").click(),
    "reassign": hand_over,
    "note": keep_note,
}


@pytest.mark.parametrize("act", LATE)
def test_a_tap_on_what_is_no_longer_so_does_nothing_and_shows_both(act: str, desk: Desk) -> None:
    name, at = desk.request(), desk.half_hour()
    page = desk.open(name)

    with desk.line.held():
        desk.meanwhile(propose(at), name)
        LATE[act](page)
        page.evaluate("new Promise(requestAnimationFrame)")

    expect(page.locator("[role=alert]")).to_contain_text("Not done: the request has changed", timeout=SOON)
    expect(page.locator(".meanwhile")).to_contain_text("On your screen:Asked for a meeting")
    expect(page.locator(".meanwhile")).to_contain_text(f"A time was proposed · Bolat · {when(at)}")
    assert desk.lines(name) == [("delegate", "ask"), ("staff", "propose")]
    assert desk.notes(name) == []
    if act not in {"accept", "reassign"}:  # what can no longer be done has no form
        words = [each.input_value() for each in page.locator("[name=words]").all()]
        assert "Half written" in words


def test_a_late_tap_cannot_call_off_what_has_moved(desk: Desk) -> None:
    name, at, later = desk.request(), desk.half_hour(), desk.half_hour()
    desk.meanwhile(agree(at), name)
    page = desk.open(name)

    with desk.line.held():
        desk.meanwhile(propose(later), name)
        write(page, "Cancel the meeting", "").get_by_role("button").click()
        page.evaluate("new Promise(requestAnimationFrame)")

    expect(page.locator("[role=alert]")).to_contain_text("Not done: the request has changed", timeout=SOON)
    assert desk.told(name).is_held


def test_of_two_at_once_one_is_told_what_the_other_did(desk: Desk) -> None:
    name = desk.request()
    one, other = desk.open(name), desk.phone()
    sign_in(other, desk.server)
    desk.open(name, other)

    with desk.line.held():
        write(other, "Decline", "").get_by_role("button").click()
        expect(request_status(other, "declined")).to_be_visible(timeout=SOON)
        accept(one)
        one.evaluate("new Promise(requestAnimationFrame)")

    expect(one.locator("[role=alert]")).to_contain_text("Not done", timeout=SOON)
    assert desk.lines(name) == [("delegate", "ask"), ("staff", "decline")]


LATE_OF_ONE = {"accept": "Accepted", "decline": "Declined"}


@pytest.mark.parametrize("act", LATE_OF_ONE)
def test_of_two_tabs_of_one_person_one_shows_what_was_done_in_the_other(act: str, desk: Desk) -> None:
    """It said only "Not done"; or nothing, where the same was done on other terms."""
    name = desk.request()
    one, other = desk.open(name), desk.page.context.new_page()
    desk.open(name, other)

    with desk.line.held():
        LATE[act](other)
        expect(request_status(other, {"accept": "accepted", "decline": "declined"}[act])).to_be_visible(
            timeout=SOON
        )
        accept(one)
        one.evaluate("new Promise(requestAnimationFrame)")

    expect(one.locator("[role=alert]")).to_contain_text("Not done: the request has changed", timeout=SOON)
    expect(one.locator(".meanwhile")).to_contain_text("On your screen:Asked for a meeting")
    expect(one.locator(".meanwhile")).to_contain_text(f"{LATE_OF_ONE[act]} · Aigul")
    expect(other.locator(".meanwhile")).to_have_count(0)
    other.close()


def test_buttons_rest_after_a_change_of_ones_own_elsewhere(desk: Desk) -> None:
    name = desk.request()
    one, other = desk.open(name), desk.page.context.new_page()
    desk.open(name, other)
    expect(one.locator(".rests")).to_have_count(0)

    hand_over(other)

    expect(one.locator(".meanwhile")).to_contain_text("Handed to Bolat · Aigul", timeout=SOON)
    expect(one.locator("button.accept.rests")).to_have_count(1)
    expect(other.locator(".history")).to_contain_text("Handed to Bolat", timeout=SOON)
    expect(other.locator(".meanwhile, .rests")).to_have_count(0)
    other.close()


def test_a_second_tap_is_no_complaint(desk: Desk) -> None:
    name = desk.request()
    page = desk.open(name)

    with desk.line.held():
        accept(page)
        accept(page)
        page.evaluate("new Promise(requestAnimationFrame)")

    expect(request_status(page, "accepted")).to_be_visible(timeout=SOON)
    expect(page.locator(".banner.stop")).to_have_count(0)
    assert desk.lines(name) == [("delegate", "ask"), ("staff", "accept")]


def test_a_change_under_the_finger_is_not_tapped(desk: Desk) -> None:
    name, theirs = desk.request(), desk.half_hour()
    desk.meanwhile(propose(desk.half_hour()), name)
    desk.counter(name, theirs)
    page = desk.open(name)
    button = page.get_by_role("button", name="Accept", exact=True)
    box = button.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()

    desk.meanwhile(meetings.reassign, name, member_id=desk.member("Camille"))
    expect(page.locator(".meanwhile")).to_contain_text("Handed to Camille", timeout=SOON)
    page.mouse.up()
    keep_note(page)

    expect(page.locator(".notes li")).to_contain_text("Half written", timeout=SOON)
    assert desk.lines(name)[-1] == ("staff", "reassign")


def test_what_was_chosen_stays_while_what_it_answers_does(desk: Desk) -> None:
    name, ours = desk.request(), desk.half_hour()
    page = desk.open(name)
    page.locator(".terms summary").click()
    page.fill("[name=starts]", f"{ours.astimezone(VENUE):%Y-%m-%dT%H:%M}")
    expect(page.locator(".offered")).to_contain_text(when(ours), timeout=SOON)

    desk.meanwhile(meetings.note, name, text="Seen in the lobby.")
    asked(desk.server, next(_names), None)
    expect(page.locator(".notes li")).to_contain_text("Seen in the lobby.", timeout=SOON)

    expect(page.locator(".offered")).to_contain_text(when(ours))
    expect(page.locator(".meanwhile")).to_have_count(0)


def test_a_place_that_is_typed_last_is_taken(desk: Desk) -> None:
    name = desk.request()
    page = desk.open(name)
    page.locator(".terms summary").click()
    page.fill("form#terms [name=place]", "Table 4")
    accept(page)

    expect(request_status(page, "accepted")).to_be_visible(timeout=SOON)
    assert desk.told(name).place == "Table 4"


def test_a_place_that_is_typed_last_is_taken_on_a_slow_network(desk: Desk) -> None:
    name, wire = desk.request(), Wire(desk.server.port)
    page = desk.phone()
    sign_in(page, desk.server)
    page.goto(f"{wire.url}/admin/request?id={desk.number(name)}")
    page.locator(".terms summary").click(timeout=SOON)
    wire.seconds = 1.0
    page.fill("form#terms [name=place]", "Table 4")
    accept(page)

    expect(request_status(page, "accepted")).to_be_visible(timeout=SOON)
    assert desk.told(name).place == "Table 4"
    page.goto("about:blank")
    wire.close()


def type_a_place_without_a_connection(desk: Desk, name: str, place: str) -> Page:
    """Open a request as Aigul, lose the connection and type where; the page stays without one."""
    page = desk.phone()
    sign_in(page, desk.server)
    desk.open(name, page)
    page.locator(".terms summary").click()
    page.context.set_offline(True)
    expect(page.locator(".connection")).to_contain_text("No connection since", timeout=SOON)
    page.fill("form#terms [name=place]", place)
    page.locator("form#terms [name=place]").blur()
    expect(page.locator(".connection")).to_contain_text("Not sent: Place, in words.")
    return page


def test_a_place_that_was_not_sent_is_shown_before_it_is_agreed(desk: Desk) -> None:
    """It stood in the field alone, and Accept wrote it."""
    name = desk.request()
    page = type_a_place_without_a_connection(desk, name, "Table 4 on Tuesday")
    page.context.set_offline(False)
    expect(page.locator(".connection")).to_contain_text("The connection is back", timeout=BACK)
    expect(page.locator(".offered")).not_to_contain_text("Table 4")
    accept(page)

    expect(page.locator("[role=alert]")).to_contain_text("Not done yet", timeout=SOON)
    expect(page.locator(".offered")).to_contain_text("Table 4 on Tuesday")
    assert desk.lines(name) == [("delegate", "ask")]
    accept(page)
    expect(request_status(page, "accepted")).to_be_visible(timeout=SOON)
    assert desk.told(name).place == "Table 4 on Tuesday"


@pytest.mark.parametrize("change", ["counter", "hand over"])
def test_a_place_typed_for_a_former_state_is_told_and_not_agreed(change: str, desk: Desk) -> None:
    """The delegate countered with another day, and "Table 4 on Tuesday" was agreed for it."""
    name, theirs = desk.request(), desk.half_hour()
    desk.meanwhile(propose(desk.half_hour()), name)
    page = type_a_place_without_a_connection(desk, name, "Table 4 on Tuesday")
    desk.counter(name, theirs)
    if change == "hand over":
        desk.meanwhile(meetings.reassign, name, member_id=desk.member("Bolat"))
    page.context.set_offline(False)

    expect(page.locator(".offered")).to_contain_text(when_theirs(theirs), timeout=BACK)
    expect(page.locator("form#terms [name=place]")).to_have_value("")
    expect(page.locator(".meanwhile")).to_contain_text(
        "Typed as the place, not taken over: Table 4 on Tuesday"
    )
    accept(page)
    expect(request_status(page, "accepted")).to_be_visible(timeout=SOON)
    assert desk.told(name).place == ""


def test_a_half_typed_place_stays_while_a_colleague_notes(desk: Desk) -> None:
    name = desk.request()
    page = desk.open(name)
    page.locator(".terms summary").click()
    page.fill("form#terms [name=place]", "Tab")

    desk.meanwhile(meetings.note, name, text="Seen in the lobby.")

    expect(page.locator(".notes li")).to_contain_text("Seen in the lobby.", timeout=SOON)
    expect(page.locator("form#terms [name=place]")).to_have_value("Tab")


def test_a_time_that_had_not_arrived_is_shown_before_it_is_taken(desk: Desk) -> None:
    name, ours = desk.request(), desk.half_hour()
    page = desk.open(name)
    page.locator(".terms summary").click()

    with desk.line.held():
        page.fill("[name=starts]", f"{ours.astimezone(VENUE):%Y-%m-%dT%H:%M}")
        accept(page)
        page.evaluate("new Promise(requestAnimationFrame)")

    expect(page.locator("[role=alert]")).to_contain_text("Not done yet", timeout=SOON)
    expect(page.locator(".offered")).to_contain_text(when(ours))
    assert desk.lines(name) == [("delegate", "ask")]
    accept(page)
    expect(request_status(page, "accepted")).to_be_visible(timeout=SOON)
    assert desk.told(name).starts == ours


def test_anyone_is_who_is_free_in_their_own_hours(desk: Desk) -> None:
    name = desk.request(SATURDAY)
    page = desk.open(name)
    expect(page.locator(".offered")).to_contain_text("Camille")
    expect(page.locator(".clashes")).to_have_count(0)

    page.locator(".terms summary").click()
    page.locator("form#terms [name=member]").select_option(label="Aigul Sadykova")
    expect(page.locator(".clashes")).to_contain_text(
        "Outside the hours that Aigul Sadykova has given", timeout=SOON
    )
    page.get_by_role("button", name="Camille is free then").click()
    expect(page.locator(".offered")).to_contain_text("Camille", timeout=SOON)
    expect(page.locator(".clashes")).to_have_count(0)
    accept(page)

    expect(request_status(page, "accepted")).to_be_visible(timeout=SOON)
    assert desk.told(name).member_id == desk.member("Camille")


def saturday_of_bolat(desk: Desk) -> int:
    """Let Bolat be there for an hour on Saturday, before Camille is thought of."""
    with changing(desk.server) as db:
        hours = Availability(
            member_id=desk.member("Bolat"), starts=SATURDAY + 4 * HOUR, ends=SATURDAY + 5 * HOUR
        )
        db.add(hours)
        db.flush()
        return hours.id or 0


def without_hours(desk: Desk, number: int) -> None:
    with changing(desk.server) as db:
        bolat = db.exec(select(StaffMember).where(StaffMember.name == "Bolat")).one()
        team.remove_hours(db, bolat, number, NOW)


def test_a_suggestion_that_nobody_touched_is_made_anew(desk: Desk) -> None:
    """Bolat's hours were taken away, and the page went on proposing Bolat, marked "In the way"."""
    hours = saturday_of_bolat(desk)
    name = desk.request(SATURDAY + 4 * HOUR)
    page = desk.open(name)
    expect(page.locator(".offered")).to_contain_text("Bolat")
    box = page.get_by_role("button", name="Accept", exact=True).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()

    without_hours(desk, hours)
    expect(page.locator(".offered")).to_contain_text("Camille", timeout=SOON)
    page.mouse.up()
    expect(page.locator("button.accept.rests")).to_have_count(1)
    expect(page.locator(".clashes")).to_have_count(0)
    keep_note(page)
    expect(page.locator(".notes li")).to_contain_text("Half written", timeout=SOON)
    assert desk.lines(name) == [("delegate", "ask")]
    accept(page)

    expect(request_status(page, "accepted")).to_be_visible(timeout=SOON)
    assert desk.told(name).member_id == desk.member("Camille")


def test_who_was_chosen_stays_when_their_hours_go(desk: Desk) -> None:
    hours = saturday_of_bolat(desk)
    name = desk.request(SATURDAY + 4.5 * HOUR)
    page = desk.open(name)
    page.locator(".terms summary").click()
    page.locator("form#terms [name=member]").select_option(label="Camille")
    expect(page.locator(".offered")).to_contain_text("Camille", timeout=SOON)
    page.locator("form#terms [name=member]").select_option(label="Bolat")
    expect(page.locator(".offered")).to_contain_text("Bolat", timeout=SOON)

    without_hours(desk, hours)

    expect(page.locator(".clashes")).to_contain_text("Outside the hours that Bolat has given", timeout=SOON)
    expect(page.locator(".offered")).to_contain_text("Bolat")


def test_a_fault_is_said_and_logged(desk: Desk) -> None:
    name = desk.request()
    page = desk.open(name)
    with changing(desk.server) as db:
        db.connection().exec_driver_sql(
            "CREATE TRIGGER broken BEFORE INSERT ON meetingnote BEGIN SELECT RAISE(ABORT, 'broken'); END"
        )
    try:
        keep_note(page)
        expect(page.locator("[role=alert]")).to_contain_text("Something went wrong on our side", timeout=SOON)
    finally:
        with changing(desk.server) as db:
            db.connection().exec_driver_sql("DROP TRIGGER broken")

    expect(page.locator(".notes [name=words]")).to_have_value("Half written")
    assert "handler failed: IntegrityError" in desk.server.log.read_text()
    assert "Half written" not in desk.server.log.read_text()
