"""What one of us is engaged in, agreed meetings and covered events, and what of it clashes."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, select

from copapp.domain.clashes import Clash, Engagement, clashes
from copapp.domain.meetings import Terms
from copapp.domain.programme import Programme
from copapp.models import Coverage, EventStatus, MeetingRequest
from copapp.services.queries import draft_events, draft_rooms, draft_sites, draft_walks
from copapp.services.released import latest_programme
from copapp.services.slots import the_conference


@dataclass(frozen=True)
class Places:
    """The rooms of the programme as delegates see it, and the minutes between their sites."""

    rooms: dict[str, str]
    sites: dict[str, str]
    walks: dict[frozenset[str], int]


def places(programme: Programme | None) -> Places:
    """Give every room's name with its site's, its site, and the walks, of a release."""
    if programme is None:
        return Places({}, {}, {})
    return Places(
        {each.slug: programme.where(each.slug) for each in programme.rooms},
        {each.slug: each.site for each in programme.rooms},
        programme.walk_minutes,
    )


def clashes_of(db: Session, terms: Terms, but: int | None = None) -> list[Clash]:
    """Name what these terms run into for that colleague; the request numbered `but` is not counted."""
    programme = latest_programme(db)
    found = places(programme)
    planned = Engagement(terms.starts, terms.ends, site=found.sites.get(terms.room or ""), is_meeting=True)
    others = [
        *_meetings(db, terms.member_id, but, found),
        *_covered(db, terms.member_id, programme, found).values(),
    ]
    return clashes(planned, others, found.walks, the_conference(db).assumed_length_minutes)


def covered_clashes(db: Session, members: Iterable[int]) -> dict[int, dict[str, list[Clash]]]:
    """Name for each of us, and each event (slug) of the draft to be at, what of the rest it clashes with."""
    found = _draft_places(db)
    assumed, events = the_conference(db).assumed_length_minutes, _draft_engagements(db)
    clashing: dict[int, dict[str, list[Clash]]] = {}
    for member in members:
        slugs = db.exec(select(Coverage.event).where(Coverage.member_id == member)).all()
        covered = {slug: events[slug] for slug in slugs if slug in events}
        meetings = _meetings(db, member, None, found)
        clashing[member] = {
            slug: clashes(
                event,
                [*meetings, *(other for its, other in covered.items() if its != slug)],
                found.walks,
                assumed,
            )
            for slug, event in covered.items()
        }
    return clashing


def _draft_places(db: Session) -> Places:
    sites = {each.id: each for each in draft_sites(db)}
    return Places(
        {each.slug: f"{each.name}, {sites[each.site_id].name}" for each in draft_rooms(db)},
        {each.slug: sites[each.site_id].slug for each in draft_rooms(db)},
        {
            frozenset({sites[each.from_site_id].slug, sites[each.to_site_id].slug}): each.minutes
            for each in draft_walks(db)
        },
    )


def _draft_engagements(db: Session) -> dict[str, Engagement]:
    sites = {each.id: each.slug for each in draft_sites(db)}
    rooms = {each.id: sites[each.site_id] for each in draft_rooms(db)}
    return {
        each.slug: Engagement(
            each.starts,
            each.ends,
            each.title,
            rooms[each.room_id],
            is_cancelled=each.status is EventStatus.CANCELLED,
        )
        for each in draft_events(db)
    }


def _meetings(db: Session, member: int, but: int | None, found: Places) -> list[Engagement]:
    held = select(MeetingRequest).where(
        MeetingRequest.is_held, MeetingRequest.member_id == member, MeetingRequest.id != but
    )
    return [
        Engagement(
            each.starts,
            each.ends,
            f"{each.name}, {each.organisation}",
            found.sites.get(each.room or ""),
            is_meeting=True,
        )
        for each in db.exec(held)
        if each.starts and each.ends
    ]


def _covered(db: Session, member: int, programme: Programme | None, found: Places) -> dict[str, Engagement]:
    slugs = set(db.exec(select(Coverage.event).where(Coverage.member_id == member)))
    return {
        each.slug: Engagement(
            each.starts, each.ends, each.title, found.sites[each.room], is_cancelled=each.is_cancelled
        )
        for each in (programme.events if programme else ())
        if each.slug in slugs
    }
