"""Fetch each hostile address in a process of its own: `python -m tests.fetch_hostile PORT`, a line each."""

import json
import os
import resource
import sys
import time

from copapp.database import engine, reading
from copapp.domain.imported import ProgrammeFileError
from copapp.fetch_allow import fetch_allow
from copapp.interop.readers import limits
from copapp.services.importing import look
from copapp.sources.addresses import FetchError
from copapp.sources.fetching import fetch
from tests.hostile_addresses import PUBLIC, Hostile, hostile_addresses

_FIRST = Hostile("http://front.test:{port}/programme", "")


def main(port: int) -> None:
    _refusal(_FIRST, port)  # whatever is imported late, and takes the processor for a while
    # Those that make us wait wait beside each other; of the others each has a processor.
    slow = {name: each for name, each in hostile_addresses().items() if each.code == "too-slow"}
    quick = {name: each for name, each in hostile_addresses().items() if name not in slow}
    _attempt(slow, port, len(slow))
    _attempt(quick, port, 2)


def _attempt(hostile: dict[str, Hostile], port: int, at_once: int) -> None:
    running = 0
    for name, each in hostile.items():
        if running == at_once:
            os.wait()
            running -= 1
        if not os.fork():
            line = json.dumps({"name": name, **_outcome(each, port)}) + "\n"
            os.write(1, line.encode())  # at once: others write beside it
            os._exit(0)
        running += 1
    for _ in range(running):
        os.wait()


def _outcome(hostile: Hostile, port: int) -> dict[str, object]:
    began, raised = time.monotonic(), ""
    try:
        code, said = _refusal(hostile, port)
    except Exception as error:  # noqa: BLE001  # whatever else is raised is what the test looks for
        code, said, raised = "", "", repr(error)
    return {
        "seconds": time.monotonic() - began,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "code": code,
        "said": said,
        "raised": raised,
    }


def _refusal(hostile: Hostile, port: int) -> tuple[str, str]:
    """Fetch it and look at it beside the draft, as staff's page does; say what came of it."""
    address = hostile.address.replace("{port}", str(port))
    ports = frozenset({80, 443, port})
    try:
        fetched = fetch(address, fetch_allow(PUBLIC), limits.BYTES, ports=ports, resolve=hostile.resolver())
        with reading() as db:
            found = look(db, fetched.content if fetched else b"")
    except (FetchError, ProgrammeFileError) as error:
        return str(error.code), error.words
    engine().dispose()
    return f"{found.format}, {len(found.skipped)} skipped", ""


if __name__ == "__main__":
    main(int(sys.argv[1]))
