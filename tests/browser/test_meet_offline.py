"""What goes wrong between a phone and the server while one asks, and what the person sees of it."""

import pytest
from playwright.sync_api import Page, Route, expect
from sqlmodel import Session, create_engine, select

from copapp.models import MeetingRequest
from tests.browser.conftest import Phone, Serve
from tests.browser.phone import look_again, open_online, wait_for_worker
from tests.browser.server import DelegateServer
from tests.browser.staff import fill_form, request_status, send

pytestmark = pytest.mark.browser

POSTED = "**/api/v1/meeting-requests"
ONE = "**/api/v1/meeting-requests/*"
CREATED, PROOF_WANTED = 201, 428
SOON, LATER = 15_000, 40_000
FULL = """() => {
    Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
}"""
ASLEEP = """() => { navigator.locks.request("copapp:requests", () => new Promise(() => {})); }"""


def _names(server: DelegateServer) -> list[str]:
    engine = create_engine(server.environment["COPAPP_DATABASE_URL"])
    with Session(engine) as db:
        names = [each.name for each in db.exec(select(MeetingRequest))]
    engine.dispose()
    return names


def _open_form(page: Page, server: DelegateServer) -> None:
    open_online(page, f"{server.url}/meet")
    expect(page.locator(".slots .slot").first).to_be_visible()


def _asked(page: Page, server: DelegateServer) -> str:
    """Ask, see it sent, and give its link."""
    _open_form(page, server)
    fill_form(page)
    send(page)
    expect(request_status(page, "pending")).to_be_visible(timeout=SOON)
    address = page.get_by_role("link", name="See your request").get_attribute("href")
    return f"{server.url}{address}"


def _problem(route: Route) -> None:
    problem = '{"type":"about:blank","title":"Busy","status":503,"detail":"","code":"busy"}'
    route.fulfill(status=503, body=problem, content_type="application/problem+json")


def test_full_phone_says_so_and_the_form_keeps_its_text(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    _open_form(page, server)
    page.evaluate(FULL)
    fill_form(page)

    send(page)

    expect(page.get_by_text("This phone's storage is full")).to_be_visible()
    expect(page.locator("[name=reason]")).to_have_value("The saiga corridor.")
    expect(page.locator(".receipt")).to_have_count(0)
    assert _names(server) == []


def test_phone_that_fills_up_while_sending_does_not_ask_without_end(phone: Phone, serve: Serve) -> None:
    """What could not be noted as sent was sent again at once, for ever."""
    server, page = serve(), phone()
    _open_form(page, server)
    fill_form(page)
    posts: list[str] = []

    def answer(route: Route) -> None:
        posts.append(route.request.url)
        page.evaluate(FULL)
        route.continue_()

    page.route(POSTED, answer)
    send(page)
    expect(page.get_by_text("This phone's storage is full")).to_be_visible(timeout=SOON)
    page.wait_for_timeout(3_000)

    assert len(posts) <= 4
    assert _names(server) == ["Dana Omarova"]
    expect(request_status(page, "queued")).to_be_visible()


def test_a_tab_that_sleeps_over_the_lock_holds_nothing_up(phone: Phone, serve: Serve) -> None:
    server, sleeper = serve(), phone()
    open_online(sleeper, server.url)
    sleeper.evaluate(ASLEEP)
    page = sleeper.context.new_page()
    _open_form(page, server)
    fill_form(page)

    send(page)

    expect(request_status(page, "pending")).to_be_visible(timeout=LATER)
    assert _names(server) == ["Dana Omarova"]


def test_link_opened_before_its_reply_came_makes_one_card(phone: Phone, serve: Serve) -> None:
    """The reply is lost, the mail brings the link: both are one request."""
    server, page = serve(), phone()
    tokens: list[str] = []

    def lose(route: Route) -> None:
        answer = route.fetch()
        if answer.status != PROOF_WANTED:
            tokens.append(answer.json()["token"])
            route.abort()
        else:
            route.fulfill(response=answer)

    page.context.route(POSTED, lose)
    _open_form(page, server)
    fill_form(page)
    send(page)
    expect(page.locator(".receipt")).to_contain_text("back online", timeout=SOON)
    other = page.context.new_page()
    other.goto(f"{server.url}/meet/{tokens[0]}")
    expect(other.locator("article.request")).to_be_visible(timeout=SOON)

    page.context.unroute_all(behavior="wait")
    page.goto(f"{server.url}/saved")

    expect(request_status(page, "queued")).to_have_count(0, timeout=LATER)
    expect(page.locator(".request-card")).to_have_count(1)


def test_link_is_looked_for_until_the_server_answers(phone: Phone, serve: Serve) -> None:
    """A problem document was once taken for the request itself."""
    server, page, other = serve(), phone(), phone()
    link = _asked(page, server)
    other.route(ONE, _problem)

    other.goto(link)
    expect(other.get_by_text("The server cannot be reached just now")).to_be_visible(timeout=SOON)
    other.unroute_all(behavior="wait")

    expect(other.locator("article.request")).to_contain_text("The saiga corridor.", timeout=SOON)
    expect(other.get_by_role("alert").filter(has_text="could not be read")).to_have_count(0)


def test_json_of_others_is_no_request(phone: Phone, serve: Serve) -> None:
    """A captive portal may speak JSON too; what is kept stays as the server last said."""
    server, page = serve(), phone()
    link = _asked(page, server)
    page.goto(link)
    expect(page.locator("article.request")).to_be_visible()
    looked: list[str] = []

    def portal(route: Route) -> None:
        looked.append(route.request.url)
        route.fulfill(status=200, body='{"login": "here"}', content_type="application/json")

    page.route(ONE, portal)
    for _ in range(2):  # when the second is asked for, the page has dealt with the first
        with page.expect_request(ONE, timeout=LATER):
            look_again(page)
    page.unroute_all(behavior="wait")
    page.reload()

    assert looked
    expect(page.locator("article.request[data-request=pending]")).to_contain_text("The saiga corridor.")
    expect(page.get_by_role("alert").filter(has_text="could not be read")).to_have_count(0)


def test_carried_link_that_nobody_knows_is_named(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    open_online(page, f"{server.url}/saved#copapp1~cop14~~{'a' * 32}")

    page.get_by_role("button", name="Add them").click()

    expect(request_status(page, "unknown")).to_contain_text("The server knows no such request", timeout=SOON)
    page.get_by_role("button", name="Remove from this phone").click()
    expect(page.locator(".request-card")).to_have_count(0)


def test_request_of_another_tab_is_sent_by_a_page_that_shows_none(phone: Phone, serve: Serve) -> None:
    server, schedule = serve(), phone()
    open_online(schedule, server.url)
    page = schedule.context.new_page()
    _open_form(page, server)
    page.route(POSTED, lambda route: route.abort())
    fill_form(page)
    send(page)
    expect(request_status(page, "queued")).to_be_visible()
    page.close()

    with schedule.expect_response(lambda each: each.request.method == "POST", timeout=LATER) as answered:
        pass

    assert answered.value.status in {CREATED, PROOF_WANTED}


def test_offline_answer_changes_nothing_and_says_so(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    link = _asked(page, server)
    page.goto(link)
    expect(page.locator("article.request")).to_be_visible()
    wait_for_worker(page)
    server.kill()
    page.reload()

    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Yes, cancel it").click()

    expect(page.get_by_text("Nothing was changed")).to_be_visible(timeout=SOON)
    expect(page.locator("article.request")).to_have_attribute("data-request", "pending")
    expect(page.locator("article.request")).to_contain_text("As of 09:0")


def test_form_is_filled_in_and_sent_by_keyboard_alone(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    _open_form(page, server)
    texts = {
        "reason": "The saiga corridor.",
        "name": "Dana Omarova",
        "organisation": "Ministry of Ecology",
        "email": "dana@ministry.example",
    }

    for _ in range(80):
        page.keyboard.press("Tab")
        here = page.evaluate("() => [document.activeElement.name, document.activeElement.type]")
        if here[0] in texts:
            page.keyboard.type(texts[here[0]])
        elif here[0] == "consent":
            page.keyboard.press("Space")
        elif here[1] == "submit":
            page.keyboard.press("Enter")
            break

    expect(page.locator("#kept")).to_be_focused()
    expect(request_status(page, "pending")).to_be_visible(timeout=SOON)
    assert _names(server) == ["Dana Omarova"]
