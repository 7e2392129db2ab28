"""Where mail and messages go: the environment first, no secret comes out, trials tell the truth."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from sqlmodel import Session, select

from copapp.database import reading
from copapp.domain.event_form import FormProblem
from copapp.domain.source import SourceProgramme
from copapp.mail_server import MailServer, Tls, mail_server, smtp_url
from copapp.models import AuditEntry, Channel, StaffRole
from copapp.notify import mail
from copapp.services.channel_settings import (
    ChannelFormError,
    SetByEnvironmentError,
    forget_mail,
    mark_of,
    set_mail,
    set_webhook,
)
from copapp.services.channels import kept_mail, mail_in_force, webhook_in_force
from copapp.services.delivery import deliver_due
from copapp.services.draft import ChangedMeanwhileError
from copapp.services.moves import NotAllowedError
from copapp.services.outbox import Waiting, waiting
from copapp.services.trials import Tried, try_mail, try_mailbox, try_webhook
from tests import listeners
from tests.meeting_requests import MONDAY, Staffed, asked, staffed
from tests.services import ImapServer
from tests.test_mail import guarded

LATER = MONDAY + timedelta(minutes=5)
OURS = "meetings@altyndala.example"
SERVER = MailServer("mail.example.org", 587, OURS, Tls.STARTTLS, "us", "Canary%:/@ secret")


@pytest.fixture
def house(db: Session, cop14: SourceProgramme) -> Staffed:
    found = staffed(db, cop14)
    found.aigul.role = StaffRole.COORDINATOR
    db.commit()
    return found


@pytest.fixture
def own_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the machine lets coordinators use what listens on it."""
    listeners.settle(monkeypatch, FETCH_ALLOW="127.0.0.0/8, ::1/128")


def keep(house: Staffed, server: MailServer) -> None:
    """Set a mail server as the page does, and let go of the write lock."""
    set_mail(house.db, house.aigul, mark_of(house.db, Channel.MAIL), server, LATER)
    house.db.commit()


@pytest.mark.parametrize(
    "server", [SERVER, replace(SERVER, tls=Tls.FROM_THE_START), MailServer("h", 25, "a+b@c.org", Tls.NONE)]
)
def test_mail_server_is_written_as_it_is_read(server: MailServer) -> None:
    assert mail_server(smtp_url(server)) == server


@pytest.mark.usefixtures("own_network")
def test_what_a_coordinator_sets_delivers_mail(house: Staffed) -> None:
    asked(house.db)
    assert waiting(house.db).reason == "not_set_up"
    with listeners.mail_server() as smtp:
        keep(house, MailServer("127.0.0.1", smtp.port, OURS, Tls.NONE))

        deliver_due(LATER)

        [receipt] = smtp.mails
    assert (receipt["To"], receipt["From"].addresses[0].addr_spec) == ("dana@ministry.example", OURS)
    with reading() as db:
        assert waiting(db) == Waiting(0, "")


def test_the_environment_wins_and_is_not_written_over(
    house: Staffed, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(house, SERVER)
    listeners.settle(
        monkeypatch, SMTP_URL=f"smtp://env.example.org?from={OURS}", WEBHOOK_URL="http://127.0.0.1:9/hook"
    )

    server, webhook = mail_in_force(house.db), webhook_in_force(house.db)
    assert server is not None
    assert webhook is not None
    assert (server.host, webhook.is_ours) == ("env.example.org", True)
    with pytest.raises(SetByEnvironmentError):
        keep(house, SERVER)
    with pytest.raises(SetByEnvironmentError):
        forget_mail(house.db, house.aigul, mark_of(house.db, Channel.MAIL), LATER)


def test_password_stays_for_its_server_and_is_told_to_no_other(house: Staffed) -> None:
    keep(house, SERVER)

    keep(house, replace(SERVER, password="", sender="other@altyndala.example"))
    kept = kept_mail(house.db)
    assert kept == replace(SERVER, sender="other@altyndala.example")
    for other in ({"host": "evil.example.org"}, {"port": 2525}, {"user": "somebody"}):
        with pytest.raises(ChannelFormError) as refused:
            keep(house, replace(SERVER, password="", **other))
        assert refused.value.problems == [FormProblem("password", "required")]

    assert kept_mail(house.db) == kept
    assert "Canary" not in repr(kept)
    assert "Canary" not in "".join(str(each.changes) for each in house.db.exec(select(AuditEntry)))


def test_forgotten_mail_server_is_gone(house: Staffed) -> None:
    keep(house, SERVER)

    forget_mail(house.db, house.aigul, mark_of(house.db, Channel.MAIL), LATER)

    assert mail_in_force(house.db) is None
    acts = [(each.act, each.changes["host"]) for each in house.db.exec(select(AuditEntry))]
    assert acts == [("mail", ["", "mail.example.org"]), ("mail", ["mail.example.org", ""])]


def test_of_two_coordinators_the_second_is_told(house: Staffed) -> None:
    seen = mark_of(house.db, Channel.MAIL)
    keep(house, SERVER)

    with pytest.raises(ChangedMeanwhileError):
        set_mail(house.db, house.aigul, seen, replace(SERVER, host="other.example.org"), LATER)


def test_only_coordinators_set_and_try(house: Staffed) -> None:
    with pytest.raises(NotAllowedError):
        set_mail(house.db, house.bolat, "", SERVER, LATER)
    with pytest.raises(NotAllowedError):
        try_mail(house.bolat, LATER)
    with pytest.raises(NotAllowedError):
        try_webhook(house.bolat)
    with pytest.raises(NotAllowedError):
        try_mailbox(house.bolat)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"host": "mail example"}, ("host", "host")),
        ({"host": "x" * 254}, ("host", "host")),
        ({"port": 0}, ("port", "port")),
        ({"port": 65_536}, ("port", "port")),
        ({"sender": "us"}, ("sender", "email")),
        ({"user": "u\r\ns"}, ("user", "characters")),
        ({"user": ""}, ("user", "required")),
        ({"password": ""}, ("password", "required")),
        ({"tls": Tls.NONE}, ("tls", "private")),
        ({"tls": Tls.OFFERED}, ("tls", "private")),
    ],
)
def test_mail_server_that_cannot_be_kept_is_refused_by_field(
    house: Staffed, given: dict[str, object], problem: tuple[str, str]
) -> None:
    with pytest.raises(ChannelFormError) as refused:
        keep(house, replace(SERVER, **given))  # type: ignore[arg-type]

    assert refused.value.problems == [FormProblem(*problem)]
    assert kept_mail(house.db) is None


def tried(house: Staffed, port: int, host: str = "127.0.0.1", **given: object) -> Tried:
    """Try a mail by a server at that port."""
    keep(house, replace(MailServer(host, port, OURS, Tls.NONE), **given))  # type: ignore[arg-type]
    return try_mail(house.aigul, LATER)


@pytest.mark.usefixtures("own_network")
def test_trial_mail_goes_to_who_asks_in_her_language(house: Staffed) -> None:
    house.aigul.languages = ["kk", "fr", "en"]
    house.db.commit()
    with listeners.mail_server() as smtp:
        said = tried(house, smtp.port)

    [sent] = smtp.mails
    assert (said, sent["To"]) == (Tried("taken"), "aigul@altyndala.example")
    assert sent["Subject"] == "Un essai du service de rendez-vous à CMS COP14"
    assert sent["Content-Language"] == "fr"


@pytest.mark.usefixtures("own_network")
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("550 no such user", Tried("recipient", "550")),
        ("450 come again", Tried("recipient", "450")),
        ("421 going down", Tried("recipient", "421")),
    ],
)
def test_refused_recipient_is_told_with_the_answer(house: Staffed, answer: str, said: Tried) -> None:
    with listeners.mail_server() as smtp:
        smtp.answer = lambda _: answer
        assert tried(house, smtp.port) == said


@pytest.mark.usefixtures("own_network")
def test_trial_says_at_which_step_it_stopped(house: Staffed, certificate: Path) -> None:
    def signed(port: int, given: str, **more: object) -> Tried:
        return tried(house, port, "localhost", user="us", password=given, **({"tls": Tls.STARTTLS} | more))

    with guarded(certificate) as untrusted:
        assert signed(untrusted.port, "right") == Tried("certificate")
    with listeners.mail_server() as plain:
        assert signed(plain.port, "right") == Tried("tls")
        assert signed(plain.port, "right", tls=Tls.FROM_THE_START) == Tried("tls")
    assert tried(house, listeners.free_port()) == Tried("connection")
    assert tried(house, 25, "nobody.invalid") == Tried("name")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "10.0.0.1", "169.254.169.254"])
def test_mail_server_in_a_private_network_is_never_reached(house: Staffed, host: str) -> None:
    """It told an open port of the machine from a closed one, to whoever had a coordinator's session."""
    with listeners.mail_server() as smtp:
        said = [tried(house, port, host) for port in (smtp.port, listeners.free_port())]

    assert said == [Tried("private")] * 2


def test_one_place_may_be_opened_for_mail(house: Staffed, monkeypatch: pytest.MonkeyPatch) -> None:
    with listeners.mail_server() as smtp, listeners.mail_server() as other:
        listeners.settle(monkeypatch, FETCH_ALLOW=f"localhost:{smtp.port}")
        said = [tried(house, port, "localhost") for port in (smtp.port, other.port)]

    assert said == [Tried("taken"), Tried("private")]


@pytest.mark.usefixtures("own_network")
def test_wrong_password_is_told_as_such(
    house: Staffed, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    given = {"tls": Tls.STARTTLS, "user": "us", "password": "wrong"}
    with guarded(certificate) as server:
        assert tried(house, server.port, "localhost", **given) == Tried("sign_in")
        assert tried(house, server.port, "localhost", **(given | {"password": "right"})) == Tried("taken")


@contextmanager
def line(greeting: bytes) -> Iterator[int]:
    """Listen as what is no mail server: it says this to whoever comes, and nothing more."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        kept = []

        def greet() -> None:
            connection, _ = server.accept()
            connection.sendall(greeting)
            kept.append(connection)

        greeting_one = Thread(target=greet, daemon=True)
        greeting_one.start()
        yield server.getsockname()[1]
        greeting_one.join()
        for each in kept:
            each.close()


@pytest.mark.usefixtures("own_network")
def test_what_is_no_mail_server_is_told_from_one_that_is_silent(
    house: Staffed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 0.5)
    with line(b"HTTP/1.0 400 Bad Request\r\n\r\n") as port:
        assert tried(house, port).what == "greeting"
    with line(b"") as port:
        assert tried(house, port) == Tried("silence")


def test_nothing_set_is_nothing_to_try(house: Staffed) -> None:
    nothing = Tried("not_set_up")
    assert (try_mail(house.aigul, LATER), try_webhook(house.aigul)) == (nothing, nothing)
    assert try_mailbox(house.aigul) == nothing


def test_trial_message_tells_the_channel_nothing(house: Staffed, monkeypatch: pytest.MonkeyPatch) -> None:
    with listeners.channel() as chat:
        listeners.settle(monkeypatch, WEBHOOK_URL=chat.url)
        taken = try_webhook(house.aigul)
        chat.status = 404
        refused = try_webhook(house.aigul)

    words = {"text": "A trial from the meeting desk at CMS COP14: messages arrive here."}
    assert (taken, refused) == (Tried("taken"), Tried("status", "404"))
    assert chat.taken == [words, words]
    assert try_webhook(house.aigul) == Tried("connection")


def keep_webhook(house: Staffed, url: str) -> None:
    set_webhook(house.db, house.aigul, mark_of(house.db, Channel.WEBHOOK), url, LATER)
    house.db.commit()


def test_channel_that_a_coordinator_sets_is_told_at_the_address_that_was_looked_at(
    house: Staffed, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    with listeners.channel(certificate) as chat:
        place = chat.url.removeprefix("https://").partition("/")[0]
        listeners.settle(monkeypatch, FETCH_ALLOW=place)
        keep_webhook(house, chat.url)
        asked(house.db)
        house.db.commit()

        assert try_webhook(house.aigul) == Tried("taken")
        house.db.commit()
        deliver_due(LATER)

    assert chat.hosts == [place, place]
    assert chat.taken[1]["text"].startswith("New meeting request")
    entries = [each.changes for each in house.db.exec(select(AuditEntry))]
    assert entries == [{"host": ["", "localhost"]}]


@pytest.mark.parametrize(
    "url",
    [
        "https://localhost/hooks/x",
        "https://127.0.0.1/hooks/x",
        "https://169.254.169.254/latest",
        "https://[::1]:8443/hooks/x",
        "https://[::ffff:10.0.0.1]/hooks/x",
    ],
)
def test_channel_in_a_private_network_is_never_reached(house: Staffed, url: str) -> None:
    keep_webhook(house, url)

    assert try_webhook(house.aigul) == Tried("private")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://chat.example.org/hooks/x", "web"),
        ("chat.example.org/hooks/x", "web"),
        ("https://us:secret@chat.example.org/x", "web"),
        ("https:///x", "web"),
        ("file:///etc/passwd", "web"),
        ("https://chat.example.org/" + "x" * 2_000, "web"),
        ("https://chat.example.org:25/x", "web_port"),
    ],
)
def test_channel_that_cannot_be_is_refused(house: Staffed, url: str, code: str) -> None:
    with pytest.raises(ChannelFormError) as refused:
        keep_webhook(house, url)

    assert refused.value.problems == [FormProblem("url", code)]
    assert webhook_in_force(house.db) is None


def test_mailbox_is_tried_without_reading(
    house: Staffed, imap: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(user: str, secret: str) -> str:
        address = f"imaps://{user}:{secret}@localhost:{imap.port}/INBOX?address={OURS}"
        listeners.settle(monkeypatch, IMAP_URL=address)
        return try_mailbox(house.aigul).what

    monkeypatch.setenv("SSL_CERT_FILE", str(imap.certificate))
    assert (look("trial", "right"), look("trial", "wrong")) == ("taken", "sign_in")
    monkeypatch.delenv("SSL_CERT_FILE")
    assert look("trial", "right") == "certificate"
