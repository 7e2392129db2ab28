"""One option of a list, for every state of staff's pages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """What the field holds, and what the person reads."""

    value: str
    label: str
