"""Which links of requests lead somewhere: the database is asked once. Used by the front door."""

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from copapp.database import reading
from copapp.services.moves import is_known_token
from copapp.services.tokens import can_be_token, hash_of

_MOST_LINKS = 10_000


class KnownLinks:
    """The links that a request has or had, as hashes: one that leads somewhere does so for ever."""

    def __init__(self) -> None:
        self._hashes: set[str] = set()

    async def leads_somewhere(self, token: str) -> bool:
        """Whether a link is known; without the database every one may be, and the page says so itself."""
        link = hash_of(token)
        if link in self._hashes:
            return True
        if not can_be_token(token):
            return False
        try:
            is_known = await run_in_threadpool(_is_known, token)
        except SQLAlchemyError:
            return True
        if is_known:
            self._keep(link)
        return is_known

    def _keep(self, link: str) -> None:
        if len(self._hashes) >= _MOST_LINKS:
            self._hashes.clear()
        self._hashes.add(link)


def _is_known(token: str) -> bool:
    with reading() as db:
        return is_known_token(db, token)
