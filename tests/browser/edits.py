"""Successive edits and releases, watched by an open phone, by one that was away, and in the calendar file."""

import random
import re
import time
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import httpx
from playwright.sync_api import Page, expect

from copapp.models import EventStatus
from tests.browser.browsers import wait_until
from tests.browser.phone import CATS, NETWORKING, SAIGA, card, look_again, open_online, wait_for_worker
from tests.browser.releases import Draft, release
from tests.browser.server import DelegateServer

OPEN_SECONDS, BACK_SECONDS = 60, 10
_EDITED = (CATS, NETWORKING, SAIGA)
_ROOMS = ("bukhara", "snow-leopard")
_FIELDS = ("title", "room", "starts", "ends", "status")
_MARKED = "cards => cards.filter(card => card.querySelector('.changes')).map(card => card.dataset.event)"


def edit_and_watch(
    server: DelegateServer, still: Page, away: Page, edits: int, seed: int, *, is_touched: bool
) -> int:
    """Make so many edits and releases while `away` leaves and returns; give how often it returned.

    The open phone lies there untouched, and asks when its time has come; `is_touched`: it is looked at.
    """
    dice, returns, seen = random.Random(seed), 0, None
    for page in (still, away):
        open_online(page, server.url)
        wait_for_worker(page)
    sequences = _sequences(server)
    for number in range(edits):
        if seen is None:
            away.context.set_offline(True)
            seen = _events(server)
        before = _programme(server)["release"]["number"]
        with release(server) as draft:
            slug = _edit(draft, dice)
        wait_until(lambda: _programme(server)["release"]["number"] > before, f"Release after {before}")  # noqa: B023
        if is_touched:
            look_again(still)
        _expect_current(still, server, [slug], OPEN_SECONDS)
        now = _sequences(server)
        assert sequences.keys() == now.keys()
        assert all(now[uid] >= before for uid, before in sequences.items())
        sequences = now
        if number == edits - 1 or dice.random() < 0.3:
            away.context.set_offline(False)
            _expect_current(away, server, _EDITED, BACK_SECONDS)
            _expect_marks(away, seen, _events(server))
            seen, returns = None, returns + 1
    return returns


def _edit(draft: Draft, dice: random.Random) -> str:
    """Change one thing of one event."""
    event = draft.event(dice.choice(_EDITED))
    kind = dice.choice(["time", "room", "status", "title"])
    if kind == "time":
        later = timedelta(minutes=5)
        event.starts += later
        event.ends = event.ends and event.ends + later
    elif kind == "room":
        event.room_id = next(each for each in map(draft.room_id, _ROOMS) if each != event.room_id)
    elif kind == "status":
        is_on = event.status == EventStatus.CONFIRMED
        event.status = EventStatus.CANCELLED if is_on else EventStatus.CONFIRMED
    else:
        event.title = (
            event.title.removesuffix(", again") if ", again" in event.title else f"{event.title}, again"
        )
    return event.slug


def _programme(server: DelegateServer) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{server.url}/api/v1/programme").raise_for_status().json()
    return found


def _events(server: DelegateServer) -> dict[str, Any]:
    return {each["slug"]: each for each in _programme(server)["events"]}


def _sequences(server: DelegateServer) -> dict[str, int]:
    """Read the calendar file as subscribers get it: SEQUENCE by UID, none of them twice."""
    text = httpx.get(f"{server.url}/api/v1/programme.ics").raise_for_status().text.replace("\r\n ", "")
    entries = text.split("BEGIN:VEVENT")[1:]
    pairs = [(_line(each, "UID"), int(_line(each, "SEQUENCE"))) for each in entries]
    twice = [uid for uid, times in Counter(uid for uid, _ in pairs).items() if times > 1]
    assert pairs, "no event in the calendar file"
    assert not twice, twice
    return dict(pairs)


def _line(entry: str, name: str) -> str:
    found = re.search(rf"^{name}:(.*?)\r?$", entry, re.MULTILINE)
    assert found is not None, entry
    return found[1]


def _expect_current(page: Page, server: DelegateServer, slugs: Iterable[str], seconds: int) -> None:
    """Wait until the cards say what the server's events are: all of them within that time."""
    end = time.monotonic() + seconds
    for slug in slugs:
        _expect_card(page, server, slug, max(0.1, end - time.monotonic()))


def _expect_card(page: Page, server: DelegateServer, slug: str, seconds: float) -> None:
    programme = _programme(server)
    event = next(each for each in programme["events"] if each["slug"] == slug)
    room = next(each["name"] for each in programme["rooms"] if each["slug"] == event["room"])
    shown, limit = card(page, slug), seconds * 1_000
    expect(shown.locator("h3")).to_have_text(event["title"], timeout=limit)
    expect(shown.locator(".starts")).to_have_text(event["starts"][11:16], timeout=limit)
    expect(shown.locator(".where")).to_contain_text(room, timeout=limit)
    expect(shown.locator(".tag.stop")).to_have_count(int(event["status"] == "cancelled"), timeout=limit)


def _expect_marks(page: Page, seen: dict[str, Any], now: dict[str, Any]) -> None:
    """Wait until exactly what differs from what was seen is marked, then read it."""
    differing = {slug for slug in now if any(now[slug][each] != seen[slug][each] for each in _FIELDS)}
    cards = page.locator("article.card")
    wait_until(lambda: set(cards.evaluate_all(_MARKED)) == differing, f"Marks at {differing}", BACK_SECONDS)
    if differing:
        page.get_by_role("button", name="I have seen it").click()
    expect(page.locator(".changes")).to_have_count(0)
