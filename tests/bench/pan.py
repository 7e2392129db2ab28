"""Main-thread time for each frame while a finger moves a plan, on a processor four times slower."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from operator import itemgetter
from statistics import quantiles
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from tests.bench.phone import phone, slow_tab
from tests.browser.browsers import wait_until
from tests.browser.server import DelegateServer

STROKES, MOVES = 6, 30
FRAME = 1 / 60
EMPTY = "document.querySelector('.plan svg').replaceChildren(); document.querySelector('.labels').remove()"
CATEGORIES = ["disabled-by-default-devtools.timeline"]


def milliseconds_a_frame(browser: Browser, server: DelegateServer, *, is_empty: bool) -> float:
    """Give the 95th percentile over the frames of several strokes, at four times the whole plan's size."""
    with phone(browser) as context:
        page = slow_tab(context)
        page.goto(f"{server.url}/map")
        wait_until(lambda: page.locator(".stage[data-ready]").count(), "The plan")
        if is_empty:
            page.evaluate(EMPTY)
        for _ in range(3):
            page.locator(".zoom button").nth(1).click()
            page.wait_for_timeout(500)
        browser.start_tracing(page=page, categories=CATEGORIES)
        _stroke(page)
        costs = list(_frames(json.loads(browser.stop_tracing())["traceEvents"]))
    return quantiles(costs, n=20)[-1]


def _stroke(page: Page) -> None:
    box = page.locator(".stage").bounding_box()
    assert box is not None
    session = page.context.new_cdp_session(page)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for stroke in range(STROKES):
        way = 1 if stroke % 2 else -1
        _touch(session, "touchStart", x, y)
        for move in range(1, MOVES + 1):
            _touch(session, "touchMove", x + way * move * 4, y + way * move * 5)
            time.sleep(FRAME)
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.wait_for_timeout(100)


def _touch(session: CDPSession, kind: str, x: float, y: float) -> None:
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})


def _frames(events: list[dict[str, Any]]) -> Iterator[float]:
    """Give what the page's main thread did between one frame that it drew and the next."""
    drawn = [each for each in events if each["name"] == "Commit"]
    main = Counter((each["pid"], each["tid"]) for each in drawn).most_common(1)[0][0]
    own = sorted((each for each in events if (each["pid"], each["tid"]) == main), key=itemgetter("ts"))
    tasks = [(each["ts"], each["dur"]) for each in own if each["name"] == "RunTask" and each["ph"] == "X"]
    for start, end in pairwise([each["ts"] for each in own if each["name"] == "Commit"]):
        yield sum(length for at, length in tasks if start <= at < end) / 1_000
