"""Staff come in and go out, on a phone; what was shown does not stay."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from copapp.clock import machine_time
from copapp.domain.totp import code_at, step_at
from tests.browser.acts import journey_of
from tests.browser.browsers import wait_until
from tests.browser.conftest import Phone, Serve
from tests.browser.phone import Watch
from tests.browser.server import DelegateServer
from tests.browser.wire import Wire

PASSWORD = "a quiet steppe at dawn"

pytestmark = pytest.mark.browser


def _link(server: DelegateServer) -> str:
    printed = server.log.read_text() + server.run("staff", "list")
    return next(word for word in printed.split() if "/admin/set-up/" in word)


def test_a_link_a_password_the_inbox_and_out_again(phone: Phone, serve: Serve) -> None:
    server = serve()
    page = phone()
    watch = Watch(page)

    page.goto(_link(server))
    page.get_by_label("Your name").fill("Aigul Omarova")
    page.get_by_label("E-mail").fill("aigul@example.org")
    page.get_by_label("New password").fill("123456789012")
    page.get_by_role("button", name="Keep and sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Many people use this password")
    assert watch.sockets == []

    page.get_by_label("Your name").fill("Aigul Omarova")
    page.get_by_label("E-mail").fill("aigul@example.org")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Keep and sign in").click()
    expect(page.locator("body")).to_contain_text("Signed in as Aigul Omarova")
    assert page.url == f"{server.url}/admin"
    assert len(watch.sockets) == 1

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Staff sign-in")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Staff sign-in")
    expect(page.locator("body")).not_to_contain_text("Aigul")

    page.get_by_label("E-mail").fill("aigul@example.org")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("do not fit together")


def test_an_open_page_goes_dark_when_another_device_signs_out_everywhere(phone: Phone, serve: Serve) -> None:
    server = serve()
    first, second = phone(), phone()
    first.goto(_link(server))
    first.get_by_label("Your name").fill("Aigul Omarova")
    first.get_by_label("E-mail").fill("aigul@example.org")
    first.get_by_label("New password").fill(PASSWORD)
    first.get_by_role("button", name="Keep and sign in").click()
    expect(first.locator("body")).to_contain_text("Signed in as Aigul Omarova")
    second.goto(f"{server.url}/admin")
    second.get_by_label("E-mail").fill("aigul@example.org")
    second.get_by_label("Password").fill(PASSWORD)
    second.get_by_role("button", name="Sign in").click()
    expect(second.locator("body")).to_contain_text("Signed in as Aigul Omarova")

    second.goto(f"{server.url}/admin/team")
    second.get_by_role("button", name="Sign out on all devices").click()
    expect(second.get_by_role("heading", level=1)).to_have_text("Staff sign-in")
    expect(first.locator("body")).not_to_contain_text("Aigul Omarova", timeout=2000)
    expect(first.get_by_role("heading", level=1)).to_have_text("Staff sign-in")


@journey_of("AccountState.end_session", "AccountsState.end_sessions")
def test_where_i_am_signed_in_is_seen_and_ended_one_by_one_and_my_password_changed(
    phone: Phone, serve: Serve
) -> None:
    server = serve()
    here, there = phone(), phone()
    here.goto(_link(server))
    here.get_by_label("Your name").fill("Aigul Omarova")
    _choose(here)
    _sign_in(there, server, PASSWORD)

    here.goto(f"{server.url}/admin/team")
    here.get_by_role("link", name="My account").click()
    expect(here.locator("[data-session]")).to_have_count(2)
    expect(here.locator("[data-session=this]")).to_contain_text("This browser")
    here.locator("[data-session=other]").get_by_role("button", name="End").click()
    expect(here.locator("[data-session]")).to_have_count(1)
    expect(there.get_by_role("heading", level=1)).to_have_text("Staff sign-in")

    here.get_by_label("Current password").fill("not the password")
    here.get_by_label("New password").fill("velvet otter copper lantern")
    here.get_by_role("button", name="Change it").click()
    expect(here.get_by_role("alert").first).to_contain_text("not your current password")
    here.get_by_label("Current password").fill(PASSWORD)
    here.get_by_label("New password").fill("velvet otter copper lantern")
    here.get_by_role("button", name="Change it").click()
    expect(here.locator("main > [role=status]")).to_contain_text("was changed")
    expect(here.locator("[data-session]")).to_have_count(1)

    _sign_in(there, server, "velvet otter copper lantern")
    there.goto(f"{server.url}/admin/accounts")
    expect(there.locator("[data-account]")).to_contain_text("Signed in in 2 browsers")
    there.get_by_role("button", name="Sign out everywhere").click()
    for page in (here, there):
        expect(page.get_by_role("heading", level=1)).to_have_text("Staff sign-in")


@journey_of("AccountState.set_factor", "AccountState.remove_factor")
@journey_of("AccountsState.reset_factor", "AccountsState.require_factor")
def test_a_second_factor_is_set_up_asked_for_required_and_taken_back(phone: Phone, serve: Serve) -> None:
    server = serve()
    page = phone()
    page.goto(_link(server))
    page.get_by_label("Your name").fill("Aigul Omarova")
    _choose(page)
    page.goto(f"{server.url}/admin/accounts")
    page.get_by_label("Everybody must have a second factor").click()
    expect(page.get_by_label("Everybody must have a second factor")).to_be_checked()

    page.goto(f"{server.url}/admin")
    expect(page).to_have_url(f"{server.url}/admin/account?problem=factor")
    page.get_by_role("button", name="Set up an authenticator app").click()
    expect(page.get_by_role("img", name="QR code with the key")).to_be_visible()
    expect(page.get_by_role("link", name="Open in an app")).to_have_attribute("href", _OF_AN_APP)
    _show_code(page, password="not the password")
    expect(page.locator(".factor [role=alert]")).to_contain_text("not your current password")
    expect(page.locator(".factor [role=alert]")).to_be_in_viewport()
    _show_code(page, "000000")
    expect(page.locator("main")).to_contain_text("The code is wrong")
    _show_code(page)
    expect(page.locator(".recovery li")).to_have_count(10)
    codes = page.locator(".recovery li").all_inner_texts()
    page.goto(f"{server.url}/admin")
    expect(page.locator("body")).to_contain_text("Signed in as Aigul Omarova")

    page.get_by_role("button", name="Sign out").click()
    _enter(page)
    expect(page.get_by_role("alert")).to_contain_text("Write the code of your authenticator app too")
    _enter(page, codes[0])
    expect(page.locator("body")).to_contain_text("Signed in as Aigul Omarova")

    page.goto(f"{server.url}/admin/accounts")
    page.get_by_label("Everybody must have a second factor").click()
    expect(page.get_by_label("Everybody must have a second factor")).not_to_be_checked()
    page.get_by_role("button", name="Remove second factor").click()
    expect(page.get_by_role("button", name="Remove second factor")).to_have_count(0)
    page.goto(f"{server.url}/admin/account")
    page.get_by_role("button", name="Set up an authenticator app").click()
    _show_code(page)
    code = page.locator(".recovery li").first.inner_text()
    page.get_by_label("Code of the app, or one of recovery").fill(code)
    _say_password(page)
    page.get_by_role("button", name="Ask no more").click()
    expect(page.get_by_role("button", name="Set up an authenticator app")).to_be_visible()


_WAKES_UP = """() => {
  const now = Date.now;
  Date.now = () => now() + 31_000;
  document.dispatchEvent(new Event("visibilitychange"));
  Date.now = now;
}"""


def _go_away(how: str, page: Page, server: DelegateServer, wire: Wire) -> None:
    match how:
        case "cut":
            wire.cut()
        case "asleep":
            page.evaluate(_WAKES_UP)
        case "loaded again":
            page.reload()
        case "forgotten":
            server.kill()
            server.start()


@pytest.fixture
def account(phone: Phone, serve: Serve) -> Iterator[tuple[Page, DelegateServer, Wire]]:
    """Aigul's account on a phone at the end of a wire."""
    server, page = serve(), phone()
    page.goto(_link(server))
    page.get_by_label("Your name").fill("Aigul Omarova")
    _choose(page)
    wire = Wire(server.port)
    page.goto(f"{wire.url}/admin/account")
    yield page, server, wire
    page.goto("about:blank")
    wire.close()


@pytest.mark.parametrize("how", ["cut", "asleep", "loaded again", "forgotten"])
def test_the_key_and_the_codes_of_recovery_are_there_when_the_page_comes_back(
    how: str, account: tuple[Page, DelegateServer, Wire]
) -> None:
    """The app held one key while the page had made another; codes in force were gone unread."""
    page, server, wire = account

    def go_away() -> None:
        read = len(reads)
        _go_away(how, page, server, wire)
        # Playwright tells what came while it is asked something.
        wait_until(lambda: page.evaluate("true") and len(reads) > read, "The page being read again")
        expect(page.locator(".connection")).to_have_text("", timeout=30_000)

    reads: list[str] = []
    page.on("websocket", lambda ws: ws.on("framereceived", lambda each: _note_read(reads, str(each))))
    page.reload()
    page.get_by_role("button", name="Set up an authenticator app").click()
    secret = page.locator("[name=secret]").input_value()
    go_away()
    expect(page.locator("[name=secret]")).to_have_value(secret)
    expect(page.get_by_role("link", name="Open in an app")).to_have_attribute("href", _OF_AN_APP)

    _show_code(page)
    expect(page.locator(".recovery li")).to_have_count(10)
    codes = page.locator(".recovery li").all_inner_texts()
    go_away()
    expect(page.locator(".recovery li")).to_have_text(codes)
    assert secret not in page.evaluate("JSON.stringify(sessionStorage)"), "it is good for sign-ins now"

    page.get_by_role("button", name="I have them").click()
    expect(page.locator(".recovery li")).to_have_count(0)
    go_away()
    expect(page.locator("main")).to_contain_text("Codes are asked for.")
    expect(page.locator(".recovery li")).to_have_count(0)
    assert codes[0] not in _kept(page)


def _note_read(reads: list[str], frame: str) -> None:
    if re.search(r'"is_hydrated_rx_state_":\s*true', frame):
        reads.append("")


def test_codes_of_which_the_answer_was_lost_are_given_again(
    account: tuple[Page, DelegateServer, Wire],
) -> None:
    page, server, wire = account
    page.get_by_role("button", name="Set up an authenticator app").click()
    expect(page.locator("[name=secret]")).to_be_visible()
    wire.stop("down")

    _show_code(page)
    wait_until(lambda: _factors(server) == 1, "The factor being set up")
    wire.cut()
    wire.flow()

    expect(page.locator(".recovery li")).to_have_count(10, timeout=30_000)


def _factors(server: DelegateServer) -> int:
    path = server.environment["COPAPP_DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute("SELECT count(*) FROM secondfactor").fetchone()[0])


def _make_link(page: Page, wire: Wire) -> str:
    page.goto(f"{wire.url}/admin/accounts")
    page.locator("[data-account] button").first.click()
    return page.locator("[name=link]").input_value()


def test_a_one_time_link_is_there_until_it_is_handed_over(
    account: tuple[Page, DelegateServer, Wire],
) -> None:
    """Whoever switched to a messenger to hand the link over found no link when he came back."""
    page, server, wire = account
    made, link = _make_link(page, wire), page.locator("[name=link]")
    _go_away("forgotten", page, server, wire)
    page.reload()
    expect(link).to_have_value(made)
    expect(page.locator("main > [role=status]")).to_contain_text("Hand this link to Aigul Omarova.")
    page.get_by_role("button", name="It is handed over").click()
    expect(link).to_have_count(0)
    page.reload()
    expect(page.locator("[data-account]")).to_have_count(1)
    expect(link).to_have_count(0)


def test_each_one_time_link_is_there_for_as_long_as_it_works(
    phone: Phone, account: tuple[Page, DelegateServer, Wire]
) -> None:
    """Of two colleagues added in a row only one had a link, and one that was used was said to work."""
    page, server, wire = account
    page.goto(f"{wire.url}/admin/accounts")
    links, made = page.locator("[name=link]"), list[str]()
    for count, name in enumerate(("Bolat", "Dana", "Erlan"), 1):
        page.fill("[name=name]", name)
        page.fill("[name=email]", f"{name.lower()}@example.org")
        page.get_by_role("button", name="Add, and make a link").click()
        expect(links).to_have_count(count)
        made.append(links.nth(count - 1).input_value())
    assert len(set(made)) == 3

    bolat = phone()
    bolat.goto(server.url + made[0][made[0].index("/admin") :])
    bolat.get_by_label("New password").fill(PASSWORD)
    bolat.get_by_role("button", name="Keep and sign in").click()
    expect(bolat.locator("body")).to_contain_text("Signed in as Bolat")
    page.reload()
    expect(links).to_have_count(2)
    assert [each.input_value() for each in links.all()] == made[1:]

    server.run("staff", "reset", "dana@example.org")
    page.reload()
    expect(links).to_have_count(1)
    expect(links).to_have_value(made[2])
    expect(page.locator("[data-account]", has_text="dana@")).to_contain_text("One-time link works until")

    page.locator("[data-account]", has_text="erlan@").get_by_role("button", name="Disable").click()
    expect(links).to_have_count(0)
    wait_until(
        lambda: not [each for each in made if each in _kept(page)], "The links being gone from the tab"
    )


def _kept(page: Page) -> str:
    return str(page.evaluate("JSON.stringify(sessionStorage)"))


def test_a_one_time_link_goes_from_the_page_of_whoever_coordinates_no_longer(
    account: tuple[Page, DelegateServer, Wire],
) -> None:
    """The list of colleagues went, the link to sign in as one of them stayed."""
    page, server, wire = account
    made = _make_link(page, wire)

    _write(server, "UPDATE staffmember SET role = 'MEMBER'")

    expect(page.locator("main")).to_contain_text("Only coordinators see this page.")
    expect(page.locator("[name=link]")).to_have_count(0)
    wait_until(lambda: made not in _kept(page), "The link being gone from the tab")


@pytest.mark.parametrize(
    ("place", "button", "field"),
    [
        ("account", "Set up an authenticator app", "secret"),
        ("accounts", "Link for a new password", "link"),
    ],
)
def test_who_signs_in_while_a_page_sleeps_is_not_shown_what_it_held(
    place: str, button: str, field: str, account: tuple[Page, DelegateServer, Wire]
) -> None:
    """It woke up as his: her key was his to set up, and her link for a colleague his to hand over."""
    page, server, wire = account
    added = server.run("staff", "add", "Bolat Seitkali", "bolat@example.org", "--coordinator")
    page.goto(f"{wire.url}/admin/{place}")
    page.get_by_role("button", name=button).first.click()
    secret = page.locator(f"[name={field}]").input_value()
    for way in ("up", "down"):
        wire.stop(way)
    other = page.context.new_page()
    other.goto(f"{server.url}/admin")
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Staff sign-in")
    other.goto(next(word for word in added.split() if "/admin/set-up/" in word))
    other.get_by_label("New password").fill(PASSWORD)
    other.get_by_role("button", name="Keep and sign in").click()
    expect(other.locator("body")).to_contain_text("Signed in as Bolat Seitkali")

    with page.expect_event("websocket"):
        wire.cut()
        wire.flow()

    expect(page.locator(".connection")).to_have_text("", timeout=30_000)
    expect(page.get_by_role("button", name=button).first).to_be_visible()
    expect(page.locator(f"[name={field}]")).to_have_count(0)
    wait_until(lambda: secret not in _kept(page), "What she held being gone from the tab")


def test_a_key_that_is_not_wanted_now_goes(account: tuple[Page, DelegateServer, Wire]) -> None:
    page, *_ = account
    page.get_by_role("button", name="Set up an authenticator app").click()
    secret = page.locator("[name=secret]").input_value()

    page.get_by_role("button", name="Not now").click()

    expect(page.get_by_role("button", name="Set up an authenticator app")).to_be_visible()
    page.get_by_role("button", name="Set up an authenticator app").click()
    expect(page.locator("[name=secret]")).not_to_have_value(secret)


_OF_AN_APP = re.compile("^otpauth://totp/.+aigul%40example.org")


def _say_password(page: Page, password: str = PASSWORD) -> None:
    page.locator(".factor [name=current]").fill(password)


def _show_code(page: Page, code: str = "", password: str = PASSWORD) -> None:
    secret = page.locator("[name=secret]").input_value()
    _say_password(page, password)
    page.get_by_label("Code that the app shows").fill(code or code_at(secret, step_at(machine_time())))
    page.get_by_role("button", name="Ask me for codes").click()


def _enter(page: Page, code: str = "") -> None:
    page.get_by_label("E-mail").fill("aigul@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code of your authenticator app").fill(code)
    page.get_by_role("button", name="Sign in").click()


def _choose(page: Page) -> None:
    page.get_by_label("E-mail").fill("aigul@example.org")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Keep and sign in").click()
    expect(page.locator("body")).to_contain_text("Signed in as Aigul Omarova")


def _sign_in(page: Page, server: DelegateServer, password: str) -> None:
    page.goto(f"{server.url}/admin/sign-in")
    page.get_by_label("E-mail").fill("aigul@example.org")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("body")).to_contain_text("Signed in as Aigul Omarova")


def test_the_sign_in_works_without_scripts(phone: Phone, serve: Serve) -> None:
    server = serve()
    added = server.run("staff", "add", "Aigul Omarova", "aigul@example.org", "--coordinator")
    page = phone(java_script_enabled=False)

    page.goto(next(word for word in added.split() if "/admin/set-up/" in word))
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Keep and sign in").click()

    expect(page).to_have_url(f"{server.url}/admin")
    assert [each["httpOnly"] for each in page.context.cookies() if each["name"] == "copapp-staff"] == [True]


def test_a_page_that_was_out_of_reach_when_its_session_ended_goes_dark(phone: Phone, serve: Serve) -> None:
    server = serve()
    added = server.run("staff", "add", "Aigul Omarova", "aigul@example.org", "--coordinator")
    page = phone()
    page.goto(next(word for word in added.split() if "/admin/set-up/" in word))
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Keep and sign in").click()
    expect(page.locator("body")).to_contain_text("Signed in as Aigul Omarova")

    server.stop()
    expect(page.locator("body")).to_contain_text("Signed in as Aigul Omarova")
    _expire(server)
    server.start()

    expect(page.get_by_role("heading", level=1)).to_have_text("Staff sign-in", timeout=15_000)
    expect(page.locator("body")).not_to_contain_text("Aigul")


def _expire(server: DelegateServer) -> None:
    _write(server, "UPDATE staffsession SET expires_at = '2024-02-01 00:00:00'")


def _write(server: DelegateServer, statement: str) -> None:
    path = server.environment["COPAPP_DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as database:
        database.execute(statement)
        database.commit()
