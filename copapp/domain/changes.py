"""What differs between two states of an event. Twin: `changes` in copapp/offline/store/rules.js."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

FIELDS = ("title", "room", "starts", "ends", "status")
_INSTANTS = {"starts", "ends"}

# RFC 5546, 2.1.4: SEQUENCE rises when one of these differs.
SEQUENCE_FIELDS = {"room", "starts", "ends", "status"}


@dataclass(frozen=True)
class Change:
    """One field, old to new."""

    field: str
    was: Any
    is_: Any


def _comparable(field: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if field in _INSTANTS and value is not None else value


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """List the differing fields of two events in the public shape; instants compare as instants."""
    return [
        Change(field, before[field], after[field])
        for field in FIELDS
        if _comparable(field, before[field]) != _comparable(field, after[field])
    ]
