"""What a large programme costs whoever searches it on a phone, and staff who keep it at a desk."""

import time
from collections.abc import Callable
from statistics import median, quantiles

import httpx
from playwright.sync_api import Browser, Page, expect

from tests.bench.phone import phone, slow_tab
from tests.browser.browsers import wait_until
from tests.browser.server import DelegateServer
from tests.browser.staff import set_up

QUERY = "saiga pamirs"
PAUSE_MS = 150
WAIT_SECONDS = 60

# From the key to the first moment after the frame that shows what it changed.
WATCH_KEYS = """(() => {
  window.benchKeys = [];
  addEventListener("keydown", ({ timeStamp }) => requestAnimationFrame(() => {
    const drawn = new MessageChannel();
    drawn.port1.onmessage = () => window.benchKeys.push(performance.now() - timeStamp);
    drawn.port2.postMessage(0);
  }), true);
})()"""


def figures(browser: Browser, server: DelegateServer, runs: int) -> dict[str, float]:
    """Give milliseconds by what they are of."""
    keys = [each for _ in range(runs) for each in _keys(browser, server)]
    found = {"a key of a search, p50": median(keys), "a key of a search, p95": quantiles(keys, n=20)[-1]}
    page = browser.new_page()
    page.set_default_timeout(WAIT_SECONDS * 1_000)
    set_up(page, server)
    taken = [_desk(page, server) for _ in range(runs)]
    page.context.close()
    return found | {name: median(run[name] for run in taken) for name in taken[0]}


def _keys(browser: Browser, server: DelegateServer) -> list[float]:
    """Type a query and take it back, on a phone four times slower."""
    with phone(browser) as context:
        page = slow_tab(context)
        page.add_init_script(WATCH_KEYS)
        page.goto(server.url)
        wait_until(lambda: page.locator("[data-freshness=fresh]").count(), "An answer of the server")
        page.locator("[name=q]").focus()
        for key in [*QUERY, *["Backspace"] * len(QUERY)]:
            page.wait_for_timeout(PAUSE_MS)
            page.keyboard.press(key)
        wait_until(lambda: page.evaluate("benchKeys.length") == 2 * len(QUERY), "All keys answered")
        found: list[float] = page.evaluate("benchKeys")
    return found


def _desk(page: Page, server: DelegateServer) -> dict[str, float]:
    """Open the desk, an event's form, change its time, and release that."""
    before = httpx.get(server.url).headers["etag"]
    found = {"the desk, until its events are there": _timed(lambda: _open(page, server))}
    found["from there an event's form"] = _timed(lambda: _open_first(page))
    starts = page.locator("[name=starts]")
    starts.fill("07:30" if starts.input_value() != "07:30" else "07:45")
    page.locator(".event-form button[type=submit]").click()
    page.locator(".head [role=status]").wait_for()
    page.goto(f"{server.url}/admin/release")
    page.locator("[data-change]").wait_for()
    started = time.monotonic()
    page.locator(".release-form button[type=submit]").click()
    page.locator(".banner.go").wait_for()
    found["a release, until it is made"] = (time.monotonic() - started) * 1_000
    wait_until(lambda: httpx.get(server.url).headers["etag"] != before, "The new HTML", 120)
    found["a release, until its first HTML"] = (time.monotonic() - started) * 1_000
    return found


def _open(page: Page, server: DelegateServer) -> None:
    page.goto(f"{server.url}/admin/programme", wait_until="commit")
    page.locator("[data-draft]").first.wait_for()


def _open_first(page: Page) -> None:
    page.locator("[data-draft] a").first.click()
    expect(page.locator("[name=title]")).not_to_have_value("", timeout=WAIT_SECONDS * 1_000)


def _timed(act: Callable[[], object]) -> float:
    started = time.monotonic()
    act()
    return (time.monotonic() - started) * 1_000
