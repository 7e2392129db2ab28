"""The second factor: asked for once it works, used code by code, required and taken back by coordinators."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select
from typer.testing import CliRunner

from copapp.cli import app
from copapp.domain.source import SourceProgramme
from copapp.domain.totp import code_at, step_at
from copapp.models import AuditEntry, RecoveryCode, SecondFactor, StaffMember, StaffRole
from copapp.services import second_factor
from copapp.services.moves import NotAllowedError
from tests.conftest import NOW
from tests.meeting_requests import Staffed, staffed

AT = datetime(2026, 11, 27, 13, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)


@pytest.fixture
def house(db: Session, cop14: SourceProgramme) -> Staffed:
    house = staffed(db, cop14)
    house.aigul.role = StaffRole.COORDINATOR
    db.add(house.aigul)
    db.flush()
    return house


def _set(db: Session, member: StaffMember) -> tuple[str, list[str]]:
    secret = second_factor.new_secret()
    code = code_at(secret, step_at(AT))
    return secret, second_factor.set_factor(db, member, secret, code, NOW, AT)


def _is_let_in(db: Session, member: StaffMember, code: str, at: datetime = LATER) -> bool:
    try:
        second_factor.check_code(db, member, code, NOW, at)
    except second_factor.CodeError:
        return False
    return True


def test_codes_are_asked_for_once_the_app_has_shown_one_and_each_is_good_once(house: Staffed) -> None:
    db, bolat = house.db, house.bolat
    before = _is_let_in(db, bolat, "")
    with pytest.raises(second_factor.CodeError):
        second_factor.set_factor(db, bolat, second_factor.new_secret(), "000000", NOW, AT)
    with pytest.raises(second_factor.CodeError):
        second_factor.set_factor(db, bolat, "A", "", NOW, AT)
    secret, _ = _set(db, bolat)
    code = code_at(secret, step_at(LATER))

    assert before
    assert not _is_let_in(db, bolat, code_at(secret, step_at(AT)), AT), "it was used when it was set up"
    assert [_is_let_in(db, bolat, each) for each in ("", "000000", code, code)] == [False, False, True, False]
    assert _is_let_in(db, house.aigul, "")
    with pytest.raises(NotAllowedError):
        _set(db, bolat)


def test_ten_codes_of_recovery_let_in_once_each_however_they_are_typed(house: Staffed) -> None:
    db, bolat = house.db, house.bolat
    _, codes = _set(db, bolat)
    _, others = _set(db, house.aigul)

    typed = [codes[0].upper(), codes[1].replace("-", " "), *codes[2:]]
    assert [_is_let_in(db, bolat, each) for each in typed] == [True] * 10
    assert [_is_let_in(db, bolat, each) for each in (*codes, *others)] == [False] * 20
    assert len(set(codes)) == 10
    kept = str([each.model_dump() for each in db.exec(select(RecoveryCode))])
    assert not any(each.replace("-", "") in kept for each in others)
    used = db.exec(select(AuditEntry).where(AuditEntry.act == "recovery_code")).all()
    assert [each.changes["left"] for each in used][-1] == [1, 0]


def test_a_coordinator_takes_it_from_who_lost_the_app_and_a_member_from_nobody_else(house: Staffed) -> None:
    db, aigul, bolat = house.db, house.aigul, house.bolat
    _set(db, aigul)
    _set(db, bolat)

    with pytest.raises(NotAllowedError):
        second_factor.remove_factor(db, bolat, aigul, NOW)
    second_factor.remove_factor(db, aigul, bolat, NOW)
    second_factor.remove_factor(db, aigul, bolat, NOW)

    assert _is_let_in(db, bolat, "")
    assert [each.member_id for each in db.exec(select(SecondFactor))] == [aigul.id]
    assert {each.member_id for each in db.exec(select(RecoveryCode))} == {aigul.id}
    second_factor.remove_factor(db, aigul, aigul, NOW)
    acts = [each.act for each in db.exec(select(AuditEntry)) if each.act.startswith("factor")]
    assert sorted(acts) == ["factor_off", "factor_off", "factor_on", "factor_on"]


def test_who_has_none_must_set_one_up_once_a_coordinator_requires_it(house: Staffed) -> None:
    db, aigul, bolat = house.db, house.aigul, house.bolat
    _set(db, aigul)
    with pytest.raises(NotAllowedError):
        second_factor.require_factor(db, bolat, NOW, is_required=True)
    before = second_factor.must_set_up(db, bolat)
    for _ in range(2):
        second_factor.require_factor(db, aigul, NOW, is_required=True)

    assert not before
    assert [second_factor.must_set_up(db, each) for each in (aigul, bolat)] == [False, True]
    written = db.exec(select(AuditEntry).where(AuditEntry.act == "factor_required")).all()
    assert [each.changes for each in written] == [{"is_required": [False, True]}]


def test_the_command_line_takes_it_from_who_lost_the_app(house: Staffed) -> None:
    db, bolat = house.db, house.bolat
    _set(db, bolat)
    email = bolat.email
    db.commit()

    done = CliRunner().invoke(app, ["staff", "reset-factor", email])

    assert done.exit_code == 0
    assert not second_factor.has_factor(db, bolat)
