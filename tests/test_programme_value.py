"""A release read into a value says what its document says, and is written back byte for byte."""

import json
import pickle
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlmodel import Session

from copapp.domain.programme import Event, Programme
from copapp.domain.source import SourceProgramme
from copapp.models import EventStatus
from copapp.services.queries import conference, latest_release
from copapp.services.release import draft_document
from copapp.services.seed import seed
from tests.conftest import NOW

GOLDEN = Path(__file__).parent / "golden" / "programme.json"


def golden() -> str:
    """Give the golden document as it would be stored."""
    return json.dumps(json.loads(GOLDEN.read_text("utf-8")), ensure_ascii=False, separators=(",", ":"))


def released(db: Session, source: SourceProgramme) -> str:
    seed(db, source, NOW)
    release = latest_release(db)
    assert release
    return release.document


@pytest.mark.parametrize("source", ["cop14", "tiny"])
def test_document_is_written_as_it_was_read(db: Session, source: str, request: pytest.FixtureRequest) -> None:
    document = released(db, request.getfixturevalue(source))

    assert Programme.parse(document).document() == document


def test_draft_before_the_first_release_has_no_time_of_release(db: Session, tiny: SourceProgramme) -> None:
    seed(db, tiny, NOW)
    release, about = latest_release(db), conference(db)
    assert release
    assert about
    db.delete(release)
    document = draft_document(db, about)

    found = Programme.parse(document)

    assert found.release.released_at is None
    assert found.document() == document


def test_value_says_what_the_document_says() -> None:
    found = Programme.parse(golden())

    event = found.event("called-off")
    assert isinstance(event, Event)
    assert (event.status, event.is_cancelled) == (EventStatus.CANCELLED, True)
    assert event.starts.isoformat() == next(
        each["starts"] for each in json.loads(golden())["events"] if each["slug"] == "called-off"
    )
    assert found.event("nothing") is None
    assert found.where("azul") == "Sala Azul, The Quay"
    assert found.where("nothing") == ""


def test_value_goes_to_another_process() -> None:
    found = Programme.parse(golden())

    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own


def test_a_field_that_is_missing_or_of_another_kind_is_refused_and_one_more_is_let_be() -> None:
    """An older app reads what a newer one released."""
    plain = json.loads(golden())
    for broken in ({"events": 5}, {"events": [{"slug": "alone"}]}, {"walks": None}):
        with pytest.raises(ValidationError):
            Programme.parse(json.dumps(plain | broken))

    assert Programme.parse(json.dumps(plain | {"more": 1})) == Programme.parse(golden())
