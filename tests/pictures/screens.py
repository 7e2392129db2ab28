"""Photograph the real app: the manifest's and the README's screenshots, and what a shared link shows."""

import base64
import html
import tempfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, ViewportSize

from copapp.domain.source import SourceConference, SourceProgramme
from copapp.interop.conference_folder import read_folder
from copapp.settings import settings
from tests.browser.server import DelegateServer

ASSETS = Path(__file__).parents[2] / "assets"
PHONE = ViewportSize(width=412, height=823)
DESK = ViewportSize(width=1280, height=800)
NOON = time(12, 10)


def photograph_screens(browser: Browser) -> None:
    """Photograph the conference that COPAPP_CONFERENCE names, at noon of its second day."""
    programme = read_folder(settings().conference_folder)
    about = programme.conference
    day = min(about.starts + timedelta(days=1), about.ends)
    with tempfile.TemporaryDirectory() as folder:
        given = {
            "COPAPP_CONFERENCE": settings().conference,
            "COPAPP_NOW": datetime.combine(day, NOON, ZoneInfo(about.timezone)).isoformat(),
            "COPAPP_SITES": f"{folder}/site",
        }
        server = DelegateServer(Path(folder), given)
        server.run("seed")
        server.start()
        try:
            _photograph(browser, server.url, programme, day)
        finally:
            server.stop()


def _photograph(browser: Browser, url: str, programme: SourceProgramme, day: date) -> None:
    """Put the pictures where only this conference shows them."""
    about = programme.conference
    into = ASSETS / "pictures" / about.slug
    into.mkdir(parents=True, exist_ok=True)
    zone = ZoneInfo(about.timezone)
    held = [each.slug for each in programme.events if each.starts.astimezone(zone).date() == day]
    saved = (held or [each.slug for each in programme.events])[:3]
    phone = _page(browser, PHONE, 2, "light")
    for slug in saved:
        _open(phone, f"{url}/event/{slug}")
        phone.click("button[aria-pressed='false']")
    _shoot(phone, f"{url}/", into / "narrow.png")
    _shoot(phone, f"{url}/event/{saved[0]}", into / "event.png")
    _shoot(phone, f"{url}/saved", into / "saved.png")
    _shoot(phone, f"{url}/map{_way(programme)}", into / "map.png")
    _shoot(phone, f"{url}/meet?event={saved[0]}", into / "meet.png")
    _shoot(_page(browser, PHONE, 2, "dark"), f"{url}/", into / "dark.png")
    _shoot(_page(browser, DESK, 1, "light"), f"{url}/", into / "wide.png")
    _preview(browser, about, into / "preview.png")


def _way(programme: SourceProgramme) -> str:
    """Lead from the first room to one of another site, where there is one."""
    start = programme.rooms[0]
    goal = next((room for room in programme.rooms if room.site != start.site), None)
    return f"/{start.slug}/{goal.slug}" if goal else ""


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


def _shoot(page: Page, address: str, file: Path) -> None:
    _open(page, address)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=file)
    _say(file)


def _say(file: Path) -> None:
    print(f"{file.relative_to(ASSETS.parent)}: {file.stat().st_size:,} bytes")


def _preview(browser: Browser, about: SourceConference, file: Path) -> None:
    icon = base64.b64encode((ASSETS / "icons" / "icon-512.png").read_bytes()).decode()
    page = browser.new_page(viewport={"width": 1200, "height": 630})
    page.set_content(
        "<body style='margin:0;height:630px;display:flex;align-items:center;gap:64px;padding:0 80px;"
        "box-sizing:border-box;background:#FBF8F1;color:#1F2421;font:600 40px/1.3 system-ui,sans-serif'>"
        f"<img src='data:image/png;base64,{icon}' width='300'><div>"
        f"<div style='color:#0B5C78;font-size:32px'>{html.escape(about.organisation)}</div>"
        f"<div style='font-size:84px;letter-spacing:-2px'>{html.escape(about.name)}</div>"
        f"<div style='font-weight:400'>{html.escape(about.place)}</div></div>"
    )
    page.screenshot(path=file)
    _say(file)
