"""How log lines look, and what keeps secret links, people's addresses and floods out. Any room may use it.

    2024-02-12T04:00:00.123Z WARNING [3f9a01c7] copapp.asgi: what happened

The time is UTC and the machine's own, also in a preview; in brackets stands the request's id, or - for none.
"""

import logging
import math
import re
import time
from collections import Counter, defaultdict
from pathlib import Path
from traceback import extract_tb
from typing import Any

from copapp.this_request import request_id

_SECRET = re.compile(r"(?P<door>/(?:meet|meeting-requests|set-up|password|calendars)/)[A-Za-z0-9_-]{16,}")
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(\.[\w-]+)+")

_HOUSE = Path(__file__).parent
_SAID_EVERY_SECONDS = 60.0
_LONGEST = 100

logger = logging.getLogger(__name__)

_make_record = logging.getLogRecordFactory()


LOG_CONFIG: dict[str, Any] = {
    "formatters": {"line": {"()": "copapp.logs.LogLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Granian's own name for itself.
    "loggers": {"_granian": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
"""What the standard library's `dictConfig` takes; Granian hands it to each worker."""


class LogLine(logging.Formatter):
    """Writes a record as the module says; the lines of a traceback follow it, indented."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} [{request}] {name}: {message}", style="{")
        self.converter = time.gmtime
        self.default_time_format, self.default_msec_format = "%Y-%m-%dT%H:%M:%S", "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        """Give the line; what it says further down is indented, so that none can be taken for another."""
        record.request = request_id() or "-"
        return super().format(record).replace("\n", "\n    ")


def masked(text: str) -> str:
    """Give text without tokens of links and without e-mail addresses."""
    return _ADDRESS.sub("…@…", _SECRET.sub(r"\g<door>…", text))


def fault(error: BaseException) -> str:
    """Say what kind of error it is and where in our code it arose; its own text may quote people."""
    frames = extract_tb(error.__traceback__)
    ours = [each for each in frames if Path(each.filename).is_relative_to(_HOUSE)]
    if not ours:
        return type(error).__name__
    last = ours[-1]
    at = f"{Path(last.filename).relative_to(_HOUSE)}:{last.lineno} ({last.name})"
    return f"{type(error).__name__} at {at}"


class Repeats:
    """Says what comes again and again: each kind at once, then once a minute with how often it came.

    Whoever notes something shortens and quotes what a client wrote, and leaves cookies out.
    """

    def __init__(self, subject: str) -> None:
        self._subject = subject
        self._counts: Counter[str] = Counter()
        self._said: dict[str, float] = defaultdict(lambda: -math.inf)

    def note(self, kind: str, why: str) -> None:
        """Count one more of a kind, and say so unless that kind was said within the last minute."""
        self._counts[kind] += 1
        now = time.monotonic()
        if now - self._said[kind] >= _SAID_EVERY_SECONDS:
            self._said[kind] = now
            logger.warning("%s: %s (%d times since last said)", self._subject, why, self._counts.pop(kind))


def quoted(given: bytes) -> str:
    """Give what a client sent in a form that no log line can be broken by."""
    return repr(given[:_LONGEST].decode("latin-1")) if given else "none"


def mask_logs() -> None:
    """Mask every record of this process as it is made, its traceback too."""
    logging.setLogRecordFactory(_masked_record)


def _masked_record(*given: Any, **more: Any) -> logging.LogRecord:
    record = _make_record(*given, **more)
    record.msg, record.args = masked(record.getMessage()), None
    if record.exc_info and record.exc_info[0]:
        record.exc_text = masked(logging.Formatter().formatException(record.exc_info))
    return record
