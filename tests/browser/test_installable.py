"""The app can be installed: Chromium says so, the pictures are there, each phone gets its help."""

import io
from typing import Any

import httpx
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Phone
from tests.browser.phone import open_online, wait_for_worker
from tests.browser.server import DelegateServer

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.4 Mobile/15E148 Safari/604.1"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile "
    "Safari/537.36"
)

pytestmark = pytest.mark.browser


def _manifest(server: DelegateServer) -> dict[str, Any]:
    answer = httpx.get(f"{server.url}/manifest.webmanifest")
    assert answer.headers["content-type"].startswith("application/manifest+json")
    manifest: dict[str, Any] = answer.json()
    return manifest


def test_chromium_finds_nothing_against_installing(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone()
    open_online(page, delegate_server.url)
    wait_for_worker(page)
    session = page.context.new_cdp_session(page)

    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    read = session.send("Page.getAppManifest")

    # Playwright's contexts are private windows, in which no app can be installed: the only objection.
    assert [each["errorId"] for each in errors if each["errorId"] != "in-incognito"] == []
    assert (read["errors"], read["url"]) == ([], f"{delegate_server.url}/manifest.webmanifest")


def test_the_manifests_pictures_are_of_the_stated_sizes(delegate_server: DelegateServer) -> None:
    manifest = _manifest(delegate_server)
    pictures = [*manifest["icons"], *manifest["screenshots"]]
    stated = [(each["src"], each["sizes"], each["type"]) for each in pictures]

    found = []
    for each in pictures:
        answer = httpx.get(delegate_server.url + each["src"])
        image = Image.open(io.BytesIO(answer.content))
        found.append((each["src"], f"{image.width}x{image.height}", answer.headers["content-type"]))

    assert found == stated
    assert {each["purpose"] for each in manifest["icons"]} == {"any", "maskable"}
    assert {each["form_factor"] for each in manifest["screenshots"]} == {"narrow", "wide"}


def test_the_manifests_shortcuts_lead_somewhere(delegate_server: DelegateServer) -> None:
    manifest = _manifest(delegate_server)
    addresses = [manifest["start_url"], *(each["url"] for each in manifest["shortcuts"])]

    answers = [httpx.get(delegate_server.url + address).status_code for address in addresses]

    assert (len(addresses), set(answers)) == (3, {200})
    assert (manifest["display"], manifest["name"]) == (
        "standalone",
        "CMS COP14 · Altyn Dala Conservation Initiative",
    )


@pytest.mark.parametrize(
    ("agent", "steps"),
    [
        (
            IPHONE,
            [
                "In Safari, tap the Share button.",
                "Choose “Add to Home Screen”.",
                "The installed app starts empty: copy the short text under Saved here, and paste it there.",
            ],
        ),
        (
            ANDROID,
            [
                "Open your browser's menu (three dots).",
                "Choose “Add to home screen” or “Install app”.",
            ],
        ),
    ],
)
def test_each_phone_gets_its_own_help(
    agent: str, steps: list[str], phone: Phone, delegate_server: DelegateServer
) -> None:
    page = phone(user_agent=agent)

    open_online(page, f"{delegate_server.url}/settings")

    expect(page.locator("#install li")).to_have_text(steps)


def test_a_browser_that_can_install_offers_it(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone(user_agent=ANDROID)
    open_online(page, f"{delegate_server.url}/settings")
    page.evaluate(
        """() => { const event = new Event("beforeinstallprompt", { cancelable: true });
            event.prompt = async () => { window.prompted = true };
            dispatchEvent(event); window.held = event.defaultPrevented }"""
    )

    page.get_by_role("button", name="Install", exact=True).click()

    assert page.evaluate("[held, prompted]") == [True, True]
    page.evaluate("dispatchEvent(new Event('appinstalled'))")
    expect(page.locator("#install")).to_contain_text("The app is installed on this device.")
