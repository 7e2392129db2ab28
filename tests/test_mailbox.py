"""The mailbox of replies, on a real server: each reply counts once, nothing else is touched."""

import imaplib
import logging
import random
import socket
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from urllib.parse import quote

import pytest
from pydantic import ValidationError
from sqlmodel import Session, select

from copapp.database import reading, writing
from copapp.domain.source import SourceProgramme
from copapp.models import MailboxMark, MeetingMove, MeetingReply, MeetingRequest, MoveKind, RequestStatus
from copapp.services import meetings
from copapp.services.mailbox import look_for_replies, mailbox_trouble
from copapp.services.replies import unclear_replies
from copapp.settings import Settings
from tests.conftest import Environment, every_database
from tests.listeners import settle
from tests.meeting_requests import MONDAY, asked, staffed, terms
from tests.reply_mails import mailed, reply
from tests.services import ImapServer

_users = count(1)
MINUTE = timedelta(minutes=1)
OTHER = b"From: dana@ministry.example\r\nSubject: Hello\r\n\r\nA letter.\r\n"


@dataclass
class Box:
    """A mailbox on the server, and the request that replies to it are about."""

    server: ImapServer
    user: str
    number: int
    uid: str

    @property
    def url(self) -> str:
        return f"imaps://{quote(self.user)}:right@localhost:{self.server.port}/INBOX"

    def put(self, *mails: bytes) -> None:
        with self.signed_in() as imap:
            for each in mails:
                imap.append("INBOX", "", imaplib.Time2Internaldate(MONDAY), each)

    def unread(self) -> list[str]:
        with self.signed_in() as imap:
            _, [found] = imap.search(None, "UNSEEN")
        return str(found, "ascii").split()

    @contextmanager
    def signed_in(self) -> Iterator[imaplib.IMAP4_SSL]:
        imap = self.server.open(self.user)
        try:
            yield imap
        finally:
            imap.logout()

    def status(self) -> RequestStatus:
        with reading() as db:
            return db.get_one(MeetingRequest, self.number).status

    def accepted(self) -> int:
        with reading() as db:
            moves = select(MeetingMove).where(MeetingMove.request_id == self.number)
            return sum(each.kind is MoveKind.ACCEPT for each in db.exec(moves).all())


@pytest.fixture
def box(imap: ImapServer, db: Session, cop14: SourceProgramme, monkeypatch: pytest.MonkeyPatch) -> Box:
    """A mailbox with a name of its own; its server's certificate is trusted."""
    house = staffed(db, cop14)
    request = asked(db)
    meetings.propose(db, request.id or 0, house.aigul, terms(house.aigul), MONDAY)
    made = Box(imap, f"meet{next(_users)}@altyndala.example", request.id or 0, request.uid)
    db.commit()
    monkeypatch.setenv("SSL_CERT_FILE", str(imap.certificate))
    settle(monkeypatch, IMAP_URL=made.url)
    return made


@every_database
def test_reply_is_followed_and_read_and_nothing_else_is(box: Box) -> None:
    foreign = mailed(reply("somebody-elses@example.org"))
    box.put(OTHER, mailed(reply(box.uid)), foreign, mailed(reply(box.uid, method="REQUEST")))

    assert look_for_replies(MONDAY) == 1

    assert box.status() is RequestStatus.ACCEPTED
    assert box.unread() == ["1", "3", "4"]


def test_looks_once_a_minute_and_each_reply_counts_once(box: Box) -> None:
    box.put(mailed(reply(box.uid)))
    looks = [look_for_replies(MONDAY), look_for_replies(MONDAY + MINUTE / 2)]
    box.put(mailed(reply(box.uid), number=2))
    looks.append(look_for_replies(MONDAY + MINUTE / 2))
    looks.append(look_for_replies(MONDAY + MINUTE))

    assert looks == [1, 0, 0, 1]
    assert (box.accepted(), box.unread()) == (1, [])


def test_reply_that_somebody_has_opened_counts_all_the_same(box: Box) -> None:
    look_for_replies(MONDAY)
    box.put(mailed(reply(box.uid)))
    with box.signed_in() as imap:
        imap.store("1", "+FLAGS", r"(\Seen)")

    look_for_replies(MONDAY + MINUTE)

    assert box.status() is RequestStatus.ACCEPTED


@every_database
def test_of_several_workers_one_looks(box: Box) -> None:
    box.put(mailed(reply(box.uid)))

    with ThreadPoolExecutor(8) as workers:
        looks = list(workers.map(lambda _: look_for_replies(MONDAY), range(8)))

    assert (sum(looks), box.accepted()) == (1, 1)


def test_what_cannot_be_read_waits_for_staff_once(box: Box) -> None:
    box.put(mailed(reply(box.uid, "NEEDS-ACTION")), mailed(reply(box.uid, "TENTATIVE")))
    look_for_replies(MONDAY)
    with writing() as db:  # as a look that was lost before it could keep how far it came
        db.exec(select(MailboxMark)).one().last = 0
    look_for_replies(MONDAY + MINUTE)

    with reading() as db:
        assert [each.reason for each, _ in unclear_replies(db)] == ["tentative", "no_answer"]
    assert box.unread() == []


def test_many_other_mails_do_not_hide_a_reply(box: Box) -> None:
    box.put(*[OTHER] * 120, mailed(reply(box.uid)))

    assert [look_for_replies(MONDAY), look_for_replies(MONDAY + MINUTE)] == [0, 1]
    assert len(box.unread()) == 120


def test_server_that_cannot_show_who_it_is_hears_no_password(
    box: Box, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    box.put(mailed(reply(box.uid)))
    monkeypatch.delenv("SSL_CERT_FILE")

    looked(caplog, 0, "its server's certificate is not to be trusted")

    assert box.status() is RequestStatus.PROPOSED


def looked(caplog: pytest.LogCaptureFixture, followed: int, words: str, now: datetime = MONDAY) -> None:
    """Look, and find exactly these words in the log, and no secret."""
    caplog.clear()
    with caplog.at_level(logging.INFO):
        assert look_for_replies(now) == followed
    assert [words in each for each in caplog.messages] == [True]
    assert not [each for each in ("Canary", "right@", "altyndala") if each in caplog.text]


def test_wrong_password_is_told_in_words_once(
    box: Box, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settle(monkeypatch, IMAP_URL=box.url.replace(":right@", ":Canary@"))
    looked(caplog, 0, "its server refuses the user or the password")
    caplog.clear()
    assert (look_for_replies(MONDAY + MINUTE), caplog.messages) == (0, [])
    with reading() as db:
        assert mailbox_trouble(db) == "sign_in"

    settle(monkeypatch, IMAP_URL=box.url)
    looked(caplog, 0, "is read again", MONDAY + 2 * MINUTE)


def test_folder_that_is_not_there_is_told(
    box: Box, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settle(monkeypatch, IMAP_URL=box.url.replace("INBOX", "Replies"))

    looked(caplog, 0, "there is no such folder")


@contextmanager
def cut_after(port: int, most: int) -> Iterator[int]:
    """Pass bytes on to a server, and hang up after so many of its answer."""
    with closing(socket.create_server(("127.0.0.1", 0))) as door:

        def serve() -> None:
            near, _ = door.accept()
            far = socket.create_connection(("127.0.0.1", port))
            threading.Thread(target=_pass_on, args=(near, far, 1 << 30), daemon=True).start()
            _pass_on(far, near, most)

        threading.Thread(target=serve, daemon=True).start()
        yield door.getsockname()[1]


def _pass_on(source: socket.socket, target: socket.socket, most: int) -> None:
    try:
        while most > 0 and (given := source.recv(min(most, 256))):
            target.sendall(given)
            most -= len(given)
    except OSError:
        pass
    for each in (source, target):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)  # also under who still waits for it
        each.close()


@pytest.mark.parametrize("most", range(2_600, 5_400, 400))
def test_connection_that_is_lost_loses_and_doubles_nothing(
    box: Box, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    box.put(mailed(reply(box.uid, more=("COMMENT:" + "a" * 900,))), mailed(reply(box.uid, "TENTATIVE")))
    with cut_after(box.server.port, most) as port:
        settle(monkeypatch, IMAP_URL=box.url.replace(str(box.server.port), str(port)))
        look_for_replies(MONDAY)
    settle(monkeypatch, IMAP_URL=box.url)

    look_for_replies(MONDAY + 6 * MINUTE)

    assert (box.accepted(), box.unread()) == (1, [])
    with reading() as db:
        assert len(db.exec(select(MeetingReply)).all()) == 2


def test_server_that_talks_rubbish_is_only_told_of(
    box: Box, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, tls = random.Random(3501), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(f"{certificate}.crt", certificate)
    words = [
        b"* ",
        b"OK ",
        b"BAD ",
        b"NO ",
        b"BYE ",
        b"SEARCH ",
        b"FETCH ",
        b"{5}",
        b"\xff",
        b"7 ",
        b"(",
        b"\r\n",
    ]

    def serve(door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = door.accept()
                with suppress(OSError), tls.wrap_socket(near, server_side=True) as talk:
                    talk.sendall(b"* OK hello\r\n")
                    while asked := talk.recv(4096):
                        rubbish = b"".join(chance.choices(words, k=chance.randrange(20)))
                        tag = asked.split(b" ")[0] if chance.random() < 0.9 else b"x"
                        talk.sendall(
                            b"* " + rubbish + b"\r\n" + tag + chance.choice([b" OK", b" NO"]) + b" z\r\n"
                        )

    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=serve, args=(door,), daemon=True).start()
        settle(monkeypatch, IMAP_URL=box.url.replace(str(box.server.port), str(door.getsockname()[1])))
        monkeypatch.setattr("copapp.notify.mailbox.TIMEOUT_SECONDS", 0.3)

        followed = [look_for_replies(MONDAY + number * MINUTE) for number in range(40)]
        door.shutdown(socket.SHUT_RDWR)

    assert followed == [0] * 40


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("imap://u:p@m.example", "write it as imaps://"),
        ("imaps://m.example/INBOX", "say who signs in"),
        ("imaps://u:p@m.example", "say which address"),
        ("imaps://u:p@m.example:x?address=a@b.c", "the port must be"),
        ("imaps://u:p@m.example?from=a@b.c", "not from="),
        ("imaps://u:p%0D@m.example?address=a@b.c", "control characters"),
    ],
)
def test_address_of_a_mailbox_is_checked_in_words(environment: Environment, url: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words) as error:
        Settings(imap_url=url.replace(":p", ":Canary"))

    assert "Canary" not in str(error.value)
