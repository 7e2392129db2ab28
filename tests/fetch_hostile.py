"""Fetch each hostile address in a process of its own: `python -m tests.fetch_hostile PORT`, a line each."""

import sys
from functools import partial

from copapp.fetch_allow import fetch_allow
from copapp.interop.readers import limits
from copapp.sources.fetching import fetch
from tests.apart import look_apart, refusal
from tests.hostile_addresses import PUBLIC, Hostile, hostile_addresses

_FIRST = Hostile("http://front.test:{port}/programme", "")


def main(port: int) -> None:
    """Let those that make us wait do so beside each other; of the others each has a processor."""
    refusal(partial(_fetched, _FIRST, port))  # whatever is imported late, and takes the processor for a while
    hostile = hostile_addresses()
    slow = {name for name, each in hostile.items() if each.code == "too-slow"}
    attempts = {name: partial(_fetched, each, port) for name, each in hostile.items()}
    look_apart({name: each for name, each in attempts.items() if name in slow}, len(slow))
    look_apart({name: each for name, each in attempts.items() if name not in slow}, 2)


def _fetched(hostile: Hostile, port: int) -> bytes:
    address = hostile.address.replace("{port}", str(port))
    ports = frozenset({80, 443, port})
    fetched = fetch(address, fetch_allow(PUBLIC), limits.BYTES, ports=ports, resolve=hostile.resolver())
    return fetched.content if fetched else b""


if __name__ == "__main__":
    main(int(sys.argv[1]))
