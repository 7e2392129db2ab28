"""`make bench`: bytes, waits, rates and renewal, at eight and at 1,000 events. Quote ratios."""

import argparse
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median

import httpx
from playwright.sync_api import Browser
from rich.console import Console
from rich.table import Table

from tests.bench.crowd import PHONES, crowd_figures
from tests.bench.desk import figures
from tests.bench.load import requests_per_second
from tests.bench.pan import milliseconds_a_frame
from tests.bench.phone import milliseconds_to, phone, slow_tab, wait_until_kept
from tests.bench.relay import Relay
from tests.browser.big_venue import write_big_venue
from tests.browser.browsers import chromium, wait_until
from tests.browser.releases import release
from tests.browser.server import DelegateServer
from tests.browser.thousand import write_thousand

CARD = "[data-event]"
HEADING = "h1"
MOST_WAIT, LEAST_RATE = 3.0, 0.3
FLOOR = "<!doctype html><title>floor</title><article data-event>" + "An event. " * 130 + "</article>"
console = Console(width=110)


def table(title: str, *columns: str) -> Table:
    made = Table(title=title, title_justify="left")
    for column in columns:
        made.add_column(column, justify="left" if column == columns[0] else "right")
    return made


@contextmanager
def served(folder: Path, **environment: str) -> Iterator[DelegateServer]:
    folder.mkdir()
    server = DelegateServer(folder, {"COPAPP_SITES": str(folder / "site"), **environment})
    server.run("seed")
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def floor(folder: Path) -> Iterator[int]:
    """Serve 1.4 kB of HTML and nothing else, the least that a first event can cost."""
    folder.mkdir()
    (folder / "index.html").write_text(FLOOR)
    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def weigh(browser: Browser, server: DelegateServer) -> tuple[int, int]:
    """Give the bytes of a first visit to `/`, and of its JavaScript; the worker's precache apart."""
    weights: dict[str, int] = {}
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    session = context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    session.on(
        "Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["response"]["mimeType"]})
    )
    session.on(
        "Network.loadingFinished", lambda e: weights.update({e["requestId"]: int(e["encodedDataLength"])})
    )
    session.send("Network.enable")
    page.goto(server.url, wait_until="networkidle")
    context.close()
    scripts = sum(weight for request, weight in weights.items() if "javascript" in kinds.get(request, ""))
    return sum(weights.values()), scripts


def cold_and_warm(browser: Browser, port: int, *, has_worker: bool = True) -> tuple[float, float]:
    """Give the waits for the first event, nothing cached and then everything, over a slow link."""
    relay = Relay(port)
    url = f"http://127.0.0.1:{relay.port}/"
    with phone(browser) as context:
        first = slow_tab(context)
        cold = milliseconds_to(first, url, CARD)
        if has_worker:
            wait_until_kept(first)
        warm = milliseconds_to(slow_tab(context), url, CARD)
    relay.close()
    return cold, warm


def waits(browser: Browser, eight: DelegateServer, thousand: DelegateServer, lowest: int, runs: int) -> Table:
    title = "First event, CPU 4x slower, 150 ms round trip, 1.6 Mbit/s (ms, median)"
    made = table(title, "page", "cold", "x floor", "warm", "x floor")
    sides = {
        "the floor: 1.4 kB of HTML": (lowest, False),
        "8 events": (eight.port, True),
        "1,000 events": (thousand.port, True),
    }
    found = {
        name: [cold_and_warm(browser, port, has_worker=worker) for _ in range(runs)]
        for name, (port, worker) in sides.items()
    }
    base_cold, base_warm = (median(run[at] for run in found["the floor: 1.4 kB of HTML"]) for at in (0, 1))
    for name, measured in found.items():
        cold, warm = (median(run[at] for run in measured) for at in (0, 1))
        made.add_row(name, f"{cold:.0f}", f"{cold / base_cold:.1f}", f"{warm:.0f}", f"{warm / base_warm:.1f}")
    return made


def offline(browser: Browser, folder: Path, runs: int) -> Table:
    pages = {
        "/": CARD,
        "/saved": HEADING,
        "/settings": HEADING,
        "/about": HEADING,
        "/event/asiatic-wild-ass": CARD,
    }
    online: dict[str, list[float]] = {page: [] for page in pages}
    dead: dict[str, list[float]] = {page: [] for page in pages}
    for run in range(runs):
        with served(folder / f"offline-{run}") as server, phone(browser) as context:
            for address, css in pages.items():
                with phone(browser) as fresh:
                    online[address].append(milliseconds_to(slow_tab(fresh), server.url + address, css))
            first = slow_tab(context)
            first.goto(server.url)
            wait_until_kept(first)
            server.kill()
            for address, css in pages.items():
                tab = slow_tab(context)
                dead[address].append(milliseconds_to(tab, server.url + address, css))
                tab.close()
    title = "With the server killed after one visit to /, CPU 4x slower (ms, median)"
    made = table(title, "page", "offline", "online", "ratio")
    for address in pages:
        off, on = median(dead[address]), median(online[address])
        made.add_row(address, f"{off:.0f}", f"{on:.0f}", f"{off / on:.2f}")
    return made


def rates(eight: DelegateServer, thousand: DelegateServer) -> Table:
    made = table(
        "Requests a second, one worker, wrk on the same cores", "address", "8 events", "1,000 events"
    )
    etags = {
        server.url: httpx.get(f"{server.url}/api/v1/programme").headers["etag"]
        for server in (eight, thousand)
    }
    assets = {server.url: _asset(server) for server in (eight, thousand)}
    followed = {server.url: _calendar(server) for server in (eight, thousand)}
    known = {url: f"If-None-Match: {httpx.get(address).headers['etag']}" for url, address in followed.items()}
    rows: dict[str, Callable[[str], int | None]] = {
        "/": lambda url: requests_per_second(f"{url}/"),
        "/api/v1/programme": lambda url: requests_per_second(f"{url}/api/v1/programme"),
        "/api/v1/programme, known": lambda url: requests_per_second(
            f"{url}/api/v1/programme", f"If-None-Match: {etags[url]}"
        ),
        "a personal calendar": lambda url: requests_per_second(followed[url]),
        "a personal calendar, unchanged": lambda url: requests_per_second(followed[url], known[url]),
        "a hashed asset": lambda url: requests_per_second(f"{url}{assets[url]}"),
        "/api/v1/slots": lambda url: requests_per_second(f"{url}/api/v1/slots"),
        "/readyz": lambda url: requests_per_second(f"{url}/readyz"),
        "/api/v1/openapi.json": lambda url: requests_per_second(f"{url}/api/v1/openapi.json"),
        "/healthz (an API route)": lambda url: requests_per_second(f"{url}/healthz"),
    }
    for name, rate in rows.items():
        found = [rate(server.url) for server in (eight, thousand)]
        made.add_row(name, *(f"{each:,}" if each else "install wrk" for each in found))
    return made


def crowded(server: DelegateServer) -> Table:
    """Measure a delegate's request beside phones that install."""
    made = table(f"{PHONES} phones installing at once", "", "found", "right", "")
    found = crowd_figures(server)
    if not found:
        made.add_row("install wrk", "", "", "")
        return made
    posts, slots = found["posts"], found["slots"]
    name = f"a request's wait, p99: {found['beside']:.0f} ms, alone {found['quiet']:.0f} ms"
    made.add_row(name, f"{posts:.1f}x", "3x at most", "" if posts <= MOST_WAIT else "too much")
    made.add_row(
        "slots a second, of the programme's",
        f"{slots:.2f}",
        "0.3 at least",
        "" if slots >= LEAST_RATE else "too few",
    )
    return made


def _asset(server: DelegateServer) -> str:
    found: list[str] = re.findall(r'"(/assets/[^"]+\.js)"', httpx.get(server.url).text)
    return found[0]


def _calendar(server: DelegateServer) -> str:
    """Make a calendar of thirty saved events, or of all that there are, and give its address."""
    slugs = [each["slug"] for each in httpx.get(f"{server.url}/api/v1/programme").json()["events"]]
    made = httpx.post(
        f"{server.url}/api/v1/calendars",
        json={"bookmarks": slugs[:30], "alarm": 15},
        headers={"idempotency-key": "the-phone-of-the-bench"},
    )
    return f"{server.url}/api/v1/calendars/{made.raise_for_status().json()['token']}.ics"


def renewal(server: DelegateServer) -> float:
    """Give the seconds from publishing a release to its first HTML."""
    before = httpx.get(server.url).headers["etag"]
    with release(server):
        pass
    started = time.monotonic()
    wait_until(lambda: httpx.get(server.url).headers["etag"] != before, "The new HTML", 120)
    return time.monotonic() - started


def at_the_desk(browser: Browser, eight: DelegateServer, thousand: DelegateServer, runs: int) -> Table:
    title = "Search on a phone, CPU 4x slower, and staff at a desk (ms, median of runs unless said)"
    made = table(title, "", "8 events", "1,000 events", "ratio")
    few, many = (figures(browser, server, runs) for server in (eight, thousand))
    for name in few:
        made.add_row(name, f"{few[name]:.0f}", f"{many[name]:.0f}", f"{many[name] / few[name]:.1f}")
    return made


def panning(browser: Browser, folder: Path, runs: int) -> Table:
    """Measure the hand on a large plan beside the same hand on nothing."""
    made = table("A finger moves a plan, CPU 4x slower", "", "main-thread ms a frame, p95")
    with served(folder / "big", COPAPP_CONFERENCE=str(write_big_venue(folder / "venue"))) as server:
        for name, is_empty in (("300 rooms", False), ("an empty drawing", True)):
            found = [milliseconds_a_frame(browser, server, is_empty=is_empty) for _ in range(runs)]
            made.add_row(name, f"{median(found):.1f}")
    return made


def bench(browser: Browser, folder: Path, runs: int) -> None:
    data = str(write_thousand(folder / "data"))
    with (
        served(folder / "eight") as eight,
        served(folder / "thousand", COPAPP_CONFERENCE=data) as thousand,
        floor(folder / "floor") as lowest,
    ):
        made = table("First visit to /, bytes over the wire in brotli", "", "all", "of it JavaScript")
        for name, server in (("8 events", eight), ("1,000 events", thousand)):
            made.add_row(name, *(f"{weight:,}" for weight in weigh(browser, server)))
        console.print(made)
        console.print(waits(browser, eight, thousand, lowest, runs))
        console.print(rates(eight, thousand))
        console.print(crowded(eight))
        made = table("A release made while serving (s)", "", "until its first HTML")
        for name, server in (("8 events", eight), ("1,000 events", thousand)):
            made.add_row(name, f"{renewal(server):.1f}")
        console.print(made)
        console.print(at_the_desk(browser, eight, thousand, runs))
    console.print(offline(browser, folder, runs))
    console.print(panning(browser, folder, runs))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, chromium() as found_browser:
        bench(found_browser, Path(temporary), given.runs)
