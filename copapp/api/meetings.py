"""`/api/v1/meeting-requests`: ask, look, answer, take back, erase. A GET changes nothing."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from copapp.api.bodies import Token, body_up_to, checked_key, field_problem, read
from copapp.api.problems import ProblemError, proof_problem
from copapp.api.programme import CalendarFile
from copapp.clock import clock
from copapp.database import reading, scrub, writing
from copapp.domain import meeting_form
from copapp.domain.meetings import MoveRefusedError, TermsError
from copapp.i18n import LANGUAGES
from copapp.interop.meeting_calendar import MeetingEntry, meeting_calendar
from copapp.models import MeetingMove, MeetingRequest, RequestStatus, StaffMember
from copapp.negotiation import is_known
from copapp.presenters.meetings import RequestShape, request_shape
from copapp.presenters.programme import plain_names
from copapp.services import abuse, answers, asking, erasure, held_back, moves
from copapp.services.holds import SlotTakenError
from copapp.services.slots import the_conference
from copapp.services.tokens import hash_of, request_token, token_for
from copapp.settings import settings
from copapp.threads import writes

router = APIRouter(prefix="/api/v1/meeting-requests")

Body = Annotated[bytes, Depends(body_up_to(16_384))]


class Ask(BaseModel):
    """A request as the form sends it; sending it is the consent that the form states.

    `slot` is an instant with an offset, null for any time; `event` and `whom` are slugs. `elapsed` (seconds)
    and `website` help to tell people from scripts.
    """

    model_config = ConfigDict(strict=True, extra="ignore")

    name: str
    organisation: str
    email: str
    reason: str
    event: str | None = None
    slot: str | None = None
    whom: str | None = None
    language: str = "en"
    consent: bool = True
    elapsed: float | None = None
    website: str = ""


class Asked(BaseModel):
    """Where the request is to be followed; the token is its only key."""

    token: str
    status: RequestStatus
    status_url: str


class Answer(BaseModel):
    """What the delegate says to a proposal; `slot` (an instant with an offset) only to counter."""

    model_config = ConfigDict(strict=True, extra="ignore")

    action: str
    proposal: Annotated[int, Field(gt=0, lt=2**31)]
    slot: str | None = None


def _refusals() -> dict[type[Exception], Callable[[Any], ProblemError]]:
    """Say for each refusal of the services what the caller is told."""
    return {
        moves.UnknownRequestError: lambda _: ProblemError(
            404, "unknown", "No request has this address", "Look at the link again: it is 32 characters long."
        ),
        moves.ErasedRequestError: lambda _: ProblemError(
            410, "erased", "This request was erased", "Nothing of it is left; you can ask again.", erased=True
        ),
        asking.ClosedError: lambda _: ProblemError(
            403, "closed", "The conference is over", "Meetings can no longer be asked for."
        ),
        asking.KeyReusedError: lambda _: ProblemError(
            409, "key_reused", "This Idempotency-Key came with another content", "Send a new key."
        ),
        asking.WishError: lambda error: field_problem([(error.field, error.code)]),
        answers.SupersededError: lambda _: ProblemError(
            409,
            "superseded",
            "This proposal no longer stands",
            "Look at the request again and answer the new.",
        ),
        SlotTakenError: lambda _: ProblemError(
            409, "taken", "This time was taken meanwhile", "Choose another time."
        ),
        MoveRefusedError: lambda error: ProblemError(
            409, "not_now", f"A request that is {error.status} cannot take this", "Look at it again."
        ),
        TermsError: lambda error: ProblemError(
            409, error.code, "This time cannot be", "Choose another time."
        ),
        abuse.TooManyOpenError: lambda _: ProblemError(
            429,
            "too_many_open",
            "Many requests of this address wait for an answer",
            "Wait for an answer first.",
        ),
        abuse.ProofWantedError: proof_problem,
        held_back.NoRoomError: lambda _: ProblemError(
            503,
            "no_room",
            "More requests come in than can be kept just now",
            "Keep yours and send the same again later, with the same key.",
        ),
    }


_REFUSALS = _refusals()


def _refused(error: Exception) -> ProblemError:
    return _REFUSALS[type(error)](error)


def _instant(given: str | None) -> datetime | None:
    if given is None:
        return None
    try:
        instant = datetime.fromisoformat(given)
        if instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise field_problem([("slot", "instant")])


def _form(given: Ask) -> asking.AskForm:
    """Check what was typed by the rules that the phone has too."""
    form = meeting_form.cleaned(given.model_dump(include=set(meeting_form.FIELDS)))
    if wrong := meeting_form.problems(form):
        raise field_problem([(each.field, each.code) for each in wrong])
    if given.language not in LANGUAGES:
        raise field_problem([("language", "language")])
    if not given.consent:
        raise field_problem([("consent", "consent")])
    return asking.AskForm(
        name=form["name"],
        organisation=form["organisation"],
        email=form["email"],
        reason=form["reason"],
        language=given.language,
        event=given.event,
        slot=_instant(given.slot),
        whom=given.whom,
    )


@router.post(
    "",
    status_code=201,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": Ask.model_json_schema()}},
        }
    },
)
@writes
def ask_for_meeting(
    request: Request,
    body: Body,
    idempotency_key: Annotated[
        str | None, Header(description="Made once for each form; 8 to 100 characters.")
    ] = None,
    copapp_proof: Annotated[str, Header(max_length=200)] = "",
) -> Asked:
    """Take a request. The same key and content again give the same answer; other content is refused."""
    key, given = checked_key(idempotency_key), read(Ask, body)
    form = _form(given)
    suspicious = abuse.looks_scripted(given.website, given.elapsed)

    def attempt() -> Asked:
        now = clock().now()
        with writing() as db:
            before = asking.asked_before(db, key, form)
            if before is not None:
                return _asked(db, before)
            is_too_much = abuse.check_asker(
                db, _origin(request), form.email, copapp_proof, key, now, looks_scripted=suspicious
            )
            try:
                if is_too_much:
                    held_back.make_room(db)
            except held_back.NoRoomError as error:
                refused = error  # below: what was counted stays counted, else a flood would be free from here
            else:
                return _asked(db, asking.ask(db, form, key, now, is_held_back=is_too_much))
        raise refused

    try:
        with suppress(IntegrityError):
            return attempt()
        return attempt()  # the same key came twice at once: the first has made it by now
    except moves.ErasedRequestError:
        with reading() as db:
            return _address(token_for(db, hash_of(key)), RequestStatus.ERASED)
    except tuple(_REFUSALS) as error:
        raise _refused(error) from error


def _origin(request: Request) -> str:
    """Say from which address somebody comes."""
    return request.client.host if request.client else ""


def _asked(db: Session, request: MeetingRequest) -> Asked:
    return _address(request_token(db, request), request.status)


def _address(token: str, status: RequestStatus) -> Asked:
    return Asked(token=token, status=status, status_url=f"{settings().public_url.rstrip('/')}/meet/{token}")


def _shape(db: Session, token: str, request: MeetingRequest) -> RequestShape:
    history = db.exec(
        select(MeetingMove).where(MeetingMove.request_id == request.id).order_by(col(MeetingMove.id))
    ).all()
    waiting = next((each.member_id for each in history if each.id == request.proposal), None)
    member = db.get(StaffMember, waiting or request.member_id) if waiting or request.member_id else None
    whom = db.get(StaffMember, request.whom_id) if request.whom_id else None
    zone = ZoneInfo(the_conference(db).timezone)
    return request_shape(request, list(history), member, whom, zone, f"{router.prefix}/{token}.ics")


def _shown(shape: RequestShape, known: str = "") -> Response:
    body = json.dumps(
        asdict(shape, dict_factory=plain_names), ensure_ascii=False, separators=(",", ":")
    ).encode()
    etag = f'"{sha256(body).hexdigest()[:24]}"'
    headers = {"etag": etag, "cache-control": "no-store", "referrer-policy": "no-referrer"}
    if is_known(etag.encode(), known.encode()):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


@router.get("/{token}.ics", response_class=CalendarFile, responses={404: {}, 410: {}})
def get_request_calendar(token: Token) -> Response:
    """Give the agreed meeting as iCalendar; one that was called off as cancelled."""
    try:
        with reading() as db:
            found = moves.find(db, token)
            body = _calendar(db, found, _address(token, found.status).status_url)
    except tuple(_REFUSALS) as error:
        raise _refused(error) from error
    headers = {"cache-control": "no-store", "content-disposition": 'attachment; filename="meeting.ics"'}
    return CalendarFile(body, headers=headers)


@router.get("/{token}", response_model=RequestShape, responses={304: {}, 404: {}, 410: {}})
def get_request(token: Token, if_none_match: Annotated[str, Header()] = "") -> Response:
    """Show a request to whoever holds its link."""
    try:
        with reading() as db:
            return _shown(_shape(db, token, moves.find(db, token)), if_none_match)
    except tuple(_REFUSALS) as error:
        raise _refused(error) from error


def _calendar(db: Session, request: MeetingRequest, url: str) -> bytes:
    if request.starts is None or request.ends is None:
        raise ProblemError(404, "no_meeting", "No meeting is agreed yet", "Look at the request itself.")
    about = the_conference(db)
    zone = ZoneInfo(about.timezone)
    return meeting_calendar(
        MeetingEntry(
            uid=request.uid,
            sequence=request.sequence,
            updated_at=request.updated_at,
            starts=request.starts.astimezone(zone),
            ends=request.ends.astimezone(zone),
            is_cancelled=not request.is_held,
            place=", ".join(each for each in (request.place, about.place) if each),
            organisation=about.organisation,
            language=request.language,
            url=url,
        )
    )


def _change(token: str, act: Callable[[Session, datetime], MeetingRequest]) -> Response:
    """Do one thing to a request and show what became of it."""
    try:
        with writing() as db:
            return _shown(_shape(db, token, act(db, clock().now())))
    except tuple(_REFUSALS) as error:
        raise _refused(error) from error


@router.post("/{token}/answer", response_model=RequestShape)
@writes
def answer_proposal(token: Token, body: Body) -> Response:
    """Accept, counter or decline the proposal that waits; a superseded one is refused."""
    given = read(Answer, body)
    slot = _instant(given.slot)
    if given.action == "accept":
        return _change(token, lambda db, now: answers.answer_accept(db, token, given.proposal, now))
    if given.action == "decline":
        return _change(token, lambda db, now: answers.answer_decline(db, token, given.proposal, now))
    if given.action != "counter":
        raise field_problem([("action", "unknown")])
    if slot is None:
        raise field_problem([("slot", "required")])
    return _change(token, lambda db, now: answers.answer_counter(db, token, given.proposal, slot, now))


@router.post("/{token}/cancel", response_model=RequestShape)
@writes
def cancel_request(request: Request, token: Token) -> Response:
    """Take a request, or an agreed meeting, back; twice is no error."""
    return _change(token, lambda db, now: answers.cancel_by_delegate(db, token, now, _origin(request)))


@router.delete("/{token}")
@writes
def erase_request(request: Request, token: Token) -> dict[str, str]:
    """Erase everything about a request at once; twice is no error."""
    try:
        with writing() as db:
            erasure.erase(db, token, clock().now(), _origin(request))
    except tuple(_REFUSALS) as error:
        raise _refused(error) from error
    scrub()
    return {"status": RequestStatus.ERASED}
