"""What changed, release by release: in the first HTML, on an open phone, and offline."""

from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlmodel import Session, create_engine, select

from copapp.models import Event
from copapp.services.release import publish
from copapp.services.slots import the_conference
from tests.browser.conftest import Phone, Serve
from tests.browser.phone import open_online, wait_for_worker
from tests.browser.server import DelegateServer

pytestmark = pytest.mark.browser

NOW = datetime(2024, 2, 12, 4, 0, tzinfo=UTC)
SOON = 60_000


def move_cats(server: DelegateServer) -> None:
    """Release the cats in another room, with a note."""
    engine = create_engine(server.environment["COPAPP_DATABASE_URL"])
    with Session(engine) as db:
        cats, saiga = (
            db.exec(select(Event).where(Event.slug == slug)).one()
            for slug in ("cats-of-the-silk-road", "saiga-recovery")
        )
        cats.room_id = saiga.room_id
        db.add(cats)
        publish(db, the_conference(db), NOW, "The cats moved.")
        db.commit()
    engine.dispose()


def test_a_release_is_told_on_the_open_page_and_offline(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    open_online(page, f"{server.url}/changes")
    expect(page.locator("main section.panel h2")).to_have_text(["Release 1"])
    wait_for_worker(page)

    move_cats(server)

    newest = page.locator("#release-2")
    expect(newest).to_contain_text("The cats moved.", timeout=SOON)
    expect(newest.locator("ul.changes li")).to_have_text(["Room was Room Ferghana, Expo Centre"])
    expect(newest.locator("a[href='/event/cats-of-the-silk-road']")).to_be_visible()
    assert Axe().run(page).response["violations"] == []


def test_the_first_html_holds_the_changes(phone: Phone, serve: Serve) -> None:
    server = serve()
    move_cats(server)
    page = phone(java_script_enabled=False)

    expect(page.locator("body")).to_be_attached()
    for _ in range(60):
        page.goto(f"{server.url}/changes")
        if page.locator("#release-2").count():
            break
        page.wait_for_timeout(1_000)

    expect(page.locator("#release-2 ul.changes li")).to_have_text(["Room was Room Ferghana, Expo Centre"])
