"""Takes a delegate's request, once."""

import hmac
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from uuid import uuid4

from sqlmodel import Session, select

from copapp.domain.folding import folded
from copapp.domain.mail_address import mailbox
from copapp.domain.slots import SlotState, find_slot
from copapp.models import Actor, Event, MeetingRequest, MoveKind, Tombstone
from copapp.services.moves import ErasedRequestError, write
from copapp.services.slots import Offer, offer
from copapp.services.tokens import hash_of, token_for


class ClosedError(RuntimeError):
    """The conference is over: nobody can be asked any more."""


class KeyReusedError(ValueError):
    """This idempotency key came before, with other content."""


class WishError(ValueError):
    """A wish that cannot be met: `field` and `code` as the form names them."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code = field, code


@dataclass(frozen=True)
class AskForm:
    """What a delegate asks, checked and cleaned; `event` and `whom` are slugs, `slot` aware."""

    name: str
    organisation: str
    email: str
    reason: str
    language: str
    event: str | None = None
    slot: datetime | None = None
    whom: str | None = None

    def digest(self) -> str:
        """Digest the content, to tell a repeated form from another under the same key."""
        return sha256(json.dumps(asdict(self), default=_instant, sort_keys=True).encode()).hexdigest()


def _instant(value: datetime) -> str:
    return str(value.timestamp())


def asked_before(db: Session, key: str, form: AskForm) -> MeetingRequest | None:
    """Give the request that this key made, or None. Raises KeyReusedError or ErasedRequestError."""
    key_hash = hash_of(key)
    if db.get(Tombstone, hash_of(token_for(db, key_hash))):
        raise ErasedRequestError
    found = db.exec(select(MeetingRequest).where(MeetingRequest.key_hash == key_hash)).first()
    if found and not hmac.compare_digest(found.digest, form.digest()):
        raise KeyReusedError
    return found


def ask(db: Session, form: AskForm, key: str, now: datetime, *, is_held_back: bool = False) -> MeetingRequest:
    """Take a request, once for each key; the same form again gives the same request.

    Raises ClosedError after the conference, WishError for a wish that cannot be met, and what asked_before
    raises. The database's unique key is the last word where two come at once: IntegrityError, ask again.
    """
    if before := asked_before(db, key, form):
        return before
    offered = offer(db, now)
    if not offered.is_open:
        raise ClosedError
    _check_wish(db, form, offered, now)
    key_hash = hash_of(key)
    whom = next((each.id for each in offered.shown if each.slug == form.whom), None)
    request = MeetingRequest(
        **{name: value for name, value in vars(form).items() if name != "whom"},
        key_hash=key_hash,
        token_hash=hash_of(token_for(db, key_hash)),
        digest=form.digest(),
        mailbox=mailbox(form.email),
        is_held_back=is_held_back,
        folded=folded(form.name, form.organisation, form.email, form.reason),
        uid=f"meeting-{uuid4()}@{offered.conference.slug}.copapp",
        whom_id=whom,
        member_id=whom,
        created_at=now,
        updated_at=now,
    )
    db.add(request)
    db.flush()
    write(db, request, MoveKind.ASK, Actor.DELEGATE, now, starts=form.slot)
    return request


def _check_wish(db: Session, form: AskForm, offered: Offer, now: datetime) -> None:
    # Looked for here: a database need not be able to hold what was sent.
    if form.event and form.event not in db.exec(select(Event.slug)).all():
        raise WishError("event", "unknown")
    if form.whom and form.whom not in {each.slug for each in offered.shown}:
        raise WishError("whom", "unknown")
    if form.slot and form.slot <= now:
        raise WishError("slot", "past")
    if form.slot:
        slot = find_slot(offered.slots, form.slot)
        if slot is None:
            raise WishError("slot", "unknown")
        if slot.state is SlotState.UNAVAILABLE:
            raise WishError("slot", "unavailable")
