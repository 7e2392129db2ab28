"""Asking for a meeting on a phone: the form, its draft, and a request that is delivered exactly once."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlmodel import Session, create_engine, select

from copapp.models import MeetingRequest
from tests.browser.conftest import Phone, Serve
from tests.browser.phone import Watch, open_online, wait_for_worker
from tests.browser.server import DelegateServer
from tests.browser.staff import fill_form, request_status, send, slot

pytestmark = pytest.mark.browser

TUESDAY_TEN = "2024-02-13T10:00:00+05:00"
POSTED = "**/api/v1/meeting-requests"
SOON = 15_000


@contextmanager
def _database(server: DelegateServer) -> Iterator[Session]:
    engine = create_engine(server.environment["COPAPP_DATABASE_URL"])
    with Session(engine) as db:
        yield db
    engine.dispose()


def _kept(server: DelegateServer) -> list[tuple[str, str]]:
    """List who asked for what, as the server keeps it."""
    with _database(server) as db:
        return [(each.name, each.reason) for each in db.exec(select(MeetingRequest))]


def _on_phone(page: Page) -> list[dict[str, Any]]:
    """List the requests that this phone keeps."""
    found: list[dict[str, Any]] = page.evaluate(
        """() => Object.entries(localStorage).filter(([name]) => name.startsWith("copapp:cop14:request:"))
            .map(([, value]) => JSON.parse(value).value)"""
    )
    return found


def _open_form(page: Page, server: DelegateServer, search: str = "") -> None:
    open_online(page, f"{server.url}/meet{search}")
    expect(page.locator(".slots .slot").first).to_be_visible()


def _losing(context: BrowserContext, times: int) -> None:
    """Let the next requests reach the server, and lose its replies."""
    left = iter(range(times))

    def lose(route: Route) -> None:
        if route.request.method == "POST" and next(left, None) is not None:
            route.fetch()
            route.abort()
        else:
            route.fallback()

    context.route(POSTED, lose)


def test_request_is_sent_and_followed(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    watch = Watch(page)
    _open_form(page, server)
    fill_form(page)
    page.locator(".days .chip", has_text="Tue 13").click()
    slot(page, TUESDAY_TEN).click()
    page.wait_for_timeout(3_100)  # as long as a person takes at least

    send(page)

    expect(request_status(page, "pending")).to_be_visible(timeout=SOON)
    assert _kept(server) == [("Dana Omarova", "The saiga corridor.")]
    assert (watch.sockets, watch.complaints) == ([], [])


def test_form_says_what_is_missing_in_the_reader_s_language(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone(locale="ru")
    _open_form(page, server)
    page.fill("[name=email]", "dana")

    page.locator("form.ask button[type=submit]").click()

    expect(page.locator("#wrong-reason")).to_have_text("Это нужно заполнить.")
    expect(page.locator("#wrong-email")).to_contain_text("name@example.org")
    expect(page.locator("#wrong-consent")).to_contain_text("согласие")
    expect(page.locator("[name=reason]")).to_be_focused()
    assert _kept(server) == []
    assert _on_phone(page) == []


def test_consent_names_the_day_of_erasure(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()

    _open_form(page, server)

    expect(page.locator(".ask .tick")).to_contain_text("30 days after the conference, on 18 March 2024")


def test_event_page_fills_in_what_it_is_about(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    open_online(page, f"{server.url}/event/saiga-recovery")

    page.get_by_role("link", name="Ask for a meeting").click()

    expect(page.locator("[name=event]")).to_have_value("saiga-recovery")
    expect(page.locator(".days .chip[aria-pressed=true]")).to_have_text("Tue 13")


def test_slots_have_three_states(phone: Phone, serve: Serve) -> None:
    server, page = serve(COPAPP_NOW="2024-02-13T11:00:00+05:00"), phone()

    _open_form(page, server)

    expect(slot(page, TUESDAY_TEN)).to_have_attribute("data-state", "unavailable")
    expect(slot(page, "2024-02-13T13:00:00+05:00")).to_have_attribute("data-state", "ask")
    expect(slot(page, "2024-02-13T16:00:00+05:00")).to_have_attribute("data-state", "free")
    expect(slot(page, TUESDAY_TEN).locator("input")).to_be_disabled()


def test_after_the_conference_nobody_is_asked(phone: Phone, serve: Serve) -> None:
    server, page = serve(COPAPP_NOW="2024-02-20T11:00:00+05:00"), phone()

    open_online(page, f"{server.url}/meet")

    expect(page.get_by_text("The conference is over: meetings can no longer")).to_be_visible()
    expect(page.locator("form.ask")).to_have_count(0)


def test_draft_survives_reload_and_a_closed_tab(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    _open_form(page, server)
    fill_form(page, reason="Half a thou")
    page.locator(".days .chip", has_text="Tue 13").click()
    slot(page, TUESDAY_TEN).click()

    page.reload()
    expect(page.locator("[name=reason]")).to_have_value("Half a thou")
    other = page.context.new_page()
    page.close()
    _open_form(other, server)

    expect(other.locator("[name=reason]")).to_have_value("Half a thou")
    expect(other.locator("[name=email]")).to_have_value("dana@ministry.example")
    expect(slot(other, TUESDAY_TEN).locator("input")).to_be_checked()


def test_text_typed_before_the_page_wakes_is_kept(phone: Phone, serve: Serve) -> None:
    """On a slow phone the form can be seen, and typed into, before its script runs."""
    server, page = serve(), phone()

    def slowly(route: Route) -> None:
        page.wait_for_timeout(700)
        route.continue_()

    page.route("**/assets/**", slowly)
    page.goto(f"{server.url}/meet", wait_until="commit")
    page.locator("[name=reason]").fill("Typed early")
    assert page.evaluate("localStorage.getItem('copapp:cop14:draft')") is None

    expect(page.locator(".slots .slot").first).to_be_visible(timeout=30_000)

    expect(page.locator("[name=reason]")).to_have_value("Typed early")
    page.reload()
    expect(page.locator("[name=reason]")).to_have_value("Typed early")


def test_request_written_offline_waits_and_is_sent_once(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    _open_form(page, server)
    wait_for_worker(page)
    server.kill()
    page.reload()
    fill_form(page)

    send(page)
    expect(request_status(page, "queued")).to_be_visible()
    expect(page.locator(".receipt")).to_contain_text("Waiting on this phone")
    waits = "sent by itself when you are back online and our server answers"
    expect(page.locator(".receipt")).to_contain_text(waits, timeout=SOON)
    page.goto(f"{server.url}/saved")
    expect(request_status(page, "queued")).to_be_visible()
    assert [each["token"] for each in _on_phone(page)] == [""]

    server.start()
    page.reload()
    expect(request_status(page, "pending")).to_be_visible(timeout=SOON)
    assert _kept(server) == [("Dana Omarova", "The saiga corridor.")]


def test_lost_replies_make_no_second_request(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    _losing(page.context, 2)
    _open_form(page, server)
    fill_form(page)

    send(page)
    expect(request_status(page, "queued")).to_be_visible()
    expect(request_status(page, "pending")).to_be_visible(timeout=30_000)

    assert _kept(server) == [("Dana Omarova", "The saiga corridor.")]


def test_request_for_which_there_is_no_room_yet_says_so_and_is_sent_later(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    _open_form(page, server)
    problem = {"title": "Much comes in", "status": 503, "code": "no_room"}
    body, kind = json.dumps(problem), "application/problem+json"
    page.context.route(POSTED, lambda route: route.fulfill(status=503, body=body, content_type=kind))
    fill_form(page)

    send(page)
    expect(request_status(page, "queued")).to_contain_text("More requests are coming in", timeout=SOON)
    expect(request_status(page, "queued")).to_contain_text("sent by itself later")
    page.context.unroute(POSTED)
    expect(request_status(page, "pending")).to_be_visible(timeout=30_000)
    expect(request_status(page, "pending")).not_to_contain_text("More requests")

    assert _kept(server) == [("Dana Omarova", "The saiga corridor.")]


def test_closed_tab_between_keeping_and_sending_loses_nothing(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    _open_form(page, server)
    page.context.route(POSTED, lambda _: None)  # the request hangs until its tab is gone
    fill_form(page)
    send(page)
    expect(request_status(page, "queued")).to_be_visible()
    context = page.context
    page.close(run_before_unload=False)
    context.unroute(POSTED)  # to wait for the handler would be to wait for good: nobody answers that request

    other = context.new_page()
    open_online(other, server.url)

    other.goto(f"{server.url}/meet")
    expect(request_status(other, "pending")).to_be_visible(timeout=30_000)
    assert _kept(server) == [("Dana Omarova", "The saiga corridor.")]


def test_two_tabs_deliver_one_request_once(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    _open_form(page, server)
    posts: list[str] = []
    page.context.on("request", lambda each: posts.append(each.url) if each.method == "POST" else None)
    other = page.context.new_page()
    _open_form(other, server)
    page.context.set_offline(True)
    fill_form(page)
    send(page)
    expect(request_status(page, "queued")).to_be_visible()
    expect(request_status(other, "queued")).to_be_visible()

    page.context.set_offline(False)

    for each in (page, other):
        expect(request_status(each, "pending")).to_be_visible(timeout=30_000)
    assert _kept(server) == [("Dana Omarova", "The saiga corridor.")]


def test_refused_request_is_kept_and_corrected(phone: Phone, serve: Serve) -> None:
    """A slot that was offered when the request was written may be gone when it is delivered."""
    server, page = serve(), phone()
    _open_form(page, server)
    fill_form(page)
    page.locator(".days .chip", has_text="Tue 13").click()
    slot(page, TUESDAY_TEN).click()
    server.kill()
    send(page)
    expect(request_status(page, "queued")).to_be_visible()

    server.environment["COPAPP_NOW"] = "2024-02-13T10:30:00+05:00"
    server.start()
    page.reload()
    expect(request_status(page, "refused")).to_contain_text("This time has begun already", timeout=30_000)
    page.get_by_role("button", name="Correct and send again").click()
    expect(page.locator("#wrong-slot")).to_contain_text("choose a later one")
    expect(page.locator("[name=reason]")).to_have_value("The saiga corridor.")
    slot(page, "2024-02-13T16:00:00+05:00").click()
    send(page)

    expect(request_status(page, "pending")).to_be_visible(timeout=SOON)
    assert _kept(server) == [("Dana Omarova", "The saiga corridor.")]


def test_captive_portal_is_no_receipt(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    _open_form(page, server)
    page.context.route(
        POSTED, lambda route: route.fulfill(status=200, body="<html>Pay</html>", content_type="text/html")
    )
    fill_form(page)

    send(page)

    expect(page.locator(".receipt")).to_contain_text("back online", timeout=SOON)
    assert [each["status"] for each in _on_phone(page)] == ["queued"]
    page.context.unroute_all(behavior="wait")
    expect(request_status(page, "pending")).to_be_visible(timeout=30_000)


def test_link_of_a_request_opens_on_another_phone_and_offline(phone: Phone, serve: Serve) -> None:
    server, page, other = serve(), phone(), phone()
    _open_form(page, server)
    fill_form(page)
    send(page)
    page.get_by_role("link", name="See your request").click()
    expect(page.locator("article.request")).to_be_visible()

    answered = other.goto(page.url)
    expect(other.locator("article.request")).to_contain_text("The saiga corridor.")
    assert answered is not None
    assert answered.status == 200
    wait_for_worker(other)
    server.kill()
    other.reload()

    expect(other.locator("article.request")).to_contain_text("The saiga corridor.")


def test_unknown_link_is_not_found(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()

    answered = page.goto(f"{server.url}/meet/{'a' * 32}")

    assert answered is not None
    assert answered.status == 404
    expect(page.get_by_text("No request has this address")).to_be_visible()


def test_erasing_leaves_nothing_here_and_there(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    _open_form(page, server)
    fill_form(page)
    send(page)
    page.get_by_role("link", name="See your request").click()

    page.get_by_role("button", name="Erase everything").click()
    page.get_by_role("button", name="Yes, erase it").click()

    expect(request_status(page, "erased")).to_be_visible(timeout=SOON)
    assert _kept(server) == []
    assert "saiga corridor" not in json.dumps(_on_phone(page))
    page.reload()
    expect(page.get_by_text("This request was erased")).to_be_visible()


def test_short_text_carries_requests_to_another_phone(phone: Phone, serve: Serve) -> None:
    server, page, other = serve(), phone(), phone()
    _open_form(page, server)
    fill_form(page)
    send(page)
    expect(request_status(page, "pending")).to_be_visible(timeout=SOON)
    [kept] = _on_phone(page)

    open_online(other, f"{server.url}/saved#copapp1~cop14~cats-of-the-silk-road~{kept['token']}")
    other.get_by_role("button", name="Add them").click()

    expect(request_status(other, "pending")).to_be_visible(timeout=SOON)
    expect(other.locator("[data-event='cats-of-the-silk-road']")).to_be_visible()


def test_flood_asks_a_phone_for_proof_and_nobody_notices(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    _open_form(page, server)
    fill_form(page)
    # What a script would fill in counts as a flood of its own: the phone must show work, and does.
    page.locator("[name=website]").fill("https://spam.example", force=True)
    answers: list[int] = []
    page.on("response", lambda each: answers.append(each.status) if each.request.method == "POST" else None)

    send(page)

    expect(request_status(page, "pending")).to_be_visible(timeout=60_000)
    assert answers == [428, 201]
