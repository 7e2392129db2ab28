"""Asks whoever is signed in for the password again, before what must not be done from a page left open.

Counted by the session, together with the tries of who changes the password: nobody else's guesses make it
wait. One is looked at at a time, as each takes 64 MiB.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from sqlmodel import Session

from copapp.models import StaffMember
from copapp.services import sign_in
from copapp.services.passwords import is_password
from copapp.staff.acts import do
from copapp.staff.signed_in import signed_in, this_session

_LANE = ThreadPoolExecutor(1, "own-password")


async def wrong_password(given: str) -> str:
    """Give the key of why it does not count, "" where it is the password. Raises NotSignedInError."""
    me, session = await signed_in(), this_session()

    def count(db: Session, me: StaffMember, now: datetime) -> bool:
        return sign_in.may_try_own(db, me, session, now)

    def look_back(db: Session, me: StaffMember, now: datetime) -> None:
        sign_in.forgive(db, me.email, "", session) if is_own else sign_in.note_failure(db, me.email, now)

    counted = await do(count, {})
    if not counted.made:
        return counted.problem or "password_later"
    looking = asyncio.get_running_loop().run_in_executor(_LANE, is_password, me.password_hash, given)
    is_own = await looking
    looked = await do(look_back, {})
    return looked.problem or ("" if is_own else "password_wrong")
