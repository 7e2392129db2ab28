"""The tables: a draft (conference, sites, rooms, walks, events), releases, plans, staff, requests, calendars.

One database holds one conference.
"""

from copapp.models.audit import AuditEntry
from copapp.models.calendars import CalendarBookmark, CalendarMeeting, PersonalCalendar, StaffCalendar
from copapp.models.clock_mark import ClockMark
from copapp.models.given_file import GivenFile
from copapp.models.meetings import (
    Actor,
    Channel,
    Hold,
    MailboxMark,
    MeetingMove,
    MeetingNote,
    MeetingReply,
    MeetingRequest,
    MoveKind,
    OutboxMessage,
    RequestStatus,
    Tombstone,
    Topic,
)
from copapp.models.programme import Conference, Event, EventStatus, Release, Room, Site, Walk
from copapp.models.secret import Secret
from copapp.models.staff import (
    Attempt,
    Availability,
    Coverage,
    RecoveryCode,
    SecondFactor,
    StaffLink,
    StaffMember,
    StaffRole,
    StaffSession,
)
from copapp.models.venue import VenuePlan
from copapp.models.watched_address import WatchedAddress

__all__ = [
    "Actor",
    "Attempt",
    "AuditEntry",
    "Availability",
    "CalendarBookmark",
    "CalendarMeeting",
    "Channel",
    "ClockMark",
    "Conference",
    "Coverage",
    "Event",
    "EventStatus",
    "GivenFile",
    "Hold",
    "MailboxMark",
    "MeetingMove",
    "MeetingNote",
    "MeetingReply",
    "MeetingRequest",
    "MoveKind",
    "OutboxMessage",
    "PersonalCalendar",
    "RecoveryCode",
    "Release",
    "RequestStatus",
    "Room",
    "SecondFactor",
    "Secret",
    "Site",
    "StaffCalendar",
    "StaffLink",
    "StaffMember",
    "StaffRole",
    "StaffSession",
    "Tombstone",
    "Topic",
    "VenuePlan",
    "Walk",
    "WatchedAddress",
]
