"""Requests written on phones through all that a venue does to them, in short; `make soak` writes 200."""

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Serve
from tests.soak.offline import write_offline

pytestmark = pytest.mark.browser


def test_requests_are_neither_lost_nor_doubled_nor_told_too_early(browser: Browser, serve: Serve) -> None:
    tally = write_offline(browser, serve(), phones=3, each=4, seed=14)

    assert tally.wrong == []
    assert (tally.written, tally.kills) == (12, 1)
    assert tally.lost > 0
