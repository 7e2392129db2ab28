"""`/api/v1/calendars`: personal calendars behind secret addresses: make, fetch, change, replace, stop."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from hashlib import sha256
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Header, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from copapp.api.bodies import Token, body_up_to, checked_key, field_problem, read
from copapp.api.problems import ProblemError, proof_problem
from copapp.api.programme import CalendarFile
from copapp.api.stored import stored
from copapp.clock import clock
from copapp.database import reading, writing
from copapp.i18n import LANGUAGES
from copapp.interop.personal_calendar import Wishes, personal_calendar
from copapp.interop.staff_calendar import staff_calendar
from copapp.negotiation import is_known
from copapp.presenters.programme import venue_instant
from copapp.services import abuse, calendar_room, calendars, staff_calendars
from copapp.services.calendars import CalendarChange
from copapp.services.slots import the_conference
from copapp.settings import settings
from copapp.threads import writes

router = APIRouter(prefix="/api/v1/calendars")

Answer = TypeVar("Answer")
_LONGEST_LIST = 1000
_LONGEST_ALARM_MINUTES = 24 * 60
_SLUG = r"^[a-z0-9][a-z0-9-]{0,119}$"
_TOKEN = r"^[a-z0-9]{32}$"  # noqa: S105 - the shape of one
Slugs = Annotated[list[Annotated[str, Field(pattern=_SLUG)]], Field(max_length=_LONGEST_LIST)]
Tokens = Annotated[list[Annotated[str, Field(pattern=_TOKEN)]], Field(max_length=_LONGEST_LIST)]
Body = Annotated[bytes, Depends(body_up_to(262_144))]
Alarm = Annotated[int, Field(ge=0, le=_LONGEST_ALARM_MINUTES)] | None


class NewCalendar(BaseModel):
    """What a phone has saved: slugs of events, tokens of its requests; `replaces` is an older one's token."""

    model_config = ConfigDict(strict=True, extra="ignore")

    bookmarks: Slugs = []
    meetings: Tokens = []
    language: str = "en"
    alarm: Alarm = None
    replaces: Annotated[str, Field(pattern=_TOKEN)] | None = None


class ChangedCalendar(BaseModel):
    """What is to change; what is not named stays. `alarm` null takes the alarm away."""

    model_config = ConfigDict(strict=True, extra="ignore")

    add: Slugs = []
    remove: Slugs = []
    add_meetings: Tokens = []
    remove_meetings: Tokens = []
    language: str | None = None
    alarm: Alarm = None


class CalendarShape(BaseModel):
    """A calendar as whoever has its address may see it; `expires` is when every address ends."""

    token: str
    address: str
    expires: str
    bookmarks: list[str]
    language: str
    alarm: int | None


_REFUSALS: dict[type[Exception], Callable[[Any], ProblemError]] = {
    calendars.UnknownCalendarError: lambda _: ProblemError(
        404, "unknown", "No calendar has this address", "Look at the link again: it is 32 characters long."
    ),
    calendars.EndedCalendarError: lambda _: ProblemError(
        410,
        "ended",
        "This calendar has ended",
        "Take it out of your calendar program; make a new one if you like.",
    ),
    calendars.FullCalendarError: lambda _: ProblemError(
        422, "full", "This is too much for one calendar", f"It holds {calendars.MOST_ENTRIES} events at most."
    ),
    calendar_room.NoRoomError: lambda _: ProblemError(
        503,
        "no_room",
        "There is no room for another calendar",
        "Those that exist go on. Whoever runs the app can make room; send the same again then.",
    ),
    calendar_room.NetworkFullError: lambda _: ProblemError(
        429,
        "network",
        "Very many calendars were made from this network within a day",
        "Send the same again from another network, such as the phone's own, or tomorrow.",
    ),
    abuse.ProofWantedError: proof_problem,
}


@router.post(
    "",
    status_code=201,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": NewCalendar.model_json_schema()}},
        }
    },
)
@writes
def make_calendar(
    request: Request,
    body: Body,
    idempotency_key: Annotated[
        str | None, Header(description="Made once for each calendar; 8 to 100 characters.")
    ] = None,
    copapp_proof: Annotated[str, Header(max_length=200)] = "",
) -> CalendarShape:
    """Make a calendar; the same key again gives the same one, as it is by then. `replaces` ends an older."""
    key, given = checked_key(idempotency_key), read(NewCalendar, body)
    _check_language(given.language)
    change = CalendarChange(add=frozenset(given.bookmarks), add_meetings=frozenset(given.meetings))
    origin = request.client.host if request.client else ""

    def attempt(db: Session) -> CalendarShape:
        now = clock().now()
        token = calendars.made_before(db, key)
        if token is None:
            abuse.check_maker(db, origin, copapp_proof, key, now)
            if given.replaces is None:
                calendar_room.count_new(db, origin, now)
            token = calendars.make(
                db,
                key,
                change,
                language=given.language,
                alarm=given.alarm,
                replaces=given.replaces,
                now=now,
            )
        return _shape(db, token, request)

    with suppress(IntegrityError):
        return _written(attempt)
    return _written(attempt)  # the same key came twice at once: the first has made it by now


@router.head("/{token}.ics", include_in_schema=False)
@router.get("/{token}.ics", response_class=CalendarFile, responses={304: {}, 404: {}, 410: {}})
def get_calendar_file(token: Token, if_none_match: Annotated[str, Header()] = "") -> Response:
    """Give a phone's or staff's calendar; unchanged, it is the same bytes. Who fetches it is not noted."""
    found = stored()
    if found is None:
        raise HTTPException(503, "No release exists yet: run `copapp seed`.")
    write = _read(lambda db: _writer(db, token))
    holds = sha256(repr((write.func.__name__, write.keywords)).encode()).digest()
    etag, body = found.calendar_etags.get(holds, ""), found.followed.get(holds, b"")
    if not (etag and (body or is_known(etag.encode(), if_none_match.encode()))):
        body = write(found.programme)
        etag = f'"{sha256(body).hexdigest()[:24]}"'
        found.keep_calendar(holds, etag, body)
    headers = {
        "etag": etag,
        "cache-control": "private, no-cache",
        "content-disposition": 'attachment; filename="my-programme.ics"',
    }
    if is_known(etag.encode(), if_none_match.encode()):
        return Response(status_code=304, headers=headers)
    return CalendarFile(body, headers=headers)


@router.get("/{token}", responses={404: {}, 410: {}})
def get_calendar(token: Token, request: Request, response: Response) -> CalendarShape:
    """Say what the calendar holds, to a second phone that is to share it."""
    response.headers["cache-control"] = "no-store"
    return _read(lambda db: _shape(db, token, request))


@router.put(
    "/{token}",
    responses={404: {}, 410: {}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": ChangedCalendar.model_json_schema()}},
        }
    },
)
@writes
def change_calendar(
    token: Token, body: Body, request: Request, copapp_proof: Annotated[str, Header(max_length=200)] = ""
) -> CalendarShape:
    """Change it by what is added and removed: repeated, or sent by several phones, it does no harm.

    The answer tells what is kept: what never was an event is not. The key of a proof is the token.
    """
    given = read(ChangedCalendar, body)
    wishes = given.model_dump(include={"language", "alarm"}, exclude_unset=True)
    if "language" in wishes:
        _check_language(wishes["language"])
    change = CalendarChange(
        *map(frozenset, (given.add, given.remove, given.add_meetings, given.remove_meetings))
    )

    origin, now = request.client.host if request.client else "", clock().now()

    def act(db: Session) -> CalendarShape:
        check = partial(abuse.check_changer, db, origin, copapp_proof, token, now)
        calendars.change_calendar(db, token, change, now, check, **wishes)
        return _shape(db, token, request)

    return _written(act)


@router.delete("/{token}", status_code=204)
@writes
def end_calendar(token: Token) -> Response:
    """Stop it for everybody, for ever; again is no error."""
    _written(lambda db: calendars.end(db, token, clock().now()))
    return Response(status_code=204)


def _check_language(given: str | None) -> None:
    if given not in LANGUAGES:
        raise field_problem([("language", "language")])


def _written(act: Callable[[Session], Answer]) -> Answer:
    try:
        with writing() as db:
            return act(db)
    except tuple(_REFUSALS) as error:
        raise _REFUSALS[type(error)](error) from error


def _read(look: Callable[[Session], Answer]) -> Answer:
    try:
        with reading() as db:
            return look(db)
    except tuple(_REFUSALS) as error:
        raise _REFUSALS[type(error)](error) from error


def _writer(db: Session, token: str) -> partial[bytes]:
    """Give what writes a calendar of a programme: all that it holds is in the keywords, as plain values."""
    url = settings().public_url
    try:
        found = calendars.find(db, token, clock().now())
    except calendars.UnknownCalendarError:
        return _staff_writer(db, token, url)
    held = calendars.kept(db, found)
    return partial(
        personal_calendar,
        bookmarks=held.bookmarks,
        meetings=held.meetings,
        wishes=Wishes(found.language, found.alarm),
        public_url=url,
    )


def _staff_writer(db: Session, token: str, url: str) -> partial[bytes]:
    found = staff_calendars.find_staff_calendar(db, token, clock().now())
    held = staff_calendars.kept_for_staff(db, found)
    return partial(
        staff_calendar,
        covered=held.covered,
        meetings=held.meetings,
        wishes=Wishes(found.language, found.alarm),
        public_url=url,
        of_team=found.of_team,
    )


def _shape(db: Session, token: str, request: Request) -> CalendarShape:
    held = calendars.kept(db, calendars.find(db, token, clock().now()))
    about = the_conference(db)
    base = settings().public_url or str(request.base_url)
    return CalendarShape(
        token=token,
        address=f"{base.rstrip('/')}{router.prefix}/{token}.ics",
        expires=venue_instant(calendars.expires_at(about), ZoneInfo(about.timezone)),
        bookmarks=held.bookmarks,
        language=held.calendar.language,
        alarm=held.calendar.alarm,
    )
