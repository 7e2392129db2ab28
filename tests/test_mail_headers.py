"""Subjects and names come out of a mail as they went in: no blank, sign or word is lost."""

from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from copapp.i18n import LANGUAGES, catalogue
from copapp.notify.headers import HEADERS, INTERNATIONAL
from copapp.notify.words import one_line

POLICIES = [HEADERS, INTERNATIONAL]
CONFERENCES = [
    "CMS COP14",
    "Четырнадцатая конференция сторон Боннской конвенции",
    "Conférence des Parties à la Convention de Bonn",
]
NAMES = [
    "Dana",
    "Айгуль Омарова",
    "María de los Ángeles Núñez",
    "王小明",
    "Ó" * 120,
    'O\'Brien, "Bob" (UN) <x@y>',
]
SUBJECTS = [
    (language, key)
    for language in LANGUAGES
    for key in catalogue("en", "mail")
    if key.startswith("letter.") and key.endswith(".subject")
]
AWKWARD = [
    "=?utf-8?q?x?=",
    "=?",
    "?=",
    "😀👩‍👩‍👧",
    "x" * 90,
    "Ы" * 120,
    "(c)",
    '"q"',
    "a,b",
    "<x>",
    "\\",
    "é",
    "\xa0",
    "@",
]
words = some.lists(some.sampled_from(AWKWARD) | some.text(min_size=1), min_size=1, max_size=9).map(" ".join)


def written(kept: EmailPolicy, subject: str = "x", name: str = "") -> bytes:
    mail = EmailMessage(kept)
    mail["Subject"] = subject
    mail["From"] = Address(name, addr_spec="meetings@altyndala.example")
    local = "дана" if kept is INTERNATIONAL else "dana"
    mail["To"] = Address(name, local, "ministry.example")
    mail.set_content("Hello")
    return bytes(mail)


def read_subject(raw: bytes) -> str:
    return str(message_from_bytes(raw, policy=policy.default)["Subject"])


def read_name(raw: bytes) -> str:
    """Read by RFC 2047, 6.2: some Pythons' newer reader puts a blank between encoded words of a name."""
    whole = str(make_header(decode_header(message_from_bytes(raw, policy=policy.compat32)["From"])))
    assert whole.endswith(" <meetings@altyndala.example>")
    return whole.removesuffix(" <meetings@altyndala.example>")


@pytest.mark.parametrize(("language", "key"), SUBJECTS)
@pytest.mark.parametrize("kept", POLICIES)
def test_every_subject_comes_back_as_it_was(language: str, key: str, kept: EmailPolicy) -> None:
    """Python 3.11 dropped the blanks between words that are not English."""
    for conference in CONFERENCES:
        for who in NAMES:
            text = str(catalogue(language, "mail")[key]).format(conference=conference, who=who)

            raw = written(kept, subject=one_line(text))

            assert read_subject(raw) == one_line(text)
            assert max(map(len, raw.split(b"\r\n"))) <= 78


@settings(deadline=None)
@given(words)
@pytest.mark.parametrize("kept", POLICIES)
def test_any_subject_comes_back_as_it_was(kept: EmailPolicy, text: str) -> None:
    raw = written(kept, subject=one_line(text))

    assert read_subject(raw) == one_line(text)
    assert max(map(len, raw.split(b"\r\n"))) <= 78


@settings(deadline=None)
@given(words)
@pytest.mark.parametrize("kept", POLICIES)
def test_any_name_comes_back_as_it_was_and_changes_no_address(kept: EmailPolicy, text: str) -> None:
    name = one_line(text)

    mail = message_from_bytes(written(kept, name=name), policy=policy.default)

    [sender], [addressee] = mail["From"].addresses, mail["To"].addresses
    assert sender.addr_spec == "meetings@altyndala.example"
    assert addressee.domain == "ministry.example"


@pytest.mark.parametrize(
    "name", ["Инициатива по сохранению Алтын Дала", "Ы" * 120, "Iniciativa «Altyn Dala» 😀", "x " * 60 + "x"]
)
@pytest.mark.parametrize("kept", POLICIES)
def test_long_name_comes_back_as_it_was(kept: EmailPolicy, name: str) -> None:
    assert read_name(written(kept, name=name)) == name


@pytest.mark.parametrize("name", ["Altyn Dala", "", 'O\'Brien, "Bob" (UN) <x@y>', "=?utf-8?q?x?="])
def test_short_name_comes_back_as_it_was(name: str) -> None:
    mail = message_from_bytes(written(HEADERS, name=name), policy=policy.default)

    assert mail["From"].addresses[0].display_name == name
