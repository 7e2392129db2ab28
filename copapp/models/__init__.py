"""The tables. Conference, sites, rooms, walks and events are the draft; a release is what delegates see."""

from copapp.models.programme import Conference, Event, EventStatus, Release, Room, Site, Walk

__all__ = ["Conference", "Event", "EventStatus", "Release", "Room", "Site", "Walk"]
