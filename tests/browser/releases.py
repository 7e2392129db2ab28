"""Releases made while a copy of the app runs, through the services that staff will use."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlmodel import Session, create_engine, select

from copapp.models import Conference, Event, Room
from copapp.services.release import publish
from tests.browser.server import MONDAY_MORNING, DelegateServer

_minutes = count(1)


class Draft:
    """The draft of one conference, open for changes."""

    def __init__(self, db: Session) -> None:
        self.db = db

    def event(self, slug: str) -> Event:
        """Give an event, to be changed in place."""
        return self.db.exec(select(Event).where(Event.slug == slug)).one()

    def room_id(self, slug: str) -> int:
        """Give a room's number."""
        found = self.db.exec(select(Room).where(Room.slug == slug)).one().id
        assert found is not None
        return found

    def add(self, slug: str, title: str, starts: str, room: str) -> None:
        """Add an event; `starts` in ISO 8601 with an offset."""
        conference = self.db.exec(select(Conference)).one().id
        assert conference is not None
        instant = datetime.fromisoformat(starts).astimezone(UTC)
        event = Event(
            conference_id=conference,
            room_id=self.room_id(room),
            slug=slug,
            uid=f"{slug}@cop14.copapp",
            title=title,
            starts=instant,
            updated_at=instant,
        )
        self.db.add(event)

    def take_out(self, slug: str) -> dict[str, Any]:
        """Delete an event and give its values."""
        event = self.event(slug)
        values = event.model_dump()
        self.db.delete(event)
        return values

    def put_back(self, values: dict[str, Any]) -> None:
        """Add an event that was taken out."""
        self.db.add(Event(**values))


@contextmanager
def release(server: DelegateServer) -> Iterator[Draft]:
    """Open the draft of a running copy; publish it at the end."""
    engine = create_engine(server.environment["COPAPP_DATABASE_URL"])
    with Session(engine) as db:
        yield Draft(db)
        db.flush()
        now = datetime.fromisoformat(MONDAY_MORNING).astimezone(UTC) + timedelta(minutes=next(_minutes))
        publish(db, db.exec(select(Conference)).one(), now)
        db.commit()
    engine.dispose()
