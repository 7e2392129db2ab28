# ruff: noqa: RUF001 - Russian passwords
"""Which passwords may be chosen: long ones that nobody would think of."""

from pathlib import Path

import pytest
from sqlmodel import Session

from copapp.domain.source import SourceProgramme
from copapp.services import common_passwords, passwords
from copapp.services.queries import known_names
from copapp.services.seed import seed
from tests.conftest import NOW

GOOD = "a quiet steppe at dawn"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("elevenchars", "short"),
        ("x" * 200 + "abcdefgh" * 8, "long"),
        ("Password1234", "known"),
        ("abababababab", "known"),
        ("aigul@example.org", "yours"),
    ],
)
def test_a_poor_password_is_refused(password: str, code: str) -> None:
    with pytest.raises(passwords.PasswordError) as refused:
        passwords.check_password(password, "Aigul", "aigul@example.org")

    assert refused.value.code == code


@pytest.mark.parametrize(
    "password", [GOOD, "ни одной зимы без сайгака", "twelve chars", "🌾" * 4 + "steppe ok"]
)
def test_a_long_password_needs_no_digits_or_signs(password: str) -> None:
    passwords.check_password(password, "Aigul", "aigul@example.org")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Summer2024!!!", "known"),
        ("$ummer2024!!", "known"),
        ("qwerty123456", "known"),
        ("iloveyou12345", "known"),
        ("football12345", "known"),
        ("P4ssw0rd!2024", "known"),
        ("1qaz2wsx3edc4", "known"),
        ("dragon sunshine 42", "known"),
        ("пароль123456", "known"),
        ("2024-02-12-2024", "known"),
        ("Omarova-1985!", "yours"),
        ("aigul.omarova1", "yours"),
        ("samarkand2024", "ours"),
        ("самарканд2024", "ours"),
        ("altyndala2024", "ours"),
        ("SnowLeopard2024", "ours"),
        ("ilovesamarkand", "ours"),
        (GOOD, ""),
        ("velvet otter copper lantern", ""),
        ("purple tiger monkey summer", ""),
        ("snow leopard lantern copper otter", ""),
        ("xK9#mQ2vLp7!", ""),
    ],
)
def test_digits_and_signs_about_a_word_that_others_think_of_help_nobody(
    db: Session, cop14: SourceProgramme, password: str, code: str
) -> None:
    seed(db, cop14, NOW)

    try:
        passwords.check_password(password, "Aigul Omarova", "aigul@example.org", names=known_names(db))
        found = ""
    except passwords.PasswordError as refused:
        found = refused.code

    assert found == code


def test_the_list_is_long_and_as_passwords_are_compared() -> None:
    lines = Path(common_passwords.__file__).with_suffix(".txt").read_text("utf-8").splitlines()
    listed = [each for each in lines if not each.startswith("#")]

    assert len(listed) >= 3_000
    assert sorted(set(listed)) == listed
    assert [each for each in listed if each != each.casefold().strip()] == []
