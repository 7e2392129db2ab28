"""Who is told what, and that each message goes out: once while all is well, never not at all."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import delete
from sqlmodel import Session, col, select

from copapp.database import reading, writing
from copapp.domain.source import SourceProgramme
from copapp.models import Channel, MeetingRequest, OutboxMessage, StaffMember, Topic
from copapp.notify.unsent import Reason
from copapp.services import erasure, lapsing, meetings
from copapp.services.answers import answer_accept, answer_counter, answer_decline, cancel_by_delegate
from copapp.services.delivery import LEASE, deliver_due
from copapp.services.outbox import Waiting, waiting
from copapp.services.tokens import request_token
from tests import listeners
from tests.conftest import Environment
from tests.meeting_requests import MONDAY, TEN, Staffed, asked, minutes, staffed, terms

# kind, topic, "dana" (who asked), a colleague's name, or "channel"
Told = tuple[str, str, str]


@pytest.fixture
def house(db: Session, cop14: SourceProgramme) -> Staffed:
    return staffed(db, cop14)


@pytest.fixture
def smtp(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> Iterator[listeners.MailServer]:
    with listeners.mail_server() as server:
        listeners.settle(
            monkeypatch,
            SMTP_URL=f"smtp://127.0.0.1:{server.port}?from=meetings@altyndala.example",
            PUBLIC_URL="https://cop.example",
        )
        yield server


@pytest.fixture
def chat(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> Iterator[listeners.Channel]:
    with listeners.channel() as kept:
        listeners.settle(monkeypatch, WEBHOOK_URL=kept.url, PUBLIC_URL="https://cop.example")
        yield kept


def deliver(house: Staffed, now: datetime) -> int:
    house.db.commit()  # the session of tests holds the write lock
    return deliver_due(now)


def still_waiting() -> Waiting:
    with reading() as db:
        return waiting(db)


def rows(db: Session) -> list[OutboxMessage]:
    return list(db.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))))


def message_ids(server: listeners.MailServer) -> Counter[str]:
    return Counter(mail["Message-ID"] for mail in server.mails)


def number(request: MeetingRequest) -> int:
    assert request.id is not None
    return request.id


def waiting_line(request: MeetingRequest) -> int:
    assert request.proposal is not None
    return request.proposal


def told(db: Session, since: int = 0) -> list[Told]:
    """List who is told what, of the rows after the one numbered `since`."""
    names = {each.id: each.slug for each in db.exec(select(StaffMember))}
    found = select(OutboxMessage).where(col(OutboxMessage.id) > since).order_by(col(OutboxMessage.id))
    return [
        (
            row.kind or "",
            row.topic,
            "channel" if row.channel is Channel.WEBHOOK else names.get(row.member_id, "dana"),
        )
        for row in db.exec(found)
    ]


def latest(db: Session) -> int:
    return max((each or 0 for each in db.exec(select(OutboxMessage.id))), default=0)


def accepted(house: Staffed) -> MeetingRequest:
    request = asked(house.db)
    return meetings.accept(house.db, number(request), house.aigul, terms(house.aigul), MONDAY)


def test_asking_sends_a_receipt_and_tells_the_channel(house: Staffed) -> None:
    asked(house.db)

    assert told(house.db) == [("ask", "receipt", "dana"), ("ask", "move", "channel")]


def test_one_of_us_who_is_asked_for_is_told(house: Staffed) -> None:
    asked(house.db, whom="aigul")

    assert ("ask", "move", "aigul") in told(house.db)


def test_stranger_causes_one_receipt_whatever_becomes_of_the_requests(house: Staffed) -> None:
    """Asking, cancelling and erasing over and over must not fill somebody's mailbox."""
    mailed: set[str] = set()
    for turn in range(6):
        request = asked(house.db, email="Victim@ministry.example" if turn % 2 else "victim@ministry.example")
        mailed |= {each.message_id for each in rows(house.db) if each.channel is Channel.MAIL}
        token = request_token(house.db, request)
        if turn % 3 == 0:
            erasure.erase(house.db, token, MONDAY)
        elif turn % 3 == 1:
            cancel_by_delegate(house.db, token, MONDAY)
    lapsing.lapse_due(house.db, MONDAY + timedelta(days=9))
    mailed |= {each.message_id for each in rows(house.db) if each.channel is Channel.MAIL}

    assert len(mailed) == 1


def test_unanswered_request_lapses_without_a_mail(house: Staffed) -> None:
    asked(house.db)
    since = latest(house.db)

    lapsing.lapse_due(house.db, TEN + minutes(1))

    assert told(house.db, since) == [("lapse", "move", "channel")]


def test_stranger_causes_one_receipt_however_long_it_waits(house: Staffed) -> None:
    for day in range(5):
        asked(house.db, now=MONDAY + timedelta(days=day), slot=None)

    assert [each for each in told(house.db) if each[2] == "dana"] == [("ask", "receipt", "dana")]


def test_stranger_causes_one_receipt_whatever_the_case_of_the_address(house: Staffed) -> None:
    for day, email in enumerate(
        ("Élodie@ministry.example", "élodie@ministry.example", "ÉLODIE@ministry.example")
    ):
        asked(house.db, now=MONDAY + timedelta(days=day), slot=None, email=email)

    assert [each for each in told(house.db) if each[1] == "receipt"] == [("ask", "receipt", "dana")]


def test_next_request_of_an_answered_person_has_a_receipt_the_next_day(house: Staffed) -> None:
    meetings.decline(house.db, number(asked(house.db)), house.aigul, MONDAY)
    since = latest(house.db)

    asked(house.db, now=MONDAY + timedelta(hours=24), slot=None)

    assert told(house.db, since) == [("ask", "receipt", "dana"), ("ask", "move", "channel")]


def test_agreeing_tells_both_sides_and_reminds_them(house: Staffed) -> None:
    asked(house.db)
    since = latest(house.db)

    meetings.accept(house.db, 1, house.aigul, terms(house.aigul), MONDAY)

    assert told(house.db, since) == [
        ("accept", "move", "dana"),
        ("accept", "move", "aigul"),
        ("accept", "reminder", "dana"),
        ("accept", "reminder", "aigul"),
    ]
    due = select(OutboxMessage.due_at).where(OutboxMessage.topic == Topic.REMINDER)
    assert set(house.db.exec(due)) == {TEN - minutes(30)}


def test_no_reminder_of_what_begins_at_once(house: Staffed) -> None:
    asked(house.db)

    meetings.accept(house.db, 1, house.aigul, terms(house.aigul), TEN - minutes(20))

    assert [each for each in told(house.db) if each[1] == "reminder"] == []


def test_delegates_own_moves_are_not_mailed_back(house: Staffed) -> None:
    request = asked(house.db)
    meetings.propose(house.db, number(request), house.aigul, terms(house.aigul), MONDAY)
    token = request_token(house.db, request)
    since = latest(house.db)

    answer_counter(house.db, token, waiting_line(request), TEN + minutes(60), MONDAY)
    meetings.propose(house.db, number(request), house.aigul, terms(house.aigul, TEN + minutes(120)), MONDAY)
    answer_decline(house.db, token, waiting_line(request), MONDAY)

    assert told(house.db, since) == [
        ("counter", "move", "channel"),
        ("propose", "move", "dana"),
        ("decline", "move", "channel"),
    ]


def test_moving_a_meeting_to_a_colleague_tells_all_three(house: Staffed) -> None:
    request = accepted(house)
    meetings.propose(house.db, number(request), house.aigul, terms(house.bolat), MONDAY)
    since = latest(house.db)

    answer_accept(house.db, request_token(house.db, request), waiting_line(request), MONDAY)

    assert [each for each in told(house.db, since) if each[1] == "move"] == [
        ("accept", "move", "dana"),
        ("accept", "move", "aigul"),
        ("accept", "move", "bolat"),
        ("accept", "move", "channel"),
    ]


def test_cancelling_takes_reminders_back(house: Staffed) -> None:
    request = accepted(house)

    meetings.cancel(house.db, number(request), house.aigul, MONDAY, "Ill")

    assert told(house.db)[-2:] == [("cancel", "move", "dana"), ("cancel", "move", "aigul")]
    assert [each for each in told(house.db) if each[1] == "reminder"] == []


def test_handing_over_what_is_not_agreed_is_our_own_affair(house: Staffed) -> None:
    request = asked(house.db)
    since = latest(house.db)

    meetings.reassign(house.db, number(request), house.aigul, house.bolat.id or 0, MONDAY)

    assert told(house.db, since) == [("reassign", "move", "bolat")]


def test_who_was_handed_a_request_is_told_who_took_it_back(house: Staffed) -> None:
    request = asked(house.db)
    meetings.reassign(house.db, number(request), house.aigul, house.bolat.id or 0, MONDAY)
    since = latest(house.db)

    meetings.accept(house.db, number(request), house.aigul, terms(house.aigul), MONDAY)

    assert ("accept", "move", "bolat") in told(house.db, since)


def test_erased_request_leaves_nothing_to_tell(house: Staffed) -> None:
    request = accepted(house)

    erasure.erase(house.db, request_token(house.db, request), MONDAY)

    left = [(each.request_id, each.move_id, each.member_id, each.channel) for each in rows(house.db)]
    assert left == [(None, None, None, Channel.WEBHOOK)]


def test_everything_due_goes_out_once(house: Staffed, smtp: listeners.MailServer) -> None:
    accepted(house)

    sent = [deliver(house, MONDAY), deliver(house, MONDAY + minutes(1))]

    assert sent == [3, 0]
    assert [(sender, to) for sender, to, _ in smtp.taken] == [
        ("meetings@altyndala.example", ["dana@ministry.example"]),
        ("meetings@altyndala.example", ["dana@ministry.example"]),
        ("meetings@altyndala.example", ["aigul@altyndala.example"]),
    ]


def test_reminder_goes_out_half_an_hour_before(house: Staffed, smtp: listeners.MailServer) -> None:
    accepted(house)
    deliver(house, MONDAY)
    smtp.taken.clear()

    sent = [deliver(house, TEN - minutes(31)), deliver(house, TEN - minutes(30))]

    assert sent == [0, 2]
    assert [mail["Subject"] for mail in smtp.mails] == [
        "Soon: our meeting at CMS COP14",
        "Soon: Dana, Ministry of Ecology",
    ]


def test_reminder_of_a_meeting_that_has_begun_is_dropped(house: Staffed, smtp: listeners.MailServer) -> None:
    accepted(house)
    deliver(house, MONDAY)
    smtp.taken.clear()

    assert deliver(house, TEN) == 0

    assert smtp.taken == []
    assert [each for each in told(house.db) if each[1] == "reminder"] == []


def test_proposal_that_is_superseded_is_not_mailed(house: Staffed, smtp: listeners.MailServer) -> None:
    """It would ask for an answer that cannot be given any more."""
    request = asked(house.db)
    for hour in (0, 60):
        given = terms(house.aigul, TEN + minutes(hour))
        meetings.propose(house.db, number(request), house.aigul, given, MONDAY)

    deliver(house, MONDAY)

    proposed = [mail for mail in smtp.mails if mail["Subject"].startswith("A time")]
    assert ["11:00–11:30" in str(mail) for mail in map(text, proposed)] == [True]


def text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_disabled_colleague_gets_nothing(house: Staffed, smtp: listeners.MailServer) -> None:
    accepted(house)
    house.aigul.disabled_at = MONDAY
    house.db.add(house.aigul)

    assert deliver(house, MONDAY) == 2

    assert {to for _, [to], _ in smtp.taken} == {"dana@ministry.example"}


def test_nothing_set_up_nothing_lost(house: Staffed) -> None:
    accepted(house)

    assert deliver(house, MONDAY) == 0

    assert {(each.attempts, each.error, each.claimed_until) for each in rows(house.db)} == {(0, "", None)}
    assert waiting(house.db) == Waiting(3, Reason.NOT_SET_UP)


def test_nothing_waits_once_all_went_out(house: Staffed, smtp: listeners.MailServer) -> None:
    accepted(house)
    assert waiting(house.db) == Waiting(3, Reason.QUEUED)

    deliver(house, MONDAY)

    assert still_waiting() == Waiting(0, "")


def test_dead_mail_server_loses_nothing(house: Staffed, monkeypatch: pytest.MonkeyPatch) -> None:
    with listeners.mail_server() as server:
        pass  # it was there; its port is closed now
    listeners.settle(monkeypatch, SMTP_URL=f"smtp://127.0.0.1:{server.port}?from=meetings@altyndala.example")
    accepted(house)
    while_dead = [deliver(house, MONDAY + minutes(turn)) for turn in range(20)]
    said = still_waiting()

    with listeners.mail_server(server.port, server):
        sent = sum(deliver(house, MONDAY + minutes(20 + turn)) for turn in range(11))

    assert (set(while_dead), said) == ({0}, Waiting(3, Reason.UNREACHABLE))
    assert sent == 3
    assert set(message_ids(server).values()) == {1}


def test_waits_between_tries_grow_and_differ(house: Staffed, monkeypatch: pytest.MonkeyPatch) -> None:
    listeners.settle(monkeypatch, SMTP_URL="smtp://127.0.0.1:9?from=meetings@altyndala.example")
    asked(house.db)
    at, waits = MONDAY, []
    for _ in range(8):
        deliver(house, at)
        house.db.expire_all()
        until = rows(house.db)[0].claimed_until
        assert until is not None
        waits.append((until - at).total_seconds())
        at = until

    assert all(
        most / 2 <= wait <= most + 1
        for wait, most in zip(waits, [30, 60, 120, 240, 480, 600, 600, 600], strict=True)
    )
    assert waits[-1] != waits[-2]


def test_refused_address_is_tried_five_times_and_holds_nobody_up(
    house: Staffed, smtp: listeners.MailServer
) -> None:
    smtp.answer = lambda address: "550 no such user" if address.startswith("dana") else "250 OK"
    accepted(house)

    sent = sum(deliver(house, MONDAY + timedelta(hours=6 * turn)) for turn in range(80))

    tried = {
        (each.attempts, each.error) for each in rows(house.db) if each.sent_at is None and not each.member_id
    }
    assert {(5, "refused: 550")} <= tried
    assert max(attempts for attempts, _ in tried) == 5
    assert sent == 1  # Aigul's; the reminders' time has passed
    assert still_waiting().reason == Reason.REFUSED


def test_busy_mailbox_is_tried_again(house: Staffed, smtp: listeners.MailServer) -> None:
    answers = iter(["450 busy", *["250 OK"] * 9])
    smtp.answer = lambda _: next(answers)
    accepted(house)

    sent = [deliver(house, MONDAY), deliver(house, MONDAY + minutes(1))]

    assert sent == [1, 2]
    assert [mail["Subject"] for mail in smtp.mails if "dana" in mail["To"]] == [
        "Your meeting request at CMS COP14",
        "Our meeting at CMS COP14 is agreed",
    ]


def test_address_that_no_mail_can_have_harms_nobody(house: Staffed, smtp: listeners.MailServer) -> None:
    asked(house.db, email="a..b@ministry.example")
    asked(house.db, "Erlan")

    assert deliver(house, MONDAY) == 1

    assert {to for _, [to], _ in smtp.taken} == {"erlan@ministry.example"}


def test_channel_is_told_no_address_and_no_name(house: Staffed, chat: listeners.Channel) -> None:
    request = asked(house.db, organisation="<!channel> @all Ministry [x](https://evil.example)", whom="aigul")
    assert deliver(house, MONDAY) == 1
    cancel_by_delegate(house.db, request_token(house.db, request), MONDAY)

    assert deliver(house, MONDAY) == 1

    assert chat.taken == [
        {
            "text": "New meeting request from !channel all Ministry x (https: evil.example)\n"
            "Tuesday 13 February, 10:00, Samarkand time (UTC+5)\nhttps://cop.example/admin"
        },
        {"text": "!channel all Ministry x (https: evil.example) has cancelled\nhttps://cop.example/admin"},
    ]


def test_channel_learns_of_an_erasure_and_not_whose(house: Staffed, chat: listeners.Channel) -> None:
    token = request_token(house.db, asked(house.db))
    deliver(house, MONDAY)
    erasure.erase(house.db, token, MONDAY)

    deliver(house, MONDAY)

    assert chat.taken[1:] == [{"text": "A meeting request was erased\nhttps://cop.example/admin"}]


def test_channel_that_fails_is_told_later(house: Staffed, chat: listeners.Channel) -> None:
    asked(house.db)
    chat.status = 503
    assert deliver(house, MONDAY) == 0
    assert waiting(house.db).count == 2

    chat.status = 200

    assert deliver(house, MONDAY + minutes(1)) == 1


def test_old_news_is_not_poured_into_a_new_channel(house: Staffed, chat: listeners.Channel) -> None:
    asked(house.db)

    assert deliver(house, MONDAY + timedelta(hours=25)) == 0

    assert chat.taken == []
    assert Channel.WEBHOOK not in {each.channel for each in rows(house.db)}


DELIVER = """
from datetime import datetime
import sys
from copapp.services.delivery import deliver_due
while deliver_due(datetime.fromisoformat(sys.argv[1])):
    pass
"""


def child(now: datetime) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", DELIVER, now.isoformat()])


def test_killed_in_flight_repeats_that_one_message(house: Staffed, smtp: listeners.MailServer) -> None:
    for turn in range(5):
        asked(house.db, f"Person{turn}")
    house.db.commit()

    def kill_at_the_third() -> None:
        if len(smtp.taken) == 2:
            os.kill(worker.pid, signal.SIGKILL)

    smtp.hold = kill_at_the_third
    worker = child(MONDAY)
    assert worker.wait(60) == -signal.SIGKILL
    smtp.hold = lambda: None

    at_once = deliver(house, MONDAY)
    after_the_lease = deliver(house, MONDAY + LEASE + minutes(1))

    assert (at_once, after_the_lease) == (2, 1)
    assert sorted(message_ids(smtp).values()) == [1, 1, 1, 1, 2]


def test_message_in_flight_is_not_taken_for_another(house: Staffed, smtp: listeners.MailServer) -> None:
    """The number of a row that is erased meanwhile goes to the next row, which must not count as sent."""
    token = request_token(house.db, asked(house.db, "Dana"))
    for row in rows(house.db)[1:]:
        house.db.delete(row)  # the receipt is the last row

    def erase_and_ask() -> None:
        smtp.hold = lambda: None
        with writing() as db:
            erasure.erase(db, token, MONDAY)
            db.exec(delete(OutboxMessage))
            asked(db, "Erlan")

    smtp.hold = erase_and_ask

    deliver(house, MONDAY)
    deliver(house, MONDAY)

    assert [to for _, [to], _ in smtp.taken] == ["dana@ministry.example", "erlan@ministry.example"]


def test_end_of_what_another_worker_is_just_telling_is_told_after_it(
    house: Staffed, chat: listeners.Channel
) -> None:
    """It was taken along with other ends, and thrown away as that of a request nobody had heard of."""
    first = asked(house.db, "Dana", organisation="First")
    deliver(house, MONDAY)
    later = MONDAY + minutes(10)
    second = asked(house.db, "Erlan", later, organisation="Second")
    tokens = [request_token(house.db, each) for each in (first, second)]

    def take_both_back() -> None:
        chat.hold = lambda: None
        with writing() as db:
            for token in tokens:
                cancel_by_delegate(db, token, later)
        deliver_due(later)

    chat.hold = take_both_back

    deliver(house, later)
    deliver(house, later)

    assert [each["text"].splitlines()[0] for each in chat.taken] == [
        "New meeting request from First",
        "First has cancelled",
        "New meeting request from Second",
        "Second has cancelled",
    ]


def test_workers_together_send_each_message_once(house: Staffed, smtp: listeners.MailServer) -> None:
    for turn in range(30):
        asked(house.db, f"Person{turn}")
    house.db.commit()
    smtp.hold = lambda: time.sleep(0.01)

    workers = [child(MONDAY) for _ in range(4)]

    assert [worker.wait(120) for worker in workers] == [0] * 4
    assert list(message_ids(smtp).values()) == [1] * 30
