"""The live state of one request: what it says, the terms being prepared, and what was done."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session, select

from copapp.clock import clock
from copapp.database import reading, writing
from copapp.domain.meetings import MoveRefusedError, Terms, TermsError
from copapp.domain.slots import Span
from copapp.models import MeetingRequest, StaffMember
from copapp.presenters.inbox import ClashView, DetailView, clash_view, detail_view, names_of
from copapp.services import engagements, inbox, meetings, moves
from copapp.services.holds import SlotTakenError
from copapp.services.queries import latest_release
from copapp.services.slots import active_members, member_slots, the_conference
from copapp.staff.choice import Choice
from copapp.staff.signed_in import signed_in

_LONGEST_WORDS = 2000
_LOCAL = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True)
class TimeChoice:
    """A slot to choose; `value` is the venue's date and clock as a field of the form holds them."""

    value: str
    clock: str
    is_busy: bool


@dataclass(frozen=True)
class Draft:
    """The terms as the form holds them: the venue's clock, minutes, numbers and slugs as text."""

    starts: str = ""
    minutes: int = 30
    member: str = ""
    room: str = ""
    place: str = ""

    def terms(self, zone: ZoneInfo) -> Terms | None:
        """Give the terms; None while they are not whole."""
        try:
            starts = datetime.strptime(self.starts, _LOCAL).replace(tzinfo=zone).astimezone(UTC)
            member = int(self.member)
        except ValueError:
            return None
        place = " ".join(self.place.split())[:200]
        return Terms(starts, starts + timedelta(minutes=self.minutes), member, place, self.room or None)


Act = Callable[[Session, StaffMember, datetime], object]


@dataclass(frozen=True)
class Loaded:
    """Everything that the page shows of a request, read at once."""

    request: DetailView
    members: list[Choice]
    rooms: list[Choice]
    draft: Draft


class RequestState(rx.State):
    """One request, at `/admin/request?id=…`."""

    request: DetailView = DetailView()
    draft: Draft = Draft()
    clashes: list[ClashView] = []  # noqa: RUF012 - Reflex copies a state's defaults
    members: list[Choice] = []  # noqa: RUF012
    rooms: list[Choice] = []  # noqa: RUF012
    days: list[str] = []  # noqa: RUF012
    day: str = ""
    times: list[TimeChoice] = []  # noqa: RUF012
    member_name: str = ""
    is_missing: bool = False
    problem: str = ""
    taken_by: str = ""

    @rx.event
    async def open_request(self) -> None:
        """Show the request of the address, with terms that two taps suffice for."""
        self.reset()
        await self._load()
        await self._look_ahead()

    @rx.event
    async def refresh(self) -> None:
        """Read the request anew; the terms being prepared stay."""
        await self._read_again()

    async def _read_again(self) -> None:
        if self.request.id:
            prepared = self.draft
            await self._load()
            self.draft = prepared
            await self._look_ahead()

    async def _load(self) -> None:
        me = await signed_in()
        found = await asyncio.to_thread(_load, self._number(), me.id or 0)
        self.is_missing = found is None
        if found is None:
            self.request = DetailView()
            return
        self.request, self.draft = found.request, found.draft
        self.members, self.rooms = found.members, found.rooms

    def _number(self) -> int:
        given = self.router.url.query_parameters.get("id", "")
        return int(given) if given.isdecimal() and len(given) < 10 else 0  # noqa: PLR2004 - what a row's number fits in

    async def _look_ahead(self) -> None:
        """Name what the terms would run into, and the slots of that colleague on that day."""
        draft = self.draft
        self.clashes, found = await asyncio.to_thread(_ahead, draft, self.request.id)
        self.days = sorted({each.value[:10] for each in found})
        self.day = draft.starts[:10]
        self.times = [each for each in found if each.value[:10] == self.day]
        self.member_name = next((each.label for each in self.members if each.value == draft.member), "")

    @rx.event
    async def choose(self, name: str, value: str) -> None:
        """Change one of the terms; the clashes are named at once."""
        self.problem = self.taken_by = ""
        if name == "minutes":
            self.draft = replace(self.draft, minutes=_minutes(value))
        elif name == "room":
            label = next((each.label for each in self.rooms if each.value == value), self.draft.place)
            self.draft = replace(self.draft, room=value, place=label)
        elif name == "day":
            self.draft = replace(self.draft, starts=f"{value[:10]}T{self.draft.starts[11:] or '09:00'}")
        elif name in {"starts", "member", "place"}:
            self.draft = replace(self.draft, **dict[str, Any]({name: value[:200]}))
        await self._look_ahead()

    @rx.event
    async def accept(self) -> None:
        """Agree to these terms."""
        await self._on_terms(lambda db, me, terms, now: meetings.accept(db, self._number(), me, terms, now))

    @rx.event
    async def propose(self, given: dict[str, Any]) -> None:
        """Propose these terms, with words for the delegate if there are any."""
        words = _words(given)
        await self._on_terms(
            lambda db, me, terms, now: meetings.propose(db, self._number(), me, terms, now, words)
        )

    @rx.event
    async def decline(self, given: dict[str, Any]) -> None:
        """Decline, with a reason only if one was written."""
        await self._do(lambda db, me, now: meetings.decline(db, self._number(), me, now, _words(given)))

    @rx.event
    async def cancel(self, given: dict[str, Any]) -> None:
        """Call the meeting off, with a reason only if one was written."""
        await self._do(lambda db, me, now: meetings.cancel(db, self._number(), me, now, _words(given)))

    @rx.event
    async def reassign(self, given: dict[str, Any]) -> None:
        """Hand the request to a colleague, with a word for the colleague."""
        whom = str(given.get("member", ""))
        if whom.isdecimal():
            await self._do(
                lambda db, me, now: meetings.reassign(db, self._number(), me, int(whom), now, _words(given))
            )

    @rx.event
    async def add_note(self, given: dict[str, Any]) -> None:
        """Keep a word among staff."""
        if words := _words(given):
            await self._do(lambda db, me, now: meetings.note(db, self._number(), me, words, now))

    async def _on_terms(self, act: Callable[[Session, StaffMember, Terms, datetime], object]) -> None:
        terms = await asyncio.to_thread(_terms, self.draft)
        if terms is None:
            self.problem = "terms"
            return
        await self._do(lambda db, me, now: act(db, me, terms, now))

    async def _do(self, act: Act) -> None:
        """Do one thing, or say why it cannot be done; then show what the request is now."""
        me = await signed_in()
        self.problem, self.taken_by = await asyncio.to_thread(_try, act, me)
        await self._read_again()


def _words(given: dict[str, Any]) -> str:
    return str(given.get("words", "")).strip()[:_LONGEST_WORDS]


def _minutes(given: str) -> int:
    return int(given) if given.isdecimal() and len(given) < 4 else 30  # noqa: PLR2004 - up to 999 minutes


def _terms(draft: Draft) -> Terms | None:
    with reading() as db:
        return draft.terms(_zone(db))


def _zone(db: Session) -> ZoneInfo:
    return ZoneInfo(the_conference(db).timezone)


def _try(act: Act, me: StaffMember) -> tuple[str, str]:
    """Give the key of what went wrong, and who has the time."""
    try:
        with writing() as db:
            act(db, me, clock().now())
    except SlotTakenError as error:
        return "taken", _holder(error.holder)
    except TermsError as error:
        return error.code, ""
    except MoveRefusedError:
        return "moved_on", ""
    except (moves.UnknownRequestError, moves.NotAllowedError):
        return "gone", ""
    return "", ""


def _holder(holder: MeetingRequest | None) -> str:
    return f"{holder.name}, {holder.organisation}" if holder else ""


def _load(number: int, me: int) -> Loaded | None:
    with reading() as db:
        try:
            found = moves.request_by_id(db, number)
        except moves.UnknownRequestError:
            return None
        members, zone = active_members(db), _zone(db)
        places = engagements.places(latest_release(db))
        everyone = names_of(list(db.exec(select(StaffMember))))
        shown = detail_view(
            found,
            inbox.history(db, found),
            inbox.notes(db, found),
            everyone,
            inbox.event_title(db, found.event),
            zone,
        )
        suggested = inbox.suggested_terms(db, found, db.get_one(StaffMember, me), clock().now())
        return Loaded(
            shown,
            [Choice(str(each.id), each.name) for each in members],
            [Choice(slug, name) for slug, name in places.rooms.items()],
            _draft(suggested, zone, me),
        )


def _draft(terms: Terms | None, zone: ZoneInfo, me: int) -> Draft:
    if terms is None:
        return Draft(member=str(me))
    minutes = int((terms.ends - terms.starts).total_seconds() // 60)
    starts = terms.starts.astimezone(zone).strftime(_LOCAL)
    return Draft(starts, minutes, str(terms.member_id), terms.room or "", terms.place)


def _ahead(draft: Draft, number: int) -> tuple[list[ClashView], list[TimeChoice]]:
    with reading() as db:
        zone, terms = _zone(db), draft.terms(_zone(db))
        found = engagements.clashes_of(db, terms, number) if terms else []
        slots = member_slots(db, int(draft.member or 0), clock().now())
        return [clash_view(each, zone) for each in found], [
            _time(span, is_busy, zone) for span, is_busy in slots
        ]


def _time(span: Span, is_busy: bool, zone: ZoneInfo) -> TimeChoice:  # noqa: FBT001 - one of a pair
    value = span.starts.astimezone(zone).strftime(_LOCAL)
    return TimeChoice(value, value[11:], is_busy)
