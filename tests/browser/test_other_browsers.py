"""The main journey in Debian's Firefox ESR and in WebKitGTK, the nearest to an iPhone's browser here."""

import json

import pytest

from tests.browser.browsers import Page, wait_until
from tests.browser.phone import CATS, TITLES
from tests.browser.server import DelegateServer

pytestmark = pytest.mark.browser


def _wait_for(page: Page, css: str, words: str) -> None:
    found = f"(document.querySelector({json.dumps(css)})?.innerText ?? '').includes({json.dumps(words)})"
    wait_until(lambda: page.evaluate(found), f"{words} in {css}")


@pytest.mark.parametrize("name", ["firefox", "webkit"])
def test_the_main_journey_passes_in(
    name: str, request: pytest.FixtureRequest, delegate_server: DelegateServer
) -> None:
    page: Page = request.getfixturevalue(name)
    page.resize(500, 800)

    page.open(delegate_server.url)
    _wait_for(page, ".freshness", "Checked just now")
    titles = page.evaluate("[...document.querySelectorAll('article.card h3')].map(each => each.textContent)")
    assert titles == list(TITLES.values())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") is True

    page.click(f"[data-event='{CATS}'] h3 a")
    _wait_for(page, "h1", TITLES[CATS])
    page.click("button.star")
    _wait_for(page, "button.star", "Saved")
    page.click("nav.places a[href='/saved']")
    _wait_for(page, "h1", "Saved")
    _wait_for(page, "article.card", TITLES[CATS])

    page.open(f"{delegate_server.url}/settings")
    _wait_for(page, ".freshness", "Checked just now")
    page.click("button[lang='fr']")
    _wait_for(page, "h1", "Réglages")
    page.open(f"{delegate_server.url}/saved")
    _wait_for(page, "h1", "Enregistrés")
    kept = json.loads(page.evaluate("localStorage.getItem('copapp:cop14:bookmarks')"))
    assert kept == {"version": 1, "value": {CATS: TITLES[CATS]}}
