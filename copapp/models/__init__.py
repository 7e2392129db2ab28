"""The tables: a draft (conference, sites, rooms, walks, events) and its releases.

One database holds one conference.
"""

from copapp.models.programme import Conference, Event, EventStatus, Release, Room, Site, Walk

__all__ = ["Conference", "Event", "EventStatus", "Release", "Room", "Site", "Walk"]
