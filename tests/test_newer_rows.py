"""Beside a newer version that shares the database: what it alone knows is left to it, all else is done."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text, update
from sqlmodel import Session, SQLModel, col, select

from copapp.database import engine, reading, writing
from copapp.domain.source import SourceProgramme
from copapp.models import MeetingMove, MeetingRequest, OutboxMessage, RequestStatus, StaffMember
from copapp.services.delivery import deliver_due
from copapp.services.erasure import erase, erase_address, erase_all
from copapp.services.lapsing import lapse_due
from copapp.services.moves import UnknownRequestError
from copapp.services.tokens import request_token
from tests import listeners
from tests.conftest import every_database
from tests.meeting_requests import MONDAY, TEN, Staffed, asked, due_duties, minutes, staffed

WORDS = [
    ("outboxmessage", "topic"),
    ("outboxmessage", "kind"),
    ("outboxmessage", "channel"),
    ("meetingrequest", "status"),
    ("meetingmove", "kind"),
    ("meetingmove", "status"),
    ("meetingmove", "actor"),
]
NEWER = "OF_TOMORROW"


@pytest.fixture
def smtp(monkeypatch: pytest.MonkeyPatch) -> Iterator[listeners.MailServer]:
    with listeners.mail_server() as server:
        url = f"smtp://127.0.0.1:{server.port}?from=meetings@altyndala.example"
        listeners.settle(monkeypatch, SMTP_URL=url)
        yield server


@pytest.fixture
def house(db: Session, cop14: SourceProgramme, smtp: listeners.MailServer) -> Staffed:
    return staffed(db, cop14)


def write_newer(house: Staffed, request: MeetingRequest, table: str, column: str) -> str:
    """Write a word of a newer version where it stands for a request; gives the word that stood there."""
    number = request.id
    house.db.commit()
    own = "id" if table == "meetingrequest" else "request_id"
    if engine().dialect.name == "postgresql":
        kind = SQLModel.metadata.tables[table].columns[column].type.name  # type: ignore[attr-defined] # an Enum
        with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as newer:
            newer.execute(text(f"ALTER TYPE {kind} ADD VALUE IF NOT EXISTS '{NEWER}'"))
    with writing() as db:
        where = f"FROM {table} WHERE {own} = {number} AND {column} IS NOT NULL"
        was = str(db.connection().execute(text(f"SELECT {column} {where} ORDER BY id")).scalars().first())
        set_word(db, table, column, own, number, NEWER)
    return was


def set_word(db: Session, table: str, column: str, own: str, number: int | None, word: str) -> None:
    changed = f"UPDATE {table} SET {column} = '{word}' WHERE {own} = {number}"  # noqa: S608 - words of this file
    db.connection().execute(text(f"{changed} AND {column} IS NOT NULL"))


def addressees(smtp: listeners.MailServer) -> list[str]:
    return [to for _, [to], _ in smtp.taken]


@every_database
@pytest.mark.parametrize(("table", "column"), WORDS)
def test_message_in_newer_words_waits_and_all_others_go(
    house: Staffed, smtp: listeners.MailServer, table: str, column: str
) -> None:
    """A topic of a newer version stopped all mail of the older worker beside it, in silence."""
    newer, _known = asked(house.db, "Newer"), asked(house.db, "Known")
    number = newer.id
    was = write_newer(house, newer, table, column)

    deliver_due(MONDAY)

    assert addressees(smtp) == ["known@ministry.example"]
    with reading() as db:
        found = select(OutboxMessage.attempts, OutboxMessage.claimed_until).where(
            OutboxMessage.request_id == number
        )
        assert {*db.exec(found).all()} == {(0, None)}

    with writing() as db:
        set_word(db, table, column, "id" if table == "meetingrequest" else "request_id", number, was)
    deliver_due(MONDAY)

    assert addressees(smtp) == ["known@ministry.example", "newer@ministry.example"]


def test_message_after_one_in_newer_words_goes(house: Staffed, smtp: listeners.MailServer) -> None:
    asked(house.db)
    house.db.flush()
    first = house.db.exec(select(OutboxMessage).where(OutboxMessage.channel == "MAIL")).one()
    twin = OutboxMessage(**first.model_dump(exclude={"id", "message_id"}), message_id="<twin@copapp>")
    house.db.add(twin)
    house.db.flush()
    own = col(OutboxMessage.id) == first.id
    house.db.commit()
    with writing() as db:
        db.connection().execute(update(OutboxMessage).where(own).values(topic=text(f"'{NEWER}'")))

    deliver_due(MONDAY)

    assert [each["Message-ID"] for each in smtp.mails] == ["<twin@copapp>"]


def test_message_that_cannot_be_read_waits_and_all_others_go(
    house: Staffed, smtp: listeners.MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    """The role of one of us is no word of a request, but is read on the way."""
    asked(house.db, "Newer", whom="aigul")
    asked(house.db, "Known")
    house.db.commit()
    with writing() as db:
        db.connection().execute(text(f"UPDATE staffmember SET role = '{NEWER}' WHERE slug = 'aigul'"))  # noqa: S608 - words of this file

    deliver_due(MONDAY)

    assert addressees(smtp) == ["newer@ministry.example", "known@ministry.example"]
    assert [each for each in caplog.messages if "A message cannot be read: LookupError at" in each]
    with writing() as db:
        db.connection().execute(text("UPDATE staffmember SET role = 'MEMBER'"))
    deliver_due(MONDAY + minutes(15))
    assert addressees(smtp)[2:] == ["aigul@altyndala.example"]


@every_database
@pytest.mark.parametrize(("table", "column"), [each for each in WORDS if each[0] != "outboxmessage"])
def test_request_in_newer_words_does_not_lapse_and_all_others_do(
    house: Staffed, table: str, column: str
) -> None:
    newer, known = asked(house.db, "Newer"), asked(house.db, "Known").id
    write_newer(house, newer, table, column)

    with writing() as db:
        assert lapse_due(db, TEN) == 1

    with reading() as db:
        assert db.get_one(MeetingRequest, known).status is RequestStatus.LAPSED
        assert "lapsing" not in due_duties(db, TEN)


@every_database
@pytest.mark.parametrize(("table", "column"), WORDS)
@pytest.mark.parametrize("way", ["link", "address", "all"])
def test_what_is_in_newer_words_is_erased_all_the_same(
    house: Staffed, table: str, column: str, way: str
) -> None:
    """What is erased has only to be named."""
    newer = asked(house.db, "Newer")
    token = request_token(house.db, newer)
    write_newer(house, newer, table, column)

    with writing() as db:
        if way == "link":
            erase(db, token, MONDAY)
            erase(db, token, MONDAY)
        else:
            assert (
                erase_all(db) if way == "all" else erase_address(db, "NEWER@ministry.example", MONDAY)
            ) == 1

    with reading() as db:
        assert [db.exec(select(each.id)).all() for each in (MeetingRequest, MeetingMove)] == [[], []]


def test_unknown_link_is_said_to_be_unknown(house: Staffed) -> None:
    with pytest.raises(UnknownRequestError):
        erase(house.db, "nothing", MONDAY)


def test_every_word_that_chores_read_is_tried_here() -> None:
    tables = (OutboxMessage, MeetingRequest, MeetingMove, StaffMember)
    words = {
        (table.__tablename__, column.name)
        for table in tables
        for column in SQLModel.metadata.tables[str(table.__tablename__)].columns
        if hasattr(column.type, "enum_class")
    }

    assert words == {*WORDS, ("staffmember", "role")}


def test_news_that_cannot_be_read_hold_up_no_other_news(house: Staffed, smtp: listeners.MailServer) -> None:
    """One such row put off all that were told together with it, again and again."""
    broken = asked(house.db, "Broken", whom="aigul").id
    for name in ("Dana", "Erlan"):
        asked(house.db, name, whom="aigul")
    house.db.commit()
    with writing() as db:
        db.connection().execute(text(f"UPDATE meetingmove SET at = 'once' WHERE request_id = {broken}"))  # noqa: S608 - words of this file

    for later in range(3):
        deliver_due(MONDAY + minutes(later))

    assert subjects(smtp, "aigul@altyndala.example") == ["2 new meeting requests for you"]
    with writing() as db:
        db.connection().execute(text(f"UPDATE meetingmove SET at = '{MONDAY:%Y-%m-%d %H:%M:%S.%f}'"))  # noqa: S608 - words of this file
    deliver_due(MONDAY + minutes(15))
    assert len(subjects(smtp, "aigul@altyndala.example")) == 2


def subjects(smtp: listeners.MailServer, address: str) -> list[str]:
    return [each["Subject"] for each in smtp.mails if each["To"] == address]
