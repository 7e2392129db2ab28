"""Attempts in processes of their own, so that one cannot hide behind another's memory or time."""

import json
import os
import resource
import time
from collections.abc import Callable

from copapp.database import engine, reading
from copapp.domain.imported import ProgrammeFileError
from copapp.services.importing import look
from copapp.sources.addresses import FetchError

Attempt = Callable[[], bytes]
_PATIENCE = 60


def look_apart(attempts: dict[str, Attempt], at_once: int) -> None:
    """Look at what each gives beside the draft, as staff's page does; print a line of JSON for each."""
    running = 0
    for name, attempt in attempts.items():
        if running == at_once:
            os.wait()
            running -= 1
        if not os.fork():
            line = json.dumps({"name": name, **_outcome(attempt)}) + "\n"
            os.write(1, line.encode())  # at once: others write beside it
            os._exit(0)
        running += 1
    for _ in range(running):
        os.wait()


def refusal(attempt: Attempt) -> tuple[str, str]:
    """Give the code of why it is refused, and the words; else its format, and what is said of it."""
    try:
        content = attempt()
        with reading() as db:
            found = look(db, content)
    except (FetchError, ProgrammeFileError) as error:
        return str(error.code), error.words
    finally:
        engine().dispose()
    events = len(found.difference.added) + len(found.difference.changed) + len(found.difference.same)
    said = [each.words for each in found.skipped[:3]]
    return found.format, " ".join([*said, f"{events} events"] if events else said)


def _outcome(attempt: Attempt) -> dict[str, object]:
    resource.setrlimit(resource.RLIMIT_CPU, (_PATIENCE, _PATIENCE))
    began, raised, code, said = time.monotonic(), "", "", ""
    try:
        code, said = refusal(attempt)
    except Exception as error:  # noqa: BLE001  # whatever else is raised is what the test looks for
        raised = repr(error)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "seconds": time.monotonic() - began,
        "worked": used.ru_utime + used.ru_stime,
        "megabytes": used.ru_maxrss / 1024,
        "code": code,
        "said": said,
        "raised": raised,
    }
