"""Watched addresses: looked at by one worker, a difference waits for staff, and the draft stays as it is."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from copapp.database import reading, writing
from copapp.domain.source import SourceProgramme
from copapp.models import AuditEntry, StaffMember, WatchedAddress
from copapp.services import importing, releasing, watching
from copapp.services.given_files import kept_file
from copapp.services.moves import NotAllowedError
from copapp.services.queries import inbox_version, latest_release_number
from copapp.services.watching import EVERY, Watched, look_at_watched
from tests.conftest import every_database
from tests.listeners import WebPage, settle, web_page
from tests.meeting_requests import MONDAY, Staffed, staffed
from tests.programme_files import PAGES

TEXT = (PAGES / "connecting.txt").read_bytes()
CHANGED = TEXT.replace(b"Snow Leopard Room, 12:45-13:30", b"Snow Leopard Room, 12:45-13:15")
AGAIN = TEXT.replace(b"Snow Leopard Room, 12:45-13:30", b"Snow Leopard Room, 12:45-13:00")
SECOND = timedelta(seconds=1)


@pytest.fixture
def page() -> Iterator[WebPage]:
    with web_page(TEXT) as serving:
        yield serving


@pytest.fixture
def house(db: Session, cop14: SourceProgramme, page: WebPage, monkeypatch: pytest.MonkeyPatch) -> Staffed:
    """Two of us, and a page that says what the draft does, watched since Monday morning."""
    made = staffed(db, cop14)
    watching.watch(db, made.aigul, page.url, TEXT, MONDAY)
    db.flush()
    db.expunge_all()
    db.commit()
    settle(monkeypatch, FETCH_ALLOW=page.place)
    return made


def shown() -> Watched:
    with reading() as db:
        [one] = watching.watched(db)
        return one


def draft() -> tuple[str, int]:
    with reading() as db:
        return releasing.preview(db).digest, latest_release_number(db)


def newest() -> str:
    with reading() as db:
        return inbox_version(db)


def looks(page: WebPage, *contents: bytes, since: datetime = MONDAY) -> datetime:
    """Look at each of these contents when its time has come; gives the time of the last look."""
    for content in contents:
        since += EVERY
        page.content = content
        assert look_at_watched(since) == 1
    return since


def test_the_same_again_is_no_work(house: Staffed, page: WebPage) -> None:
    before = draft()

    looks(page, TEXT, TEXT, TEXT)

    assert page.asked == ["", page.mark, page.mark]
    assert (shown().waits, shown().problem, draft()) == (False, "", before)


def test_it_is_looked_at_when_its_time_has_come(house: Staffed, page: WebPage) -> None:
    at = [MONDAY, MONDAY + EVERY - SECOND, MONDAY + EVERY, MONDAY + EVERY + SECOND, MONDAY + 2 * EVERY]

    assert [look_at_watched(each) for each in at] == [0, 0, 1, 0, 1]
    assert shown().looked_at == at[-1]


@every_database
def test_a_difference_waits_and_the_draft_stays_as_it_is(house: Staffed, page: WebPage) -> None:
    before, version = draft(), newest()

    now = looks(page, CHANGED)

    assert (shown().waits, draft()) == (True, before)
    assert newest() != version
    with writing() as db:
        address, file = watching.review(db, house.bolat, shown().id, now)
        assert (address, kept_file(db, house.bolat, file)) == (page.url, CHANGED)


@every_database
def test_taken_it_waits_no_longer(house: Staffed, page: WebPage) -> None:
    now = looks(page, CHANGED)

    with writing() as db:
        seen = importing.look(db, CHANGED).seen
        importing.apply_import(db, house.aigul, CHANGED, seen, frozenset(), now)

    assert not shown().waits
    looks(page, CHANGED, since=now)
    assert not shown().waits


def test_set_aside_it_comes_back_only_when_the_page_says_something_else(
    house: Staffed, page: WebPage
) -> None:
    now = looks(page, CHANGED)

    set_aside(house.aigul, shown())
    # The same events with other words around them, and in another order of lines.
    now = looks(page, CHANGED, b"Seen by 17 people today\n\n" + CHANGED, since=now)
    assert not shown().waits
    looks(page, AGAIN, since=now)
    assert shown().waits


def set_aside(by: StaffMember, row: Watched) -> None:
    with writing() as db:
        watching.set_aside(db, by, row.id, row.says, MONDAY)


def test_what_came_after_the_list_was_shown_is_not_set_aside(house: Staffed, page: WebPage) -> None:
    now = looks(page, CHANGED)
    on_the_screen = shown()
    looks(page, AGAIN, since=now)

    set_aside(house.aigul, on_the_screen)

    assert shown().waits


def test_what_was_shown_when_it_began_is_no_news(house: Staffed, page: WebPage) -> None:
    with writing() as db:
        watching.stop_watching(db, house.aigul, shown().id, MONDAY)
        watching.watch(db, house.aigul, page.url, CHANGED, MONDAY)

    looks(page, CHANGED)

    assert not shown().waits


def test_a_draft_that_caught_up_by_hand_ends_the_waiting(house: Staffed, page: WebPage) -> None:
    now = looks(page, CHANGED)
    with writing() as db:
        importing.apply_import(
            db, house.aigul, CHANGED + b"\n", importing.look(db, CHANGED + b"\n").seen, frozenset(), now
        )
    assert shown().waits

    looks(page, CHANGED, since=now)

    assert (shown().waits, page.asked[-1]) == (False, page.mark)


def test_trouble_is_told_and_goes_with_the_next_good_look(house: Staffed, page: WebPage) -> None:
    page.status = 500
    now = looks(page, CHANGED)
    troubles = [shown().problem]
    page.status = 200
    now = looks(page, b"Dear colleagues, the list follows.", since=now)
    troubles.append(shown().problem)
    now = looks(page, b"Dear colleagues, the list follows.", since=now)
    troubles.append(shown().problem)
    looks(page, CHANGED, since=now)

    assert troubles == ["status", "unknown-format", "unknown-format"]
    assert (shown().problem, shown().waits) == ("", True)


def test_an_address_that_is_opened_no_longer_is_asked_no_longer(
    house: Staffed, page: WebPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(monkeypatch, FETCH_ALLOW="")

    looks(page, CHANGED)

    assert (page.asked, shown().problem) == ([], "port")


@every_database
def test_of_several_workers_one_looks(house: Staffed, page: WebPage) -> None:
    with ThreadPoolExecutor(8) as workers:
        looked = list(workers.map(lambda _: look_at_watched(MONDAY + EVERY), range(8)))

    assert (sum(looked), len(page.asked)) == (1, 1)


def test_one_that_is_stopped_while_it_is_looked_at_stays_stopped(house: Staffed, page: WebPage) -> None:
    with writing() as db:
        claim = watching._claim(shown().id, MONDAY + EVERY)
    assert claim is not None
    with writing() as db:
        watching.stop_watching(db, house.aigul, shown().id, MONDAY)

    watching._look_at(claim, MONDAY + EVERY)

    with reading() as db:
        assert watching.watched(db) == []


def test_watching_is_for_staff_for_a_few_addresses_and_noted_without_the_whole_address(
    house: Staffed, page: WebPage
) -> None:
    db = house.db
    watching.watch(db, house.aigul, page.url, CHANGED, MONDAY)  # it is watched already
    for number in range(watching.MOST - 1):
        watching.watch(db, house.bolat, f"https://example.org/secret-{number}", TEXT, MONDAY)
    with pytest.raises(watching.TooManyWatchedError):
        watching.watch(db, house.aigul, "https://example.org/one-more", TEXT, MONDAY)
    db.get_one(StaffMember, house.aigul.id).disabled_at = MONDAY
    with pytest.raises(NotAllowedError):
        watching.stop_watching(db, house.aigul, watching.watched(db)[0].id, MONDAY)

    assert len(db.exec(select(WatchedAddress)).all()) == watching.MOST
    noted = db.exec(select(AuditEntry.subject).order_by(col(AuditEntry.id))).all()
    assert noted == ["localhost", *["example.org"] * (watching.MOST - 1)]
