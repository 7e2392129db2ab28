"""Readable and usable by everyone: axe, 320 px, large text, keyboard only, no JavaScript."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import Phone
from tests.browser.phone import CATS, PLACES, TITLES, card, open_online, star
from tests.browser.server import DelegateServer

LANGUAGES = ("en", "fr", "es", "ru")
MAPS = ("/map", "/map/snow-leopard", "/map/ferghana/avantegarde")
ADDRESSES = (*PLACES, *MAPS, "/calendars", "/event/saiga-networking", "/no/such/page")
TO_320 = ViewportSize(width=320, height=640)
LARGE_TEXT = "document.documentElement.style.fontSize = '200%'"

pytestmark = pytest.mark.browser


def _violations(page: Page) -> list[tuple[str, list[str]]]:
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found]


def _overflow(page: Page) -> list[str]:
    """Name what stands out of a page that scrolls sideways."""
    wide: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("*")]
            .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
            .map(each => each.tagName + "." + each.className)"""
    )
    return wide


def _visit(page: Page, server: DelegateServer, address: str, language: str) -> None:
    page.goto(server.url + address)
    expect(page.locator("html")).to_have_attribute("lang", language)
    if address == "/no/such/page":
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    else:
        expect(page.locator("[data-freshness]")).to_have_attribute("data-freshness", "fresh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_a_violation_in(language: str, phone: Phone, delegate_server: DelegateServer) -> None:
    """At 320 px in both colours, and at the usual width with text of twice the size."""
    page = phone(locale=language, color_scheme="light")
    usual = page.viewport_size
    assert usual is not None
    found = {}

    for address in ADDRESSES:
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(TO_320)
        _visit(page, delegate_server, address, language)
        if address == "/":
            star(page, CATS).click()
        found["light", address] = (_violations(page), _overflow(page))
        page.emulate_media(color_scheme="dark")
        found["dark", address] = (_violations(page), _overflow(page))
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(usual)
        page.evaluate(LARGE_TEXT)
        found["large", address] = (_violations(page), _overflow(page))

    looks = [(look, address) for address in ADDRESSES for look in ("light", "dark", "large")]
    assert found == dict.fromkeys(looks, ([], []))


def test_questions_and_messages_have_no_violation(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone(viewport=TO_320)
    open_online(page, f"{delegate_server.url}/saved#copapp1~cop14~{CATS}")
    expect(page.get_by_role("alert")).to_be_visible()

    assert (_violations(page), _overflow(page)) == ([], [])
    page.get_by_role("button", name="Add them").click()
    page.get_by_role("button", name="QR code").click()
    expect(page.locator(".code img")).to_be_visible()
    assert (_violations(page), _overflow(page)) == ([], [])


def test_what_is_tapped_is_large_enough_for_a_thumb(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone(viewport=TO_320)
    small = {}

    for address in ADDRESSES:
        _visit(page, delegate_server, address, "en")
        small[address] = page.evaluate(
            """() => [...document.querySelectorAll(
                "button, nav a, a.back, a.action, a.button, select, textarea, label.tick, label.slot, "
                + "input:not([type=checkbox], .trap input)")]
                .map(each => [each.textContent || each.name, each.getBoundingClientRect()])
                .filter(([, box]) => box.width && (box.width < 43.9 || box.height < 43.9))
                .map(([words, box]) => `${words}: ${box.width} x ${box.height}`)"""
        )

    assert small == {address: [] for address in ADDRESSES}


def _focused(page: Page) -> dict[str, Any]:
    focused: dict[str, Any] = page.evaluate(
        """() => { const each = document.activeElement;
            const outlined = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
            return { words: each.getAttribute("aria-label") ?? each.textContent,
                     seen: [getComputedStyle(each), getComputedStyle(each, "::after"),
                            getComputedStyle(each.closest("article") ?? each)].some(outlined) } }"""
    )
    return focused


def test_the_keyboard_alone_reaches_and_toggles_a_bookmark(
    phone: Phone, delegate_server: DelegateServer
) -> None:
    page = phone()
    open_online(page, delegate_server.url)

    page.keyboard.press("Tab")
    assert _focused(page) == {"words": "Skip to the content", "seen": True}
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = _focused(page)
        assert focused["seen"], focused
        if focused["words"] == f"Save: {TITLES[CATS]}":
            break
    page.keyboard.press("Space")

    expect(star(page, CATS)).to_have_attribute("aria-pressed", "true")
    expect(star(page, CATS)).to_be_focused()


def test_opening_a_page_moves_the_focus_to_it(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone()
    open_online(page, delegate_server.url)

    card(page, CATS).locator("a.cover").press("Enter")

    expect(page.locator("h1")).to_have_text(TITLES[CATS])
    expect(page.locator("#main")).to_be_focused()


def test_nothing_moves_where_that_is_not_wanted(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone(reduced_motion="reduce")
    open_online(page, delegate_server.url)

    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].map(each => [each.className, getComputedStyle(each)])
            .filter(([, style]) => [style.transitionDuration, style.animationDuration]
                .some(each => parseFloat(each) > 0.01) || style.scrollBehavior === "smooth")
            .map(([name]) => String(name))"""
    )

    assert moving == []


def test_the_programme_is_readable_without_javascript(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone(java_script_enabled=False)
    answer = page.goto(delegate_server.url)

    assert answer is not None
    expect(page.locator("article.card h3")).to_have_text(list(TITLES.values()))
    expect(card(page, "saiga-networking")).to_contain_text("end not announced")
    for address in ("/", "/saved", "/settings", "/event/saiga-recovery"):
        page.goto(delegate_server.url + address)
        for dead in page.locator("button, input").all():
            expect(dead).to_be_hidden()
    expect(page.locator("h1")).to_have_text(TITLES["saiga-recovery"])
    expect(page.locator(".facts")).to_contain_text("Tuesday 13 February, 12:45")
    expect(page.locator("main")).to_contain_text("Hosted by the delegation of Kazakhstan.")
    expect(page.get_by_role("link", name="Add to calendar")).to_be_visible()
