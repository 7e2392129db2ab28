"""Keeps secret links and people's addresses out of every log line. Any room may use it."""

import logging
import re
from pathlib import Path
from traceback import extract_tb
from typing import Any

_SECRET = re.compile(r"(?P<door>/(?:meet|meeting-requests|set-up|password|calendars)/)[A-Za-z0-9_-]{16,}")
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(\.[\w-]+)+")

_HOUSE = Path(__file__).parent

_make_record = logging.getLogRecordFactory()


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


def mask_logs() -> None:
    """Mask every record of this process as it is made, its traceback too."""
    logging.setLogRecordFactory(_masked_record)


def _masked_record(*given: Any, **more: Any) -> logging.LogRecord:
    record = _make_record(*given, **more)
    record.msg, record.args = masked(record.getMessage()), None
    if record.exc_info and record.exc_info[0]:
        record.exc_text = masked(logging.Formatter().formatException(record.exc_info))
    return record
