"""Every act of staff is written down, and read by coordinators only."""

import re
from dataclasses import fields
from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from copapp.domain.event_form import EventForm
from copapp.domain.source import SourceConference, SourceProgramme
from copapp.i18n import catalogue
from copapp.interop.personal_calendar import Wishes
from copapp.mail_server import MailServer
from copapp.models import AuditEntry, EventStatus, StaffMember, StaffRole
from copapp.presenters.log import LogField, LogNames, LogRow, log_row
from copapp.services import (
    audit,
    draft,
    importing,
    log,
    meetings,
    releasing,
    sign_in,
    staff,
    staff_calendars,
    team,
)
from copapp.services.audit import KINDS
from copapp.services.moves import NotAllowedError
from copapp.services.queries import latest_plan
from copapp.services.requests_table import take_requests
from copapp.services.tokens import hash_of
from copapp.services.venue import replace_plan
from copapp.settings import DATA
from tests.meeting_requests import MONDAY, TEN, Staffed, asked, staffed, terms

WORDS = catalogue("en", "staff")
UNCHANGEABLE = {"slug", "timezone"}
_WRITTEN = re.compile(r"""\bnote\(\s*db, \w+, "(\w+)\"""")
WILD_ASS, RECOVERY = "asiatic-wild-ass", "saiga-recovery"


@pytest.fixture
def house(db: Session, cop14: SourceProgramme) -> Staffed:
    house = staffed(db, cop14)
    house.aigul.role = StaffRole.COORDINATOR
    house.aigul.password_hash = "hash"
    db.add(house.aigul)
    db.flush()
    return house


def acts(db: Session) -> list[tuple[str, str]]:
    return [(each.act, each.subject) for each in db.exec(select(AuditEntry).order_by(AuditEntry.id))]  # type: ignore[arg-type]  # a column


def rows(house: Staffed, kind: str = "") -> list[LogRow]:
    known = log.names(house.db)
    names = LogNames(known.events | known.people, known.rooms, ZoneInfo("Asia/Samarkand"))
    return [log_row(entry, by, names) for entry, by in log.entries(house.db, house.aigul, kind=kind)]


def test_every_act_on_the_programme_is_written(house: Staffed) -> None:
    db, by = house.db, house.aigul
    form = EventForm("Steppe", TEN, None, "ferghana")
    made = draft.add_event(db, by, form, MONDAY)
    draft.change_event(db, by, made.slug, 1, EventForm("Steppes", TEN, None, "bukhara"), MONDAY)
    draft.change_several(db, by, {WILD_ASS: 1}, draft.Batch(status=EventStatus.CANCELLED), MONDAY)
    draft.change_several(db, by, {WILD_ASS: 2}, draft.Batch(status=EventStatus.CONFIRMED), MONDAY)
    releasing.make_release(db, by, releasing.preview(db).digest, "", MONDAY)
    draft.remove_events(db, by, {made.slug: 2}, MONDAY)
    releasing.discard_draft(db, by, releasing.preview(db).digest, MONDAY)
    releasing.bring_back(db, by, 1, 2, MONDAY)
    content = (DATA.parents[1] / "tests" / "data" / "pages" / "connecting.txt").read_bytes()
    importing.apply_import(db, None, content, importing.look(db, content).seen, set(), MONDAY)
    plan = latest_plan(db)
    assert plan is not None
    replace_plan(db, by, plan.content.encode(), MONDAY)

    assert acts(db) == [
        ("add", "steppe"),
        ("change", "steppe"),
        ("cancel", WILD_ASS),
        ("restore", WILD_ASS),
        ("release", "2"),
        ("remove", "steppe"),
        ("discard", ""),
        ("bring_back", "1"),
        ("import", "page"),
        ("plan", ""),
    ]


def test_every_act_on_the_team_and_its_accounts_is_written_once(house: Staffed) -> None:
    db, by, bolat = house.db, house.aigul, house.bolat.id or 0
    eve = staff.add_member(db, by, "Eve", "eve@altyndala.example", StaffRole.MEMBER, MONDAY)
    link = staff.make_link(db, by, eve, MONDAY)
    staff.use_link(db, link, "hash", MONDAY)
    for _ in range(2):
        staff.set_role(db, by, eve, StaffRole.COORDINATOR, MONDAY)
        staff.disable_member(db, by, eve, MONDAY)
    for _ in range(2):
        staff.enable_member(db, None, eve, MONDAY)
        team.set_covered(db, by, bolat, RECOVERY, MONDAY, is_covered=True)
    hours = team.add_hours(db, by, bolat, date(2024, 2, 14), (time(10), time(11)), MONDAY)
    team.remove_hours(db, by, hours.id or 0, MONDAY)
    for _ in range(2):
        team.set_covered(db, by, bolat, RECOVERY, MONDAY, is_covered=False)
        team.set_practice(db, by, bolat, MONDAY, slot_minutes=15, buffer_minutes=0)
        team.set_shown(db, house.bolat, MONDAY, is_shown=True, job_title="Saiga", languages=["en"])

    assert acts(db) == [
        ("member_add", "eve"),
        ("member_link", "eve"),
        ("member_password", "eve"),
        ("member_role", "eve"),
        ("member_disable", "eve"),
        ("member_enable", "eve"),
        ("cover", "bolat"),
        ("hours_add", "bolat"),
        ("hours_remove", "bolat"),
        ("uncover", "bolat"),
        ("practice", "bolat"),
        ("shown", "bolat"),
    ]


def test_who_came_in_went_out_or_was_refused_is_written_once_an_hour_by_no_address(house: Staffed) -> None:
    """Nothing was: no sign-in, no wrong password, no refusal."""
    db, email = house.db, house.bolat.email
    for minute in range(0, 120, 12):
        now = MONDAY + timedelta(minutes=minute)
        sign_in.note_failure(db, email.upper(), now)
        sign_in.note_failure(db, f"nobody{minute}@example.org", now)
        sign_in.note_refusal(db, email, now)
    one, other = (hash_of(sign_in.let_in(db, house.bolat, MONDAY)) for _ in range(2))
    sign_in.let_out(db, one, MONDAY, everywhere=False)
    sign_in.let_out(db, one, MONDAY, everywhere=False)
    sign_in.let_out(db, other, MONDAY, everywhere=True)

    shown = [(each.by, each.act, each.subject, [it.now for it in each.fields]) for each in rows(house)[::-1]]
    assert shown == [
        ("", "sign_in_failed", "Bolat", ["5"]),
        ("", "sign_in_failed", "", ["5"]),
        ("", "sign_in_refused", "Bolat", []),
        ("", "sign_in_failed", "Bolat", ["5"]),
        ("", "sign_in_failed", "", ["5"]),
        ("", "sign_in_refused", "Bolat", []),
        ("Bolat", "sign_in", "Bolat", []),
        ("Bolat", "sign_in", "Bolat", []),
        ("Bolat", "sign_out", "Bolat", []),
        ("Bolat", "sign_out_everywhere", "Bolat", []),
    ]
    assert [each.is_by_nobody for each in rows(house)] == [False] * 4 + [True] * 6
    assert log.entries(db, house.aigul, who=log.COMMAND_LINE) == []
    kept = str([each.model_dump() for each in db.exec(select(AuditEntry))])
    assert "@" not in kept


def test_accounts_and_requests_are_lines_of_the_server_s_log_without_names(
    house: Staffed, caplog: pytest.LogCaptureFixture
) -> None:
    db, by = house.db, house.aigul
    sign_in.let_in(db, by, MONDAY)
    staff.set_role(db, by, house.bolat, StaffRole.COORDINATOR, MONDAY)
    take_requests(db, by, "csv", "en", MONDAY)
    for _ in range(3):
        sign_in.note_failure(db, by.email, MONDAY)
    team.set_practice(db, by, by.id or 0, MONDAY, slot_minutes=15, buffer_minutes=0)

    assert caplog.messages == [
        f"sign_in by account {by.id}",
        f"member_role by account {by.id}",
        f"take_requests by account {by.id}",
        "sign_in_failed by nobody",
    ]
    assert {each.levelname for each in caplog.records} == {"INFO"}


def test_addresses_of_everybody_s_meetings_are_written_not_those_of_one_s_own(house: Staffed) -> None:
    db, by = house.db, house.aigul
    for of_team in (True, False):
        staff_calendars.make_staff_calendar(db, by, Wishes("en", 15), MONDAY, of_team=of_team)
        staff_calendars.replace_staff_calendar(db, by, MONDAY, of_team=of_team)
        for _ in range(2):
            staff_calendars.stop_staff_calendar(db, by, MONDAY, of_team=of_team)

    assert acts(db) == [
        ("team_calendar", "aigul"),
        ("team_calendar", "aigul"),
        ("team_calendar_stop", "aigul"),
    ]
    assert staff_calendars.live_staff_calendar(db, by, of_team=False) is None


def test_entries_read_as_people_know_things(house: Staffed) -> None:
    db, by = house.db, house.aigul
    form = EventForm("Steppe", TEN, None, "ferghana", "", {"en": "Grass"})
    draft.add_event(db, by, form, MONDAY)
    moved = EventForm("Steppe", TEN, TEN, "bukhara", "", {"en": "Grass", "fr": "Herbe"})
    with pytest.raises(draft.EventFormError):
        draft.change_event(db, by, "steppe", 1, moved, MONDAY)
    moved = EventForm("Steppe", MONDAY, None, "bukhara", "", {"en": "Grass", "fr": "Herbe"})
    draft.change_event(db, by, "steppe", 1, moved, MONDAY)
    draft.remove_events(db, by, {"steppe": 2}, MONDAY)
    team.set_shown(db, house.bolat, MONDAY, is_shown=True, job_title="Saiga", languages=["en"])
    staff.set_role(db, None, house.bolat, StaffRole.COORDINATOR, MONDAY)

    role, shown, removed, changed, _ = rows(house)

    assert (role.by, role.subject, role.at) == ("", "Bolat", "2024-02-12T09:00:00+05:00")
    assert role.fields == [LogField("role", "", "member", "coordinator", is_word=True)]
    assert (shown.by, shown.fields) == ("Bolat", [LogField("is_shown", "", "no", "yes", is_word=True)])
    assert (removed.act, removed.subject) == ("remove", "Steppe")
    assert changed.fields == [
        LogField("room", "", "Room Ferghana", "Room Bukhara"),
        LogField("starts", "", "2024-02-13 10:00", "2024-02-12 09:00"),
        LogField("descriptions", "fr", "–", "Herbe"),
    ]


def test_log_is_read_page_by_page_and_by_person_and_kind(house: Staffed) -> None:
    db, by = house.db, house.aigul
    for number in range(log.PAGE + 5):
        audit.note(db, by if number % 2 else None, "release", str(number), MONDAY)
    team.set_practice(db, house.bolat, house.bolat.id or 0, MONDAY, slot_minutes=15, buffer_minutes=0)

    first = log.entries(db, by, kind="releases")
    rest = log.entries(db, by, kind="releases", before=first[-1][0].id)
    numbers = [int(entry.subject) for entry, _ in [*first, *rest]]

    assert numbers == list(range(log.PAGE + 4, -1, -1))
    assert {name for _, name in log.entries(db, by, who=log.COMMAND_LINE)} == {""}
    assert [entry.act for entry, _ in log.entries(db, by, who=house.bolat.id)] == ["practice"]
    assert log.entries(db, by, kind="no such kind") == []


def test_log_is_a_coordinator_s_business(house: Staffed) -> None:
    with pytest.raises(NotAllowedError):
        log.entries(house.db, house.bolat)


def test_requests_leave_nothing_in_the_log(house: Staffed) -> None:
    request = asked(house.db)
    meetings.accept(house.db, request.id or 0, house.aigul, terms(house.aigul), MONDAY)
    meetings.note(house.db, request.id or 0, house.aigul, "Dana again", MONDAY)

    assert acts(house.db) == []


def test_each_act_is_of_one_kind_and_has_words() -> None:
    listed = [act for each in KINDS.values() for act in each]
    services = Path(log.__file__).parent.glob("*.py")
    written = {act for each in services for act in _WRITTEN.findall(each.read_text(encoding="utf-8"))}

    assert len(listed) == len(set(listed))
    assert written <= set(listed)
    assert {f"log.act.{act}" for act in listed} | {f"log.kind.{kind}" for kind in KINDS} <= set(WORDS)


def test_every_setting_of_the_conference_has_words() -> None:
    settings = {each.name: [1, 2] for each in fields(SourceConference) if each.name not in UNCHANGEABLE}
    entry = AuditEntry(at=MONDAY, act="settings", subject="conference", changes=settings)

    shown = log_row(entry, "", LogNames({}, {}, ZoneInfo("Asia/Samarkand"))).fields

    assert [each.field for each in shown if f"conference.{each.field}" not in WORDS] == []


def test_every_setting_of_the_mail_server_has_words() -> None:
    assert [each.name for each in fields(MailServer) if f"log.field.{each.name}" not in WORDS] == []


def test_form_of_an_event_names_who_changed_it_not_who_covers_it(house: Staffed) -> None:
    """An event and one of us may have one slug: the coverage of a person is no change of an event."""
    db = house.db
    namesake = StaffMember(slug=RECOVERY, name="Namesake", email="n@altyndala.example", created_at=MONDAY)
    db.add(namesake)
    db.flush()
    draft.change_several(db, house.bolat, {RECOVERY: 1}, draft.Batch(minutes=15), MONDAY)
    team.set_covered(db, namesake, namesake.id or 0, RECOVERY, MONDAY, is_covered=True)

    assert draft.last_changed_by(db, RECOVERY) == "Bolat"
