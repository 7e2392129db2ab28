from contextlib import suppress
from datetime import datetime, timedelta

import argon2
import pytest
from sqlmodel import Session, select
from typer.testing import CliRunner

from copapp.cli import app
from copapp.database import migrate, reading
from copapp.models import Attempt, StaffLink, StaffMember, StaffRole, StaffSession
from copapp.services import devices, passwords, queries, sign_in, staff
from copapp.services.moves import NotAllowedError
from copapp.services.tokens import hash_of
from tests.conftest import NOW, Environment

HERE, THERE = "192.0.2.7", "198.51.100.9"
GOOD = "a quiet steppe at dawn"


def _member(db: Session, name: str = "Aigul Omarova", role: StaffRole = StaffRole.COORDINATOR) -> StaffMember:
    email = f"{name.split(maxsplit=1)[0].lower()}@example.org"
    made = staff.add_member(db, None, name, email, role, NOW)
    made.password_hash = "set"
    db.flush()
    return made


def _fail_times(db: Session, times: int, email: str, address: str, now: datetime = NOW) -> datetime:
    """Fail as often as the limits let through, waiting what they ask for."""
    for _ in range(times):
        try:
            sign_in.count_try(db, email, address, now)
        except sign_in.SignInRefusedError as refused:
            now += refused.retry_after
            sign_in.count_try(db, email, address, now)
    return now


def test_a_password_is_kept_as_argon2id_and_recognised_however_it_is_composed() -> None:
    hashed = passwords.hash_password("café au lait, s'il vous plaît")

    assert hashed.startswith("$argon2id$")
    assert passwords.is_password(hashed, "café au lait, s'il vous plaît")
    assert not passwords.is_password(hashed, "cafe au lait, s'il vous plait")
    assert not passwords.is_password("", "nobody has this password")


def test_an_account_that_does_not_exist_takes_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = passwords.hash_password(GOOD)
    worked: list[argon2.Parameters] = []
    verify = argon2.PasswordHasher.verify

    def counted(hasher: argon2.PasswordHasher, against: str, given: str) -> bool:
        worked.append(argon2.extract_parameters(against))
        return verify(hasher, against, given)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counted)
    passwords.is_password(hashed, "another password")
    passwords.is_password("", "another password")

    there, not_there = worked
    assert there == not_there


def test_a_session_lives_for_a_day_and_its_token_is_not_stored(db: Session) -> None:
    member = _member(db)

    token = staff.open_session(db, member.id or 0, NOW)

    assert db.exec(select(StaffSession.token_hash)).all() == [hash_of(token)]
    assert staff.session_member(db, hash_of(token), NOW + timedelta(hours=23, minutes=59)) == member
    assert staff.session_member(db, hash_of(token), NOW + timedelta(hours=24)) is None
    assert staff.session_member(db, token, NOW) is None


def test_signing_out_ends_one_session_or_all(db: Session) -> None:
    member, other = _member(db), _member(db, "Boris Ivanov")
    tokens = [hash_of(staff.open_session(db, each.id or 0, NOW)) for each in (member, member, member, other)]

    staff.sign_out(db, tokens[0])
    after_one = staff.live_sessions(db, set(tokens), NOW)
    staff.sign_out_everywhere(db, member.id or 0)
    after_all = staff.live_sessions(db, set(tokens), NOW)

    assert after_one == set(tokens[1:])
    assert after_all == {tokens[3]}


def test_sessions_are_seen_and_ended_one_by_one_by_whose_they_are(db: Session) -> None:
    aigul, bolat = _member(db), _member(db, "Bolat Seitkali", StaffRole.MEMBER)
    for browser in ("Firefox, Android", "Safari, iPhone"):
        staff.open_session(db, bolat.id or 0, NOW, browser)
    staff.open_session(db, bolat.id or 0, NOW - timedelta(hours=25), "long ended")
    phone, android = staff.sessions_of(db, bolat, NOW)

    assert [each.browser for each in (phone, android)] == ["Safari, iPhone", "Firefox, Android"]
    with pytest.raises(staff.SessionGoneError):
        staff.end_session(db, aigul, phone.id or 0, phone.created_at, NOW)
    with pytest.raises(staff.SessionGoneError):
        staff.end_session(db, bolat, phone.id or 0, NOW - timedelta(seconds=1), NOW)
    staff.end_session(db, bolat, phone.id or 0, phone.created_at, NOW)
    assert staff.sessions_of(db, bolat, NOW) == [android]
    with pytest.raises(staff.SessionGoneError):
        staff.end_session(db, bolat, phone.id or 0, NOW, NOW)


def test_a_coordinator_ends_a_colleague_s_sessions_and_nobody_else_does(db: Session) -> None:
    aigul, bolat = _member(db), _member(db, "Bolat Seitkali", StaffRole.MEMBER)
    for member in (aigul, bolat, bolat):
        staff.open_session(db, member.id or 0, NOW)

    with pytest.raises(NotAllowedError):
        staff.end_sessions(db, bolat, aigul, NOW)
    staff.end_sessions(db, aigul, bolat, NOW)

    assert [len(staff.sessions_of(db, each, NOW)) for each in (aigul, bolat)] == [1, 0]


def test_a_password_of_one_s_own_ends_every_session_and_link(db: Session) -> None:
    member = _member(db)
    session = hash_of(staff.open_session(db, member.id or 0, NOW))
    link = staff.make_link(db, None, member, NOW)

    staff.set_own_password(db, member, "new", NOW)

    assert (member.password_hash, staff.session_member(db, session, NOW)) == ("new", None)
    with pytest.raises(staff.LinkError):
        staff.link_member(db, link, NOW)


def test_disabling_ends_sessions_and_links_and_enabling_gives_the_account_back(db: Session) -> None:
    member, _ = _member(db), _member(db, "Boris Ivanov")
    session = hash_of(staff.open_session(db, member.id or 0, NOW))
    link = staff.make_link(db, None, member, NOW)

    staff.disable_member(db, None, member, NOW)
    disabled = (staff.session_member(db, session, NOW), sign_in.password_of(db, member.email))
    staff.enable_member(db, None, member, NOW)

    assert disabled == (None, (0, ""))
    assert staff.session_member(db, session, NOW) is None
    assert sign_in.password_of(db, member.email) == (member.id, "set")
    with pytest.raises(staff.LinkError):
        staff.link_member(db, link, NOW)


def test_a_session_of_a_disabled_member_is_not_live_even_if_its_row_stayed(db: Session) -> None:
    member, _ = _member(db), _member(db, "Boris Ivanov")
    session = hash_of(staff.open_session(db, member.id or 0, NOW))

    member.disabled_at = NOW
    db.flush()

    assert staff.session_member(db, session, NOW) is None
    assert staff.live_sessions(db, {session}, NOW) == set()


def test_the_last_coordinator_stays(db: Session) -> None:
    member = _member(db)
    _member(db, "Boris Ivanov", StaffRole.MEMBER)

    with pytest.raises(staff.LastCoordinatorError):
        staff.disable_member(db, None, member, NOW)
    with pytest.raises(staff.LastCoordinatorError):
        staff.set_role(db, None, member, StaffRole.MEMBER, NOW)


def test_only_a_coordinator_edits_the_team(db: Session) -> None:
    coordinator = _member(db)
    member = _member(db, "Boris Ivanov", StaffRole.MEMBER)

    with pytest.raises(NotAllowedError):
        staff.add_member(db, member, "Eve", "eve@example.org", StaffRole.COORDINATOR, NOW)
    with pytest.raises(NotAllowedError):
        staff.make_link(db, member, coordinator, NOW)
    with pytest.raises(NotAllowedError):
        staff.disable_member(db, member, coordinator, NOW)
    with pytest.raises(NotAllowedError):
        staff.enable_member(db, member, coordinator, NOW)
    with pytest.raises(NotAllowedError):
        staff.set_role(db, member, member, StaffRole.COORDINATOR, NOW)
    assert staff.add_member(db, coordinator, "Eve", "eve@example.org", StaffRole.MEMBER, NOW).slug == "eve"


def test_the_first_link_sets_up_one_coordinator_once(db: Session) -> None:
    token = staff.make_link(db, None, None, NOW)

    first = staff.use_link(db, token, "hash", NOW, name="Aigul Omarova", email="Aigul@Example.org")

    assert (first.role, first.email, first.password_hash) == (
        StaffRole.COORDINATOR,
        "aigul@example.org",
        "hash",
    )
    assert db.exec(select(StaffLink.token_hash)).all() == [hash_of(token)]
    with pytest.raises(staff.LinkError):
        staff.use_link(db, token, "hash", NOW, name="Eve", email="eve@example.org")


def test_a_first_link_is_void_once_anybody_has_an_account(db: Session) -> None:
    token = staff.make_link(db, None, None, NOW)
    _member(db)

    with pytest.raises(staff.LinkError):
        staff.use_link(db, token, "hash", NOW, name="Eve", email="eve@example.org")


def test_links_are_live_until_they_are_used_replaced_or_over(db: Session) -> None:
    aigul, bolat = _member(db), _member(db, "Bolat Seitkali")
    staff.make_link(db, None, aigul, NOW)
    used, again = staff.make_link(db, None, bolat, NOW), staff.make_link(db, None, aigul, NOW)

    both = staff.live_links(db, NOW)
    staff.use_link(db, used, "set", NOW)
    one = staff.live_links(db, NOW)
    late = staff.live_links(db, NOW + staff.LINK_LASTS)

    assert {number: link.token_hash for number, link in both.items()} == {
        aigul.id: hash_of(again),
        bolat.id: hash_of(used),
    }
    assert (set(one), late) == ({aigul.id}, {})


def test_a_reset_link_lasts_a_day_and_ends_all_sessions(db: Session) -> None:
    member = _member(db)
    session = hash_of(staff.open_session(db, member.id or 0, NOW))
    earlier, token = staff.make_link(db, None, member, NOW), staff.make_link(db, None, member, NOW)

    with pytest.raises(staff.LinkError):
        staff.link_member(db, earlier, NOW)
    with pytest.raises(staff.LinkError):
        staff.link_member(db, token, NOW + timedelta(hours=24))
    staff.use_link(db, token, "new", NOW + timedelta(hours=23))

    assert member.password_hash == "new"
    assert staff.session_member(db, session, NOW) is None


@pytest.mark.parametrize(
    ("name", "email", "code"),
    [
        ("", "a@example.org", "name_required"),
        ("A\r\nBcc: x", "a@example.org", "name_characters"),
        ("A", "nowhere", "email_email"),
        ("A", "AIGUL@example.org ", "email_taken"),
    ],
)
def test_a_name_or_address_that_cannot_be_is_refused(db: Session, name: str, email: str, code: str) -> None:
    _member(db)

    with pytest.raises(staff.MemberError) as refused:
        staff.add_member(db, None, name, email, StaffRole.MEMBER, NOW)

    assert refused.value.code == code


def test_slugs_are_made_from_names(db: Session) -> None:
    names = ["Aigul Omarova", "Aigul  Omarova", "Жанна Щукина", "李明", "王"]

    made = [
        staff.add_member(db, None, name, f"{number}@example.org", StaffRole.MEMBER, NOW).slug
        for number, name in enumerate(names)
    ]

    assert made == ["aigul-omarova", "aigul-omarova-2", "zhanna-shchukina", "member", "member-2"]


def test_guessing_one_account_waits_longer_each_time(db: Session) -> None:
    _fail_times(db, 5, "aigul@example.org", HERE)
    waits = []
    now = NOW
    for _ in range(5):
        with pytest.raises(sign_in.SignInRefusedError) as refused:
            sign_in.count_try(db, "Aigul@example.org ", HERE, now)
        waits.append(refused.value.retry_after.total_seconds())
        now += refused.value.retry_after
        sign_in.count_try(db, "aigul@example.org", HERE, now)

    assert waits == [1, 2, 4, 8, 16]


def test_who_guesses_does_not_lock_out_colleagues_or_other_addresses(db: Session) -> None:
    now = _fail_times(db, 12, "aigul@example.org", HERE)

    sign_in.count_try(db, "boris@example.org", HERE, now)
    sign_in.count_try(db, "aigul@example.org", THERE, now)


def test_five_hundred_of_us_mistype_behind_one_address(db: Session) -> None:
    for number in range(500):
        sign_in.count_try(db, f"{number}@example.org", HERE, NOW)


def _guess(db: Session, times: int, networks: int) -> int:
    """Guess at Aigul's password from many networks in turn, ten a second; says how many were looked at."""
    looked_at = 0
    for number in range(times):
        network = number % networks
        at = NOW + timedelta(seconds=number / 10)
        with suppress(sign_in.SignInRefusedError):
            sign_in.count_try(db, "aigul@example.org", f"100.{network // 250}.{network % 250}.9", at)
            looked_at += 1
    return looked_at


def test_a_thousand_guesses_from_everywhere_keep_the_owner_out_of_no_browser(db: Session) -> None:
    """All browsers of the owner waited for as long as the guessing went on."""
    device = devices.known_device(db, "aigul@example.org", [devices.make_device(db, _member(db))])

    looked_at = _guess(db, 1000, 200)
    now = NOW + timedelta(seconds=100)
    sign_in.count_try(db, "aigul@example.org", HERE, now, device)
    sign_in.count_try(db, "aigul@example.org", THERE, now)

    assert looked_at == 2 * 200, "the first of each network, and one more after half a minute"


def _attack(db: Session, times: int, now: datetime) -> None:
    """Count that many more failures of Aigul's account, as of networks that nobody else is in."""
    counted = db.exec(select(Attempt).where(Attempt.kind == "sign-in as")).first()
    assert counted is not None
    db.add_all([Attempt(kind=counted.kind, key=counted.key, at=now) for _ in range(times)])
    db.flush()


def test_a_network_that_guesses_at_an_account_under_attack_waits_longer_each_time(db: Session) -> None:
    now, waits = NOW, []
    sign_in.count_try(db, "aigul@example.org", THERE, now)
    _attack(db, 49, now)

    for _ in range(12):
        with pytest.raises(sign_in.SignInRefusedError) as refused:
            sign_in.count_try(db, "aigul@example.org", THERE, now)
        waits.append(refused.value.retry_after.total_seconds())
        now += refused.value.retry_after
        _attack(db, 50, now)
        sign_in.count_try(db, "aigul@example.org", THERE, now)

    assert waits == [30 * 2**number for number in range(11)] + [12 * 60 * 60]


def test_no_account_is_guessed_at_more_than_ten_thousand_times_a_day_and_once_a_minute(db: Session) -> None:
    sign_in.count_try(db, "aigul@example.org", HERE, NOW)
    _attack(db, 9_999, NOW)
    device = devices.known_device(db, "aigul@example.org", [devices.make_device(db, _member(db))])

    with pytest.raises(sign_in.SignInRefusedError) as refused:
        sign_in.count_try(db, "aigul@example.org", THERE, NOW)

    assert refused.value.retry_after == timedelta(minutes=1)
    sign_in.count_try(db, "aigul@example.org", THERE, NOW, device)
    sign_in.count_try(db, "aigul@example.org", THERE, NOW + timedelta(minutes=1))


def test_a_browser_that_the_owner_knows_waits_for_its_own_failures_alone(db: Session) -> None:
    one, other = (devices.make_device(db, _member(db, name)) for name in ("Aigul O", "Boris I"))
    for _ in range(5):
        sign_in.count_try(db, "aigul@example.org", HERE, NOW, one)

    with pytest.raises(sign_in.SignInRefusedError):
        sign_in.count_try(db, "aigul@example.org", HERE, NOW, one)
    sign_in.count_try(db, "boris@example.org", HERE, NOW, other)
    sign_in.count_try(db, "aigul@example.org", HERE, NOW)
    sign_in.forgive(db, "aigul@example.org", HERE, one)
    sign_in.count_try(db, "aigul@example.org", HERE, NOW, one)


def test_a_browser_is_known_by_the_account_and_the_password_it_signed_in_with(db: Session) -> None:
    aigul, boris = _member(db), _member(db, "Boris Ivanov")
    mine, theirs = devices.make_device(db, aigul), devices.make_device(db, boris)
    forged = f"{mine.partition('.')[0]}.{theirs.partition('.')[2]}"

    def known(member: StaffMember) -> list[str]:
        kept = (mine, theirs, forged, f"{mine}x", "", ".", "é.é")
        return [each for each in kept if devices.known_device(db, member.email, [each])]

    assert (known(aigul), known(boris)) == ([mine], [theirs])
    assert devices.known_device(db, " Aigul@example.org", [theirs, mine]) == mine
    staff.disable_member(db, None, boris, NOW)
    assert known(boris) == []
    staff.use_link(db, staff.make_link(db, None, aigul, NOW), "another", NOW)
    assert known(aigul) == []


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        ("192.0.2.7", "192.0.2.250", "192.0.3.7"),
        ("2001:db8::1", "2001:db8:0:ffff::1", "2001:db8:1::1"),
        ("::ffff:192.0.2.7", "192.0.2.9", "::ffff:192.0.3.9"),
    ],
)
def test_what_one_attacker_has_at_least_is_one_network(db: Session, one: str, same: str, other: str) -> None:
    for address in (one, same, one, same, one):
        sign_in.count_try(db, "aigul@example.org", address, NOW)

    with pytest.raises(sign_in.SignInRefusedError):
        sign_in.count_try(db, "aigul@example.org", same, NOW)
    sign_in.count_try(db, "aigul@example.org", other, NOW)


def test_the_owner_is_forgiven(db: Session) -> None:
    now = _fail_times(db, 8, "aigul@example.org", HERE)

    sign_in.forgive(db, "aigul@example.org", HERE)

    sign_in.count_try(db, "aigul@example.org", HERE, now)
    assert len(db.exec(select(Attempt)).all()) == 3 + 2 * 7, "of network and account one is taken back"


def test_no_address_is_kept_in_clear(db: Session) -> None:
    sign_in.count_try(db, "aigul@example.org", HERE, NOW)

    counted = db.exec(select(Attempt)).all()
    kept = "".join(each.kind + each.key for each in counted)
    assert len(counted) == 3
    assert "aigul" not in kept
    assert HERE not in kept


def test_the_command_line_adds_resets_disables_and_lists(environment: Environment) -> None:
    environment(PUBLIC_URL="https://meet.example.org")
    migrate()
    run = CliRunner().invoke

    added = run(app, ["staff", "add", "Aigul Omarova", "aigul@example.org", "--coordinator"])
    again = run(app, ["staff", "add", "Aigul Omarova", "Aigul@example.org"])
    last = run(app, ["staff", "disable", "aigul@example.org"])
    other = run(app, ["staff", "add", "Boris", "boris@example.org"])
    reset = run(app, ["staff", "reset", "boris@example.org"])
    disabled = run(app, ["staff", "disable", "boris@example.org"])
    refused = run(app, ["staff", "reset", "boris@example.org"])
    unknown = run(app, ["staff", "reset", "nobody@example.org"])
    listed = run(app, ["staff", "list"])

    codes = [each.exit_code for each in (added, again, last, other, reset, disabled, refused, unknown)]
    assert codes == [0, 1, 1, 0, 0, 0, 1, 1]
    assert "https://meet.example.org/admin/set-up/" in added.stdout
    token = reset.stdout.split("/admin/set-up/")[1].split()[0]
    with reading() as db:
        assert [(each.name, each.role, each.disabled_at is None) for each in staff.members(db)] == [
            ("Aigul Omarova", StaffRole.COORDINATOR, True),
            ("Boris", StaffRole.MEMBER, False),
        ]
        with pytest.raises(staff.LinkError):
            staff.link_member(db, token, NOW)
    assert "disabled" in listed.stdout


def test_an_empty_inbox_has_a_version(db: Session) -> None:
    assert set(queries.inbox_version(db).split("-")) == {"0"}


@pytest.mark.parametrize(
    "email", ["\0", "aigul\0@example.org", "aigul\ud800@example.org", "\x1baigul@example.org"]
)
def test_what_no_database_can_hold_is_nobody_s_address(db: Session, email: str) -> None:
    """PostgreSQL refuses a NUL, and no driver sends half of a sign."""
    assert staff.member_by_email(db, email) is None
