"""A share for each address of the bodies that are slow in coming. Used by the front door."""

import asyncio
import ipaddress
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

from copapp.api.bodies import BodyCrowdedError

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

_PROMPT_SECONDS = 5.0
_MOST_OF_AN_ADDRESS = 100
_NETWORK_BITS = 64


class SlowBodies:
    """The slow bodies of one worker process, by address.

    A whole venue stands behind one: whatever comes within 5 s counts for nothing. Of what takes longer, 100
    of an address are waited for at once (`bodies.read_up_to` says how long), the next is sent away.
    """

    def __init__(self) -> None:
        self._slow: Counter[str] = Counter()

    @contextmanager
    def shared(self, address: str, receive: Receive) -> Iterator[Receive]:
        """Give what receives a body in its place; it raises BodyCrowdedError where there is none."""
        body = _Body(address, receive, self._slow)
        try:
            yield body.receive
        finally:
            body.leave()


class _Body:
    def __init__(self, address: str, receive: Receive, slow: Counter[str]) -> None:
        self._address, self._receive, self._slow = address, receive, slow
        self._is_whole = False
        self._place: str | None = None
        self._slow_from = asyncio.get_running_loop().time() + _PROMPT_SECONDS

    async def receive(self) -> Message:
        if self._is_whole:
            return await self._receive()
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(None) as deadline:
                turn = loop.call_at(self._slow_from, self._take_place, deadline)
                try:
                    message = await self._receive()
                finally:
                    turn.cancel()
        except TimeoutError as error:
            raise BodyCrowdedError from error
        self._is_whole = not message.get("more_body")
        return message

    def _take_place(self, deadline: asyncio.Timeout) -> None:
        if self._place is not None:
            return
        network = _network(self._address)  # only now: of a crowd that comes at once few are slow
        if self._slow[network] >= _MOST_OF_AN_ADDRESS:
            deadline.reschedule(asyncio.get_running_loop().time())
            return
        self._place = network
        self._slow[network] += 1

    def leave(self) -> None:
        if self._place is not None:
            self._slow[self._place] -= 1
            self._slow += Counter()  # forgets who has none left


def _network(address: str) -> str:
    """Give what one household has at least: an IPv4 address, an IPv6 network of 64 bits."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address) or found.ipv4_mapped:
        return address
    return str(ipaddress.IPv6Network((found, _NETWORK_BITS), strict=False))
