"""A flood costs its author, is kept out of everybody's way, and is gone in one tap."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, func, select
from starlette.testclient import TestClient
from typer.testing import CliRunner

from copapp import database, this_request
from copapp.api import create_api
from copapp.cli import app
from copapp.database import engine, reading, writing
from copapp.models import (
    Attempt,
    AuditEntry,
    Channel,
    MeetingMove,
    MeetingRequest,
    MoveKind,
    OutboxMessage,
    RequestStatus,
    StaffMember,
    Tombstone,
)
from copapp.services import abuse, answers, erasure, held_back, inbox, lapsing, meetings, outbox
from copapp.services.abuse import UNANSWERED_FROM_EVERYWHERE, UNANSWERED_FROM_ONE_NETWORK
from copapp.services.delivery import deliver_due
from copapp.services.held_back import Chosen
from copapp.services.moves import NotAllowedError
from copapp.services.tokens import request_token
from tests import listeners
from tests.askers import PROOF_WANTED, Asked, ask, new_request, send, solve
from tests.conftest import Environment, every_database
from tests.meeting_requests import TEN, add_member, asked, minutes, terms

FLOODER, DELEGATE = "203.0.113.7", "198.51.100.20"
NOW = datetime(2024, 2, 12, 5, 0, tzinfo=UTC)
FIRST = UNANSWERED_FROM_ONE_NETWORK
NOTHING_ELSE = {"waiting": 0, "accepted": 0, "closed": 0}


@pytest.fixture
def flooder(line: TestClient) -> Iterator[TestClient]:
    with TestClient(create_api(), client=(FLOODER, 50000)) as client:
        yield client


@pytest.fixture
def delegate(line: TestClient) -> Iterator[TestClient]:
    with TestClient(create_api(), client=(DELEGATE, 50000)) as client:
        yield client


def at(address: str) -> TestClient:
    return TestClient(create_api(), client=(address, 50000))


def flood(client: TestClient, number: int, *, host: str = "spam.example") -> None:
    for each in range(number):
        answer = ask(client, new_request(f"Flood {each}", email=f"flood{each}@{host}"))
        assert answer.status_code == 201


def counts() -> dict[str, int]:
    with reading() as db:
        return inbox.tab_counts(db)


def told() -> Counter[tuple[str, str]]:
    """Count the messages by channel and topic."""
    with reading() as db:
        return Counter((row.channel.value, row.topic.value) for row in db.exec(select(OutboxMessage)))


def aigul() -> StaffMember:
    with writing() as db:
        add_member(db, "aigul")
    with reading() as db:
        member = db.exec(select(StaffMember)).one()
        db.expunge(member)
        return member


def decline_all(member: StaffMember) -> None:
    with writing() as db:
        waiting = db.exec(select(MeetingRequest).where(MeetingRequest.status == RequestStatus.PENDING))
        for request in waiting.all():
            meetings.decline(db, request.id or 0, member, NOW)


def everything() -> Chosen:
    with reading() as db:
        return Chosen(all_to=inbox.newest_request(db))


def challenge(client: TestClient) -> tuple[Asked, str, int]:
    """Give a form that a script filled in, and what the server wants for it."""
    form = new_request("Dana", website="https://spam.example")
    wanted = send(client, form)
    assert wanted.status_code == PROOF_WANTED
    return form, wanted.json()["challenge"], wanted.json()["bits"]


def test_a_flood_from_one_network_is_held_back_and_others_are_not(
    flooder: TestClient, delegate: TestClient
) -> None:
    flood(flooder, 40)
    answer = ask(delegate, new_request("Dana"))

    assert answer.json()["status"] == "pending"
    assert counts() == {
        "answer": FIRST + 1,
        "waiting": 0,
        "accepted": 0,
        "closed": 0,
        "held_back": 40 - FIRST,
    }


def test_its_author_sees_no_difference_and_nobody_is_told(flooder: TestClient) -> None:
    flood(flooder, FIRST)
    before = told()

    last = ask(flooder, new_request("Ruslan"))
    page = flooder.get(f"/api/v1/meeting-requests/{last.json()['token']}").json()
    while_it_is_kept = told()
    erased = flooder.delete(f"/api/v1/meeting-requests/{last.json()['token']}")

    assert page["status"] == "pending"
    assert while_it_is_kept == before
    assert erased.json() == {"status": "erased"}
    assert told() == before  # the channel was never told of it: there is nothing to take back


@pytest.mark.parametrize(
    ("addresses", "held"),
    [
        (("203.0.113.1", "203.0.113.200"), 1),
        (("203.0.113.1", "203.0.114.1"), 0),
        (("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"), 1),
        (("2001:db8:1:2::1", "2001:db8:1:3::1"), 0),
        (("203.0.113.1", "::ffff:203.0.113.77"), 1),
    ],
)
def test_addresses_of_one_network_count_together(
    line: TestClient, addresses: tuple[str, str], held: int
) -> None:
    first, second = map(at, addresses)

    flood(first, FIRST)
    ask(second, new_request("Dana"))

    assert counts()["held_back"] == held


def test_who_keeps_up_with_the_answers_never_holds_a_venue_back(flooder: TestClient) -> None:
    member = aigul()
    for turn in range(3):
        flood(flooder, FIRST - 1, host=f"ministry{turn}.example")
        decline_all(member)

    assert counts()["held_back"] == 0


def test_beyond_what_can_be_read_all_are_held_back(line: TestClient, delegate: TestClient) -> None:
    with writing() as db:
        for each in range(UNANSWERED_FROM_EVERYWHERE):
            asked(db, f"Person{each}", NOW)

    ask(delegate, new_request("Dana"))

    assert counts()["held_back"] == 1


def withdrawn(client: TestClient, number: int, way: str) -> None:
    """Ask so often, all in one name, and take each back before anybody could answer."""
    for each in range(number):
        address = f"/api/v1/meeting-requests/{ask(client, new_request(f'Loop {each}')).json()['token']}"
        answer = client.delete(address) if way == "erase" else client.post(f"{address}/cancel", json={})
        assert answer.status_code == 200


@pytest.mark.parametrize("way", ["cancel", "erase"])
def test_who_takes_back_what_he_asks_is_held_back_as_if_it_waited(
    flooder: TestClient, delegate: TestClient, environment: Environment, way: str
) -> None:
    """Only what waited was counted, and its author decides whether it does."""
    withdrawn(flooder, FIRST, way)

    ask(flooder, new_request("Seventeenth"))
    ask(delegate, new_request("Dana"))
    at_first = counts()["held_back"]
    environment(NOW="2024-02-12T11:01:00+05:00")
    ask(flooder, new_request("Later"))

    assert (at_first, counts()["held_back"]) == (1, 1)


def taken_back_everywhere(number: int) -> None:
    """Ask and take back, each from a network of its own."""
    with writing() as db:
        for each in range(number):
            token = request_token(db, asked(db, f"Person{each}", NOW))
            answers.cancel_by_delegate(db, token, NOW, f"10.{each}.0.1")


def test_what_others_take_back_holds_no_venue_back(flooder: TestClient, delegate: TestClient) -> None:
    """A script elsewhere kept a whole venue off the list for an hour, and staff had nothing to clear."""
    member = aigul()
    flood(delegate, FIRST)
    decline_all(member)
    withdrawn(flooder, FIRST, "cancel")
    taken_back_everywhere(UNANSWERED_FROM_EVERYWHERE)

    ask(delegate, new_request("Dana"))

    assert counts()["held_back"] == 0


def test_what_was_taken_back_holds_not_everybody_back(flooder: TestClient, delegate: TestClient) -> None:
    flood(flooder, FIRST)
    taken_back_everywhere(UNANSWERED_FROM_EVERYWHERE)

    ask(delegate, new_request("Dana"))

    assert counts()["held_back"] == 0


@pytest.mark.parametrize("way", ["cancel", "erase"])
def test_taking_back_what_was_held_back_does_not_prolong_it(
    flooder: TestClient, environment: Environment, way: str
) -> None:
    withdrawn(flooder, FIRST, way)
    environment(NOW="2024-02-12T10:50:00+05:00")
    withdrawn(flooder, FIRST, way)
    ask(flooder, new_request("Ruslan"))
    meanwhile = counts()["held_back"]
    environment(NOW="2024-02-12T11:01:00+05:00")

    ask(flooder, new_request("Dana"))

    assert (meanwhile, counts()["held_back"]) == (1, 1)


@every_database
def test_what_was_held_back_and_taken_back_is_in_no_tab(flooder: TestClient) -> None:
    withdrawn(flooder, FIRST + 5, "cancel")

    assert counts() == NOTHING_ELSE | {"answer": 0, "held_back": 0, "closed": FIRST}
    with reading() as db:
        assert inbox.requests_of(db, "closed").total == FIRST


@every_database
def test_what_was_held_back_and_lapsed_is_among_the_closed(line: TestClient) -> None:
    """It was in no tab, and whoever asked in earnest was never seen."""
    with writing() as db:
        asked(db, "Dana", NOW).is_held_back = True
        lapsing.lapse_due(db, TEN)

    assert counts() == NOTHING_ELSE | {"answer": 0, "held_back": 0, "closed": 1}
    with reading() as db:
        assert [each.name for each in inbox.requests_of(db, "closed")] == ["Dana"]


@every_database
def test_room_is_made_of_what_was_taken_back_before_what_lapsed(
    line: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing() as db:
        lapsed, back = asked(db, "Lapsed", NOW), asked(db, "Back", NOW)
        lapsed.is_held_back = back.is_held_back = True
        answers.cancel_by_delegate(db, request_token(db, back), NOW)
        lapsing.lapse_due(db, TEN)
    left = []

    for most in (2, 1):
        monkeypatch.setattr(held_back, "MOST_HELD_BACK", most)
        with writing() as db:
            held_back.make_room(db)
            left.append([each.name for each in db.exec(select(MeetingRequest))])

    assert left == [["Lapsed"], []]


def test_people_who_ask_again_after_taking_back_hold_no_venue_back(flooder: TestClient) -> None:
    member = aigul()
    withdrawn(flooder, FIRST - 1, "cancel")
    for turn in range(2):
        flood(flooder, FIRST - 1, host=f"ministry{turn}.example")
        decline_all(member)

    assert counts()["held_back"] == 0


@pytest.mark.parametrize("way", ["cancel", "erase", "lapse"])
def test_work_is_not_less_for_what_was_taken_back(
    line: TestClient, delegate: TestClient, environment: Environment, way: str
) -> None:
    with writing() as db:
        made = [asked(db, f"Person{each}", NOW) for each in range(250)]
        tokens = [request_token(db, each) for each in made]
        for token in tokens:
            if way == "cancel":
                answers.cancel_by_delegate(db, token, NOW)
            elif way == "erase":
                erasure.erase(db, token, NOW)
        if way == "lapse":
            assert lapsing.lapse_due(db, TEN) == 250
    if way == "lapse":
        environment(NOW="2024-02-13T10:00:00+05:00")

    assert challenge(delegate)[2] == 15


def test_work_is_not_less_as_soon_as_staff_have_cleared_a_flood(
    line: TestClient, delegate: TestClient
) -> None:
    with writing() as db:
        db.add_all(Attempt(kind="ask proved", key=str(each), at=NOW) for each in range(250))

    assert challenge(delegate)[2] == 15


def test_what_staff_answered_makes_no_work_when_it_is_taken_back(
    line: TestClient, delegate: TestClient
) -> None:
    member = aigul()
    with writing() as db:
        for each in range(250):
            request = asked(db, f"Person{each}", NOW)
            meetings.decline(db, request.id or 0, member, NOW)
            erasure.erase(db, request_token(db, request), NOW)

    assert challenge(delegate)[2] == 14


def test_challenge_is_for_one_network(flooder: TestClient, delegate: TestClient) -> None:
    form, given, bits = challenge(flooder)
    proof = f"{given}.{solve(given, bits, form.key)}"

    assert [send(each, form, proof).status_code for each in (delegate, flooder)] == [PROOF_WANTED, 201]


def test_challenge_is_for_one_purpose(flooder: TestClient) -> None:
    form, given, bits = challenge(flooder)
    proof = f"{given}.{solve(given, bits, form.key)}"
    with writing() as db:
        for each in range(abuse.FREE_CALENDARS_IN_A_WINDOW):
            abuse.check_maker(db, FLOODER, "", f"key-{each}", NOW)
        with pytest.raises(abuse.ProofWantedError):
            abuse.check_maker(db, FLOODER, proof, form.key, NOW)


def test_challenge_counts_once(flooder: TestClient) -> None:
    first, given, bits = challenge(flooder)
    second, _, _ = challenge(flooder)

    answers = [
        send(flooder, form, f"{given}.{solve(given, bits, form.key)}").status_code for form in (first, second)
    ]

    assert answers == [201, PROOF_WANTED]


def test_form_without_the_time_it_took_must_be_proved(flooder: TestClient) -> None:
    form = new_request("Dana")
    hasty = Asked(form.key, {name: value for name, value in form.body.items() if name != "elapsed"})

    assert send(flooder, hasty).status_code == PROOF_WANTED


def test_work_doubles_with_what_waits_everywhere(line: TestClient, delegate: TestClient) -> None:
    bits = []
    for waiting in (0, 250, 500, 1000, 2000, 4000):
        with writing() as db:
            have = db.exec(select(func.count()).select_from(MeetingRequest)).one()
            first = asked(db, f"First{waiting}", NOW).model_dump(exclude={"id"})
            for each in range(have + 1, waiting):
                own = dict.fromkeys(("key_hash", "token_hash", "uid"), f"{waiting}-{each}")
                db.add(MeetingRequest(**first | own | {"is_held_back": each % 2 == 0}))
        bits.append(challenge(delegate)[2])

    assert bits == [14, 15, 16, 17, 18, 18]


@every_database
def test_what_is_held_back_is_declined_at_once_and_nobody_told(flooder: TestClient) -> None:
    member = aigul()
    flood(flooder, 40)
    chosen, before = everything(), told()
    late = ask(flooder, new_request("Late"))

    with writing() as db:
        done = held_back.decline_unsaid(db, member, chosen, NOW)

    assert done == 40 - FIRST
    assert counts() == {"answer": FIRST, "waiting": 0, "accepted": 0, "closed": 40 - FIRST, "held_back": 1}
    assert told() == before
    assert flooder.get(f"/api/v1/meeting-requests/{late.json()['token']}").json()["status"] == "pending"
    with reading() as db:
        lines = db.exec(select(MeetingMove).where(MeetingMove.kind == MoveKind.DECLINE)).all()
        assert {(each.staff_id, each.status) for each in lines} == {(member.id, RequestStatus.DECLINED)}
        assert len(lines) == 40 - FIRST
        noted = db.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
    assert noted is not None
    assert (noted.act, noted.subject) == ("decline_unsaid", str(40 - FIRST))


@every_database
def test_what_is_held_back_is_erased_at_once(flooder: TestClient) -> None:
    member = aigul()
    flood(flooder, 30)

    with writing() as db:
        done = held_back.erase_held_back(db, member, everything(), NOW)

    assert done == 30 - FIRST
    with reading() as db:
        assert db.exec(select(func.count()).select_from(MeetingRequest)).one() == FIRST
        assert db.exec(select(func.count()).select_from(MeetingMove)).one() == FIRST
        assert db.exec(select(func.count()).select_from(Tombstone)).one() == 30 - FIRST


def kept_requests() -> int:
    with reading() as db:
        return db.exec(select(func.count()).select_from(MeetingRequest)).one()


def test_so_many_are_held_back_and_what_comes_then_is_refused_until_there_is_room(
    flooder: TestClient, delegate: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A flood filled the disk."""
    monkeypatch.setattr(held_back, "MOST_HELD_BACK", 3)
    member = aigul()
    flood(flooder, FIRST + 3)
    form = new_request("Ruslan")

    refused = ask(flooder, form)
    from_elsewhere = ask(delegate, new_request("Dana"))
    with writing() as db:
        held_back.erase_held_back(db, member, everything(), NOW)
    again = ask(flooder, form)

    assert (refused.status_code, refused.json()["code"]) == (503, "no_room")
    assert "retry-after" in refused.headers
    assert [from_elsewhere.status_code, again.status_code] == [201, 201]


def test_asking_where_there_is_no_room_is_not_free(
    flooder: TestClient, environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was refused was counted nowhere, and one proof of work was good for any number of tries."""
    monkeypatch.setattr(held_back, "MOST_HELD_BACK", 0)
    flood(flooder, FIRST)
    environment(NOW="2024-02-12T10:11:00+05:00")

    first = [
        send(flooder, new_request(f"Again {each}")).status_code for each in range(abuse.FREE_IN_A_WINDOW)
    ]
    form = new_request("Ruslan")
    wanted = send(flooder, form)
    given = wanted.json()["challenge"]
    proof = f"{given}.{solve(given, wanted.json()['bits'], form.key)}"
    proved = [send(flooder, form, proof).status_code for _ in range(2)]

    assert first == [503] * abuse.FREE_IN_A_WINDOW
    assert (wanted.status_code, proved) == (PROOF_WANTED, [503, PROOF_WANTED])


@pytest.mark.parametrize("way", ["cancel", "erase"])
def test_taking_back_makes_no_more_room_than_it_took(
    flooder: TestClient, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(held_back, "MOST_HELD_BACK", 3)
    flood(flooder, FIRST)

    withdrawn(flooder, 10, way)
    flood(flooder, 3, host="other.example")

    assert kept_requests() == FIRST + 3
    assert ask(flooder, new_request("Ruslan")).status_code == 503


def test_a_full_disk_holds_no_more_back(flooder: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_LEAST_FREE", 2**62)
    flood(flooder, FIRST)

    assert ask(flooder, new_request("Ruslan")).status_code == 503


@every_database
def test_others_write_while_very_many_are_erased(
    flooder: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For all that time nobody could ask, and no staff answer."""
    monkeypatch.setattr(erasure, "_AT_ONCE", 4)
    member = aigul()
    flood(flooder, FIRST + 10)
    left: list[int] = []

    def write(_: object) -> None:
        with writing() as other:
            other.get_one(StaffMember, member.id).job_title = f"Saiga {len(left)}"
        left.append(kept_requests() - FIRST)

    with writing() as db:
        event.listen(db, "after_commit", write)
        done = held_back.erase_held_back(db, member, everything(), NOW)

    assert done == 10
    assert left[:3] == [6, 2, 0]


def erase_two_bundles(act: Callable[[Session], int]) -> None:
    """Erase until the session has committed twice, and breaks. Raises RuntimeError."""
    turns = count(1)

    def stop(_: object) -> None:
        if next(turns) == 2:
            raise RuntimeError

    with writing() as db:
        event.listen(db, "after_commit", stop)
        act(db)


@every_database
@pytest.mark.parametrize("by", ["staff", "command"])
def test_erasing_that_stops_half_way_is_written_down_as_far_as_it_came(
    flooder: TestClient, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    monkeypatch.setattr(erasure, "_AT_ONCE", 4)
    member = aigul()
    flood(flooder, FIRST + 10)

    acts: dict[str, Callable[[Session], int]] = {
        "staff": lambda db: held_back.erase_held_back(db, member, everything(), NOW),
        "command": lambda db: held_back.erase_asked(db, None, None, ["held_back"], NOW),
    }

    with pytest.raises(RuntimeError):
        erase_two_bundles(acts[by])

    lines = {
        "staff": (member.id, "erase_held_back", "4", {}),
        "command": (None, "erase", "", {"requests": [None, 4]}),
    }
    assert kept_requests() == FIRST + 2
    assert noted() == [lines[by]] * 2


def noted() -> list[tuple[int | None, str, str, dict[str, object]]]:
    with reading() as db:
        lines = select(AuditEntry).where(col(AuditEntry.act).startswith("erase")).order_by(col(AuditEntry.id))
        return [(each.member_id, each.act, each.subject, each.changes) for each in db.exec(lines)]


def test_command_that_stops_half_way_leaves_nothing_of_what_it_erased(
    flooder: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "_AT_ONCE", 4)
    flood(flooder, FIRST + 10)
    with engine().begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER broken BEFORE DELETE ON meetingrequest WHEN OLD.name = 'Flood 21' "
            "BEGIN SELECT RAISE(ABORT, 'broken'); END"
        )

    said = CliRunner().invoke(app, ["erase", "--state", "held_back"])

    assert said.exit_code == 1
    assert noted() == [(None, "erase", "", {"requests": [None, 4]})]
    assert Path(f"{engine().url.database}-wal").stat().st_size == 0


def test_each_bundle_that_is_erased_waits_for_a_turn_of_its_own(
    flooder: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The two seconds of staff's act were for all of them."""
    monkeypatch.setattr(erasure, "_AT_ONCE", 4)
    monkeypatch.setattr(this_request, "_PATIENCE_SECONDS", 3600.0)
    member = aigul()
    flood(flooder, FIRST + 10)
    are_patient: list[bool] = []

    with this_request.waiting_at_most(0.0), writing() as db:
        event.listen(db, "after_commit", lambda _: are_patient.append(this_request.patience(0.0) > 1))
        held_back.erase_held_back(db, member, everything(), NOW)

    assert are_patient[:3] == [False, True, True]


def test_some_of_all_can_be_spared_and_some_be_picked(flooder: TestClient) -> None:
    member = aigul()
    flood(flooder, FIRST + 6)
    with reading() as db:
        *_, fourth, fifth, sixth = [each.id or 0 for each in inbox.requests_of(db, "held_back")]

    with writing() as db:
        of_two = held_back.decline_unsaid(db, member, Chosen(frozenset({fourth, fifth})), NOW)
        of_all = held_back.erase_held_back(db, member, Chosen(all_to=sixth, but=frozenset({sixth})), NOW)

    assert (of_two, of_all, counts()["held_back"]) == (2, 3, 1)


def test_one_that_is_put_on_the_list_is_told_as_if_it_had_just_come(flooder: TestClient) -> None:
    member = aigul()
    flood(flooder, FIRST + 1)
    before = told()

    with writing() as db:
        done = held_back.put_on_list(db, member, everything(), NOW)

    assert done == 1
    assert counts()["answer"] == FIRST + 1
    assert told() - before == {("mail", "receipt"): 1, ("webhook", "move"): 1}


def test_answer_of_staff_reaches_its_delegate(flooder: TestClient) -> None:
    member = aigul()
    flood(flooder, FIRST + 1)
    before = told()

    with writing() as db:
        [request] = inbox.requests_of(db, "held_back")
        meetings.propose(db, request.id or 0, member, terms(member), NOW)

    assert counts()["held_back"] == 0
    assert (told() - before)[("mail", "move")] == 1


def test_only_one_of_us_may(flooder: TestClient) -> None:
    member = aigul()
    flood(flooder, FIRST + 1)
    with writing() as db:
        db.get_one(StaffMember, member.id).disabled_at = NOW

    for act in (held_back.put_on_list, held_back.decline_unsaid, held_back.erase_held_back):
        with writing() as db, pytest.raises(NotAllowedError):
            act(db, member, everything(), NOW)

    assert counts()["held_back"] == 1


def test_what_waits_on_the_list_is_not_touched(flooder: TestClient) -> None:
    member = aigul()
    flood(flooder, 3)
    numbers = Chosen(frozenset({1, 2, 3}), all_to=3)

    with writing() as db:
        done = [
            act(db, member, numbers, NOW)
            for act in (held_back.put_on_list, held_back.decline_unsaid, held_back.erase_held_back)
        ]

    assert done == [0, 0, 0]
    assert counts()["answer"] == 3


def test_list_comes_in_pages(line: TestClient) -> None:
    with writing() as db:
        for each in range(120):
            asked(db, f"Person{each}", NOW + minutes(each))
        first, second = inbox.requests_of(db, "answer"), inbox.requests_of(db, "answer", 100)
        found = inbox.requests_with(db, "ministry")

        assert (len(first.requests), first.total) == (50, 120)
        assert (len(second.requests), second.requests[0].name) == (100, "Person119")
        assert (len(found.requests), found.total) == (50, 120)


@pytest.fixture
def smtp(line: TestClient, environment: Environment) -> Iterator[listeners.MailServer]:
    with listeners.mail_server() as server:
        environment(
            SMTP_URL=f"smtp://127.0.0.1:{server.port}?from=meetings@altyndala.example",
            PUBLIC_URL="https://cop.example",
        )
        yield server


def test_answers_go_before_receipts_on_one_connection(smtp: listeners.MailServer) -> None:
    member = aigul()
    with writing() as db:
        for each in range(30):
            asked(db, f"Person{each}", NOW)
        first, *_, last = db.exec(select(MeetingRequest).order_by(col(MeetingRequest.id))).all()
        meetings.decline(db, last.id or 0, member, NOW)
        addresses = [last.email] * 2 + [first.email]

    sent = deliver_due(NOW + minutes(2))

    assert sent == 31
    assert [each["To"] for each in smtp.mails[:3]] == addresses
    assert smtp.greeted == 1


def test_connection_that_the_server_closed_is_made_again(smtp: listeners.MailServer) -> None:
    with writing() as db:
        for each in ("Dana", "Erlan", "Madina"):
            asked(db, each, NOW)
    smtp.answer = lambda address: "550 no" if address.startswith("erlan") else "250 OK"

    deliver_due(NOW)

    assert [each["To"] for each in smtp.mails] == ["dana@ministry.example", "madina@ministry.example"]
    assert smtp.greeted == 2


@pytest.mark.parametrize(
    "spelling",
    ["victim+{}@mail.example", "vi.ct.im@mail.example", "Victim@MAIL.example", "\uff56ictim@mail.example"],
)
def test_one_receipt_reaches_one_mailbox_however_it_is_spelled(line: TestClient, spelling: str) -> None:
    with writing() as db:
        for each, email in enumerate(["victim@mail.example", *[spelling.format(turn) for turn in range(6)]]):
            asked(db, f"Person{each}", NOW, email=email)

    assert told()[("mail", "receipt")] == 1


def test_receipts_of_one_domain_are_bounded(line: TestClient) -> None:
    with writing() as db:
        for each in range(60):
            asked(db, f"Person{each}", NOW)
        asked(db, "Dana", NOW, email="dana@elsewhere.example")

    assert told()[("mail", "receipt")] == outbox.RECEIPTS_TO_ONE_DOMAIN + 1


def test_open_requests_of_one_mailbox_are_counted_however_it_is_spelled(delegate: TestClient) -> None:
    forms = [new_request(f"Dana {each}", email=f"da.na+{each}@ministry.example") for each in range(10)]

    assert [ask(delegate, each).status_code for each in forms] == [201] * 8 + [429] * 2


@pytest.fixture
def chat(line: TestClient, environment: Environment) -> Iterator[listeners.Channel]:
    with listeners.channel() as kept:
        environment(WEBHOOK_URL=kept.url, PUBLIC_URL="https://cop.example")
        yield kept


def test_staff_are_told_of_many_new_requests_at_once(
    chat: listeners.Channel, smtp: listeners.MailServer
) -> None:
    member = aigul()
    with writing() as db:
        for each in range(37):
            asked(db, f"Person{each}", NOW, whom=member.slug)

    deliver_due(NOW)
    deliver_due(NOW + timedelta(minutes=5))

    assert [each["text"].splitlines()[0] for each in chat.taken] == ["37 new meeting requests"]
    mine = [each for each in smtp.mails if each["To"] == member.email]
    assert [each["Subject"] for each in mine] == ["37 new meeting requests for you"]
    with reading() as db:
        assert db.exec(select(OutboxMessage).where(col(OutboxMessage.sent_at).is_(None))).all() == []


def test_news_that_trickle_in_wait_for_each_other(chat: listeners.Channel) -> None:
    for turn in range(10):
        at_this_time = NOW + timedelta(seconds=turn)
        with writing() as db:
            asked(db, f"Person{turn}", at_this_time)
        deliver_due(at_this_time)
    deliver_due(NOW + timedelta(seconds=80))

    assert first_lines(chat) == ["New meeting request from Ministry of Ecology"] * 3 + [
        "7 new meeting requests"
    ]


def first_lines(chat: listeners.Channel) -> list[str]:
    return [each["text"].splitlines()[0] for each in chat.taken]


@every_database
def test_staff_are_told_at_once_of_many_that_were_taken_back(
    chat: listeners.Channel, smtp: listeners.MailServer
) -> None:
    """Each was told by itself, in the channel and to whom it was for."""
    member = aigul()
    with writing() as db:
        made = [asked(db, f"Person{each}", NOW, whom=member.slug) for each in range(37)]
        tokens = [request_token(db, each) for each in made]
    deliver_due(NOW)
    with writing() as db:
        for token in tokens:
            answers.cancel_by_delegate(db, token, NOW + minutes(5))

    deliver_due(NOW + minutes(5))
    deliver_due(NOW + minutes(9))

    assert first_lines(chat) == ["37 new meeting requests", "37 meeting requests were taken back"]
    mine = [each["Subject"] for each in smtp.mails if each["To"] == member.email]
    assert mine == ["37 new meeting requests for you", "37 meeting requests were taken back"]


@every_database
@pytest.mark.parametrize("way", ["cancel", "erase", "lapse"])
def test_what_was_over_before_staff_were_told_is_told_to_none_of_us(
    chat: listeners.Channel, smtp: listeners.MailServer, way: str
) -> None:
    member = aigul()
    with writing() as db:
        tokens = [
            request_token(db, asked(db, f"Person{each}", TEN - minutes(90), whom=member.slug))
            for each in range(5)
        ]
        for token in tokens:
            if way == "cancel":
                answers.cancel_by_delegate(db, token, TEN)
            elif way == "erase":
                erasure.erase(db, token, TEN)
        lapsing.lapse_due(db, TEN)

    for later in range(3):
        deliver_due(TEN + minutes(later))

    assert chat.taken == []
    assert [each["To"] for each in smtp.mails if each["To"] == member.email] == []


@pytest.mark.parametrize("way", ["cancel", "erase"])
def test_asking_and_taking_back_over_and_over_tells_staff_a_few_times(
    chat: listeners.Channel, smtp: listeners.MailServer, way: str
) -> None:
    """Erasing takes its messages along: what was told is counted apart from them."""
    member = aigul()
    for turn in range(20):
        at_this_time = NOW + timedelta(seconds=2 * turn)
        with writing() as db:
            token = request_token(db, asked(db, f"Person{turn}", at_this_time, whom=member.slug))
        deliver_due(at_this_time)
        with writing() as db:
            if way == "cancel":
                answers.cancel_by_delegate(db, token, at_this_time)
            else:
                erasure.erase(db, token, at_this_time)
        deliver_due(at_this_time)
    for later in range(2, 5):
        deliver_due(NOW + minutes(later))

    assert len(chat.taken) <= 6
    assert len([each for each in smtp.mails if each["To"] == member.email]) <= 6


@every_database
def test_many_that_lapse_or_are_erased_are_told_at_once(chat: listeners.Channel) -> None:
    with writing() as db:
        made = [asked(db, f"Person{each}", NOW) for each in range(37)]
        tokens = [request_token(db, each) for each in made]
    deliver_due(NOW)
    with writing() as db:
        lapsing.lapse_due(db, TEN)
    deliver_due(TEN)
    with writing() as db:
        for token in tokens[1:]:
            erasure.erase(db, token, TEN + minutes(5))
    deliver_due(TEN + minutes(5))

    assert first_lines(chat) == [
        "37 new meeting requests",
        "37 meeting requests have lapsed",
        "36 meeting requests were erased",
    ]


def test_agreed_meetings_that_are_cancelled_are_told_one_by_one(chat: listeners.Channel) -> None:
    member = aigul()
    with writing() as db:
        for each in range(5):
            request = asked(db, f"Person{each}", NOW, slot=None)
            meetings.accept(db, request.id or 0, member, terms(member, TEN + minutes(30 * each)), NOW)
    deliver_due(NOW)
    with writing() as db:
        for request in db.exec(select(MeetingRequest)).all():
            answers.cancel_by_delegate(db, request_token(db, request), NOW + minutes(5))

    deliver_due(NOW + minutes(5))

    assert first_lines(chat) == ["5 new meeting requests"] + ["Ministry of Ecology has cancelled"] * 5


@pytest.mark.parametrize("is_declined", [False, True], ids=["waiting", "declined"])
def test_what_was_held_back_is_erased_by_its_address_and_nobody_told(
    flooder: TestClient, *, is_declined: bool
) -> None:
    member = aigul()
    flood(flooder, FIRST)
    ask(flooder, new_request("Ruslan"))
    if is_declined:
        with writing() as db:
            held_back.decline_unsaid(db, member, everything(), NOW)
    before = told()

    with writing() as db:
        erased = erasure.erase_address(db, "ruslan@ministry.example", NOW)

    assert (erased, told()) == (1, before)


def test_news_of_what_was_erased_meanwhile_is_not_counted(chat: listeners.Channel) -> None:
    with writing() as db:
        kept, gone = asked(db, "Dana", NOW), asked(db, "Erlan", NOW)
        del kept
        row = db.exec(
            select(OutboxMessage).where(
                OutboxMessage.request_id == gone.id, OutboxMessage.channel == Channel.WEBHOOK
            )
        ).one()
        row.created_at = NOW - timedelta(days=2)

    deliver_due(NOW)

    assert [each["text"].splitlines()[0] for each in chat.taken] == [
        "New meeting request from Ministry of Ecology"
    ]


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (["--since", "2024-02-12T12:00"], ["Morning", "Held"]),
        (["--until", "2024-02-12T12:00"], ["Noon", "Evening"]),
        (["--since", "2024-02-12T12:00", "--until", "2024-02-12T18:00"], ["Morning", "Held", "Evening"]),
        (["--state", "held_back"], ["Morning", "Noon", "Evening"]),
        (["--state", "pending", "--since", "2024-02-12"], ["Held", "Evening"]),
        (["--state", "declined", "--state", "held_back"], ["Morning", "Noon"]),
    ],
    ids=" ".join,
)
def test_command_line_erases_by_time_and_state(line: TestClient, options: list[str], left: list[str]) -> None:
    member = aigul()
    with writing() as db:
        asked(db, "Morning", NOW)
        asked(db, "Held", NOW).is_held_back = True
        asked(db, "Noon", NOW + timedelta(hours=2))
        evening = asked(db, "Evening", NOW + timedelta(hours=8))
        meetings.decline(db, evening.id or 0, member, NOW)

    said = CliRunner().invoke(app, ["erase", *options])

    assert said.exit_code == 0, said.output
    with reading() as db:
        assert sorted(each.name for each in db.exec(select(MeetingRequest))) == sorted(left)
    assert f"Erased: {4 - len(left)}." in said.output


def test_command_line_names_the_states_there_are(line: TestClient) -> None:
    said = CliRunner().invoke(app, ["erase", "--state", "spam"])

    assert said.exit_code == 2
    assert "held_back" in said.output
