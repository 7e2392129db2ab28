"""The live state of one request: what it says, the terms being prepared, and what was done.

Each act carries what was on the screen: the request's number, its version, and for an answer the terms. The
service refuses it for any other version, and the page then shows both. Nothing is taken from the address or
from what this state has come to hold meanwhile.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session, select

from copapp.clock import clock
from copapp.database import reading
from copapp.domain.meetings import MoveRefusedError, Terms, TermsError
from copapp.domain.slots import Span
from copapp.models import MeetingRequest, MoveKind, StaffMember
from copapp.presenters.inbox import (
    ClashView,
    DetailView,
    LineView,
    clash_view,
    detail_view,
    hours_view,
    names_of,
)
from copapp.services import engagements, inbox, meetings, moves
from copapp.services.holds import SlotTakenError
from copapp.services.released import latest_programme
from copapp.services.slots import (
    active_members,
    free_members,
    is_within_hours,
    member_slots,
    the_conference,
)
from copapp.staff.acts import Act, Refusals, do, number_of
from copapp.staff.choice import Choice
from copapp.staff.signed_in import signed_in

_LONGEST_WORDS = 2000
_LOCAL = "%Y-%m-%dT%H:%M"
_MOVED_ON = "moved_on"
_REFUSALS: Refusals = {
    SlotTakenError: "taken",
    TermsError: lambda error: error.code,
    MoveRefusedError: _MOVED_ON,
    moves.MovedOnError: _MOVED_ON,
    moves.UnknownRequestError: "gone",
    moves.NotAllowedError: "gone",
}


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

    @staticmethod
    def of(given: dict[str, Any]) -> "Draft":
        """Read the terms as a page sends them."""
        starts, member, room, place = (
            str(given.get(name, ""))[:200] for name in ("starts", "member", "room", "place")
        )
        return Draft(starts, _minutes(str(given.get("minutes", ""))), member, room, place)

    def terms(self, zone: ZoneInfo) -> Terms | None:
        """Give the terms; None while they are not whole."""
        member = number_of(self.member)
        try:
            starts = datetime.strptime(self.starts, _LOCAL).replace(tzinfo=zone).astimezone(UTC)
            ends = starts + timedelta(minutes=self.minutes)
        except (ValueError, OverflowError):
            return None
        place = " ".join(self.place.split())[:200]
        return Terms(starts, ends, member, place, self.room or None) if member else None


@dataclass(frozen=True)
class Screen:
    """Which request was on the screen at a tap, and which version of it."""

    number: int
    version: int

    @staticmethod
    def of(given: dict[str, Any]) -> "Screen":
        """Read it as a page sends it; what no page sends is no version of anything."""
        return Screen(number_of(given.get("number")), number_of(given.get("version")))


@dataclass(frozen=True)
class Loaded:
    """Everything that the page shows of a request, read at once."""

    request: DetailView
    members: list[Choice]
    rooms: list[Choice]
    draft: Draft


@dataclass(frozen=True)
class Ahead:
    """What terms would run into, who else is free then, and the slots of that colleague."""

    clashes: list[ClashView]
    free: list[Choice]
    slots: list[TimeChoice]


class RequestState(rx.State):
    """One request, at `/admin/request?id=…`.

    `opened` is the address's id that this holds, or has looked for in vain ("-": none yet). `before` and
    `meanwhile` are the last line of history that was on the screen, and what was done elsewhere since: by
    others, or by the reader in another window. `renewed` counts how often the terms were suggested anew.
    """

    opened: str = "-"
    request: DetailView = DetailView()
    draft: Draft = Draft()
    clashes: list[ClashView] = []  # noqa: RUF012 - Reflex copies a state's defaults
    free: list[Choice] = []  # noqa: RUF012
    members: list[Choice] = []  # noqa: RUF012
    rooms: list[Choice] = []  # noqa: RUF012
    days: list[str] = []  # noqa: RUF012
    day: str = ""
    times: list[TimeChoice] = []  # noqa: RUF012
    member_name: str = ""
    problem: str = ""
    taken_by: str = ""
    tapped: str = ""
    before: LineView = LineView()
    meanwhile: list[LineView] = []  # noqa: RUF012
    renewed: int = 0

    _known: int = 0
    _own: int = 0  # the last line that was written from here
    _is_chosen: bool = False  # whether anybody has touched the suggested terms

    @rx.event
    async def open_request(self) -> None:
        """Show the request of the address, with terms that two taps suffice for.

        Opened again, as after a lost connection, it keeps what was chosen and says what has changed since.
        """
        asked = self.router.url.query_parameters.get("id", "")
        if self.opened == asked and self.request.id:
            self._forget_problem()
            await self._read_again()
            return
        self.reset()
        self.opened = asked
        await self._load(number_of(asked))
        self._known = self.request.version
        await self._look_ahead()

    @rx.event
    async def refresh(self) -> None:
        """Read the request again; terms that somebody chose stay while what they answer stays."""
        await self._read_again()

    async def _read_again(self) -> None:
        if not self.request.id:
            return
        prepared, version = self.draft, self.request.version
        await self._load(self.request.id)
        if self.request.version != version:
            self._is_chosen, self.renewed = False, 0
        elif self._is_chosen:
            self.draft = prepared
        else:
            self.renewed += self.draft != prepared
        lines = self.request.history
        self.before = next((line for line in lines if line.id == self._known), LineView())
        self.meanwhile = [line for line in lines if line.id > self._known and line.id != self._own]
        if not self.meanwhile:
            self._known = self.request.version
        await self._look_ahead()

    async def _load(self, number: int) -> None:
        me = await signed_in()
        found = await asyncio.to_thread(_load, number, me.id or 0)
        if found is None:
            self.request = DetailView()
            return
        self.request, self.draft = found.request, found.draft
        self.members, self.rooms = found.members, found.rooms

    async def _look_ahead(self) -> None:
        """Name what the terms would run into, and the slots of that colleague on that day."""
        draft = self.draft
        ahead = await asyncio.to_thread(_ahead, draft, self.request.id)
        self.clashes, self.free = ahead.clashes, ahead.free
        self.days = sorted({each.value[:10] for each in ahead.slots})
        self.day = draft.starts[:10]
        self.times = [each for each in ahead.slots if each.value[:10] == self.day]
        self.member_name = next((each.label for each in self.members if each.value == draft.member), "")

    def _forget_problem(self) -> None:
        self.problem = self.taken_by = self.tapped = ""

    @rx.event
    async def choose(self, name: str, value: str) -> None:
        """Change one of the terms; the clashes are named at once."""
        self._forget_problem()
        self._known, self.meanwhile = self.request.version, []
        before = self.draft
        if name == "minutes":
            self.draft = replace(self.draft, minutes=_minutes(value))
        elif name == "room":
            label = next((each.label for each in self.rooms if each.value == value), self.draft.place)
            self.draft = replace(self.draft, room=value, place=label[:200])
        elif name == "day":
            self.draft = replace(self.draft, starts=f"{value[:10]}T{self.draft.starts[11:] or '09:00'}")
        elif name in {"starts", "member", "place"}:
            self.draft = replace(self.draft, **dict[str, Any]({name: value[:200]}))
        self._is_chosen |= self.draft != before
        await self._look_ahead()

    @rx.event
    async def accept(self, screen: dict[str, Any], chosen: dict[str, Any]) -> None:
        """Agree to these terms."""
        at, terms = Screen.of(screen), await self._terms(screen, chosen)
        if terms:
            await self._do(
                at,
                MoveKind.ACCEPT,
                lambda db, me, now: meetings.accept(db, at.number, me, terms, now, seen=at.version),
            )

    @rx.event
    async def propose(self, screen: dict[str, Any], chosen: dict[str, Any], given: dict[str, Any]) -> None:
        """Propose these terms, with words for the delegate if there are any."""
        at, terms, words = Screen.of(screen), await self._terms(screen, chosen), _words(given)
        if terms:
            await self._do(
                at,
                MoveKind.PROPOSE,
                lambda db, me, now: meetings.propose(db, at.number, me, terms, now, words, seen=at.version),
            )

    @rx.event
    async def decline(self, screen: dict[str, Any], given: dict[str, Any]) -> None:
        """Decline, with a reason only if one was written."""
        at, words = Screen.of(screen), _words(given)
        await self._do(
            at,
            MoveKind.DECLINE,
            lambda db, me, now: meetings.decline(db, at.number, me, now, words, seen=at.version),
        )

    @rx.event
    async def cancel(self, screen: dict[str, Any], given: dict[str, Any]) -> None:
        """Call the meeting off, with a reason only if one was written."""
        at, words = Screen.of(screen), _words(given)
        await self._do(
            at,
            MoveKind.CANCEL,
            lambda db, me, now: meetings.cancel(db, at.number, me, now, words, seen=at.version),
        )

    @rx.event
    async def reassign(self, screen: dict[str, Any], given: dict[str, Any]) -> None:
        """Hand the request to a colleague, with a word for the colleague."""
        at, words, whom = Screen.of(screen), _words(given), number_of(given.get("member", ""))
        await self._do(
            at,
            MoveKind.REASSIGN,
            lambda db, me, now: meetings.reassign(db, at.number, me, whom, now, words, seen=at.version),
        )

    @rx.event
    async def add_note(self, screen: dict[str, Any], given: dict[str, Any]) -> None:
        """Keep a word among staff."""
        at, words = Screen.of(screen), _words(given)
        if words:
            await self._do(
                at, None, lambda db, me, now: meetings.note(db, at.number, me, words, now, seen=at.version)
            )

    async def _terms(self, screen: dict[str, Any], chosen: dict[str, Any]) -> Terms | None:
        """Give what the form held at the tap, if that is what the page said of it; else show it first.

        The page says it only when the server has answered: what was chosen a moment before may be on its way,
        or may have come without being shown yet. A place that was typed last counts once it has come; one
        that never did, for want of a connection, is in the field but in nothing else on the screen.
        """
        said, held = Draft.of(screen), Draft.of(chosen)
        self._forget_problem()
        is_same = Screen.of(screen) == Screen(self.request.id, self.request.version)
        if is_same and not held == self.draft == replace(said, place=held.place):
            if self.draft == said:
                self.draft, self._is_chosen = held, True
            self.problem, self.tapped = "terms_moved", said.starts
            await self._look_ahead()
            return None
        # Of a former state it is what was on the screen, which the service refuses.
        terms = await asyncio.to_thread(_terms, held if is_same else said)
        self.problem = "" if terms else "terms"
        return terms

    async def _do(self, at: Screen, kind: MoveKind | None, act: Act[Any]) -> None:
        """Do one thing, or say why it cannot be done; then show what the request is now."""

        def act_and_version(db: Session, me: StaffMember, now: datetime) -> int:
            act(db, me, now)
            return moves.version(db, moves.request_by_id(db, at.number))

        done = await do(act_and_version, _REFUSALS)
        if at.number != self.request.id:
            return  # another page by now, which shows nothing of that one
        self._forget_problem()
        self._known = done.made or at.version
        self._own = done.made if done.made and kind else self._own
        await self._read_again()
        if not (done.problem == _MOVED_ON and self._is_repeated(at.version, kind)):
            self.problem = done.problem
        if isinstance(done.refusal, SlotTakenError):
            self.taken_by = _holder(done.refusal.holder)

    def _is_repeated(self, seen: int, kind: MoveKind | None) -> bool:
        """Whether all that was done since is the very act, from here: a second tap on one button."""
        since = [line for line in self.request.history if line.id > seen]
        kinds = [(line.id, line.kind.replace("withdraw", "decline")) for line in since]
        return kinds == [(self._own, kind)]


def _words(given: dict[str, Any]) -> str:
    return str(given.get("words", "")).strip()[:_LONGEST_WORDS]


def _minutes(given: str) -> int:
    return int(given) if given.isdecimal() and len(given) < 4 else 30  # noqa: PLR2004 - up to 999 minutes


def _terms(draft: Draft) -> Terms | None:
    with reading() as db:
        return draft.terms(_zone(db))


def _zone(db: Session) -> ZoneInfo:
    return ZoneInfo(the_conference(db).timezone)


def _holder(holder: MeetingRequest | None) -> str:
    return f"{holder.name}, {holder.organisation}" if holder else ""


def _load(number: int, me: int) -> Loaded | None:
    with reading() as db:
        try:
            found = moves.request_by_id(db, number)
        except moves.UnknownRequestError:
            return None
        members, zone = active_members(db), _zone(db)
        places = engagements.places(latest_programme(db))
        everyone = names_of(list(db.exec(select(StaffMember))))
        shown = detail_view(
            found,
            inbox.history(db, found),
            inbox.notes(db, found),
            everyone,
            inbox.event_title(db, found.event),
            zone,
            me,
        )
        suggested = inbox.suggested_terms(db, found, db.get_one(StaffMember, me), clock().now())
        draft = _draft(suggested, zone, found.member_id or me)
        return Loaded(
            shown,
            [Choice(str(each.id), each.name) for each in members],
            [Choice(slug, name) for slug, name in places.rooms.items()],
            draft if draft.room in places.rooms else replace(draft, room=""),
        )


def _draft(terms: Terms | None, zone: ZoneInfo, whom: int) -> Draft:
    if terms is None:
        return Draft(member=str(whom))
    minutes = int((terms.ends - terms.starts).total_seconds() // 60)
    starts = terms.starts.astimezone(zone).strftime(_LOCAL)
    return Draft(starts, minutes, str(terms.member_id), terms.room or "", terms.place)


def _ahead(draft: Draft, number: int) -> Ahead:
    with reading() as db:
        zone, terms = _zone(db), draft.terms(_zone(db))
        slots = member_slots(db, number_of(draft.member), clock().now())
        clashes = _clashes(db, terms, number, zone) if terms else []
        free = _free(db, terms, number) if terms and clashes else []
        return Ahead(clashes, free, [_time(span, is_busy, zone) for span, is_busy in slots])


def _clashes(db: Session, terms: Terms, number: int, zone: ZoneInfo) -> list[ClashView]:
    found = [clash_view(each, zone) for each in engagements.clashes_of(db, terms, number)]
    member = db.get(StaffMember, terms.member_id)
    if member and not is_within_hours(db, terms.member_id, Span(terms.starts, terms.ends)):
        found.insert(0, hours_view(member.name))
    return found


def _free(db: Session, terms: Terms, number: int) -> list[Choice]:
    """List who else could: free then within their own hours, with nothing in the way."""
    return [
        Choice(str(each.id), each.name)
        for each in free_members(db, Span(terms.starts, terms.ends), number)
        if each.id != terms.member_id
        and not engagements.clashes_of(db, replace(terms, member_id=each.id or 0), number)
    ]


def _time(span: Span, is_busy: bool, zone: ZoneInfo) -> TimeChoice:  # noqa: FBT001 - one of a pair
    value = span.starts.astimezone(zone).strftime(_LOCAL)
    return TimeChoice(value, value[11:], is_busy)
