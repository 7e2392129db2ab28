"""A release made while the app runs reaches the first HTML, open pages and the worker, with no new build."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest
from playwright.sync_api import Page, expect

from copapp.models import EventStatus
from copapp.offline.shelf import content_security_policy
from tests.browser.browsers import wait_until
from tests.browser.conftest import Phone, Serve
from tests.browser.phone import (
    CATS,
    NETWORKING,
    SAIGA,
    TITLES,
    Watch,
    card,
    expect_freshness,
    look_again,
    look_until,
    open_online,
    star,
    wait_for_newer_worker,
    wait_for_worker,
)
from tests.browser.releases import release
from tests.browser.server import DelegateServer

NEW, NEW_TITLE = "steppe-supper", 'Supper on the "Steppe" & <more>'

pytestmark = pytest.mark.browser


def _release_changes(server: DelegateServer) -> None:
    with release(server) as draft:
        draft.add(NEW, NEW_TITLE, "2024-02-16T19:00:00+05:00", "snow-leopard")
        moved, later, cancelled = draft.event(CATS), draft.event(SAIGA), draft.event("asiatic-wild-ass")
        moved.room_id = draft.room_id("bukhara")
        later.starts = datetime(2024, 2, 13, 7, 50, tzinfo=UTC)
        cancelled.status = EventStatus.CANCELLED
        draft.event(NETWORKING).ends = datetime(2024, 2, 13, 9, 30, tzinfo=UTC)


def _page_with(server: DelegateServer, words: str, address: str = "/") -> Callable[[], httpx.Response | None]:
    def look() -> httpx.Response | None:
        answer = httpx.get(server.url + address)
        return answer if words in answer.text and answer.is_success else None

    return look


def test_the_first_html_holds_a_new_release(serve: Serve) -> None:
    server = serve(COPAPP_PUBLIC_URL="https://cop.example")
    before = httpx.get(server.url)
    assert httpx.get(f"{server.url}/event/{NEW}").status_code == 404

    _release_changes(server)
    first = wait_until(
        _page_with(server, "Supper on the &quot;Steppe&quot; &amp; &lt;more&gt;"), "The new HTML", 15
    )
    event = httpx.get(f"{server.url}/event/{NEW}")

    assert first.headers["etag"] != before.headers["etag"]
    assert event.status_code == 200
    assert (
        '<meta property="og:title" content="Supper on the &quot;Steppe&quot; &amp; &lt;more&gt;"/>'
        in event.text
    )
    assert (
        '<meta property="og:description" content="Friday 16 February 2024, 19:00 (end not announced). '
        'Snow Leopard Room, Main Building."/>' in event.text
    )
    assert event.text.count('property="og:image"') == 1
    assert '<meta property="og:image" content="https://cop.example/pictures/preview.png"/>' in event.text
    described = re.search(r'<script type="application/ld\+json">(.*?)</script>', event.text)
    assert described is not None
    schema = json.loads(described[1])
    assert (schema["@type"], schema["name"], schema["startDate"]) == (
        "Event",
        NEW_TITLE,
        "2024-02-16T19:00:00+05:00",
    )
    for answer in (first, event):
        assert answer.headers["content-security-policy"] == content_security_policy(answer.text)
        assert "unsafe" not in answer.headers["content-security-policy"].split("script-src")[1].split(";")[0]


def test_an_open_page_takes_a_release_in_and_marks_what_changed(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    watch = Watch(page)
    open_online(page, server.url)
    expect(page.locator(".changes")).to_have_count(0)

    _release_changes(server)
    look_until(page, card(page, NEW))

    assert {
        slug: card(page, slug).locator(".changes li").all_inner_texts()
        for slug in (CATS, SAIGA, NETWORKING, "asiatic-wild-ass", NEW, "ssap-flyways")
    } == {
        CATS: ["Room was Room Ferghana"],
        SAIGA: ["Start was 12:45"],
        NETWORKING: ["End was end not announced"],
        "asiatic-wild-ass": ["Was: confirmed"],
        NEW: ["New in the programme"],
        "ssap-flyways": [],
    }
    expect(card(page, NEW).locator("h3")).to_have_text(NEW_TITLE)
    expect(card(page, "asiatic-wild-ass")).to_contain_text("Cancelled")
    crossed = (
        card(page, "asiatic-wild-ass")
        .locator("h3 a")
        .evaluate(
            "title => [title, title.parentNode].map(each => getComputedStyle(each).textDecorationLine).join()"
        )
    )
    assert "line-through" in crossed
    expect(page.locator(".changed")).to_contain_text("5 events changed since you last looked.")
    assert watch.complaints == []


def test_marks_vanish_once_read(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    open_online(page, server.url)
    _release_changes(server)
    look_until(page, card(page, NEW))

    card(page, CATS).locator("a.cover").click()
    expect(page.locator("h1")).to_have_text(TITLES[CATS])
    expect(page.locator(".changes")).to_have_text("Room was Room Ferghana")
    page.locator("a.back").click()

    expect(page.locator(".changed")).to_contain_text("4 events changed")
    expect(card(page, CATS).locator(".changes")).to_have_count(0)
    page.get_by_role("button", name="I have seen it").click()
    expect(page.locator(".changes, .changed")).to_have_count(0)
    page.reload()
    expect_freshness(page, "fresh")
    expect(page.locator(".changes, .changed")).to_have_count(0)


def _offline_title(page: Page, server: DelegateServer) -> bool:
    page.context.set_offline(True)
    page.goto(f"{server.url}/event/{NEW}")
    found = page.locator("h1").inner_text() == NEW_TITLE
    page.context.set_offline(False)
    return found


def test_the_worker_takes_a_release_in_without_a_question(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    open_online(page, server.url)
    wait_for_worker(page)
    star(page, CATS).click()
    kept = (
        "caches.match('/', {ignoreSearch: true}).then(answer => answer.text())"
        ".then(text => text.includes('Supper'))"
    )
    assert page.evaluate(kept) is False

    _release_changes(server)
    wait_until(_page_with(server, "Supper"), "The new HTML", 15)
    look_again(page)
    wait_for_newer_worker(page, kept, "The new precache")

    expect(page.locator(".toast")).to_have_count(0)
    page.evaluate("localStorage.removeItem('copapp:cop14:programme')")
    assert _offline_title(page, server)


def test_a_first_visit_marks_nothing_as_changed(phone: Phone, serve: Serve) -> None:
    server = serve()
    _release_changes(server)
    page = phone()

    open_online(page, server.url)

    look_until(page, card(page, NEW))
    expect(page.locator(".changes, .changed")).to_have_count(0)
    assert len(TITLES) + 1 == page.locator("article.card").count()
