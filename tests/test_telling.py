"""A release tells those concerned, where staff ask for it: what their event was and is, and nothing twice."""

from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from sqlmodel import Session, col, select

from copapp.domain.source import SourceProgramme
from copapp.models import Event, EventStatus, MeetingRequest, OutboxMessage, Topic
from copapp.notify.webhook import body
from copapp.services import draft, erasure, meetings, releasing
from copapp.services.delivery import deliver_due
from copapp.services.draft import Batch
from copapp.services.letterbox import host_of, read_told
from tests import listeners
from tests.conftest import Environment
from tests.meeting_requests import MONDAY, TEN, Staffed, asked, minutes, staffed, terms

CATS, WHERE = "cats-of-the-silk-road", "letters@altyndala.example"
LATER = MONDAY + minutes(5)


@pytest.fixture
def house(db: Session, cop14: SourceProgramme) -> Staffed:
    return staffed(db, cop14)


@pytest.fixture
def smtp(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> Iterator[listeners.MailServer]:
    with listeners.mail_server() as server:
        address = f"smtp://127.0.0.1:{server.port}?from={WHERE}"
        listeners.settle(monkeypatch, SMTP_URL=address, PUBLIC_URL="https://cop.example/")
        yield server


def agreed(house: Staffed, name: str = "Dana", language: str = "en") -> MeetingRequest:
    """Agree a meeting about the cats, of which everything was mailed already."""
    made = asked(house.db, name, event=CATS, language=language)
    return meetings.accept(house.db, made.id or 0, house.aigul, terms(house.aigul), MONDAY)


def change(house: Staffed, batch: Batch) -> None:
    """Change the cats in the draft."""
    seen = house.db.exec(select(Event).where(Event.slug == CATS)).one()
    draft.change_several(house.db, house.aigul, {CATS: seen.version}, batch, LATER)


def release(house: Staffed, *, tells: bool = True) -> None:
    digest = releasing.preview(house.db).digest
    releasing.make_release(house.db, house.aigul, digest, "", LATER, tells=tells)


def told(house: Staffed) -> list[OutboxMessage]:
    """List what tells of a release."""
    found = select(OutboxMessage).where(OutboxMessage.topic == Topic.RELEASE)
    return list(house.db.exec(found.order_by(col(OutboxMessage.id))))


def mailed(house: Staffed, smtp: listeners.MailServer) -> list[EmailMessage]:
    """Deliver everything twice, and list the mails about the programme."""
    house.db.commit()
    for _ in range(2):
        deliver_due(LATER)
    return [each for each in smtp.mails if "Until now" in _text(each) or "До сих пор" in _text(each)]


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_who_has_a_meeting_about_it_is_told_what_it_was_and_is_once(
    house: Staffed, smtp: listeners.MailServer
) -> None:
    agreed(house)
    agreed_with_bolat = asked(house.db, "Erlan", event="saiga-recovery", slot=TEN + minutes(60))
    meetings.accept(
        house.db, agreed_with_bolat.id or 0, house.bolat, terms(house.bolat, TEN + minutes(60)), MONDAY
    )
    change(house, Batch(minutes=30, room="bukhara"))
    assert [each.name for each in releasing.preview(house.db).concerned] == ["Dana"]
    release(house)

    [mail] = mailed(house, smtp)

    assert mail["To"] == "dana@ministry.example"
    assert mail["Subject"] == "An event at CMS COP14 has changed"
    text = _text(mail)
    assert "Event: Cats of the Silk Road" in text.replace("\n  ", " ")
    assert "Until now: Tuesday 13 February, 13:45–14:30" in text
    assert "Now: Tuesday 13 February, 14:15–15:00" in text
    assert "Bukhara" in text
    assert "https://cop.example/meet/" in text
    assert not [part for part in mail.walk() if part.get_content_type() == "text/calendar"]


def test_nobody_is_told_unasked(house: Staffed) -> None:
    agreed(house)
    change(house, Batch(minutes=30))

    release(house, tells=False)

    assert told(house) == []


def test_who_was_not_answered_yet_is_not_told(house: Staffed) -> None:
    """The address may be a stranger's."""
    asked(house.db, "Dana", event=CATS)
    change(house, Batch(minutes=30))

    assert releasing.preview(house.db).concerned == []
    release(house)

    assert [each.request_id for each in told(house)] == [None]


def test_what_no_delegate_sees_in_the_list_is_not_told(house: Staffed) -> None:
    agreed(house)
    event = house.db.exec(select(Event).where(Event.slug == CATS)).one()
    event.descriptions = {"en": "Another text."}
    house.db.add(event)
    house.db.flush()

    assert [each.slug for each in releasing.preview(house.db).changes] == [CATS]
    assert releasing.preview(house.db).concerned == []


def test_a_cancelled_one_says_so_in_the_readers_language(house: Staffed, smtp: listeners.MailServer) -> None:
    agreed(house, language="ru")
    change(house, Batch(status=EventStatus.CANCELLED))
    release(house)

    [mail] = mailed(house, smtp)

    assert "Теперь: Отменено" in _text(mail)
    assert mail["Content-Language"] == "ru"


def test_what_was_taken_back_before_it_went_out_is_told_no_more(
    house: Staffed, smtp: listeners.MailServer
) -> None:
    agreed(house)
    change(house, Batch(minutes=30))
    release(house)
    change(house, Batch(minutes=-30))
    release(house, tells=False)

    assert mailed(house, smtp) == []
    assert [each.channel for each in told(house)] == ["webhook"]


def test_who_is_erased_meanwhile_is_told_nothing(house: Staffed, smtp: listeners.MailServer) -> None:
    made = agreed(house)
    change(house, Batch(minutes=30))
    release(house)

    erasure.erase_address(house.db, made.email, LATER)

    assert mailed(house, smtp) == []


def test_the_channel_hears_of_the_release_and_of_nobody(house: Staffed) -> None:
    agreed(house)
    change(house, Batch(minutes=30))
    release(house)

    row = told(house)[-1]
    found = read_told(house.db, row, LATER)
    assert found is not None

    said = body(found, host_of(house.db))["text"]
    assert said.startswith("The programme has changed: release 2")
    assert "Dana" not in said
    assert "Ministry" not in said
