"""What a staff page says and does while its connection is slow, silent, cut, refused or gone."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import redis
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import text
from sqlmodel import select

from copapp.i18n import LANGUAGES, catalogue
from copapp.models import MeetingRequest
from copapp.offline.site import STAFF_PAGES
from tests.browser.browsers import wait_until
from tests.browser.conftest import Phone, Serve
from tests.browser.server import DelegateServer
from tests.browser.staff import PASSWORD, open_request, request_status, set_up
from tests.browser.test_inbox import asked, changing
from tests.browser.wire import Wire
from tests.raw_socket import RawSocket

pytestmark = pytest.mark.browser

SOON = 30_000
_TAP_AFTER_SLEEP = """(name) => {
  const now = Date.now;
  Date.now = () => now() + 21_000;
  [...document.querySelectorAll("main button")].find((each) => each.textContent === name).click();
}"""
_DOORS = ("/admin/sign-in", "/admin/set-up", "/admin/password")
BEHIND_THE_DOOR = [each for each in STAFF_PAGES if not each.startswith(_DOORS)]


class Staffed:
    """A served app, the wire to it, and a signed-in phone at the end of that wire."""

    def __init__(self, server: DelegateServer, wire: Wire, page: Page) -> None:
        self.server, self.wire, self.page = server, wire, page
        self.sent: list[str] = []
        page.on("websocket", lambda ws: ws.on("framesent", lambda frame: self.sent.append(str(frame))))

    @property
    def bar(self) -> Locator:
        """What the page says of its connection."""
        return self.page.locator(".connection")

    def asked_of(self, name: str) -> None:
        """Let somebody ask, and open that request."""
        asked(self.server, name)
        self.page.goto(f"{self.wire.url}/admin")
        open_request(self.page, name)
        expect(self.bar).to_have_text("")

    def tap(self, button: str) -> None:
        """Tap whatever the button says of itself: Playwright waits for one that is off."""
        self.page.get_by_role("button", name=button, exact=True).click(force=True)

    def status(self, name: str) -> str:
        """Give where a request stands, in the database."""
        with changing(self.server) as db:
            return str(db.exec(select(MeetingRequest.status).where(MeetingRequest.name == name)).one())

    def acts(self, name: str) -> int:
        """Count how often an act went out."""
        return sum(f".{name}" in each for each in self.sent)


@pytest.fixture
def staffed(phone: Phone, serve: Serve) -> Iterator[Staffed]:
    """Aigul, signed in."""
    server, page = serve(), phone()
    set_up(page, server)
    wire = Wire(server.port)
    yield Staffed(server, wire, page)
    page.goto("about:blank")
    wire.close()


def words(key: str, language: str = "en") -> str:
    """Give the catalogue's words up to their first placeholder."""
    found = catalogue(language, "staff")[key]
    assert isinstance(found, str)
    return found.partition("{")[0]


def nothing_shown(page: Page) -> bool:
    return page.locator("main").inner_text().strip() == ""


@pytest.mark.parametrize(
    ("rewritten", "logged"),
    [
        ((b"Origin: http://127.0.0.1", b"Origin: http://elsewher"), "its Origin is 'http://elsewher"),
        ((b"Upgrade: websocket", b"X-Other: websocket"), "without Upgrade"),
    ],
    ids=["refused for its origin", "a proxy without upgrade"],
)
def test_a_page_without_its_socket_shows_nothing_and_says_why(
    rewritten: tuple[bytes, bytes], logged: str, staffed: Staffed
) -> None:
    """A list was shown as empty with six waiting."""
    page, wire = staffed.page, staffed.wire
    asked(staffed.server, "Dana")
    wire.rewritten = rewritten

    for address in BEHIND_THE_DOOR:
        page.goto(wire.url + address)
        expect(staffed.bar).to_contain_text("Connecting…")
        assert nothing_shown(page), address
    page.goto(f"{wire.url}/admin")
    expect(staffed.bar).to_contain_text("the live connection cannot be established", timeout=SOON)
    assert nothing_shown(page)
    assert logged in staffed.server.log.read_text()

    wire.rewritten = None
    expect(page.locator(".rows li")).to_have_count(1, timeout=SOON)
    expect(staffed.bar).to_have_text("")


def test_a_page_too_many_of_one_sign_in_says_so_and_goes_on_once_there_is_room(staffed: Staffed) -> None:
    page = staffed.page
    page.goto(f"{staffed.server.url}/admin/team")
    expect(staffed.bar).to_have_text("")
    value = "; ".join(f"{each['name']}={each['value']}" for each in page.context.cookies())

    with ExitStack() as opened:
        for number in range(19):
            opened.enter_context(RawSocket(staffed.server, value, f"tab-{number}"))
        another = page.context.new_page()
        another.goto(f"{staffed.server.url}/admin/team")
        expect(another.locator(".connection")).to_contain_text(
            "This sign-in has as many pages open as it can have at once.", timeout=SOON
        )

    expect(another.locator(".connection")).to_have_text("", timeout=SOON)


def test_taps_without_a_connection_are_refused_at_once_and_never_done(staffed: Staffed) -> None:
    """Two taps made offline ended as the first; one was done half a minute later."""
    page = staffed.page
    staffed.asked_of("Dana")
    page.fill(".notes [name=words]", "Half a note")
    page.context.set_offline(True)
    expect(staffed.bar).to_contain_text("No connection since", timeout=SOON)
    expect(page.get_by_role("button", name="Accept", exact=True)).to_have_attribute("aria-disabled", "true")

    staffed.tap("Accept")
    expect(staffed.bar).to_contain_text("Not sent: Accept.")
    staffed.tap("Keep note")
    expect(staffed.bar).to_contain_text("Not sent: Accept, Keep note.")
    page.get_by_role("link", name="My hours").click()
    expect(staffed.bar).to_contain_text("Other pages cannot be read")
    expect(page.locator("article.request h1")).to_have_text("Dana")
    page.context.set_offline(False)

    expect(staffed.bar).to_contain_text("The connection is back", timeout=SOON)
    expect(page.get_by_role("button", name="Accept", exact=True)).not_to_have_attribute(
        "aria-disabled", "true"
    )
    expect(page.locator(".notes [name=words]")).to_have_value("Half a note")
    assert (staffed.acts("accept"), staffed.acts("add_note"), staffed.status("Dana")) == (0, 0, "pending")
    staffed.tap("Keep note")
    expect(page.locator(".notes li")).to_contain_text("Half a note")
    expect(staffed.bar).to_contain_text("Not sent: Accept.")
    page.get_by_role("button", name="Understood").click()
    expect(staffed.bar).to_have_text("")


def test_since_when_is_the_venues_time(phone: Phone, serve: Serve) -> None:
    """It was the device's, beside times that were all the venue's."""
    server, page = serve(), phone(timezone_id="America/St_Johns")
    set_up(page, server)
    bar = page.locator(".connection")
    expect(bar).to_have_text("")

    begun = page.evaluate("Date.now()")
    page.context.set_offline(True)
    expect(bar).to_contain_text("No connection since", timeout=SOON)

    seconds = range(int(begun / 1000) - 60, int(page.evaluate("Date.now()") / 1000) + 60, 60)
    times = [datetime.fromtimestamp(each, ZoneInfo("Asia/Samarkand")) for each in seconds]
    assert any(f"No connection since {each:%H:%M}." in bar.inner_text() for each in times)


def test_a_hop_between_networks_costs_less_than_half_of_what_socket_io_waits(staffed: Staffed) -> None:
    """The second `offline` comes while the connection is being made; Socket.IO alone waits 20 s for it."""
    page = staffed.page
    page.clock.install()
    staffed.asked_of("Dana")
    page.clock.pause_at(page.evaluate("Date.now()") + 1_000)

    for _ in range(2):
        page.evaluate("dispatchEvent(new Event('offline'))")
    expect(staffed.bar).to_contain_text("No connection since")

    for _ in range(10):
        page.clock.run_for(1_000)
        with suppress(AssertionError):
            expect(staffed.bar).to_have_text("", timeout=1_000)
            return
    pytest.fail("still not connected after 10 s")


def test_a_tap_as_the_device_wakes_up_is_not_done_later(staffed: Staffed) -> None:
    """Where the server's last sign of life is too old, Socket.io keeps a tap for the next connection."""
    page = staffed.page
    staffed.asked_of("Dana")

    page.evaluate(_TAP_AFTER_SLEEP, "Accept")
    expect(staffed.bar).to_contain_text("was lost before an answer came: Accept.", timeout=SOON)
    expect(staffed.bar).not_to_contain_text("No connection", timeout=SOON)
    page.fill(".notes [name=words]", "Later")
    staffed.tap("Keep note")

    expect(page.locator(".notes li")).to_contain_text("Later", timeout=SOON)
    assert (staffed.acts("accept"), staffed.status("Dana")) == (0, "pending")


def test_a_slow_tap_is_named_at_once_and_a_second_does_nothing_twice(staffed: Staffed) -> None:
    staffed.asked_of("Dana")
    staffed.wire.stop("down")

    staffed.tap("Accept")
    expect(staffed.bar).to_contain_text("Being sent: Accept…")
    staffed.tap("Accept")
    staffed.tap("Accept")
    expect(staffed.bar).to_contain_text("No answer yet.", timeout=SOON)
    staffed.wire.flow()

    expect(request_status(staffed.page, "accepted")).to_be_visible(timeout=SOON)
    expect(staffed.bar).to_have_text("")
    assert staffed.acts("accept") == 1


@pytest.mark.parametrize("lost", ["up", "down"], ids=["the tap is lost", "the answer is lost"])
def test_a_tap_that_had_no_answer_is_named_until_somebody_has_looked(lost: str, staffed: Staffed) -> None:
    staffed.asked_of("Dana")
    staffed.wire.stop(lost)
    ended = {"up": "pending", "down": "accepted"}[lost]

    staffed.tap("Accept")
    expect(staffed.bar).to_contain_text("Being sent: Accept…")
    wait_until(lambda: staffed.status("Dana") == ended, "What becomes of the tap")
    staffed.wire.cut()
    expect(staffed.bar).to_contain_text("was lost before an answer came: Accept.")
    staffed.wire.flow()

    expect(request_status(staffed.page, ended)).to_be_visible(timeout=SOON)
    expect(staffed.bar).not_to_contain_text("No connection", timeout=SOON)
    expect(staffed.bar).to_contain_text("Check whether it was done.")
    staffed.page.reload()
    expect(staffed.bar).to_contain_text("was lost before an answer came: Accept.")
    expect(request_status(staffed.page, ended)).to_be_visible(timeout=SOON)
    staffed.page.get_by_role("button", name="Understood").click()
    staffed.page.reload()
    expect(request_status(staffed.page, ended)).to_be_visible(timeout=SOON)
    expect(staffed.bar).to_have_text("")
    assert (staffed.acts("accept"), staffed.status("Dana")) == (1, ended)


def test_a_silent_connection_is_noticed_and_left(staffed: Staffed) -> None:
    """A phone that left the room keeps a socket open that nothing comes through."""
    staffed.asked_of("Dana")

    staffed.wire.stop("up")
    staffed.wire.stop("down")

    expect(staffed.bar).to_contain_text("No connection since", timeout=60_000)
    staffed.wire.cut()
    staffed.wire.flow()
    expect(staffed.bar).to_have_text("", timeout=60_000)


def test_a_server_that_is_gone_leaves_what_was_read_marked_as_of_then(staffed: Staffed) -> None:
    page = staffed.page
    staffed.asked_of("Dana")

    staffed.server.kill()
    expect(staffed.bar).to_contain_text("What you see is as of then. Nothing is sent.", timeout=SOON)
    expect(page.locator("article.request h1")).to_be_visible()
    asked(staffed.server, "Erlan")
    staffed.server.start()

    expect(staffed.bar).to_have_text("", timeout=SOON)
    page.locator(".places a").first.click()
    expect(page.locator(".rows li")).to_have_count(2)


def test_a_page_that_could_not_be_read_shows_no_totals(staffed: Staffed) -> None:
    """What a handler failed to read was shown as nothing."""
    asked(staffed.server, "Dana")
    with changing(staffed.server) as db:
        db.execute(text("ALTER TABLE outboxmessage RENAME TO gone"))

    staffed.page.goto(f"{staffed.wire.url}/admin")

    expect(staffed.bar).to_contain_text("Something went wrong on our side", timeout=SOON)
    assert nothing_shown(staffed.page)
    assert "A staff page's handler failed" in staffed.server.log.read_text()


def test_without_redis_pages_say_so_and_go_on_by_themselves(
    phone: Phone, serve: Serve, tmp_path: Path
) -> None:
    """The handshake was answered, then nothing came; /readyz said ready."""
    with _redis(tmp_path) as (url, kill, start):
        server, page = serve(COPAPP_REDIS_URL=url), phone()
        set_up(page, server)
        asked(server, "Dana")
        bar = page.locator(".connection")
        expect(page.locator(".rows li")).to_have_count(1, timeout=SOON)

        kill()
        expect(bar).to_contain_text("No connection since", timeout=SOON)
        expect(page.locator(".rows li")).to_have_count(1)
        page.reload()
        expect(bar).to_contain_text("something that it needs is missing", timeout=SOON)
        assert nothing_shown(page)
        assert httpx.get(f"{server.url}/readyz").json()["needs"]["redis"].startswith("Redis does not answer")
        start()

        expect(page.locator(".rows li")).to_have_count(1, timeout=60_000)
        expect(bar).to_have_text("")
        log = server.log.read_text()
        assert log.count("Staff's socket: refused. Redis does not answer") == 1
        assert "Traceback" not in log


@contextmanager
def _redis(folder: Path) -> Iterator[tuple[str, Any, Any]]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not here")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url, running = f"redis://127.0.0.1:{port}/0", []

    def answers() -> bool:
        try:
            with redis.Redis.from_url(url) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False

    def start() -> None:
        given = [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
        running.append(subprocess.Popen(given, cwd=folder, stdout=subprocess.DEVNULL))
        wait_until(answers, "Redis answering")

    def kill() -> None:
        for each in running:
            each.kill()
            each.wait()
        running.clear()

    start()
    try:
        yield url, kill, start
    finally:
        kill()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_connection_speaks_every_language(language: str, phone: Phone, serve: Serve) -> None:
    server = serve()
    set_up(phone(), server)
    page = phone(locale=language, color_scheme="dark")
    page.goto(f"{server.url}/admin/sign-in")
    sign_in_in_any(page, server)
    page.context.set_offline(True)

    expect(page.locator(".connection")).to_contain_text(words("link.lost", language), timeout=SOON)
    page.locator(".tabs .chip").last.click(force=True)
    expect(page.locator(".connection")).to_contain_text(words("link.not_sent", language))
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def sign_in_in_any(page: Page, server: DelegateServer) -> None:
    """Sign in, whatever the language of the page."""
    page.goto(f"{server.url}/admin/sign-in")
    page.fill("[name=email]", "aigul@altyndala.example")
    page.fill("[name=password]", PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page.locator(".tabs .chip").first).to_be_visible(timeout=SOON)
