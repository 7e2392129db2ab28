"""What mails say, to whom, in which language, and that nobody can write into their headers."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlmodel import Session, SQLModel
from starlette.testclient import TestClient

from copapp import i18n
from copapp.api import create_api
from copapp.domain.source import SourceProgramme
from copapp.mail_server import MailServer, Tls, mail_server
from copapp.models import MeetingRequest
from copapp.notify.when import when
from copapp.services import meetings
from copapp.services.answers import answer_accept, answer_counter, cancel_by_delegate
from copapp.services.delivery import deliver_due
from copapp.services.lapsing import lapse_due
from copapp.services.tokens import request_token
from copapp.settings import Settings
from tests import listeners
from tests.conftest import Environment
from tests.meeting_requests import MONDAY, TEN, Staffed, add_member, asked, minutes, staffed, terms

LANGUAGES = list(i18n.LANGUAGES)
OURS = "meetings@altyndala.example"


@pytest.fixture
def house(db: Session, cop14: SourceProgramme) -> Staffed:
    return staffed(db, cop14)


@pytest.fixture
def smtp(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> Iterator[listeners.MailServer]:
    with listeners.mail_server() as server:
        listeners.settle(
            monkeypatch,
            SMTP_URL=f"smtp://127.0.0.1:{server.port}?from={OURS}",
            PUBLIC_URL="https://cop.example/",
        )
        yield server


def number(request: MeetingRequest) -> int:
    assert request.id is not None
    return request.id


def line(request: MeetingRequest) -> int:
    assert request.proposal is not None
    return request.proposal


def mailed(house: Staffed, smtp: listeners.MailServer, to: str, now: datetime = MONDAY) -> list[EmailMessage]:
    """Deliver, and list the new mails to somebody."""
    before = len(smtp.taken)
    house.db.commit()
    deliver_due(now)
    return [mail for mail in smtp.mails[before:] if mail["To"] == to]


def body(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def everything(mail: EmailMessage) -> str:
    """Give all that a mail says, decoded: headers and every part."""
    parts = [part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart()]
    return "\n".join([*map(str, mail.items()), *(part.decode() for part in parts if isinstance(part, bytes))])


DANA = "dana@ministry.example"


def test_receipt_holds_nothing_that_was_written(house: Staffed, smtp: listeners.MailServer) -> None:
    asked(house.db, "Canaryname", organisation="Canaryorg", reason="Canaryreason", email=DANA, whom="aigul")

    [mail] = mailed(house, smtp, DANA)

    said = everything(mail)
    assert "Canary" not in said
    assert "13 February" not in said
    assert "Aigul" not in said


def test_two_receipts_differ_in_their_link_alone(house: Staffed, smtp: listeners.MailServer) -> None:
    first = asked(house.db, "Dana", reason="One")
    second = asked(house.db, "Erlan", reason="Two", slot=None)

    mails = mailed(house, smtp, DANA)
    [other] = [mail for mail in smtp.mails if mail["To"] == "erlan@ministry.example"]

    one, two = request_token(house.db, first), request_token(house.db, second)
    assert body(mails[0]).replace(one, "") == body(other).replace(two, "")


def test_agreed_meeting_is_told_in_full(house: Staffed, smtp: listeners.MailServer) -> None:
    request = asked(house.db)
    token = request_token(house.db, request)
    meetings.accept(house.db, number(request), house.aigul, terms(house.aigul, TEN + minutes(180)), MONDAY)

    [_, mail] = mailed(house, smtp, DANA)

    assert mail["Subject"] == "Our meeting at CMS COP14 is agreed"
    assert body(mail).splitlines() == [
        "Dear Dana,",
        "",
        "Our meeting is agreed. We look forward to seeing you.",
        "",
        "When: Tuesday 13 February, 13:00–13:30, Samarkand time (UTC+5)",
        "Where: Room Ferghana, Expo Centre",
        "With: Aigul",
        "",
        "Your request and its state:",
        f"https://cop.example/meet/{token}",
        "",
        "-- ",
        "This message was sent automatically by the meeting desk of Altyn Dala Conservation Initiative at "
        "CMS COP14. On the page above you can also cancel your request, or have everything you wrote erased.",
    ]


WHEN = {
    "en": "When: Tuesday 13 February, 13:00–13:30, Samarkand time (UTC+5)",
    "fr": "Quand: mardi 13 février, 13:00–13:30, heure locale\u00a0: Samarkand (UTC+5)",
    "es": "Cuándo: martes 13 de febrero, 13:00–13:30, hora local: Samarkand (UTC+5)",
    "ru": "Когда: вторник, 13 февраля, 13:00–13:30, местное время: Samarkand (UTC+5)",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_is_in_the_requesters_language(
    house: Staffed, smtp: listeners.MailServer, language: str
) -> None:
    """All letters to one person: nothing of another language's catalogue in any of them."""
    mails = a_long_story(house, smtp, language)

    english = {text for text in i18n.catalogue("en", "mail").values() if isinstance(text, str)}
    other = {text for text in english if len(text) > 20 and "{" not in text}
    assert len({mail["Subject"] for mail in mails}) == 8
    assert {mail["Content-Language"] for mail in mails} == {language}
    assert all(f'lang="{language}"' in body(mail, "html") for mail in mails)
    assert any(WHEN[language] in body(mail) for mail in mails)
    if language != "en":
        assert [text for text in other for mail in mails if text in everything(mail)] == []
    assert [mail for mail in mails if re.search(r"[{}]", body(mail))] == []


def a_long_story(house: Staffed, smtp: listeners.MailServer, language: str) -> list[EmailMessage]:
    """Ask, be proposed to, counter, agree, be handed on, move, stay, cancel; give all mails to Dana."""
    db, aigul, bolat = house.db, house.aigul, house.bolat
    request = asked(db, language=language)
    token = request_token(db, request)
    mails = mailed(house, smtp, DANA)
    one = TEN + minutes(180)

    def then(*_: object) -> None:
        mails.extend(mailed(house, smtp, DANA))

    then(meetings.propose(db, number(request), aigul, terms(aigul, one), MONDAY))
    then(answer_counter(db, token, line(request), one + minutes(60), MONDAY))
    then(meetings.accept(db, number(request), aigul, terms(aigul, one + minutes(60)), MONDAY))
    then(meetings.reassign(db, number(request), aigul, bolat.id or 0, MONDAY))
    then(meetings.propose(db, number(request), bolat, terms(bolat, one + minutes(120)), MONDAY))
    then(answer_accept(db, token, line(request), MONDAY))
    then(meetings.propose(db, number(request), bolat, terms(bolat, one + minutes(180)), MONDAY))
    then(answer_counter(db, token, line(request), one, MONDAY))
    then(meetings.decline(db, number(request), bolat, MONDAY, "Sorry"))
    then(meetings.cancel(db, number(request), bolat, MONDAY))
    return mails


@pytest.mark.parametrize("language", LANGUAGES)
def test_closing_letters_are_in_the_requesters_language(
    house: Staffed, smtp: listeners.MailServer, language: str
) -> None:
    declined, lapsed = asked(house.db, language=language), asked(house.db, "Erlan", language=language)
    meetings.decline(house.db, number(declined), house.aigul, MONDAY)
    meetings.propose(house.db, number(lapsed), house.aigul, terms(house.aigul), MONDAY)
    lapse_due(house.db, TEN + minutes(5))

    mailed(house, smtp, DANA, TEN + minutes(5))

    subjects = {mail["Subject"] for mail in smtp.mails}
    words = i18n.catalogue(language, "mail")
    for name in ("decline", "lapse"):
        assert str(words[f"letter.{name}.subject"]).format(conference="CMS COP14") in subjects


def test_words_of_staff_are_quoted_and_escaped(house: Staffed, smtp: listeners.MailServer) -> None:
    request = asked(house.db, "Dana <b>")
    meetings.decline(
        house.db, number(request), house.aigul, MONDAY, "Fully booked\n<script>x</script> & more"
    )
    request.email = DANA

    mail = mailed(house, smtp, DANA)[-1]

    assert "> Fully booked\n> <script>x</script> & more\n" in body(mail)
    assert "&lt;script&gt;x&lt;/script&gt; &amp; more" in body(mail, "html")
    assert "Dana &lt;b&gt;" in body(mail, "html")
    assert "<script" not in body(mail, "html")


def test_no_words_no_quotation(house: Staffed, smtp: listeners.MailServer) -> None:
    meetings.decline(house.db, number(asked(house.db)), house.aigul, MONDAY)

    mail = mailed(house, smtp, DANA)[-1]

    assert ("Message" in body(mail), "blockquote" in body(mail, "html")) == (False, False)


def test_colleague_reads_his_own_language(house: Staffed, smtp: listeners.MailServer) -> None:
    house.aigul.languages = ["kk", "ru", "en"]
    asked(house.db, whom="aigul")

    [mail] = mailed(house, smtp, "aigul@altyndala.example")

    assert mail["Subject"] == "Запрос о встрече: Dana, Ministry of Ecology"  # noqa: RUF001 - Russian
    assert "https://cop.example/admin\n" in body(mail)


def test_secret_link_reaches_the_requester_only(house: Staffed, smtp: listeners.MailServer) -> None:
    """Whoever has it may answer, cancel and erase in the requester's name."""
    request = asked(house.db, whom="aigul")
    meetings.accept(house.db, number(request), house.aigul, terms(house.bolat), MONDAY)
    token = request_token(house.db, request)

    mailed(house, smtp, DANA)

    assert {mail["To"] for mail in smtp.mails if token in everything(mail)} == {DANA}


def every_row(db: Session) -> dict[str, list[tuple[object, ...]]]:
    db.rollback()
    tables = SQLModel.metadata.sorted_tables
    return {table.name: [tuple(row) for row in db.connection().execute(table.select())] for table in tables}


def test_scanner_that_opens_every_link_changes_nothing(house: Staffed, smtp: listeners.MailServer) -> None:
    """Mail servers fetch what stands in a mail, and what its page would fetch; only a button acts."""
    a_long_story(house, smtp, "en")
    request = asked(house.db, "Erlan")
    meetings.propose(house.db, number(request), house.aigul, terms(house.aigul), MONDAY)
    mailed(house, smtp, DANA)
    links = {link for mail in smtp.mails for link in re.findall(r"https?://[^\s\"<>]+", everything(mail))}
    tokens = [link.removeprefix("https://cop.example/meet/") for link in links if "/meet/" in link]
    before = every_row(house.db)
    house.db.rollback()

    with TestClient(create_api()) as scanner:
        paths = [f"/api/v1/meeting-requests/{token}{kind}" for token in tokens for kind in ("", ".ics")]
        answers = [scanner.get(path) for path in paths for _ in range(100)]

    assert links - {f"https://cop.example/meet/{token}" for token in tokens} == {"https://cop.example/admin"}
    assert len(tokens) == 2
    assert {answer.status_code for answer in answers[:100]} == {200}
    assert every_row(house.db) == before


def test_nobody_elses_address_is_in_any_byte(house: Staffed, smtp: listeners.MailServer) -> None:
    """Every mail of a long story names its own addressee and our sending address, and no other."""
    add_member(house.db, "chinara")
    house.db.commit()
    asked(house.db, "Canary")
    a_long_story(house, smtp, "en")
    request = asked(house.db, "Erlan", whom="aigul")
    meetings.accept(house.db, number(request), house.aigul, terms(house.bolat), MONDAY)
    cancel_by_delegate(house.db, request_token(house.db, request), MONDAY)
    mailed(house, smtp, DANA)

    found = {
        (mail["To"], address)
        for mail in smtp.mails
        for address in re.findall(r"[\w.+-]+@[\w-]+\.example", everything(mail))
    }
    assert len({mail["To"] for mail in smtp.mails}) == 5
    assert {pair for pair in found if pair[1] not in {pair[0], OURS}} == set()


def test_headers_say_that_no_person_wrote_it(house: Staffed, smtp: listeners.MailServer) -> None:
    asked(house.db)

    [mail] = mailed(house, smtp, DANA)

    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["From"] == f"Altyn Dala Conservation Initiative <{OURS}>"
    assert mail["Date"].datetime == MONDAY
    assert re.fullmatch(r"<[0-9a-f-]{36}@cop14\.copapp>", mail["Message-ID"])


INJECTIONS = [
    "\r\nBcc: x@evil.example",
    "\nBcc: x@evil.example",
    "\rBcc:x",
    "\x00\x0b\u2028Bcc: x",
    "\u202eevil",
]


@pytest.mark.parametrize("injected", INJECTIONS)
@pytest.mark.parametrize("field", ["name", "organisation", "reason"])
def test_nobody_writes_into_headers(
    house: Staffed, smtp: listeners.MailServer, field: str, injected: str
) -> None:
    """The form refuses these; here they are in the table all the same."""
    request = asked(house.db, whom="aigul")
    setattr(request, field, f"Dana{injected}")
    meetings.accept(
        house.db,
        number(request),
        house.aigul,
        terms(house.aigul),
        MONDAY,
    )

    mailed(house, smtp, DANA)

    assert len(smtp.mails) == 4
    for mail, (_, to, raw) in zip(smtp.mails, smtp.taken, strict=True):
        head = raw.split(b"\r\n\r\n", 1)[0]
        assert (mail["Bcc"], to) == (None, [mail["To"]])
        assert not re.search(rb"(?im)^bcc", head)
        assert b"\x00" not in raw
        assert [name for name in mail.keys() if mail.get_all(name) and len(mail.get_all(name, [])) > 1] == []  # noqa: SIM118 - a message is no dictionary
        assert mail.defects == []
        assert "\u202e" not in mail["Subject"]


@pytest.mark.parametrize(
    "email", ["dana@ministry.example\r\nRCPT TO:<x@evil.example>", "a b@c.example", "@", "x"]
)
def test_address_cannot_speak_to_the_server(house: Staffed, smtp: listeners.MailServer, email: str) -> None:
    asked(house.db).email = email
    house.db.commit()

    assert deliver_due(MONDAY) == 0

    assert smtp.taken == []


def test_address_in_another_script_is_reached(house: Staffed, smtp: listeners.MailServer) -> None:
    asked(house.db, email="дана@почта.example")

    [mail] = mailed(house, smtp, "дана@xn--80a1acny.example")

    assert mail["Subject"] == "Your meeting request at CMS COP14"


@pytest.mark.parametrize(
    ("zone", "starts", "length", "expected"),
    [
        ("Asia/Kolkata", "2024-02-01T05:00", 30, "Thursday 1 February, 10:30–11:00, Kolkata time (UTC+5:30)"),
        ("America/New_York", "2024-03-10T06:30", 60, "Sunday 10 March, 01:30–03:30, New York time (UTC−5)"),
        ("UTC", "2024-02-01T05:00", 30, "Thursday 1 February, 05:00–05:30, UTC time (UTC)"),
        (
            "Europe/Lisbon",
            "2024-07-01T22:30",
            60,
            "Monday 1 July, 23:30 – Tuesday 2 July, 00:30, Lisbon time (UTC+1)",
        ),
    ],
)
def test_time_is_the_venues(zone: str, starts: str, length: int, expected: str) -> None:
    begins = datetime.fromisoformat(starts).replace(tzinfo=UTC)

    assert when(begins, begins + timedelta(minutes=length), zone, "en") == expected


def test_first_of_the_month_is_french_in_french() -> None:
    assert when(datetime(2024, 2, 1, 9, tzinfo=UTC), None, "Asia/Tashkent", "fr").startswith(
        "jeudi 1er février"
    )


def test_language_that_we_do_not_speak_is_answered_in_english(
    house: Staffed, smtp: listeners.MailServer
) -> None:
    asked(house.db, language="kk")

    [mail] = mailed(house, smtp, DANA)

    assert mail["Subject"] == "Your meeting request at CMS COP14"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "smtp://u%40x:p%2Fw@mail.example:2525?from=a%2Bb@c.example&tls=starttls",
            MailServer("mail.example", 2525, "a+b@c.example", Tls.STARTTLS, "u@x", "p/w"),
        ),
        (
            "smtp://mail.example?from=a+b@c.example",
            MailServer("mail.example", 25, "a+b@c.example", Tls.OFFERED),
        ),
        ("smtps://mail.example", MailServer("mail.example", 465, "given@c.example", Tls.FROM_THE_START)),
        (
            "smtp://me%40c.example:pw@mail.example",
            MailServer("mail.example", 587, "given@c.example", Tls.STARTTLS, "me@c.example", "pw"),
        ),
    ],
)
def test_mail_server_is_read(url: str, expected: MailServer) -> None:
    assert mail_server(url, "given@c.example") == expected


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"smtp_url": "mail.example"}, "write it as smtp://"),
        ({"smtp_url": "smtp://mail.example"}, "say from which address"),
        ({"smtp_url": "smtp://m.example?sender=a@b.c"}, "not sender="),
        ({"smtp_url": "smtp://m.example:x?from=a@b.c"}, "the port must be"),
        ({"smtp_url": "smtp://m.example?from=a@b.c&tls=yes"}, "tls may be"),
        ({"smtp_url": "smtps://m.example?from=a@b.c&tls=none"}, "leave tls"),
        ({"mail_from": "Us <a@b.c>"}, "one bare address"),
        ({"webhook_url": "chat.example/x"}, "a whole address"),
    ],
)
def test_wrong_environment_is_told_what_would_be_right(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        Settings(**given)


def test_complaint_does_not_show_the_password() -> None:
    with pytest.raises(ValueError, match="tls may be") as complaint:
        Settings(smtp_url="smtp://me:Canary@m.example?from=a@b.c&tls=yes")

    assert "Canary" not in str(complaint.value)
    assert "Canary" not in repr(mail_server("smtp://me:Canary@m.example?from=a@b.c"))
