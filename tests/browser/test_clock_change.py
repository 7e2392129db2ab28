"""A conference across the night in which clocks change: each page names the offset of its days."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from copapp.settings import DATA
from tests.browser.conftest import Phone
from tests.browser.phone import open_online
from tests.browser.server import DelegateServer

pytestmark = pytest.mark.browser

PROGRAMME = """
[[site]]
slug = "quay"
name = "The Quay"
[[room]]
slug = "sala"
name = "Sala Azul"
site = "quay"
[[event]]
slug = "opening"
title = "Opening of the wetlands"
starts = 2027-10-29T10:00:00
ends = 2027-10-29T11:00:00
room = "sala"
[[event]]
slug = "owls"
title = "Owls of the wetlands"
starts = 2027-10-31T00:15:00
ends = 2027-10-31T00:45:00
room = "sala"
[[event]]
slug = "bats"
title = "Bats of the wetlands"
starts = 2027-10-31T00:30:00
ends = 2027-10-31T02:30:00
room = "sala"
[[event]]
slug = "larks"
title = "Larks of the wetlands"
starts = 2027-10-31T02:30:00
room = "sala"
[[event]]
slug = "closing"
title = "Closing of the wetlands"
starts = 2027-11-02T10:00:00
ends = 2027-11-02T11:00:00
room = "sala"
"""
BOTH = "Lisbon time, UTC+1, from 31 October UTC+0"
SUMMER, WINTER = "Lisbon time, UTC+1", "Lisbon time, UTC+0"


@pytest.fixture
def lisbon(tmp_path: Path) -> Path:
    """Wetlands in Lisbon, 28 October to 3 November 2027."""
    folder = tmp_path / "lisbon"
    folder.mkdir()
    about = (DATA / "cop14" / "conference.toml").read_text()
    for old, new in (
        ('slug = "cop14"', 'slug = "wetlands"'),
        ("Asia/Samarkand", "Europe/Lisbon"),
        ("starts = 2024-02-12", "starts = 2027-10-28"),
        ("ends = 2024-02-17", "ends = 2027-11-03"),
    ):
        assert about.count(old) == 1
        about = about.replace(old, new)
    (folder / "conference.toml").write_text(about)
    (folder / "programme.toml").write_text(PROGRAMME)
    return folder


@pytest.fixture
def at(lisbon: Path, tmp_path: Path, phone: Phone) -> Iterator[tuple[Page, DelegateServer]]:
    """A phone, and the conference served at the start that a test writes into the environment."""
    server = DelegateServer(tmp_path, {"COPAPP_CONFERENCE": str(lisbon)})
    yield phone(), server
    server.close()


@pytest.mark.parametrize(
    ("now", "in_general"),
    [
        ("2027-10-30T12:00:00+01:00", BOTH),
        ("2027-11-02T12:00:00+00:00", WINTER),
    ],
)
def test_each_page_names_the_offset_of_its_days(
    now: str, in_general: str, at: tuple[Page, DelegateServer]
) -> None:
    """Lisbon was said to be at UTC+1 on 2 November, where it is at UTC+0.

    Later, an event before the clocks went back in the night was said to be at what its day has at noon.
    """
    page, server = at
    server.environment["COPAPP_NOW"] = now
    server.seed()
    server.start()
    zone = page.locator("main").get_by_text("Lisbon time").first

    for address, words in {
        "/": in_general,
        "/?day=2027-10-29": SUMMER,
        "/?day=2027-11-02": WINTER,
        "/saved": in_general,
        "/event/opening": SUMMER,
        "/event/owls": SUMMER,
        "/event/bats": "Lisbon time, UTC+1 / UTC+0",
        "/event/larks": WINTER,
        "/event/closing": WINTER,
    }.items():
        open_online(page, server.url + address)
        expect(zone, address).to_have_text(words)
