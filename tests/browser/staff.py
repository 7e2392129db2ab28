"""A member of staff in a browser, and the delegate's side of a meeting."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.server import DelegateServer

PASSWORD = "golden steppe, wide sky"
_LINK = re.compile(r"/admin/set-up/[\w-]+")


def set_up(page: Page, server: DelegateServer, name: str = "Aigul Sadykova") -> None:
    """Follow the one-time link that the server printed, and be signed in as the first coordinator."""
    found = _LINK.search(server.log.read_text())
    assert found is not None
    page.goto(server.url + found[0])
    page.fill("[name=name]", name)
    page.fill("[name=email]", "aigul@altyndala.example")
    page.fill("[name=password]", PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page.locator(".head", has_text=name)).to_be_visible(timeout=15_000)


def fill_form(page: Page, name: str = "Dana Omarova", reason: str = "The saiga corridor.") -> None:
    """Fill in everything that is required."""
    page.fill("[name=reason]", reason)
    page.fill("[name=name]", name)
    page.fill("[name=organisation]", "Ministry of Ecology")
    page.fill("[name=email]", f"{name.partition(' ')[0].lower()}@ministry.example")
    page.check("[name=consent]")


def slot(page: Page, starts: str) -> Locator:
    """Give the choice of a slot, by its instant, on the day that is shown."""
    return page.locator(f"label.slot:has(input[value='{starts}'])")


def send(page: Page) -> None:
    """Send the form; filled in as fast as here, the server takes it for a script's and asks for proof."""
    page.locator("form.ask button[type=submit]").click()


def request_status(page: Page, status: str) -> Locator:
    """Give what shows a request in that state."""
    return page.locator(f"[data-request='{status}']")


def open_request(page: Page, name: str) -> None:
    """Open a request of the list."""
    page.locator(".rows a", has_text=name).click()
    expect(page.locator("article.request h1")).to_have_text(name)
