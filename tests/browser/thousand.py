"""A conference of 1,000 events in 20 rooms, as a data folder, to measure what a large programme costs."""

import random
import shutil
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from copapp.settings import DATA

SPECIES = [
    "saiga antelope",
    "snow leopard",
    "Asiatic wild ass",
    "Bukhara deer",
    "argali",
    "Siberian crane",
    "steppe eagle",
    "houbara bustard",
    "sociable lapwing",
    "great bustard",
    "Egyptian vulture",
    "goitered gazelle",
    "urial",
    "Pallas's cat",
    "Eurasian lynx",
    "jaguar",
    "African wild dog",
    "lion",
    "cheetah",
    "leatherback turtle",
    "whale shark",
    "manta ray",
    "blue shark",
    "sturgeon",
    "Danube salmon",
    "lesser flamingo",
    "aquatic warbler",
    "yellow-breasted bunting",
    "monarch butterfly",
    "straw-coloured fruit bat",
]
TOPICS = [
    "transboundary cooperation",
    "flyway-wide monitoring",
    "community stewardship",
    "linear infrastructure",
    "wildlife disease",
    "illegal killing and trade",
    "grazing and pasture management",
    "energy development",
    "light pollution",
    "bycatch",
    "climate adaptation",
    "satellite tracking",
    "genetic diversity",
    "national implementation",
    "sustainable finance",
    "environmental law",
    "citizen science",
    "protected area networks",
    "border fences",
    "capacity building",
]
PLACES = [
    "Central Asia",
    "the Altyn Dala steppe",
    "the Aral Sea basin",
    "the Pamirs",
    "the Tien Shan",
    "the Gobi",
    "the Caspian coast",
    "the East Atlantic Flyway",
    "the Sahel",
    "the Horn of Africa",
    "the Western Indian Ocean",
    "the Mekong",
    "Patagonia",
    "the Pantanal",
    "the Arctic",
    "the Mediterranean",
    "the Congo Basin",
    "South Asia",
    "the Carpathians",
    "the Pacific Islands",
]
FORMS = [
    "{topic} for the {species}: lessons from {place}",
    "Saving the {species} in {place} through {topic}",
    "{topic} in {place}: what the {species} needs next",
    "From policy to practice: {topic} and the {species} of {place}",
    "A new action plan for the {species}: {topic} across {place}",
    "{place} and the {species}: {topic} revisited",
]


def write_thousand(folder: Path, events: int = 1_000) -> Path:
    """Write the data folder and return it; the same every time. `events` makes a smaller one."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(DATA / "cop14" / "conference.toml", folder / "conference.toml")
    (folder / "programme.toml").write_text("\n".join([*_places(), *_events(events)]), encoding="utf-8")
    return folder


def _places() -> list[str]:
    sites = [f'[[site]]\nslug = "hall-{site}"\nname = "Hall {site}"' for site in range(1, 5)]
    rooms = [
        f'[[room]]\nslug = "room-{room}"\nname = "Room {room}"\nsite = "hall-{room % 4 + 1}"'
        for room in range(1, 21)
    ]
    return sites + rooms


def _events(most: int) -> list[str]:
    chance = random.Random(14)
    titles: dict[str, None] = {}
    while len(titles) < most:
        title = chance.choice(FORMS).format(
            topic=chance.choice(TOPICS), species=chance.choice(SPECIES), place=chance.choice(PLACES)
        )
        titles[title[0].upper() + title[1:]] = None
    return [_event(title, number, chance) for title, number in zip(titles, count(), strict=False)]


def _event(title: str, number: int, chance: random.Random) -> str:
    room = number % 20 + 1
    starts = datetime.fromisoformat("2024-02-12T08:30:00") + timedelta(
        days=number % 6, minutes=15 * chance.randrange(44)
    )
    ends = starts + timedelta(minutes=chance.choice((30, 45, 45, 60, 90)))
    slug = "-".join("".join(each if each.isalnum() else " " for each in title.lower()).split()[:6])
    published = f"Hall {room % 4 + 1}, Room {room}, {starts:%H:%M} – {ends:%H:%M}"
    return (
        f'[[event]]\nslug = "{slug}-{number}"\ntitle = "{title}"\nroom = "room-{room}"\n'
        f'starts = {starts.isoformat()}\nends = {ends.isoformat()}\npublished = "{published}"'
    )
