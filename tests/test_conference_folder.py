"""The data folder: the real one says what the page says, an ill-formed one is refused in words."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from zoneinfo import ZoneInfo

import pytest

from copapp.domain.source import SourceProgramme
from copapp.interop.conference_folder import DataFolderError, read_folder

TINY = Path(__file__).parent / "data" / "tiny"

# The source page, word for word: title, what follows it, day and times.
PUBLISHED = [
    (
        "Single Species Action Plans (SSAPs): An Effective Tool for Flyway-Wide Conservation of "
        "Threatened Migratory Birds",
        "Expo Centre, Room Ferghana, 13:45 – 14:30",
        "2024-02-12 13:45",
        "14:30",
    ),
    (
        "Recognising and Building on the Success of Transboundary Cooperation on the Recovery of "
        "Saiga Antelope in Central Asia",
        "Expo Centre, Room Bukhara, 12:45 – 13:30",
        "2024-02-13 12:45",
        "13:30",
    ),
    ("Saiga Networking Event", "Avantegarde Room, Savitsky Plaza, 13:00", "2024-02-13 13:00", None),
    ("Cats of the Silk Road", "Expo Centre, Room Ferghana, 13:45-14:30", "2024-02-13 13:45", "14:30"),
    (
        "New Frontiers for Ecological Connectivity: From Policy to Implementation",
        "Expo Centre, Room Ferghana, 18:15-19:00",
        "2024-02-13 18:15",
        "19:00",
    ),
    (
        "Building Capacity for Managing Human-Wildlife Conflict and Coexistence",
        "Main Building, Snow Leopard Room, 12:45-13:30",
        "2024-02-14 12:45",
        "13:30",
    ),
    (
        "Implementing the CMS Central Asian Mammals Initiative: Lessons and Plans from IUCN’s SOS "
        "Central Asia Initiative",
        "Expo Centre, Room Ferghana, 12:45 – 13:30",
        "2024-02-15 12:45",
        "13:30",
    ),
    (
        "Asiatic Wild Ass (Equus hemionus): Status, Threats, and Future Conservation Needs",
        "Expo Centre, Room Ferghana, 18:15-19:00",
        "2024-02-15 18:15",
        "19:00",
    ),
]

# Its opening, word for word.
INTRODUCTION = [
    (
        "Altyn Dala Conservation Initiative staff will have a strong presence at the Convention on "
        "Migratory Species (CMS) COP14 taking place between the 12-17 February 2024, in Samarkand, "
        "Uzbekistan."
    ),
    (
        "CMS COPs occur every 3 years, bringing together the states through which migratory species pass,"
        " civil society representatives and other international stakeholders to address the conservation "
        "challenges faced by migratory species worldwide."
    ),
    (
        "Over the years, CMS has been instrumental to the recovery of Saiga antelope in Kazakhstan, in "
        "2006 bringing the species’ range states together to adopt a shared vision and action plan under "
        "the Saiga MoU. Likewise, at COP11, CMS parties adopted the Central Asian Mammals Initiative, "
        "which presents a common framework to address major threats to the region’s migratory species."
    ),
    (
        "This year, we look forward to engaging in a range of key issues with familiar and new faces "
        "alike, and meeting those of you who will be there."
    ),
    (
        "If you are interested in meeting with us during COP14, please email introducing yourself and the"
        " reason you would like to connect."
    ),
]


def test_cop14_says_what_the_page_says(cop14: SourceProgramme) -> None:
    zone = ZoneInfo("Asia/Samarkand")

    said = [
        (
            event.title,
            event.published,
            f"{event.starts.astimezone(zone):%Y-%m-%d %H:%M}",
            f"{event.ends.astimezone(zone):%H:%M}" if event.ends else None,
        )
        for event in cop14.events
    ]

    assert said == PUBLISHED


def test_cop14_places_every_event_where_the_page_does(cop14: SourceProgramme) -> None:
    rooms = {room.slug: room for room in cop14.rooms}
    sites = {site.slug: site.name for site in cop14.sites}

    for event in cop14.events:
        room = rooms[event.room]
        assert set(event.published.split(", ")[:2]) == {room.name, sites[room.site]}


def test_cop14_describes_only_with_a_source(cop14: SourceProgramme) -> None:
    assert {event.slug for event in cop14.events if not event.descriptions} == {
        "ssap-flyways",
        "saiga-networking",
        "asiatic-wild-ass",
    }
    for event in cop14.events:
        assert bool(event.source) == bool(event.descriptions)
        assert set(event.descriptions) in (set(), {"en", "fr", "es", "ru"})


def test_cop14_introduces_itself_in_the_pages_words(cop14: SourceProgramme) -> None:
    assert cop14.conference.introduction == INTRODUCTION


Change = Callable[[Path], object]


def replaced(file: str, old: str, new: str) -> Change:
    """Give a change of one piece of text in one file."""

    def change(folder: Path) -> None:
        path = folder / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return change


WALK_BACK = '[[walk]]\nfrom = "hill"\nto = "quay"\nminutes = 9\nbasis = "Slowly."\n'

ILL_FORMED: list[tuple[Change, str]] = [
    (
        lambda folder: (folder / "programme.toml").unlink(),
        "{folder}/programme.toml: there is no such file",
    ),
    (
        lambda folder: (folder / "conference.toml").write_bytes(b"\xff"),
        "{folder}/conference.toml: is not UTF-8 text (invalid start byte at byte 0)",
    ),
    (
        replaced("conference.toml", 'name = "Tiny Days"', 'name = "Tiny Days'),
        "{folder}/conference.toml: is not TOML: Illegal character '\\n' (at line 2, column 18)",
    ),
    (
        replaced("conference.toml", 'place = "Lisboa, Portugal"\n', ""),
        "conference.toml: `place` is missing",
    ),
    (
        replaced("conference.toml", "Europe/Lisbon", "Europe/Lisboa"),
        "conference.toml: `timezone` is 'Europe/Lisboa'; it should be an IANA name such as Europe/Lisbon",
    ),
    (
        replaced("conference.toml", "ends = 2024-03-31", "ends = 2024-03-29"),
        "conference.toml: `ends` (2024-03-29) is before `starts` (2024-03-30)",
    ),
    (
        replaced("conference.toml", "starts = 2024-03-30", 'starts = "30 March"'),
        "conference.toml: `starts` is '30 March'; it should be of type date",
    ),
    (
        replaced("conference.toml", "https://tiny.example/give", "javascript:alert(1)"),
        "conference.toml: `funding_url` should begin with https://",
    ),
    (
        replaced("conference.toml", "slug =", 'colour = "red"\nslug ='),
        "conference.toml: `colour` is not a key that is known here",
    ),
    (
        replaced("programme.toml", 'room = "alta"', 'room = "altar"'),
        "programme.toml, event night-walk: `room` is 'altar', which is not one of: alta, azul",
    ),
    (
        replaced("programme.toml", 'site = "hill"', 'site = "moon"'),
        "programme.toml, room alta: `site` is 'moon', which is not one of: hill, quay",
    ),
    (
        replaced("programme.toml", "2024-03-31T02:30:00", "2024-03-30T23:30:00"),
        "programme.toml, event night-walk: `ends` is not after `starts`",
    ),
    (
        replaced("programme.toml", "2024-03-31T09:00:00", "2024-03-31T09:00:00Z"),
        "programme.toml, event open-end: `starts` carries an offset; it should be the venue's own time, "
        "such as 2030-06-30T12:45:00",
    ),
    (
        replaced("programme.toml", 'slug = "open-end"', 'slug = "opening"'),
        "programme.toml, event opening: the slug 'opening' is used twice",
    ),
    (
        replaced("programme.toml", 'slug = "open-end"', 'slug = "Open end"'),
        "programme.toml, event Open end: `slug` is 'Open end'; it may hold a-z, 0-9 and single hyphens "
        "between them",
    ),
    (
        replaced("programme.toml", 'title = "Open end"', 'title = "  "'),
        "programme.toml, event open-end: `title` is empty",
    ),
    (
        replaced("programme.toml", "minutes = 7", "minutes = true"),
        "programme.toml, walk 1: `minutes` is True; it should be of type int",
    ),
    (
        replaced("programme.toml", "minutes = 7", "minutes = -7"),
        "programme.toml, walk 1: `minutes` is -7; it should be 1 or more",
    ),
    (
        replaced("conference.toml", "starts = 2024-03-30", "starts = 2024-03-30T10:00:00"),
        "conference.toml: `starts` is datetime.datetime(2024, 3, 30, 10, 0); it should be of type date",
    ),
    (
        replaced("programme.toml", "2024-03-31T02:30:00", "2024-03-31T01:30:00"),
        "programme.toml, event night-walk: `ends` (2024-03-31 01:30:00) never comes: the clocks go forward "
        "over it",
    ),
    (
        replaced("programme.toml", 'title = "Open end"', 'title = "Open\\u0000end"'),
        "programme.toml, event open-end: `title` holds a line break or another control character",
    ),
    (
        replaced("programme.toml", 'ru = "Начало."', "ru = 5"),
        "programme.toml, event opening: `descriptions` holds 5; it should hold texts that are not empty",
    ),
    (
        replaced("conference.toml", '["We are small."]', '["We are small.", ""]'),
        "conference.toml: `introduction` holds ''; it should hold texts that are not empty",
    ),
    (
        replaced("programme.toml", "[[walk]]", "[[walks]]"),
        "programme.toml: `walks` is not a key that is known here",
    ),
    (
        replaced("conference.toml", "timezone =", "latitude = nan\nlongitude = 0\ntimezone ="),
        "conference.toml: `latitude` is nan; it should be between -90 and 90",
    ),
    (
        replaced("conference.toml", "timezone =", "longitude = -8.5\ntimezone ="),
        "conference.toml: `latitude` and `longitude` should be given both, or neither",
    ),
    (
        replaced("conference.toml", "hello@tiny.example", "hello"),
        "conference.toml: `contact_email` is 'hello'; it should be an address such as us@example.org",
    ),
    (
        replaced("programme.toml", 'to = "hill"', 'to = "quay"'),
        "programme.toml, walk 1: `from` and `to` are both 'quay'; a walk leads to another site",
    ),
    (
        replaced("programme.toml", "[[event]]", WALK_BACK + "[[event]]"),
        "programme.toml, walk 2: these two sites have a walk already",
    ),
    (
        replaced("programme.toml", "https://tiny.example/opening", "javascript:alert(1)"),
        "programme.toml, event opening: the `url` of `source` is 'javascript:alert(1)'; it should begin with "
        "https://",
    ),
    (
        replaced("programme.toml", '{ name = "tiny.example"', '{ nme = "tiny.example"'),
        "programme.toml, event opening: `source` holds nme, url; it should hold `name` and, if there is "
        "one, `url`",
    ),
    (
        replaced("programme.toml", "ru = ", "Russian = "),
        "programme.toml, event opening: `descriptions` names a language 'Russian'; it should be a code such "
        "as en or fr",
    ),
]


@pytest.mark.parametrize(("change", "message"), ILL_FORMED, ids=[message for _, message in ILL_FORMED])
def test_ill_formed_folder_is_refused_in_words(change: Change, message: str, tmp_path: Path) -> None:
    folder = tmp_path / "ill"
    copytree(TINY, folder)
    change(folder)

    with pytest.raises(DataFolderError) as refused:
        read_folder(folder)

    assert refused.value.problems == [message.replace("{folder}", str(folder))]


def test_ill_formed_folder_names_every_problem_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "ill"
    copytree(TINY, folder)
    replaced("conference.toml", 'place = "Lisboa, Portugal"\n', "")(folder)
    replaced("programme.toml", 'room = "alta"', 'room = "altar"')(folder)

    with pytest.raises(DataFolderError) as refused:
        read_folder(folder)

    assert [problem.split(":")[0] for problem in refused.value.problems] == [
        "conference.toml",
        "programme.toml, event night-walk",
    ]
