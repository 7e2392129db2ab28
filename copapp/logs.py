"""Keeps secret links and people's addresses out of every log line. Any room may use it."""

import logging
import re
from typing import Any

_SECRET = re.compile(r"(?P<door>/(?:meet|meeting-requests|set-up|password|calendars)/)[A-Za-z0-9_-]{16,}")
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(\.[\w-]+)+")

_make_record = logging.getLogRecordFactory()


def masked(text: str) -> str:
    """Give text without tokens of links and without e-mail addresses."""
    return _ADDRESS.sub("…@…", _SECRET.sub(r"\g<door>…", text))


def mask_logs() -> None:
    """Mask every record of this process as it is made, its traceback too."""
    logging.setLogRecordFactory(_masked_record)


def _masked_record(*given: Any, **more: Any) -> logging.LogRecord:
    record = _make_record(*given, **more)
    record.msg, record.args = masked(record.getMessage()), None
    if record.exc_info and record.exc_info[0]:
        record.exc_text = masked(logging.Formatter().formatException(record.exc_info))
    return record
