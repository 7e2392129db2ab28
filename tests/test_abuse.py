"""A venue behind one address gets through, scripts do not; `make soak` does this at full size."""

from dataclasses import replace

import pytest
from sqlmodel import func, select
from starlette.testclient import TestClient

from copapp.database import reading
from copapp.domain.proof_of_work import is_solved
from copapp.models import Attempt, MeetingRequest
from copapp.services.abuse import FREE_IN_A_WINDOW, OPEN_FOR_ONE_RECIPIENT
from tests.askers import PROOF_WANTED, ask, new_request, send, solve
from tests.conftest import Environment, every_database
from tests.floods import honest, scripted


def stored() -> int:
    with reading() as db:
        return db.exec(select(func.count()).select_from(MeetingRequest)).one()


def flood(line: TestClient) -> None:
    """Use up what is free for all."""
    scripted(line, FREE_IN_A_WINDOW)


def test_people_behind_one_address_all_get_through(line: TestClient) -> None:
    answers = honest(line, 60)

    assert answers == {201: 60}
    assert stored() == 60


def test_twenty_scripted_ones_get_through_at_most(line: TestClient) -> None:
    answers = scripted(line, 200)

    assert answers == {201: 20, PROOF_WANTED: 180}
    assert stored() == 20


def test_flood_does_not_keep_people_out(line: TestClient) -> None:
    scripted(line, 100)

    assert honest(line, 20) == {201: 20}


def test_proof_is_good_for_one_key(line: TestClient) -> None:
    flood(line)
    paid, other = new_request("Dana"), new_request("Erlan")
    wanted = send(line, paid).json()
    proof = f"{wanted['challenge']}.{solve(wanted['challenge'], wanted['bits'], paid.key)}"

    answers = [send(line, each, proof).status_code for each in (other, paid)]

    assert answers == [PROOF_WANTED, 201]


def test_a_number_that_solves_nothing_is_no_proof(line: TestClient) -> None:
    flood(line)
    asked = new_request("Dana")
    wanted = send(line, asked).json()
    challenge, bits = wanted["challenge"], wanted["bits"]
    unsolved = next(each for each in range(99) if not is_solved(challenge, asked.key, str(each), bits))

    answer = send(line, asked, f"{challenge}.{unsolved}")

    assert answer.status_code == PROOF_WANTED
    assert stored() == FREE_IN_A_WINDOW


@pytest.mark.parametrize(
    "forged",
    [
        lambda challenge: challenge.replace("-14-", "-0-"),
        lambda challenge: challenge.replace("17", "18", 1),
        lambda _: "1-0-x",
        lambda _: "",
    ],
    ids=["cheaper", "at another time", "made up", "none"],
)
def test_challenge_of_ones_own_is_worth_nothing(line: TestClient, forged: object) -> None:
    flood(line)
    asked = new_request("Dana")
    wanted = send(line, asked).json()
    assert callable(forged)
    own = forged(wanted["challenge"])

    answer = send(line, asked, f"{own}.{solve(own, wanted['bits'], asked.key)}")

    assert own != wanted["challenge"]
    assert answer.status_code == PROOF_WANTED
    assert stored() == FREE_IN_A_WINDOW


def test_challenge_grows_old(line: TestClient, environment: Environment) -> None:
    flood(line)
    asked = new_request("Dana")
    wanted = send(line, asked).json()
    proof = f"{wanted['challenge']}.{solve(wanted['challenge'], wanted['bits'], asked.key)}"

    environment(NOW="2024-02-12T09:10:30+05:00")
    flood(line)

    assert send(line, asked, proof).status_code == PROOF_WANTED


@pytest.mark.parametrize("sign", [{"website": "https://spam.example"}, {"elapsed": 0.2}], ids=str)
def test_what_looks_like_a_script_must_work_at_once(line: TestClient, sign: dict[str, object]) -> None:
    asked = new_request("Dana")
    hasty = replace(asked, body=dict(asked.body) | sign)

    assert send(line, hasty).status_code == PROOF_WANTED
    assert stored() == 0
    assert ask(line, hasty).status_code == 201


def test_nobody_is_buried_under_requests_in_his_name(line: TestClient) -> None:
    forms = [new_request(f"Dana {each}", email="dana@ministry.example") for each in range(12)]

    answers = [ask(line, each).status_code for each in forms]

    assert answers == [201] * OPEN_FOR_ONE_RECIPIENT + [429] * 4
    assert stored() == OPEN_FOR_ONE_RECIPIENT


@every_database
def test_capitals_of_any_script_make_no_other_recipient(line: TestClient) -> None:
    spellings = ["Élodie@ministry.example", "élodie@ministry.example", "ÉLODIE@MINISTRY.EXAMPLE"] * 3
    forms = [new_request(f"Élodie {number}", email=each) for number, each in enumerate(spellings)]

    answers = [ask(line, each).status_code for each in forms]

    assert answers == [201] * OPEN_FOR_ONE_RECIPIENT + [429]


def test_no_address_is_kept_in_clear(line: TestClient) -> None:
    flood(line)

    with reading() as db:
        kept = {each.key for each in db.exec(select(Attempt))}

    assert kept
    assert not any("testclient" in each or "@" in each for each in kept)
