"""The map: fingers, keys and words; every room and every way as the programme and the plan have them."""

import json
import shutil
from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from copapp.interop.conference_folder import read_folder
from copapp.settings import DATA
from tests.browser.browsers import wait_until
from tests.browser.conftest import Phone, Serve
from tests.browser.hands import Hand, Point
from tests.browser.phone import (
    CATS,
    NETWORKING,
    SAIGA,
    TITLES,
    card,
    expect_freshness,
    expect_shown,
    open_online,
    wait_for_worker,
)
from tests.browser.server import DelegateServer

HALLS = str(Path(__file__).parents[1] / "data" / "halls")
FOLDER = read_folder(DATA / "cop14")
ROOMS = {room.slug: room.name for room in FOLDER.rooms}
SITES = {site.slug: site.name for site in FOLDER.sites}
SITE_OF = {room.slug: room.site for room in FOLDER.rooms}
PAIRS = list(permutations(ROOMS, 2))
TO_320 = {"width": 320, "height": 640}
TUESDAY = "2024-02-13T13:05:00+05:00"

pytestmark = pytest.mark.browser


def open_map(page: Page, url: str) -> None:
    """Open a page of the map and wait until the plan can be moved."""
    page.goto(url)
    expect(page.locator(".stage")).to_have_attribute("data-ready", "true")


def lie(page: Page) -> dict[str, float]:
    """Say how the plan lies: how much larger than whole, and how far moved in pixels."""
    found: dict[str, float] = page.evaluate(
        """() => {
            const matrix = new DOMMatrix(getComputedStyle(document.querySelector(".world")).transform);
            const [k, x, y] = [matrix.a, matrix.e, matrix.f].map((each) => Math.round(each * 1000) / 1000);
            return { k, x, y };
        }"""
    )
    return found


def settled(page: Page) -> dict[str, float]:
    """Wait until the plan stands still, and say how it lies."""
    wait_until(lambda: page.locator(".world.moving").count() == 0, "The plan's rest", 5)
    before = lie(page)

    def is_still() -> bool:
        nonlocal before
        page.wait_for_timeout(60)
        last, before = before, lie(page)
        return last == before

    wait_until(is_still, "The plan's rest", 5)
    return before


def moved(page: Page, how: Callable[[dict[str, float]], bool]) -> dict[str, float]:
    """Wait until the plan lies so."""
    wait_until(lambda: how(lie(page)), "The plan's move", 5)
    return settled(page)


def middle(shape: Locator) -> Point:
    box = shape.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def room(page: Page, slug: str) -> Locator:
    return page.locator(f"[data-room='{slug}']")


def lit(page: Page) -> list[str]:
    """List the marked rooms with their state."""
    found: list[str] = page.locator("[data-room]:not([data-state=''])").evaluate_all(
        "shapes => shapes.map(each => `${each.dataset.room} ${each.dataset.state}`)"
    )
    return found


def test_two_fingers_zoom_and_one_moves_the_plan_not_the_page(
    phone: Phone, delegate_server: DelegateServer
) -> None:
    page = phone(has_touch=True)
    open_map(page, f"{delegate_server.url}/map")
    hand, centre = Hand(page), middle(page.locator(".stage"))

    hand.pinch(centre, 80, 240)
    near = settled(page)
    hand.drag(centre, (centre[0] - 60, centre[1] - 50))
    gone = settled(page)

    assert near["k"] == pytest.approx(3, rel=0.1)
    assert gone["k"] == near["k"]
    assert gone["x"] - near["x"] == pytest.approx(-60, abs=2)
    assert gone["y"] - near["y"] == pytest.approx(-50, abs=2)
    assert page.evaluate("scrollY") == 0
    expect(page).to_have_url(f"{delegate_server.url}/map")
    hand.pinch(centre, 240, 20)
    assert settled(page) == {"k": 1, "x": 0, "y": 0}


def test_the_plan_cannot_be_lost(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone(has_touch=True)
    open_map(page, f"{delegate_server.url}/map")
    hand, centre = Hand(page), middle(page.locator(".stage"))

    hand.drag(centre, (centre[0] + 150, centre[1] + 100))
    assert settled(page) == {"k": 1, "x": 0, "y": 0}

    hand.pinch(centre, 80, 240)
    for _ in range(4):
        hand.drag(centre, (centre[0] + 180, centre[1] + 150))
    corner = settled(page)
    assert (corner["x"], corner["y"]) == (0, 0)


def test_a_finger_on_the_sheet_scrolls_the_page(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone(has_touch=True)
    open_map(page, f"{delegate_server.url}/map")

    Hand(page).drag((195, 700), (195, 400))

    wait_until(lambda: page.evaluate("scrollY") > 150, "The page's scroll", 5)
    assert lie(page) == {"k": 1, "x": 0, "y": 0}


def test_a_double_tap_zooms_in_there(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone(has_touch=True)
    open_map(page, f"{delegate_server.url}/map")
    stage = page.locator(".stage").bounding_box()
    assert stage is not None
    hand, ground = Hand(page), (stage["x"] + 8, stage["y"] + stage["height"] / 2)

    hand.tap(ground)
    hand.tap(ground)

    assert moved(page, lambda at: at["k"] > 1)["k"] == pytest.approx(2, rel=0.05)


def test_a_tap_on_a_site_shows_it_larger_and_on_a_room_opens_it(
    phone: Phone, delegate_server: DelegateServer
) -> None:
    page = phone(has_touch=True)
    open_map(page, f"{delegate_server.url}/map")
    box = page.locator("[data-site='main-building']").bounding_box()
    assert box is not None

    Hand(page).tap((box["x"] + 6, box["y"] + box["height"] - 6))
    near = moved(page, lambda at: at["k"] > 1.5)
    Hand(page).tap(middle(room(page, "snow-leopard")))

    expect(page).to_have_url(f"{delegate_server.url}/map/snow-leopard")
    expect(page.locator("h1")).to_have_text("Snow Leopard Room")
    assert lit(page) == ["snow-leopard lit"]
    expect(page.locator(".stage")).to_have_attribute("data-ready", "true")
    assert settled(page)["k"] == pytest.approx(near["k"], rel=0.01), "the plan lies as it lay"


def test_a_drag_that_begins_on_a_room_opens_nothing(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone()
    open_map(page, f"{delegate_server.url}/map")
    page.get_by_role("button", name="Zoom in").click()
    before = settled(page)
    x, y = middle(room(page, "ferghana"))

    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 30, steps=6)
    page.mouse.up()

    assert settled(page)["y"] != before["y"]
    expect(page).to_have_url(f"{delegate_server.url}/map")


def test_wheel_and_buttons_zoom(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone()
    open_map(page, f"{delegate_server.url}/map")

    page.mouse.move(*middle(page.locator(".stage")))
    page.mouse.wheel(0, -300)
    wheeled = moved(page, lambda at: at["k"] > 1)
    page.get_by_role("button", name="Zoom in").click()
    pressed = moved(page, lambda at: at["k"] > wheeled["k"])
    page.get_by_role("button", name="Zoom out").click()
    back = moved(page, lambda at: at["k"] < pressed["k"])
    page.get_by_role("button", name="Show the whole map").click()

    assert back["k"] == pytest.approx(wheeled["k"])
    assert moved(page, lambda at: at["k"] == 1) == {"k": 1, "x": 0, "y": 0}


def test_the_keyboard_alone_moves_the_plan_and_opens_a_room(
    phone: Phone, delegate_server: DelegateServer
) -> None:
    page = phone()
    open_map(page, f"{delegate_server.url}/map")
    page.locator(".stage").focus()

    page.keyboard.press("+")
    near = moved(page, lambda at: at["k"] > 1.5)
    page.keyboard.press("ArrowRight")
    right = moved(page, lambda at: at["x"] < near["x"])
    page.keyboard.press("ArrowDown")
    down = moved(page, lambda at: at["y"] < right["y"])
    page.keyboard.press("-")
    moved(page, lambda at: at["k"] < down["k"])
    page.keyboard.press("0")
    assert moved(page, lambda at: at["k"] == 1) == {"k": 1, "x": 0, "y": 0}

    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Expo Centre: show it larger")).to_be_focused()
    page.keyboard.press("Enter")
    moved(page, lambda at: at["k"] > 1)
    for _ in range(4):
        page.keyboard.press("Tab")
    avantegarde = page.get_by_role("link", name="Avantegarde Room, Savitsky Plaza")
    expect(avantegarde).to_be_focused()
    settled(page)
    assert _is_within(page, "avantegarde"), "what has the focus is in sight"
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{delegate_server.url}/map/avantegarde")
    expect(page.locator("#main")).to_be_focused()


def _is_within(page: Page, slug: str) -> bool:
    stage, shape = page.locator(".stage").bounding_box(), room(page, slug).bounding_box()
    assert stage is not None
    assert shape is not None
    return (
        stage["x"] <= shape["x"] + 1
        and shape["x"] + shape["width"] <= stage["x"] + stage["width"] + 1
        and stage["y"] <= shape["y"] + 1
        and shape["y"] + shape["height"] <= stage["y"] + stage["height"] + 1
    )


def test_nothing_glides_where_that_is_not_wanted(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone(reduced_motion="reduce")
    open_map(page, f"{delegate_server.url}/map")

    scales = page.evaluate(
        """async () => {
            const world = document.querySelector(".world");
            const scale = () => new DOMMatrix(getComputedStyle(world).transform).a;
            document.querySelector(".zoom button:nth-child(2)").click();
            await Promise.resolve();
            await Promise.resolve();
            const first = scale();
            await new Promise((done) => setTimeout(done, 300));
            return [first, scale()];
        }"""
    )

    assert scales == [pytest.approx(1.6), pytest.approx(1.6)]


@pytest.mark.parametrize("slug", ROOMS)
def test_a_room_page_agrees_with_the_programme(
    slug: str, phone: Phone, delegate_server: DelegateServer
) -> None:
    page = phone()
    open_map(page, f"{delegate_server.url}/map/{slug}")

    expect(page.locator("h1")).to_have_text(ROOMS[slug])
    expect(page.locator(".map > header")).to_contain_text(SITES[SITE_OF[slug]])
    expect(page).to_have_title(f"{ROOMS[slug]} · CMS COP14")
    assert lit(page) == [f"{slug} lit"]
    expect(page.locator(".label[data-state=lit]")).to_have_text(ROOMS[slug])
    expect(page.locator(".label[data-state=lit] .icon")).to_be_visible()
    name = f"{ROOMS[slug]}, {SITES[SITE_OF[slug]]}, marked on the map"
    expect(page.get_by_role("link", name=name)).to_have_count(1)
    expect_shown(page, [event.slug for event in FOLDER.events if event.room == slug])
    expect(page.locator(".schematic")).to_have_text("Schematic, not to scale")


def test_a_room_page_says_what_is_on_and_what_comes(phone: Phone, serve: Serve) -> None:
    server, page = serve(COPAPP_NOW=TUESDAY), phone()

    open_online(page, f"{server.url}/map/bukhara")
    on = page.locator(".here-now li").all_inner_texts()
    page.goto(f"{server.url}/map/ferghana")
    page.locator(".here-now a").wait_for()
    coming = page.locator(".here-now li").all_inner_texts()

    assert [line.split("\n")[0] for line in on] == ["On now"]
    assert TITLES[SAIGA] in on[0]
    assert [line.split("\n")[0] for line in coming] == ["Nothing of ours is on here now.", "Next"]
    assert TITLES[CATS] in coming[1]


def _doors(server: DelegateServer) -> dict[str, Any]:
    venue: dict[str, Any] = httpx.get(f"{server.url}/api/v1/venue").json()
    return venue


def test_all_twelve_ways_are_drawn_and_said(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone()
    venue = _doors(delegate_server)
    door = {each["room"]: each["at"] for each in venue["doors"] if each["room"]}
    walks = {
        frozenset({each["from"], each["to"]}): each["minutes"]
        for each in httpx.get(f"{delegate_server.url}/api/v1/programme").json()["walks"]
    }
    named = {f"the door of {name}" for name in ROOMS.values()} | {
        f"the entrance of {name}" for name in SITES.values()
    }

    assert len(PAIRS) == 12
    for start, goal in PAIRS:
        open_map(page, f"{delegate_server.url}/map/{start}/{goal}")
        legs = page.locator(".legs li").all_inner_texts()
        minutes = walks.get(frozenset({SITE_OF[start], SITE_OF[goal]}), 1)

        expect(page.locator("h1")).to_have_text(f"From {ROOMS[start]} to {ROOMS[goal]}")
        expect(page.locator(".total")).to_have_text(f"about {minutes} min (estimate)")
        assert legs[0].startswith(f"Leave {ROOMS[start]} by its door and go ")
        assert all(any(each in leg for each in named) and "(estimate)" in leg for leg in legs[:-1])
        assert legs[-1] == f"{ROOMS[goal]} is there."
        assert sum(int(leg.split("about ")[1].split(" ")[0]) for leg in legs[:-1]) == minutes
        assert sorted(lit(page)) == sorted([f"{start} from", f"{goal} to"])
        lines = page.locator(".way-leg").evaluate_all("paths => paths.map(each => each.getAttribute('d'))")
        assert lines[0].startswith(f"M{_written(door[start])}")
        assert lines[-1].endswith(f"L{_written(door[goal])}")
        assert [line.split("L")[-1] for line in lines[:-1]] == [
            line.removeprefix("M").split("L")[0] for line in lines[1:]
        ]
        expect(page.locator(".basis")).to_have_text("Who says so: An assumption, not measured.")


def _written(point: list[float]) -> str:
    return " ".join(f"{each:g}" for each in point)


def test_a_way_reads_as_one_would_tell_it(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone()

    open_map(page, f"{delegate_server.url}/map/ferghana/avantegarde")

    assert page.locator(".legs li").all_inner_texts() == [
        "Leave Room Ferghana by its door and go inside to the entrance of Expo Centre."
        " about 1 min (estimate)",
        "Go outside from the entrance of Expo Centre to the entrance of Savitsky Plaza."
        " about 10 min (estimate)",
        "Go inside from the entrance of Savitsky Plaza to the door of Avantegarde Room."
        " about 1 min (estimate)",
        "Avantegarde Room is there.",
    ]


def test_ends_of_a_way_are_chosen_and_swapped(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone()
    open_map(page, f"{delegate_server.url}/map/ferghana")

    page.get_by_label("The way here").select_option("snow-leopard")
    expect(page).to_have_url(f"{delegate_server.url}/map/snow-leopard/ferghana")
    page.get_by_role("link", name="Swap").click()
    expect(page).to_have_url(f"{delegate_server.url}/map/ferghana/snow-leopard")
    page.locator("select[name=to]").select_option("bukhara")
    expect(page).to_have_url(f"{delegate_server.url}/map/ferghana/bukhara")
    page.locator("select[name=from]").select_option("bukhara")
    expect(page).to_have_url(f"{delegate_server.url}/map/bukhara/bukhara")
    expect(page.locator(".map .hint")).to_have_text("You are there: it is the same room.")
    expect(page.locator("button", has_text="Avoid stairs")).to_have_count(0)


@pytest.mark.parametrize("address", ["/map/nowhere", "/map/ferghana/nowhere", "/map/nowhere/ferghana"])
def test_an_unknown_room_leads_back_to_the_map(
    address: str, phone: Phone, delegate_server: DelegateServer
) -> None:
    page = phone()
    page.goto(delegate_server.url + address)

    expect(page.locator("h1")).to_have_text("There is no such room")
    page.get_by_role("link", name="The whole map").click()

    expect(page.locator("h1")).to_have_text("Map")
    assert lit(page) == []


def test_levels_are_switched_and_stairs_avoided(phone: Phone, serve: Serve) -> None:
    server, page = serve(COPAPP_CONFERENCE=HALLS), phone()
    open_map(page, f"{server.url}/map")
    expect(room(page, "aula")).to_have_count(1)
    expect(room(page, "library")).to_have_count(0)

    page.get_by_role("button", name="Upper floor").click()
    expect(room(page, "aula")).to_have_count(0)
    expect(room(page, "pavilion")).to_have_count(1)
    room(page, "library").click()
    expect(page.get_by_role("button", name="Upper floor")).to_have_attribute("aria-pressed", "true")

    page.goto(f"{server.url}/map/library/pavilion")
    expect(page.locator(".total")).to_have_text("about 7 min (estimate)")
    expect(page.locator(".legs")).to_contain_text("Take the stairs from Upper floor to Ground floor.")
    page.get_by_role("button", name="Avoid stairs").click()
    expect(page).to_have_url(f"{server.url}/map/library/pavilion?stairs=no")
    expect(page.locator(".legs")).to_contain_text("Take the lift from Upper floor to Ground floor.")
    expect(page.locator(".legs")).not_to_contain_text("stairs")
    page.get_by_role("link", name="Swap").click()
    expect(page).to_have_url(f"{server.url}/map/pavilion/library?stairs=no")
    page.reload()
    expect(page.get_by_role("button", name="Avoid stairs")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Avoid stairs").click()
    expect(page.locator(".legs")).to_contain_text("Take the stairs")
    expect(page).to_have_url(f"{server.url}/map/pavilion/library")


def test_names_of_the_plan_are_in_the_readers_language(phone: Phone, serve: Serve) -> None:
    server, page = serve(COPAPP_CONFERENCE=HALLS), phone(locale="fr")
    open_map(page, f"{server.url}/map/aula/pavilion")

    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator(".label[data-kind=site]")).to_have_text(["Halle nord", "Maison du jardin"])
    expect(page.locator(".label[data-kind=site] [lang=fr]")).to_have_count(2)
    expect(page.locator(".legs")).to_contain_text("l’entrée « Porte est » (Halle nord)")
    expect(page.locator(".schematic")).to_have_count(0)


def test_the_map_reads_in_an_order_that_makes_sense(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone()
    open_map(page, f"{delegate_server.url}/map")

    snapshot = page.locator("main").aria_snapshot()

    _in_this_order(
        snapshot,
        'heading "Map" [level=1]',
        'group "Map of the venue',
        'group "Expo Centre"',
        'button "Expo Centre: show it larger"',
        'link "Room Ferghana, Expo Centre"',
        'link "Room Bukhara, Expo Centre"',
        'group "Savitsky Plaza"',
        'link "Avantegarde Room, Savitsky Plaza"',
        'group "Main Building"',
        'link "Snow Leopard Room, Main Building"',
        "Schematic, not to scale",
        'heading "Sites and rooms" [level=2]',
        'heading "Expo Centre" [level=3]',
        'link "Room Ferghana"',
        "From its door to the entrance of Expo Centre: about 1 min (estimate)",
        'link "Room Bukhara"',
        "From the entrance of Expo Centre to the entrance of Savitsky Plaza: about 10 min (estimate)",
        'heading "Savitsky Plaza" [level=3]',
        'link "Avantegarde Room"',
        'heading "Main Building" [level=3]',
        'link "Snow Leopard Room"',
        'heading "From site to site" [level=3]',
        "Expo Centre – Savitsky Plaza about 12 min (estimate)",
        "Who says so: An assumption, not measured.",
    )


def _in_this_order(text: str, *parts: str) -> None:
    at = 0
    for part in parts:
        found = text.find(part, at)
        assert found >= 0, f"{part!r} is missing after:\n{text[:at][-300:]}\nin:\n{text[at : at + 1500]}"
        at = found + len(part)


def test_words_alone_hold_every_room_and_walk(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone()
    open_map(page, f"{delegate_server.url}/map")

    page.get_by_role("button", name="Text").click()

    expect(page.locator(".stage")).to_have_count(0)
    expect(page.locator(".rooms .room-name")).to_have_text(list(ROOMS.values()))
    expect(page.locator(".walks li")).to_have_count(3)
    page.locator(".rooms").get_by_role("link", name="Room Bukhara").click()
    expect(page.locator("h1")).to_have_text("Room Bukhara")
    expect(page.locator(".stage")).to_have_count(0)
    page.get_by_role("button", name="Map", exact=True).click()
    assert lit(page) == ["bukhara lit"]


def test_every_map_page_works_with_the_server_dead(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    open_online(page, server.url)
    wait_for_worker(page)

    server.kill()

    for address, heading in {
        "/map": "Map",
        "/map/snow-leopard": "Snow Leopard Room",
        "/map/snow-leopard/bukhara": "From Snow Leopard Room to Room Bukhara",
    }.items():
        open_map(page, server.url + address)
        expect(page.locator("h1")).to_have_text(heading)
        expect_freshness(page, "offline")
        page.get_by_role("button", name="Zoom in").click()
        moved(page, lambda at: at["k"] > 1)
        expect(page.locator(".stage")).to_have_css("touch-action", "none")


def test_rooms_and_ways_are_drawn_without_javascript(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone(java_script_enabled=False)

    page.goto(f"{delegate_server.url}/map/bukhara/snow-leopard")

    assert sorted(lit(page)) == ["bukhara from", "snow-leopard to"]
    assert page.locator(".legs li").all_inner_texts()[-1] == "Snow Leopard Room is there."
    expect(page.locator(".label[data-kind=room]").filter(visible=True)).to_have_count(4)
    for dead in page.locator("main button, main select").all():
        expect(dead).to_be_hidden()


def _answer(route: Route, body: str, kind: str) -> None:
    route.fulfill(status=200, body=body, content_type=kind)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<!doctype html><title>Sign in to the Wi-Fi</title>", "text/html"),
        ('{"ok": true}', "application/json"),
    ],
)
def test_a_captive_portals_page_is_no_plan(
    body: str, kind: str, phone: Phone, delegate_server: DelegateServer
) -> None:
    page = phone(service_workers="block")
    page.route("**/api/v1/venue", lambda route: _answer(route, body, kind))

    with page.expect_response("**/api/v1/venue"):
        open_map(page, f"{delegate_server.url}/map/ferghana")

    page.wait_for_load_state("networkidle")
    assert lit(page) == ["ferghana lit"]


def test_a_newer_plan_is_taken_in(phone: Phone, delegate_server: DelegateServer) -> None:
    newer = _doors(delegate_server)
    newer["rooms"].append(newer["rooms"][0] | {"slug": "cloakroom", "name": "Cloakroom"})
    page = phone(service_workers="block")
    page.route("**/api/v1/venue", lambda route: _answer(route, json.dumps(newer), "application/json"))

    open_map(page, f"{delegate_server.url}/map")

    expect(room(page, "cloakroom")).to_have_count(1)
    expect(page.locator(".rooms")).to_contain_text(["Cloakroom"])


def test_a_conference_with_no_plan_says_so_and_lists_its_rooms(
    phone: Phone, serve: Serve, tmp_path: Path
) -> None:
    shutil.copytree(DATA / "cop14", tmp_path / "bare", ignore=shutil.ignore_patterns("venue.geojson"))
    server, page = serve(COPAPP_CONFERENCE=str(tmp_path / "bare")), phone()

    page.goto(f"{server.url}/map")

    expect(page.locator(".map .hint")).to_contain_text("No plan of this venue is known yet.")
    expect(page.locator(".stage")).to_have_count(0)
    expect(page.locator(".room-name")).to_have_text(list(ROOMS.values()))
    page.goto(f"{server.url}/map/bukhara")
    expect(page.locator("h1")).to_have_text("Room Bukhara")
    expect_shown(page, [SAIGA])
    page.goto(f"{server.url}/event/{SAIGA}")
    expect(page.locator(".mini")).to_be_hidden()


@pytest.mark.parametrize(
    ("agent", "address"),
    [
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8)", "geo:39.6596,67.05576?q=39.6596,67.05576("),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X)", "https://maps.apple.com/?ll=39.6596,67"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "https://www.openstreetmap.org/?mlat=39.6596&mlon=67.05576"),
    ],
)
def test_the_venue_opens_in_the_devices_own_map_app(
    agent: str, address: str, phone: Phone, delegate_server: DelegateServer
) -> None:
    page = phone(user_agent=agent)
    open_map(page, f"{delegate_server.url}/map")

    link = page.get_by_role("link", name="Open in a map app")

    wait_until(lambda: (link.get_attribute("href") or "").startswith(address), address, 5)
    expect(page.locator(".outside")).to_contain_text("One point for the whole venue")
    expect(page.locator(".outside")).to_contain_text("© OpenStreetMap contributors")


@pytest.mark.parametrize("conference", ["", HALLS], ids=["cop14", "halls"])
@pytest.mark.parametrize("language", ["en", "fr", "es", "ru"])
def test_names_are_legible_and_apart_at_320_px(
    language: str, conference: str, phone: Phone, serve: Serve, delegate_server: DelegateServer
) -> None:
    server = serve(COPAPP_CONFERENCE=conference) if conference else delegate_server
    page = phone(locale=language, viewport=TO_320)
    open_map(page, f"{server.url}/map")
    expect(page.locator("html")).to_have_attribute("lang", language)

    for _ in range(3):
        settled(page)
        found = _names(page)
        assert len(found["seen"]) >= 4
        assert [each for each in found["seen"] if each["size"] < 11] == []
        assert found["touching"] == []
        page.get_by_role("button").filter(has=page.locator(".icon-plus")).click()


def _names(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(
        """() => {
            const k = new DOMMatrix(getComputedStyle(document.querySelector(".world")).transform).a;
            const own = (each) => new DOMMatrix(getComputedStyle(each).transform).a;
            const spans = [...document.querySelectorAll(".label:not([data-tucked=true])")];
            const seen = spans.map((each) => ({ text: each.textContent, box: each.getBoundingClientRect(),
                size: parseFloat(getComputedStyle(each).fontSize) * own(each) * k }));
            const touch = (one, other) => one.left < other.right && other.left < one.right
                && one.top < other.bottom && other.top < one.bottom;
            const pairs = seen.flatMap((one, index) => seen.slice(index + 1).map((other) => [one, other]));
            const touching = pairs.filter(([one, other]) => touch(one.box, other.box))
                .map(([one, other]) => `${one.text} and ${other.text}`);
            return { seen: seen.map(({ text, size }) => ({ text, size })), touching };
        }"""
    )
    return found


def test_an_event_leads_to_its_room_from_card_and_page(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone()
    open_online(page, delegate_server.url)

    card(page, NETWORKING).get_by_role("link", name="Avantegarde Room · Savitsky Plaza").click()
    expect(page).to_have_url(f"{delegate_server.url}/map/avantegarde")
    page.locator(".held-here a.cover").click()
    expect(page).to_have_url(f"{delegate_server.url}/event/{NETWORKING}")
    expect(page.locator(".mini .room[data-state=lit]")).to_have_attribute("data-room", "avantegarde")
    expect(page.locator(".mini .schematic")).to_have_text("Schematic, not to scale")
    page.get_by_role("link", name="Avantegarde Room on the map").click()

    expect(page).to_have_url(f"{delegate_server.url}/map/avantegarde")


def test_the_small_plan_moves_nothing_when_it_comes(phone: Phone, delegate_server: DelegateServer) -> None:
    page = phone(service_workers="block")
    page.add_init_script(
        # The preview's clock moves the page, and is nothing that a delegate sees.
        """const quiet = new CSSStyleSheet();
        quiet.replaceSync(".banner.preview { display: none }");
        document.adoptedStyleSheets = [quiet];
        window.shifts = 0; new PerformanceObserver((list) => {
            for (const each of list.getEntries()) window.shifts += each.value;
        }).observe({ type: "layout-shift", buffered: true });"""
    )

    open_online(page, f"{delegate_server.url}/event/{SAIGA}")
    expect(page.locator(".mini .room[data-state=lit]")).to_have_count(1)

    assert page.evaluate("shifts") < 0.01
