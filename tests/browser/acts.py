"""Which journey does which act of staff, so that an act without one is found (`test_acts.py`)."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

Journey = TypeVar("Journey", bound=Callable[..., Any])

JOURNEYS: dict[str, list[str]] = defaultdict(list)
"""The names of the journeys that do an act, by the act's name in the guard's table."""


def journey_of(*acts: str) -> Callable[[Journey], Journey]:
    """Mark a browser test as the journey of these acts, such as `"EventState.save"`."""

    def marked(test: Journey) -> Journey:
        for act in acts:
            JOURNEYS[act].append(test.__name__)
        return test

    return marked
