"""Calendar programs that follow: over many edits they hold what the phone and we show, each entry once."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
from sqlmodel import Session, select
from starlette.testclient import TestClient

from copapp.api.stored import forget
from copapp.database import reading, writing
from copapp.domain.event_form import EventForm
from copapp.interop.personal_calendar import Wishes
from copapp.models import Event, EventStatus, MeetingRequest, Room, StaffMember, StaffRole
from copapp.services import answers, draft, meetings, releasing, staff_calendars, team
from copapp.services.draft import Batch
from tests.askers import new_request, send
from tests.meeting_requests import TEN, add_member, terms

CALENDARS = "/api/v1/calendars"
MONDAY = datetime(2024, 2, 12, 6, 0, tzinfo=UTC)
EDITS = 50

Shown = tuple[str, datetime, datetime | None, str]


@dataclass
class Follower:
    """What a calendar program does: fetch, and believe an entry as far as its SEQUENCE allows."""

    line: TestClient
    path: str
    etag: str = ""
    held: dict[str, tuple[int, Shown]] = field(default_factory=dict)
    fetched: int = 0

    def look(self) -> None:
        answer = self.line.get(self.path, headers={"if-none-match": self.etag} if self.etag else {})
        if answer.status_code == 304:
            return
        self.etag, self.fetched = answer.headers["etag"], self.fetched + 1
        found: list[Any] = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
        told = {str(each["uid"]): (each["sequence"], _told(each)) for each in found}
        assert len(told) == len(found), "a UID came twice"
        for uid, (sequence, says) in told.items():
            before, said = self.held.get(uid, (-1, says))
            assert sequence >= before, f"SEQUENCE of {uid} fell"
            assert sequence > before or says[1:] == said[1:], f"{uid} moved under one SEQUENCE"
        self.held = told

    @property
    def shown(self) -> dict[str, Shown]:
        return {uid: says for uid, (_, says) in self.held.items()}


def _told(entry: Any) -> Shown:
    ends = entry["dtend"].dt if "dtend" in entry else None
    return str(entry["summary"]), entry["dtstart"].dt, ends, str(entry["status"])


@dataclass
class Phone:
    """What a phone knows: the programme it fetched, what it saved, and its own requests."""

    line: TestClient
    token: str
    request: str
    saved: set[str]

    def shown(self, *, only_saved: bool) -> dict[str, Shown]:
        events = self.line.get("/api/v1/programme").json()["events"]
        wanted = [each for each in events if not only_saved or each["slug"] in self.saved]
        return {each["uid"]: _of_event(each) for each in wanted}

    def meeting(self) -> tuple[datetime, str]:
        view = self.line.get(f"/api/v1/meeting-requests/{self.request}").json()
        if view["status"] == "cancelled":
            return _at(view["history"][-1]["starts"]), "CANCELLED"
        if view["meeting"]:
            return _at(view["meeting"]["starts"]), "CONFIRMED"
        return _at((view["proposal"] or {"starts": view["slot"]})["starts"]), "TENTATIVE"

    def save(self, *slugs: str) -> None:
        self.saved |= set(slugs)
        self.line.put(f"{CALENDARS}/{self.token}", json={"add": list(slugs)})

    def unsave(self, *slugs: str) -> None:
        self.saved -= set(slugs)
        self.line.put(f"{CALENDARS}/{self.token}", json={"remove": list(slugs)})


def _of_event(each: dict[str, Any]) -> Shown:
    return (
        each["title"],
        _at(each["starts"]),
        _at(each["ends"]) if each["ends"] else None,
        each["status"].upper(),
    )


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@dataclass
class Desk:
    """What staff do, one random thing after another, each released at once."""

    dice: random.Random
    turn: int = 0

    def edit(self) -> None:
        """Change one event of the draft and release it."""
        self.turn += 1
        now = MONDAY + timedelta(minutes=self.turn)
        with writing() as db:
            me = one_of_us(db, "aigul")
            event = self.dice.choice(list(db.exec(select(Event).order_by(Event.slug))))
            self.dice.choice(
                [self._move, self._cancel, self._restore, self._rename, self._add, self._remove]
            )(db, me, event, now)
            preview = releasing.preview(db)
            if preview.changes:
                releasing.make_release(db, me, preview.digest, "", now)
        forget()

    def _several(self, db: Session, me: StaffMember, event: Event, batch: Batch, now: datetime) -> None:
        draft.change_several(db, me, {event.slug: event.version}, batch, now)

    def _move(self, db: Session, me: StaffMember, event: Event, now: datetime) -> None:
        room = self.dice.choice(list(db.exec(select(Room.slug).order_by(Room.slug))))
        self._several(db, me, event, Batch(minutes=self.dice.choice([-30, 15, 60]), room=room), now)

    def _cancel(self, db: Session, me: StaffMember, event: Event, now: datetime) -> None:
        self._several(db, me, event, Batch(status=EventStatus.CANCELLED), now)

    def _restore(self, db: Session, me: StaffMember, event: Event, now: datetime) -> None:
        self._several(db, me, event, Batch(status=EventStatus.CONFIRMED), now)

    def _rename(self, db: Session, me: StaffMember, event: Event, now: datetime) -> None:
        room = db.get_one(Room, event.room_id).slug
        form = EventForm(f"Named anew, {self.turn}", event.starts, event.ends, room)
        draft.change_event(db, me, event.slug, event.version, form, now)

    def _add(self, db: Session, me: StaffMember, event: Event, now: datetime) -> None:
        form = EventForm(f"New, {self.turn}", event.starts + timedelta(hours=1), None, "ferghana")
        draft.add_event(db, me, form, now)

    def _remove(self, db: Session, me: StaffMember, event: Event, now: datetime) -> None:
        if self.turn % 2:
            draft.remove_events(db, me, {event.slug: event.version}, now)


@dataclass
class Us:
    """What two of us have to do, as our own pages say it, and who changes it."""

    line: TestClient
    dice: random.Random

    def cover(self, event: str) -> None:
        """Let one of us go to an event, or no longer."""
        with writing() as db:
            who = one_of_us(db, self.dice.choice(["aigul", "bolat"]))
            is_there = event in team.covered(db, who.id or 0)
            team.set_covered(db, one_of_us(db, "aigul"), who.id or 0, event, MONDAY, is_covered=not is_there)

    def shown(self, phone: Phone) -> dict[str, list[Shown]]:
        """Say what each of us has to do, by slug, in order."""
        events = {each["slug"]: each for each in self.line.get("/api/v1/programme").json()["events"]}
        with reading() as db:
            request = db.exec(select(MeetingRequest)).one()
            title = f"Meeting no. {request.id}"
            found: dict[str, list[Shown]] = {}
            for who in db.exec(select(StaffMember)).all():
                covered = team.covered(db, who.id or 0)
                found[who.slug] = [_of_event(events[each]) for each in covered if each in events]
                if request.member_id == who.id:
                    starts, state = phone.meeting()
                    words = f"{title}, not agreed yet" if state == "TENTATIVE" else title
                    found[who.slug].append((words, starts, starts + timedelta(minutes=30), state))
        return {slug: sorted(each, key=str) for slug, each in found.items()}


def one_of_us(db: Session, slug: str) -> StaffMember:
    return db.exec(select(StaffMember).where(StaffMember.slug == slug)).one()


def _staff_follower(line: TestClient, slug: str, *, of_team: bool = False) -> Follower:
    with writing() as db:
        me = one_of_us(db, slug)
        token = staff_calendars.make_staff_calendar(db, me, Wishes("en", 15), MONDAY, of_team=of_team)
    return Follower(line, f"{CALENDARS}/{token}.ics")


def _in_order(follower: Follower) -> list[Shown]:
    return sorted(follower.shown.values(), key=str)


def _meeting_moves(phone: Phone) -> list[Callable[[], object]]:
    """List what becomes of one meeting: wished, proposed twice, agreed, handed on, moved, and called off."""

    def by_staff(act: Callable[[Session, MeetingRequest, StaffMember], object]) -> Callable[[], object]:
        def do() -> None:
            with writing() as db:
                act(db, db.exec(select(MeetingRequest)).one(), one_of_us(db, "aigul"))

        return do

    def propose(hours: int) -> Callable[[], object]:
        return by_staff(
            lambda db, request, me: meetings.propose(
                db, request.id or 0, me, terms(me, TEN + timedelta(hours=hours)), MONDAY
            )
        )

    def take() -> None:
        with writing() as db:
            waiting = db.exec(select(MeetingRequest)).one().proposal or 0
            answers.answer_accept(db, phone.request, waiting, MONDAY)

    def hand_on(db: Session, request: MeetingRequest, me: StaffMember) -> None:
        meetings.reassign(db, request.id or 0, me, one_of_us(db, "bolat").id or 0, MONDAY)

    cancel = by_staff(lambda db, request, me: meetings.cancel(db, request.id or 0, me, MONDAY))
    return [propose(1), propose(2), take, by_staff(hand_on), propose(3), take, cancel]


def test_calendar_programs_always_hold_what_the_phone_and_we_show(line: TestClient) -> None:
    with writing() as db:
        add_member(db, "aigul").role = StaffRole.COORDINATOR
        add_member(db, "bolat")
    dice = random.Random(14)
    slugs = [each["slug"] for each in line.get("/api/v1/programme").json()["events"]]
    request = send(line, new_request("Dana", slot=TEN.isoformat())).json()["token"]
    body = {"bookmarks": slugs[:4], "meetings": [request]}
    token = line.post(CALENDARS, json=body, headers={"idempotency-key": "the-phone"}).json()["token"]
    phone = Phone(line, token, request, set(slugs[:4]))
    mine, everything = Follower(line, f"{CALENDARS}/{token}.ics"), Follower(line, "/api/v1/programme.ics")
    own = {each: _staff_follower(line, each) for each in ("aigul", "bolat")}
    all_of_us = _staff_follower(line, "aigul", of_team=True)
    desk, us, moves = Desk(dice), Us(line, dice), _meeting_moves(phone)

    for turn in range(EDITS):
        desk.edit()
        there = [each["slug"] for each in line.get("/api/v1/programme").json()["events"]]
        dice.choice([phone.save, phone.unsave])(*dice.sample(there, 2))
        us.cover(dice.choice(there))
        if turn % 7 == 6 and moves:
            moves.pop(0)()
        for each in (mine, everything, mine, everything, *own.values(), all_of_us):
            each.look()

        events = phone.shown(only_saved=True)
        held = mine.shown
        [entry] = [held[uid] for uid in held.keys() - events.keys()]
        assert (entry[1], entry[3]) == phone.meeting()
        assert {uid: held[uid] for uid in events} == events
        assert everything.shown == phone.shown(only_saved=False)
        have = us.shown(phone)
        assert {slug: _in_order(each) for slug, each in own.items()} == have
        assert _in_order(all_of_us) == sorted(
            ((f"{slug.title()}: {words}", *rest) for slug, told in have.items() for words, *rest in told),
            key=str,
        )

    assert not moves
    assert mine.fetched <= EDITS
    assert EDITS / 3 < everything.fetched <= EDITS
