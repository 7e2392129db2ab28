"""Who of us an event comes from: the session of the connection, looked up in the database each time.

In a handler: `me = await signed_in()`. It needs no state, and trusts nothing that a client can write.
"""

import asyncio

from reflex_base.event.context import EventContext

from copapp.clock import clock
from copapp.database import reading
from copapp.models import StaffMember
from copapp.services.staff import session_member
from copapp.staff.session import HEADER


class NotSignedInError(PermissionError):
    """The connection has no live session."""


async def signed_in() -> StaffMember:
    """Give the member whose session the connection carries. Raises NotSignedInError."""
    member = await asyncio.to_thread(_member, this_session())
    if member is None:
        raise NotSignedInError
    return member


def this_session() -> str:
    """Give the hash of the token of the connection's session, "" without one."""
    session: str = EventContext.get().router_data.get("headers", {}).get(HEADER, "")
    return session


def _member(session: str) -> StaffMember | None:
    with reading() as db:
        return session_member(db, session, clock().now())
