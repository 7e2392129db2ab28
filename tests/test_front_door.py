"""The front door over real HTTP: pages, headers, caching, what it refuses."""

import base64
import gzip
import json
import re
import socket
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import brotli
import httpx
import pytest

from copapp.offline.shelf import Shelf, content_security_policy
from copapp.offline.site import WEB
from tests.browser.server import DelegateServer

TINY = Path(__file__).parent / "data" / "tiny"
INLINE = re.compile(r"<script(?![^>]*\ssrc=)(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
CARRIED = re.compile(r'<script type="application/json" id="programme">(.*?)</script>')
PAGES = ["/", "/saved", "/settings", "/about", "/event/opening"]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pages are drawn."""
    return tmp_path_factory.mktemp("drawn")


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory, drawn: Path) -> Iterator[httpx.Client]:
    """The tiny conference, served."""
    folder = tmp_path_factory.mktemp("door")
    server = DelegateServer(folder, {"COPAPP_CONFERENCE": str(TINY), "COPAPP_SITES": str(drawn)})
    server.seed()
    server.start()
    with httpx.Client(base_url=server.url) as client:
        yield client
    server.close()


@pytest.mark.parametrize("path", PAGES)
def test_page_is_there_without_scripts(door: httpx.Client, path: str) -> None:
    answer = door.get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1" in answer.text
    assert "Tiny Days" in answer.text


def test_schedule_holds_every_event_without_scripts(door: httpx.Client) -> None:
    found = re.findall(r'<article[^>]*data-event="([^"]+)"', door.get("/").text)

    assert found == ["opening", "night-walk", "open-end", "called-off"]


@pytest.mark.parametrize(("url", "is_offered"), [("", False), ("https://cop.example", True)])
def test_posters_are_offered_where_they_can_be_made(tmp_path: Path, url: str, *, is_offered: bool) -> None:
    """Where nobody had said the app's address, the door led to a problem document."""
    server = DelegateServer(tmp_path, {"COPAPP_CONFERENCE": str(TINY), "COPAPP_PUBLIC_URL": url})
    server.seed()
    server.start()

    with httpx.Client(base_url=server.url) as client:
        assert ("posters.pdf" in client.get("/more").text) is is_offered
        assert client.get("/api/v1/posters.pdf").is_success is is_offered
    server.close()


def test_event_page_escapes_what_the_programme_says(door: httpx.Client) -> None:
    html = door.get("/event/opening").text

    assert "<b>não</b>" not in html
    assert "Abertura: &lt;b&gt;não&lt;/b&gt; é HTML, Привет &amp; “ciao”" in html


@pytest.mark.parametrize("path", [*PAGES, "/nowhere", "/event/nothing"])
def test_policy_allows_exactly_the_pages_own_scripts(door: httpx.Client, path: str) -> None:
    answer = door.get(path)

    policy = answer.headers["content-security-policy"]
    scripts = [
        found["code"] for found in INLINE.finditer(answer.text) if "application/" not in found["attributes"]
    ]
    hashes = {f"'sha256-{base64.b64encode(sha256(code.encode()).digest()).decode()}'" for code in scripts}
    named = re.search(r"script-src ([^;]*);", policy)
    assert named is not None
    assert set(named[1].split()) == hashes | {"'self'"}


def test_every_drawn_page_may_run_what_the_build_put_into_it(door: httpx.Client, drawn: Path) -> None:
    known = frozenset(door.get("/scripts.json").json())
    pages = [each.read_text() for each in drawn.rglob("*.html")]

    assert len(pages) > 30
    assert all(content_security_policy(each, known) == content_security_policy(each) for each in pages)


def test_a_script_that_got_into_a_drawn_page_may_not_run(tmp_path: Path) -> None:
    """Whatever stood in a page was allowed: the policy was no second line behind the escaping."""
    (tmp_path / "scripts.json").write_text(json.dumps([_hash("ours()")]))
    page = '<script>ours()</script><script>alert(1)</script><script>$RC("B:2","S:2")</script>'
    for name in ("index.html", "__spa-fallback.html"):
        (tmp_path / name).write_text(page)

    shelf = Shelf(tmp_path, tmp_path / "assets")

    for leaf in (shelf.find("/"), shelf.lost):
        assert leaf is not None
        policy = dict(leaf.headers)[b"content-security-policy"].decode()
        assert f"'sha256-{_hash('ours()')}'" in policy
        assert _hash("alert(1)") not in policy
        assert _hash('$RC("B:2","S:2")') in policy, "React fills in what it drew last"


@pytest.mark.parametrize("code", ['$RC("B:1","S:1");alert(1)', '$RC(alert(1),"S:1")', ' $RC("B:1","S:1")'])
def test_what_only_begins_as_reacts_own_may_not_run(code: str) -> None:
    assert _hash(code) not in content_security_policy(f"<script>{code}</script>", frozenset())


def _hash(code: str) -> str:
    return base64.b64encode(sha256(code.encode()).digest()).decode()


@pytest.mark.parametrize(
    "path",
    [*PAGES, "/nowhere", "/sw.js", "/manifest.webmanifest", "/icons/icon-192.png", "/api/v1/programme",
     "/api/v1/nothing", "/api/v1/programme.ics", "/healthz", "/admin"],
)  # fmt: skip
def test_every_answer_has_the_security_headers(door: httpx.Client, path: str) -> None:
    headers = door.get(path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "permissions-policy" in headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy or path == "/sw.js"
    assert "unsafe-eval" not in policy
    assert "script-src 'unsafe-inline'" not in policy


def test_a_pages_parts_carry_what_rules_parts(door: httpx.Client) -> None:
    found = re.search(r"/assets/[^\"]+\.js", door.get("/").text)
    assert found is not None
    headers = door.get(found[0]).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "content-security-policy" in headers
    assert not {"x-frame-options", "referrer-policy", "permissions-policy"} & set(headers)


@pytest.mark.parametrize(
    "path", ["/nowhere", "/event/nothing", "/event/", "/assets/none.js", "/../etc/passwd"]
)
def test_unknown_address_is_not_found(door: httpx.Client, path: str) -> None:
    assert door.get(path).status_code == 404


def test_page_is_revalidated(door: httpx.Client) -> None:
    answer = door.get("/")
    again = door.get("/", headers={"if-none-match": answer.headers["etag"]})

    assert answer.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")


def test_worker_is_revalidated(door: httpx.Client) -> None:
    assert door.get("/sw.js").headers["cache-control"] == "no-cache"


def test_hashed_asset_is_kept_for_a_year(door: httpx.Client) -> None:
    address = re.findall(r'"(/assets/[^"]+\.js)"', door.get("/").text)[0]

    answer = door.get(address)

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(("coding", "opened"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_page_is_compressed_as_asked(door: httpx.Client, coding: str, opened: object) -> None:
    with door.stream("GET", "/", headers={"accept-encoding": coding}) as answer:
        body = b"".join(answer.iter_raw())

    assert answer.headers["content-encoding"] == coding
    assert answer.headers["vary"] == "accept-encoding"
    assert opened(body) == door.get("/", headers={"accept-encoding": "identity"}).content  # type: ignore[operator]


def test_head_answers_without_a_body(door: httpx.Client) -> None:
    answer = door.head("/")

    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) > 0


def test_page_takes_no_other_method(door: httpx.Client) -> None:
    answer = door.post("/")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_trailing_slash_leads_to_the_page(door: httpx.Client) -> None:
    answer = door.get("/saved/")

    assert (answer.status_code, answer.headers["location"]) == (302, "/saved")


@pytest.mark.parametrize("path", PAGES)
def test_page_shows_no_other_conferences_pictures(door: httpx.Client, path: str) -> None:
    """The next conference's links once showed COP14's card."""
    assert "og:image" not in door.get(path).text
    assert door.get("/manifest.webmanifest").json()["screenshots"] == []
    assert {door.get(f"/pictures/{name}.png").status_code for name in ("preview", "narrow", "wide")} == {404}


def test_page_carries_the_release_as_the_api_gives_it(door: httpx.Client) -> None:
    carried = CARRIED.search(door.get("/").text)

    assert carried is not None
    page = json.loads(carried[1])
    answer = door.get("/api/v1/programme")
    assert page["programme"] == answer.json()
    assert page["etag"] == answer.headers["etag"]


def test_socket_is_refused(door: httpx.Client) -> None:
    handshake = (
        "GET /_event/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Version: 13\r\n\r\n"
    )

    with socket.create_connection((door.base_url.host, door.base_url.port or 80), timeout=5) as raw:
        raw.sendall(handshake.encode())
        answer = raw.recv(64)

    assert answer.startswith(b"HTTP/1.1 403")


def test_taken_port_is_said_plainly(door: httpx.Client, tmp_path: Path) -> None:
    second = DelegateServer(tmp_path, {"COPAPP_CONFERENCE": str(TINY)})
    second.seed()
    second.environment["PORT"] = str(door.base_url.port)

    with pytest.raises(RuntimeError, match=rf"Port {door.base_url.port} of 127\.0\.0\.1 is taken"):
        second.run("serve")


def test_slots_are_the_same_from_the_api_and_from_memory(door: httpx.Client) -> None:
    """The first to ask in a second waits for the API, all others are answered by the front door."""
    first, *others = (door.get("/api/v1/slots") for _ in range(3))
    known = door.get("/api/v1/slots", headers={"if-none-match": first.headers["etag"]})

    for each in others:
        assert (each.status_code, each.content) == (200, first.content)
        assert {*each.headers.items()} == {*first.headers.items()}
    assert known.status_code == 304
    assert first.headers["x-robots-tag"] == "noindex"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/", 405),
        ("POST", "/api/v1/programme", 405),
        ("PUT", "/api/v1/slots", 405),
        ("DELETE", "/admin/sign-in", 405),
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v1/meeting-requests/nothing", 404),
        ("GET", "/meet/nothing", 404),
        ("GET", "/api/v1/calendars/nothing.ics", 404),
        ("POST", "/api/v1/meeting-requests", 400),
    ],
)
def test_no_cache_keeps_an_error(door: httpx.Client, method: str, path: str, status: int) -> None:
    answer = door.request(method, path)

    assert (answer.status_code, answer.headers.get_list("cache-control")) == (status, ["no-store"])


def test_ready_names_what_was_asked(door: httpx.Client) -> None:
    answer = door.get("/readyz").json()

    assert answer["status"] == "ready"
    assert answer["needs"] == {"database": "ok", "redis": "ok", "site": "ok"}


def test_a_site_with_holes_is_seen(tmp_path: Path) -> None:
    """Assets that were gone left a blank app behind a /readyz that said ready."""
    site, assets = tmp_path / "site", tmp_path / "assets"
    for folder in (site / "admin", assets):
        folder.mkdir(parents=True)
    for page in ("index.html", "admin/request.html", "__spa-fallback.html"):
        (site / page).write_text('<script type="module" src="/assets/root-B3_x.js"></script>')
    pages = ["index.html", "admin/request.html", "saved.html"]

    holed = Shelf(site, assets).missing(pages)
    (assets / "root-B3_x.js").write_text("")
    (site / "saved.html").write_text("")
    whole = Shelf(site, assets).missing(pages)

    assert (holed, whole) == (["/assets/root-B3_x.js", "/saved"], [])


@pytest.mark.parametrize("damage", ["index.html", "__spa-fallback.html", "assets"])
def test_a_damaged_site_is_drawn_again_at_the_next_start(tmp_path: Path, damage: str) -> None:
    """A page that was gone stayed so, and without the fallback no worker started, again and again."""
    sites = tmp_path / "drawn"
    given = {"COPAPP_CONFERENCE": str(TINY), "COPAPP_SITES": str(sites)}
    server = DelegateServer(tmp_path, given)
    server.seed()
    server.start()
    server.stop()
    [site] = [each for each in sites.iterdir() if each.is_dir() and each.name != "assets"]
    if damage == "assets":
        next(sites.joinpath("assets").glob("root*.js")).write_text("cut")
    else:
        (site / damage).unlink()

    server.start()

    with httpx.Client(base_url=server.url) as client:
        assert client.get("/readyz").json()["needs"]["site"] == "ok"
        page = client.get("/")
        assert page.status_code == 200
        for asset in set(re.findall(r"/assets/root[\w.-]+\.js", page.text)):
            assert client.get(asset).text != "cut"
    assert "is damaged and is drawn again" in server.log.read_text()
    server.close()


def test_a_worker_starts_on_the_builds_notes_and_leaves_no_folder(tmp_path: Path) -> None:
    """Without the notes it makes every page again; each start left a folder in the machine's own."""
    server = DelegateServer(tmp_path, {"COPAPP_CONFERENCE": str(TINY), "TMPDIR": str(tmp_path)})
    server.seed()
    try:
        server.start()
        # A worker that had to make the pages lists them itself; the other note only the build writes.
        brought = {note.name: note.read_bytes() for note in tmp_path.glob("copapp-*/backend/*")}
        built = {note.name: note.read_bytes() for note in (WEB / "backend").iterdir()}
        assert brought == built
        assert built.keys() == {"bundled_libraries.json", "stateful_pages.json"}
    finally:
        server.close()

    assert not [*tmp_path.glob("copapp-*")]
