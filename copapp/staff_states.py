"""What staff's closed tabs held goes from Redis: Reflex keeps it for an hour, whoever is erased meanwhile.

An open page reads anew when anything changes. One that comes back finds an empty state, as after a restart
of the app, and reads everything.
"""

import re
from collections import defaultdict
from threading import Lock
from typing import Any

from redis import Redis

from copapp.redis_server import redis_client

# Reflex's own names, in which ours of a page is a hash, or a UUID for the copy of a tab.
_STATE = re.compile(rb"([0-9a-f-]{32,36})_reflex___state")
_OPEN = b"token_manager_socket_record_"

_sweeping = Lock()
_closed: set[bytes] = set()


def sweep_states() -> None:
    """Delete what tabs held that have no connection, and had none at the last sweep. No-op without Redis."""
    client = redis_client()
    if client is None:
        return
    with _sweeping:
        found = _states_of_closed_tabs(client)
        over = [key for token in found.keys() & _closed for key in found[token]]
        if over:
            client.delete(*over)
        _closed.clear()
        _closed.update(found)


def _states_of_closed_tabs(client: Redis) -> dict[bytes, list[bytes]]:
    found: dict[bytes, list[bytes]] = defaultdict(list)
    for key in client.scan_iter(match="*_reflex___state*", count=1000):
        if named := _STATE.match(key):
            found[named[1]].append(key)
    tokens = list(found)
    are_open: Any = client.mget([_OPEN + each for each in tokens]) if tokens else []
    return {token: found[token] for token, record in zip(tokens, are_open, strict=True) if record is None}
