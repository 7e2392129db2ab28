"""Edits and releases one after the other; `make soak ARGS="--only edits"` makes fifty."""

import pytest

from tests.browser.conftest import Phone, Serve
from tests.browser.edits import edit_and_watch

pytestmark = pytest.mark.browser


def test_phones_and_calendars_follow_successive_releases(phone: Phone, serve: Serve) -> None:
    assert edit_and_watch(serve(), phone(), phone(), edits=4, seed=14, is_touched=True) >= 1
