"""How a file says that an event's end is unknown: for people, and for our own readers to know again."""

import re

NO_END = "End not announced."
_ASSUMED = re.compile(r"End not announced: \d+ minutes assumed\.")
CANCELLED = "Cancelled."


def assumed(minutes: int) -> str:
    """Say, where a format demands an end, which length was assumed."""
    return f"End not announced: {minutes} minutes assumed."


def read_note(note: str) -> tuple[bool, bool, str]:
    """Read a subtitle: whether the end was assumed, whether the event is off, and what else it says."""
    left = note
    is_cancelled = left.startswith(CANCELLED)
    left = left.removeprefix(CANCELLED).strip()
    is_assumed = bool(_ASSUMED.match(left))
    return is_assumed, is_cancelled, _ASSUMED.sub("", left, count=1).strip() if is_assumed else left
