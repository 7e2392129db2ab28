"""Names that break nowhere: no page, of delegates or of staff, is wider than the screen.

One title that was an address of 400 characters made the changes 2,089 pixels wide on a screen of 1,280.
"""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from copapp.settings import DATA
from tests.askers import ask, new_request
from tests.browser.conftest import Phone
from tests.browser.releases import release
from tests.browser.server import DelegateServer
from tests.browser.staff import set_up

pytestmark = pytest.mark.browser

ADDRESS = ("https://example.org/" + "one-side-event-of-many/" * 20)[:400]
COMPOUND = "Рыбопромысловоохотохозяйственноприродоохранительно" * 4
LETTERS = "W" * 300
WORDS = [ADDRESS, COMPOUND, LETTERS]
SIZES = [(320, 640), (1280, 900)]
SOON = 15_000

DELEGATES = [
    "/",
    "/?q=w",
    "/event/saiga-recovery",
    "/event/cats-of-the-silk-road",
    "/saved",
    "/changes",
    "/map",
]
DELEGATES += ["/map/bukhara", "/map/bukhara/avantegarde", "/meet", "/meet?event=saiga-recovery", "/calendars"]
DELEGATES += ["/more", "/settings", "/about", "/nowhere", f"/event/{LETTERS.lower()}"]
STAFF = [
    "",
    "/programme",
    "/event?slug=saiga-recovery",
    "/release",
    "/import",
    "/team",
    "/calendar",
    "/cover",
]
STAFF += ["/log", "/statistics", "/accounts", "/account", "/settings", "/replies"]

# By how much the page is wider than the screen, and what of it is; what scrolls in itself may be.
_WIDER = """() => [document.documentElement.scrollWidth - innerWidth, [...document.querySelectorAll("main *")]
    .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
    .map((each) => each.outerHTML.slice(0, 90))]"""


def _folder(into: Path) -> Path:
    """Copy COP14 with every name of an event, a room and a site as one long word."""
    shutil.copytree(DATA / "cop14", into)
    programme, plan, about = (into / name for name in ("programme.toml", "venue.geojson", "conference.toml"))
    words = iter(WORDS * 100)
    named = re.sub(
        r'(?m)^(name|title|published) = ".*"$',
        lambda found: f'{found[1]} = "{next(words)}"',
        programme.read_text(),
    )
    programme.write_text(named)
    about.write_text(
        re.sub(r'(?m)^(long_name|organisation) = ".*"$', rf'\1 = "{LETTERS}"', about.read_text())
    )
    drawn = json.loads(plan.read_text())
    for feature in drawn["features"]:
        if "name" in feature["properties"]:
            feature["properties"] |= {"name": next(words), "names": {"ru": COMPOUND}}
    plan.write_text(json.dumps(drawn))
    return into


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DelegateServer]:
    """A conference of long words, its second release, and two requests."""
    folder = tmp_path_factory.mktemp("long")
    running = DelegateServer(folder, {"COPAPP_CONFERENCE": str(_folder(folder / "cop14"))})
    running.seed()
    with release(running) as draft:
        event = draft.event("saiga-recovery")
        event.room_id, event.title = draft.room_id("avantegarde"), ADDRESS[::-1]
    running.start()
    yield running
    running.close()


def _asked(server: DelegateServer) -> str:
    """Ask for a meeting in long words; give the token."""
    given = {"organisation": LETTERS[:120], "reason": ADDRESS, "event": "saiga-recovery"}
    request = new_request(LETTERS[:100], **given, email=f"{'w' * 60}@{'w' * 60}.example")
    with httpx.Client(base_url=server.url) as line:
        answer = ask(line, request)
    assert answer.is_success, answer.text
    token: str = answer.json()["token"]
    return token


def _fits(page: Page, address: str) -> None:
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("new Promise(requestAnimationFrame)")
        assert page.evaluate(_WIDER)[0] <= 0, (address, width, page.evaluate(_WIDER))


def test_no_delegates_page_scrolls_sideways(phone: Phone, server: DelegateServer) -> None:
    page = phone()
    page.goto(server.url)
    for star in page.locator("button.star").all():
        star.click()
    token = _asked(server)

    for address in [
        *DELEGATES,
        f"/meet/{token}",
        "/meet",
        f"/saved#copapp1~cop14~{'w' * 300}.saiga-recovery",
    ]:
        page.goto(server.url + address)
        expect(page.locator("main h1"), address).to_be_visible(timeout=SOON)
        expect(page.locator("[data-freshness=fresh], .nothing").first, address).to_be_visible(timeout=SOON)
        _fits(page, address)


def test_no_staff_page_scrolls_sideways(phone: Phone, server: DelegateServer) -> None:
    page = phone()
    set_up(page, server, LETTERS[:100])
    _asked(server)
    page.goto(f"{server.url}/admin")
    request = page.locator(".rows a").first.get_attribute("href", timeout=SOON)

    for address in [*(f"/admin{each}" for each in STAFF), request or ""]:
        page.goto(server.url + address)
        expect(page.locator("main h1").first, address).to_be_visible(timeout=SOON)
        page.wait_for_load_state("networkidle")
        _fits(page, address)
