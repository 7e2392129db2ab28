"""Photograph the real app: the manifest's and the README's screenshots, and what a shared link shows."""

import base64
import html
import tempfile
from pathlib import Path
from typing import Literal

import httpx
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.server import DelegateServer

ASSETS = Path(__file__).parents[2] / "assets"
SCREENS = ASSETS / "screenshots"
PREVIEW = ASSETS / "pictures" / "preview.png"
PHONE = ViewportSize(width=412, height=823)
DESK = ViewportSize(width=1280, height=800)
DURING = "2024-02-13T12:10:00+05:00"
SAVED = ("saiga-recovery", "saiga-networking", "cats-of-the-silk-road")


def photograph_screens(browser: Browser) -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = DelegateServer(Path(folder), {"COPAPP_NOW": DURING, "COPAPP_SITES": f"{folder}/site"})
        server.run("seed")
        server.start()
        try:
            _photograph(browser, server.url)
        finally:
            server.stop()


def _photograph(browser: Browser, url: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    phone = _page(browser, PHONE, 2, "light")
    for slug in SAVED:
        _open(phone, f"{url}/event/{slug}")
        phone.click("button[aria-pressed='false']")
    _shoot(phone, f"{url}/", "narrow")
    _shoot(phone, f"{url}/event/{SAVED[0]}", "event")
    _shoot(phone, f"{url}/saved", "saved")
    _shoot(phone, f"{url}/map/ferghana/avantegarde", "map")
    _shoot(phone, f"{url}/meet?event={SAVED[0]}", "meet")
    _shoot(_page(browser, PHONE, 2, "dark"), f"{url}/", "dark")
    _shoot(_page(browser, DESK, 1, "light"), f"{url}/", "wide")
    _preview(browser, httpx.get(f"{url}/api/v1/programme").json()["conference"])


def _page(browser: Browser, size: ViewportSize, scale: int, scheme: Literal["light", "dark"]) -> Page:
    page = browser.new_page(
        viewport=size,
        device_scale_factor=scale,
        color_scheme=scheme,
        locale="en-GB",
        timezone_id="Asia/Samarkand",
    )
    # The preview's clock is how the pictures are made, not what they show.
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => document.head.append(Object.assign("
        "document.createElement('style'), { textContent: '.banner.preview { display: none }' })))"
    )
    return page


def _open(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("[data-freshness=fresh]").wait_for()


def _shoot(page: Page, address: str, name: str) -> None:
    _open(page, address)
    page.wait_for_load_state("networkidle")
    file = SCREENS / f"{name}.png"
    page.screenshot(path=file)
    print(f"assets/screenshots/{name}.png: {file.stat().st_size:,} bytes")


def _preview(browser: Browser, conference: dict[str, str]) -> None:
    icon = base64.b64encode((ASSETS / "icons" / "icon-512.png").read_bytes()).decode()
    page = browser.new_page(viewport={"width": 1200, "height": 630})
    page.set_content(
        "<body style='margin:0;height:630px;display:flex;align-items:center;gap:64px;padding:0 80px;"
        "box-sizing:border-box;background:#FBF8F1;color:#1F2421;font:600 40px/1.3 system-ui,sans-serif'>"
        f"<img src='data:image/png;base64,{icon}' width='300'><div>"
        f"<div style='color:#0B5C78;font-size:32px'>{html.escape(conference['organisation'])}</div>"
        f"<div style='font-size:84px;letter-spacing:-2px'>{html.escape(conference['name'])}</div>"
        f"<div style='font-weight:400'>{html.escape(conference['place'])}</div></div>"
    )
    PREVIEW.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PREVIEW)
    print(f"assets/pictures/preview.png: {PREVIEW.stat().st_size:,} bytes")
