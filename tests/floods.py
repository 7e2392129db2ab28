"""Many requests from one address: of people, whose phones do the work they are asked for, and of scripts."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.askers import Asked, Line, ask, new_request, send


def honest(line: Line, number: int, at_once: int = 1) -> Counter[int]:
    """Let so many different people ask; counts the answers by status."""
    return _answers([new_request(f"Delegate {each}") for each in range(number)], ask, line, at_once)


def scripted(line: Line, number: int, at_once: int = 1) -> Counter[int]:
    """Send so many forms without the work; counts the answers by status."""
    return _answers([new_request(f"Script {each}") for each in range(number)], send, line, at_once)


def _answers(forms: list[Asked], act: Callable[[Line, Asked], Any], line: Line, at_once: int) -> Counter[int]:
    with ThreadPoolExecutor(at_once) as pool:
        return Counter(answer.status_code for answer in pool.map(lambda each: act(line, each), forms))
