# ruff: noqa: RUF001 - letters that look like others are what this file is about
"""What people write in two ways, or cannot type, is one for search, as it is kept and as it is asked for."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as some

from copapp.domain.folding import folded, words_of


@pytest.mark.parametrize(
    "writings",
    [
        ("Иванов", "иванов", "ИВАНОВ"),
        ("Королёв", "королев", "КОРОЛЕВ", "Королё\u0308в".replace("ё\u0308", "ё")),
        ("Андрей", "андреи", "АНДРЕЙ", "Андреи\u0306"),
        ("Қасым", "касым", "ҚАСЫМ"),
        ("Їжак", "їжак", "Ижак"),
        ("Núñez", "nunez", "NUN\u0303EZ"),
        ("Lefèvre", "lefevre", "LEFÈVRE"),
        ("Łukasz Øster", "lukasz oster"),
        ("Weiß", "weiss", "WEIẞ"),
        ("İpek Işık", "ipek isik", "IPEK IŞIK"),
        ("Ærøskøbing", "aeroskobing"),
        ("O’Brien", "O'Brien", "OʼBrien", "obrien", "O`Brien", "O´Brien"),
        ("Oʻzbekiston", "O'zbekiston", "ozbekiston"),
        ("Jean‑Luc", "jean-luc", "Jean–Luc", "jean luc", "JEAN — LUC", "Jean\u2212Luc"),
        ("Ｗｗｆ", "wwf", "WWF"),
        ("Мин\u00adприроды", "минприроды"),
        ("a\u200bb\ufeffc", "abc"),
        ("Ministry\u00a0of\nEcology", "ministry of ecology", "Ministry, of (Ecology)"),
        ("مُحَمَّد", "محمد", "محـمد"),
        ("Ζαΐρης", "ζαιρησ", "ΖΑΪΡΗΣ"),
        ("Nguyễn", "nguyen"),
        ("ｶﾞ", "ガ", "カ"),
    ],
    ids=lambda writings: writings[0],
)
def test_every_writing_finds_every_other(writings: tuple[str, ...]) -> None:
    missed = [
        (kept, asked)
        for kept, asked in product(writings, repeat=2)
        if not all(word in folded(kept) for word in words_of(asked))
    ]

    assert missed == []


@given(some.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(some.text())
def test_case_and_composition_never_matter(text: str) -> None:
    assert folded(text.casefold()) == folded(text)


def test_what_holds_no_letter_asks_for_nothing() -> None:
    assert words_of(" -–’ \u0301?! ") == []


def test_texts_do_not_run_into_one_another() -> None:
    assert folded("Dana", "Omarova") == "dana omarova"
