"""Coordinators change the venue's plan: checked first, live at once, and the last good one stays."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.acts import journey_of
from tests.browser.conftest import Phone, Serve
from tests.browser.server import DelegateServer
from tests.browser.staff import set_up

pytestmark = pytest.mark.browser

HALLS = Path(__file__).parents[1] / "data" / "halls"
SOON = 15_000


@pytest.fixture
def server(serve: Serve) -> DelegateServer:
    return serve(COPAPP_CONFERENCE=str(HALLS))


def open_settings(page: Page, server: DelegateServer) -> None:
    set_up(page, server)
    page.goto(f"{server.url}/admin/settings")
    expect(page.locator("#plan")).to_contain_text("Rooms: 4", timeout=SOON)


def changed(change: Callable[[dict[str, Any]], None]) -> str:
    plan = json.loads((HALLS / "venue.geojson").read_text("utf-8"))
    change(plan)
    return json.dumps(plan)


def without_cloakroom(plan: dict[str, Any]) -> None:
    plan["features"] = [each for each in plan["features"] if not each["id"].startswith("cloakroom")]


def plan_of(server: DelegateServer) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{server.url}/api/v1/venue").json()
    return found


@journey_of("SettingsState.replace_plan")
def test_a_plan_from_a_file_is_live_without_a_build(
    phone: Phone, server: DelegateServer, tmp_path: Path
) -> None:
    page = phone()
    open_settings(page, server)
    file = tmp_path / "new.geojson"
    file.write_text(changed(without_cloakroom), encoding="utf-8")

    page.set_input_files("#plan-file", file)
    expect(page.locator("#plan-text")).to_have_value(file.read_text("utf-8"))
    page.locator(".plan-form button[type=submit]").click()

    expect(page.locator("#plan")).to_contain_text("Rooms: 3", timeout=SOON)
    assert {room["slug"] for room in plan_of(server)["rooms"]} == {"aula", "library", "pavilion"}


def test_a_broken_plan_is_refused_by_feature_and_stays_in_the_field(
    phone: Phone, server: DelegateServer
) -> None:
    page = phone()
    open_settings(page, server)
    broken = changed(lambda plan: plan["features"].pop(-2))

    page.fill("#plan-text", broken)
    page.locator(".plan-form button[type=submit]").click()

    expect(page.locator(".problems li")).to_have_text(
        ["venue.geojson, room pavilion: cannot be reached from aula: no path leads to its door"], timeout=SOON
    )
    expect(page.locator("#plan-text")).to_have_value(broken)
    assert len(plan_of(server)["rooms"]) == 4
    assert Axe().run(page).response["violations"] == []


def test_a_plan_as_large_as_is_allowed_is_taken(phone: Phone, server: DelegateServer) -> None:
    page = phone()
    open_settings(page, server)
    large = changed(lambda plan: plan.update(schematic=True)) + " " * 1_900_000

    page.evaluate("(text) => { document.getElementById('plan-text').value = text; }", large)
    page.locator(".plan-form button[type=submit]").click()

    expect(page.locator("#plan")).to_contain_text("schematic", timeout=SOON)
    assert plan_of(server)["schematic"] is True


def test_the_plans_file_is_there_to_start_from(phone: Phone, server: DelegateServer) -> None:
    page = phone()
    open_settings(page, server)

    with page.expect_download() as begun:
        page.locator("#plan a[href='/admin/venue.geojson']").click()

    assert begun.value.suggested_filename == "venue.geojson"
    assert Path(begun.value.path()).read_bytes() == (HALLS / "venue.geojson").read_bytes()
    assert httpx.get(f"{server.url}/admin/venue.geojson").status_code == 303
