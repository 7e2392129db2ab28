"""What a person saves: at once, in every tab, on the next phone, and for as long as they want it."""

import io
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Phone, Serve
from tests.browser.phone import (
    CATS,
    NETWORKING,
    SAIGA,
    TITLES,
    card,
    expect_shown,
    look_until,
    open_online,
    star,
)
from tests.browser.releases import release
from tests.browser.server import DelegateServer

TEXT = f"copapp1~cop14~{CATS}.{SAIGA}"

pytestmark = pytest.mark.browser


@pytest.fixture
def saved(phone: Phone, delegate_server: DelegateServer) -> Page:
    """A phone that has saved two events, at what it saved."""
    page = phone(permissions=["clipboard-read", "clipboard-write"])
    open_online(page, delegate_server.url)
    star(page, SAIGA).click()
    star(page, CATS).click()
    page.get_by_role("link", name="Saved").click()
    expect(page.locator("h1")).to_have_text("Saved")
    return page


def test_a_bookmark_is_instant_and_survives_a_reload(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone()
    open_online(page, delegate_server.url)
    expect(star(page, CATS)).to_have_attribute("aria-pressed", "false")

    pressed_in_the_same_frame = star(page, CATS).evaluate(
        "star => { star.click(); return new Promise(done => requestAnimationFrame(() => "
        "done(star.getAttribute('aria-pressed')))) }"
    )

    assert pressed_in_the_same_frame == "true"
    page.reload()
    expect(star(page, CATS)).to_have_attribute("aria-pressed", "true")
    star(page, CATS).click()
    page.reload()
    expect(star(page, CATS)).to_have_attribute("aria-pressed", "false")


def test_two_tabs_show_the_same_bookmarks(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone()
    other = page.context.new_page()
    open_online(page, delegate_server.url)
    open_online(other, f"{delegate_server.url}/saved")

    star(page, CATS).click()

    expect(card(other, CATS)).to_be_visible()
    star(other, CATS).click()
    expect(star(page, CATS)).to_have_attribute("aria-pressed", "false")


def test_saved_events_stand_in_order_under_their_day(saved: Page) -> None:
    expect_shown(saved, [SAIGA, CATS])
    expect(saved.locator(".head")).to_contain_text("2 saved events")
    saved.get_by_role("link", name="Schedule").click()
    saved.get_by_role("button", name="Saved only").click()
    expect_shown(saved, [SAIGA, CATS])


@pytest.mark.parametrize("button", ["Copy link", "Copy short text"])
def test_saved_events_reach_another_phone_by(button: str, saved: Page, phone: Phone) -> None:
    saved.get_by_role("button", name=button).click()
    expect(saved.locator(".toast")).to_contain_text("Copied.")
    copied: str = saved.evaluate("navigator.clipboard.readText()")
    home = saved.url.removesuffix("/saved")
    assert copied == (f"{home}/saved#{TEXT}" if button == "Copy link" else TEXT)

    other = phone()
    open_online(other, copied if button == "Copy link" else f"{home}/saved")
    if button == "Copy short text":
        other.get_by_label("Paste a link or a short text here").fill(copied)

    expect(other.get_by_role("alert")).to_contain_text("Add 2 saved events to this phone?")
    expect_shown(other, [])
    other.get_by_role("button", name="Add them").click()
    expect(other.locator("article.card")).to_have_count(2)
    assert other.url == f"{home}/saved"
    other.reload()
    expect(other.locator("article.card")).to_have_count(2)
    expect_shown(other, [SAIGA, CATS])


def test_a_link_may_be_left_and_what_was_saved_stays(saved: Page) -> None:
    saved.goto(saved.url + f"#copapp1~cop14~{NETWORKING}")

    saved.get_by_role("button", name="Not now").click()

    expect(saved.get_by_role("alert")).to_have_count(0)
    expect_shown(saved, [SAIGA, CATS])


def test_the_code_on_the_screen_carries_the_link(saved: Page) -> None:
    decoder: Any = pytest.importorskip("zxingcpp")
    saved.get_by_role("button", name="QR code").click()
    code = saved.locator(".code img")
    expect(code).to_be_visible()

    read = decoder.read_barcodes(Image.open(io.BytesIO(code.screenshot())))

    assert [each.text for each in read] == [f"{saved.url}#{TEXT}"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hello", "This text does not carry saved events. It should begin with copapp1~."),
        ("copapp1~cop15~cats", "This text carries saved events of another conference."),
        ("copapp1~cop14~", "This text carries nothing saved."),
    ],
)
def test_a_text_that_carries_nothing_is_refused_in_words(text: str, words: str, saved: Page) -> None:
    field = saved.get_by_label("Paste a link or a short text here")
    field.fill(text)
    field.blur()

    expect(saved.get_by_role("alert")).to_contain_text(words)
    expect(saved.get_by_role("button", name="Add them")).to_have_count(0)
    expect_shown(saved, [SAIGA, CATS])


def test_a_vanished_event_stays_saved_and_returns_with_it(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    open_online(page, server.url)
    star(page, CATS).click()
    page.get_by_role("link", name="Saved").click()
    expect(card(page, CATS)).to_be_visible()

    with release(server) as draft:
        taken = draft.take_out(CATS)
    gone = page.locator("section", has=page.get_by_role("heading", name="No longer in the programme"))
    look_until(page, gone)

    expect(gone).to_contain_text(TITLES[CATS])
    expect(card(page, CATS)).to_have_count(0)
    page.reload()
    expect(gone).to_contain_text(TITLES[CATS])

    with release(server) as draft:
        draft.put_back(taken)
    look_until(page, card(page, CATS))

    expect(card(page, CATS)).to_contain_text(TITLES[CATS])
    expect(gone).to_have_count(0)
