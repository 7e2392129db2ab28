"""A file on its way into the draft: looked at first, then all or nothing; the same again changes nothing."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.event import listen, remove
from sqlmodel import Session, select

from copapp.domain.difference import FieldChange
from copapp.domain.imported import ProgrammeFileError
from copapp.domain.source import SourceProgramme
from copapp.models import AuditEntry, Coverage, Event, Room, Site
from copapp.services import importing, releasing
from copapp.services.moves import NotAllowedError
from copapp.services.queries import latest_release_number
from copapp.services.released import slugs_released
from copapp.services.releasing import DraftMovedError
from tests.meeting_requests import MONDAY, Staffed, asked, staffed
from tests.programme_files import PAGES

LATER = MONDAY + timedelta(minutes=5)
TEXT, HTML = ((PAGES / name).read_bytes() for name in ("connecting.txt", "connecting.html"))
ELSEWHERE = """title,room,site,starts,ends
Dawn walk,Garden Gate,The Garden,2024-02-16 06:00,2024-02-16 07:00
Closing supper,,,2024-02-16 19:00,
"""


@pytest.fixture
def house(db: Session, cop14: SourceProgramme) -> Staffed:
    return staffed(db, cop14)


def taken(house: Staffed, content: bytes, *remove: str) -> importing.Look:
    seen = importing.look(house.db, content).seen
    return importing.apply_import(house.db, house.aigul, content, seen, frozenset(remove), LATER)


def events(db: Session) -> dict[str, Event]:
    return {event.slug: event for event in db.exec(select(Event))}


@pytest.mark.parametrize("content", [TEXT, HTML], ids=["text", "html"])
def test_the_organisations_page_is_what_is_known_already(house: Staffed, content: bytes) -> None:
    found = importing.look(house.db, content)

    assert found.difference.is_empty
    assert (found.skipped, found.new_rooms) == ([], [])
    assert len(found.difference.same) == 8


def test_one_changed_line_is_one_field(house: Staffed) -> None:
    changed = TEXT.replace(b"Snow Leopard Room, 12:45-13:30", b"Snow Leopard Room, 12:45-13:15")
    assert changed != TEXT

    [pair] = taken(house, changed).difference.changed

    ends = datetime(2024, 2, 14, 8, 30, tzinfo=UTC), datetime(2024, 2, 14, 8, 15, tzinfo=UTC)
    assert (pair.known.slug, pair.changes) == ("human-wildlife-conflict", [FieldChange("ends", *ends)])
    assert events(house.db)["human-wildlife-conflict"].ends == ends[1]
    assert events(house.db)["human-wildlife-conflict"].version == 2
    assert importing.look(house.db, changed).difference.is_empty


def test_import_is_no_release_and_touches_neither_meetings_nor_coverage(house: Staffed) -> None:
    request = asked(house.db, "Dana", event="human-wildlife-conflict")
    house.db.add(Coverage(member_id=house.aigul.id or 0, event="human-wildlife-conflict"))
    house.db.flush()
    before = request.model_dump()

    taken(house, TEXT.replace(b"12:45-13:30", b"12:45-13:15"))

    assert latest_release_number(house.db) == 1
    assert request.model_dump() == before
    assert [each.event for each in house.db.exec(select(Coverage))] == ["human-wildlife-conflict"]


def test_new_events_bring_their_rooms_and_an_unknown_place_is_said_to_be_unknown(house: Staffed) -> None:
    found = taken(house, ELSEWHERE.encode())

    unknown = importing.UNKNOWN_PLACE
    assert found.new_rooms == [("Garden Gate", "The Garden"), (unknown, "")]
    rooms = {room.id: room for room in house.db.exec(select(Room))}
    sites = {site.id: site.name for site in house.db.exec(select(Site))}
    dawn, supper = events(house.db)["dawn-walk"], events(house.db)["closing-supper"]
    assert (rooms[dawn.room_id].name, sites[rooms[dawn.room_id].site_id]) == ("Garden Gate", "The Garden")
    assert rooms[supper.room_id].name == importing.UNKNOWN_PLACE
    assert supper.ends is None
    assert importing.look(house.db, ELSEWHERE.encode()).difference.added == []


def test_what_the_file_lacks_goes_only_when_it_is_named(house: Staffed) -> None:
    without_cats = b"\n".join(line for line in TEXT.splitlines() if b"Cats of" not in line)

    found = taken(house, without_cats)
    assert [each.slug for each in found.difference.removed] == ["cats-of-the-silk-road"]
    assert "cats-of-the-silk-road" in events(house.db)
    taken(house, without_cats, "cats-of-the-silk-road", "saiga-recovery")

    assert "cats-of-the-silk-road" not in events(house.db)
    assert "saiga-recovery" in events(house.db)


def test_another_draft_or_file_than_was_looked_at_is_refused(house: Staffed) -> None:
    seen = importing.look(house.db, TEXT).seen
    with pytest.raises(DraftMovedError):
        importing.apply_import(house.db, house.aigul, HTML, seen, frozenset(), LATER)

    events(house.db)["saiga-recovery"].title = "Changed meanwhile"
    house.db.flush()

    with pytest.raises(DraftMovedError):
        importing.apply_import(house.db, house.aigul, TEXT, seen, frozenset(), LATER)


def test_broken_file_leaves_the_draft_as_it_is(house: Staffed) -> None:
    before = releasing.preview(house.db).digest

    for content in (b"", b"PK\x03\x04 no zip", b"{", b"just words, no programme"):
        with pytest.raises(ProgrammeFileError):
            importing.apply_import(house.db, house.aigul, content, "", frozenset(), LATER)

    assert releasing.preview(house.db).digest == before


def test_import_is_written_down_and_only_staff_may(house: Staffed) -> None:
    taken(house, ELSEWHERE.encode())

    [entry] = house.db.exec(select(AuditEntry))
    assert (entry.act, entry.subject) == ("import", "table")
    assert entry.changes == {"added": [0, 2], "changed": [0, 0], "removed": [0, 0]}
    house.aigul.disabled_at = MONDAY
    house.db.flush()
    with pytest.raises(NotAllowedError):
        taken(house, TEXT)


SAME_NAME = """Title,Date,Start,End,Room,Site
Steppe evening,2024-02-13,10:00,11:00,Meeting Room 1,Blue Zone
Desert evening,2024-02-13,10:00,11:00,Meeting Room 1,Green Zone
Mountain evening,2024-02-13,12:00,13:00,Room Ferghana,Green Zone
Valley evening,2024-02-13,14:00,15:00,Meeting Room 1,
"""


def places(db: Session) -> dict[str, tuple[str, str]]:
    found = select(Event.slug, Room.name, Site.name).where(Event.room_id == Room.id, Room.site_id == Site.id)
    return {slug: (room, site) for slug, room, site in db.exec(found)}


def test_rooms_of_one_name_in_two_sites_are_two_as_the_preview_says(house: Staffed) -> None:
    seen = importing.look(house.db, SAME_NAME.encode())
    before = set(places(house.db).values())

    taken(house, SAME_NAME.encode())

    found = places(house.db)
    assert found["steppe-evening"] == ("Meeting Room 1", "Blue Zone")
    assert found["desert-evening"] == ("Meeting Room 1", "Green Zone")
    assert found["mountain-evening"] == ("Room Ferghana", "Green Zone")
    assert found["valley-evening"] == ("Meeting Room 1", "Blue Zone"), "the first of that name"
    assert {*seen.new_rooms} == {*found.values()} - before
    again = importing.look(house.db, SAME_NAME.encode())
    assert (again.difference.added, again.difference.changed, again.new_rooms) == ([], [], [])


def test_room_moves_to_the_site_that_the_file_names_and_then_rests(house: Staffed) -> None:
    taken(house, SAME_NAME.encode())
    elsewhere = SAME_NAME.replace("Ferghana,Green", "Ferghana,Blue").encode()

    taken(house, elsewhere)

    assert places(house.db)["mountain-evening"] == ("Room Ferghana", "Blue Zone")
    assert importing.look(house.db, elsewhere).difference.changed == []


def test_releases_are_read_once_however_many_events_are_new(house: Staffed) -> None:
    rows = "".join(f"Walk {number},2024-02-13,10:00,11:00,Room Ferghana,\n" for number in range(20))
    content = (SAME_NAME.partition("\n")[0] + "\n" + rows).encode()
    seen = importing.look(house.db, content).seen
    known, asked_for = [*slugs_released(house.db)], list[str]()

    def count(*given: object) -> None:
        asked_for.extend(re.findall(r"SELECT release\.(etag|document) ", str(given[2])))

    bind = house.db.get_bind()
    listen(bind, "before_cursor_execute", count)
    importing.apply_import(house.db, house.aigul, content, seen, frozenset(), LATER)
    remove(bind, "before_cursor_execute", count)

    assert known
    assert asked_for == ["etag"]  # of a release that was read once no document is read again
    assert {f"walk-{number}" for number in range(20)} <= events(house.db).keys()
