"""The site of one release: every page drawn from it, the manifest and the worker. Used by the front door."""

import json
import logging
import os
import re
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import permutations
from pathlib import Path
from typing import Any

from copapp.offline.manifest import SCREENSHOTS, manifest
from copapp.offline.shelf import Shelf, address_of, digest_of, write_twins
from copapp.presenters.link_preview import link_preview

logger = logging.getLogger(__name__)

WEB = Path(__file__).parents[2] / ".web"
BUNDLE = WEB / "build" / "client"
STAMP = WEB / "copapp.built"
PAGES = {
    "/": "index.html",
    "/saved": "saved.html",
    "/map": "map.html",
    "/meet": "meet.html",
    "/changes": "changes.html",
    "/calendars": "calendars.html",
    "/more": "more.html",
    "/settings": "settings.html",
    "/about": "about.html",
}
# Shown by the staff's doors only, and never kept on a phone.
STAFF_PAGES = {
    "/admin": "admin.html",
    "/admin/request": "admin/request.html",
    "/admin/replies": "admin/replies.html",
    "/admin/programme": "admin/programme.html",
    "/admin/event": "admin/event.html",
    "/admin/release": "admin/release.html",
    "/admin/import": "admin/import.html",
    "/admin/team": "admin/team.html",
    "/admin/calendar": "admin/calendar.html",
    "/admin/cover": "admin/cover.html",
    "/admin/statistics": "admin/statistics.html",
    "/admin/log": "admin/log.html",
    "/admin/accounts": "admin/accounts.html",
    "/admin/account": "admin/account.html",
    "/admin/settings": "admin/settings.html",
    "/admin/sign-in": "admin/sign-in.html",
    "/admin/set-up/token": "admin/set-up.html",
    "/admin/password/token": "admin/password.html",
}
FALLBACK = "__spa-fallback.html"
SCRIPTS = "scripts.json"  # written by `prerender.mjs`: what may run

# Every page carries the whole programme up to this many events; up to as many rooms have a page drawn.
_WHOLE_UP_TO = 50
# What only an event's own page shows: most of a large programme's bytes. The worker brings it, with WHOLE.
_HEAVY = {"descriptions", "source", "published", "uid", "updated_at", "sequence"}
WHOLE = "programme.json"
VENUE, CHANGES = "venue.json", "changes.json"
PREVIEW = "preview.png"
_DRAWINGS_KEPT = 8
_ASSETS_KEPT_SECONDS = 30 * 24 * 3600
# What a phone keeps, but for the staff's pages and their parts; a larger file is left to the network.
_KEPT = (
    "*.html",
    "assets/*",
    "icons/icon-192.png",
    "icons/favicon.svg",
    "manifest.webmanifest",
    "meet.css",
    "map.css",
    "day.css",
    "calendars.css",
    WHOLE,
    VENUE,
    CHANGES,
)
_OF_STAFF = re.compile(r"admin|^staff|^set_up")
_MOST_KEPT_BYTES = 4_000_000
_MARKUP = re.compile("[<>&\"'`\\\\$]")
_WORKER = Path(__file__).with_name("service_worker.js")


class SiteNotDrawnError(RuntimeError):
    """The prerenderer failed; says what it printed."""


@dataclass(frozen=True)
class Edition:
    """What a site is drawn from: a release (JSON and ETag), plan and changelog (JSON or ""), and settings."""

    document: bytes
    etag: str
    is_preview: bool
    public_url: str
    venue: str = ""
    changes: str = ""
    is_public: bool = False  # public_url was set, not only assumed: posters can lead to it

    @property
    def name(self) -> str:
        """Name the site's folder by all that shows in it: the sources, the release, and the settings."""
        settings = f"{self.is_preview} {self.public_url} {self.is_public}"
        given = f"{STAMP.read_text()} {self.etag} {settings} {self.venue}"
        return sha256(given.encode()).hexdigest()[:16]

    def rooms(self) -> set[str]:
        """Name every room that has an address: the programme's, and the plan's."""
        places = (json.loads(self.document), json.loads(self.venue or "{}"))
        return {room["slug"] for place in places for room in place.get("rooms", [])}


def build_id() -> str:
    """Name the bundle by its hashed files; two builds of the same sources have the same name."""
    return sha256(
        "\n".join(sorted(each.name for each in (BUNDLE / "assets").iterdir())).encode()
    ).hexdigest()[:16]


def _is_large(programme: dict[str, Any]) -> bool:
    return len(programme["events"]) > _WHOLE_UP_TO


def _embedded(edition: Edition, programme: dict[str, Any], page: str) -> dict[str, Any]:
    """Give what a page carries: all, or of a large programme what that page shows.

    `partial`: not every event; `light`: every event, without what only its own page shows.
    """
    events, is_large = programme["events"], _is_large(programme)
    if is_large and page == "/":
        events = [{name: value for name, value in each.items() if name not in _HEAVY} for each in events]
    elif is_large:
        events = [each for each in events if page in {f"/event/{each['slug']}", f"/map/{each['room']}"}]
    carried = {
        "programme": programme | {"events": events},
        "etag": edition.etag,
        "partial": is_large and page != "/",
        "light": is_large and page == "/",
        "build": build_id(),
        "preview": edition.is_preview,
        "posters": edition.is_public,
    }
    has_map = page == "/map" or page.startswith("/map/")
    if has_map and edition.venue:
        carried["venue"] = json.loads(edition.venue)
    if page == "/changes" and edition.changes:
        carried["changelog"] = json.loads(edition.changes)
    return carried


def _page(
    edition: Edition, programme: dict[str, Any], address: str, file: str, **shown: Any
) -> dict[str, Any]:
    return {
        "address": address,
        "file": file,
        "head": link_preview(programme, edition.public_url, address, image=_image(programme), **shown),
        "embedded": _embedded(edition, programme, address),
    }


def _image(programme: dict[str, Any]) -> str:
    """Give the address of the picture that a shared link shows; "" where the conference has none."""
    return f"/pictures/{PREVIEW}" if (_pictures(programme) / PREVIEW).exists() else ""


def _pages(edition: Edition, programme: dict[str, Any]) -> list[dict[str, Any]]:
    places = [_page(edition, programme, address, file) for address, file in PAGES.items()]
    events = [
        _page(edition, programme, f"/event/{event['slug']}", f"event/{event['slug']}.html", event=event)
        for event in programme["events"]
    ]
    rooms = [
        _page(edition, programme, f"/map/{room['slug']}", f"map/{room['slug']}.html", room=room)
        for room in programme["rooms"]
        if len(programme["rooms"]) <= _WHOLE_UP_TO
    ]
    staff = [_staff_page(edition, programme, *each) for each in STAFF_PAGES.items()]
    return places + events + rooms + _ways(edition, programme) + staff


def _ways(edition: Edition, programme: dict[str, Any]) -> list[dict[str, Any]]:
    """Draw the ways between rooms that are few; the others the phone draws by itself."""
    pairs = list(permutations(programme["rooms"], 2)) if edition.venue else []
    return [
        _page(edition, programme, address, f"{address.removeprefix('/')}.html", room=goal)
        for start, goal in pairs
        for address in [f"/map/{start['slug']}/{goal['slug']}"]
        if len(pairs) <= _WHOLE_UP_TO
    ]


def _staff_page(edition: Edition, programme: dict[str, Any], address: str, file: str) -> dict[str, Any]:
    carried = _embedded(edition, programme | {"events": []}, address) | {"partial": True, "light": False}
    head = '<meta name="robots" content="noindex"/>'
    return {"address": address, "file": file, "head": head, "embedded": carried}


def _job(edition: Edition, programme: dict[str, Any], into: Path) -> dict[str, Any]:
    fallback = {
        "address": "/",
        "file": FALLBACK,
        "head": "",
        "embedded": _embedded(edition, programme, FALLBACK),
    }
    pages = _pages(edition, programme)
    return {
        "into": str(into),
        "pages": pages,
        "fallback": fallback,
        "wordless": [_wordless(each) for each in [*_one_of_each_kind(pages), fallback]],
    }


def _one_of_each_kind(pages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give of the pages that one route draws (an event's, a room's, a way's) the first."""
    kinds: dict[tuple[str, ...], dict[str, Any]] = {}
    for page in pages:
        address = page["address"]
        is_one = address in PAGES or address in STAFF_PAGES
        kinds.setdefault((address,) if is_one else (address.split("/")[1], str(address.count("/"))), page)
    return list(kinds.values())


def _wordless(given: Any) -> Any:
    """Take out of every text what could begin or end anything in HTML or in a script."""
    if isinstance(given, dict):
        return {name: _wordless(value) for name, value in given.items()}
    if isinstance(given, list):
        return [_wordless(each) for each in given]
    return _MARKUP.sub("_", given) if isinstance(given, str) else given


def _draw(job: dict[str, Any]) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(job, file)
        file.flush()
        environment = os.environ | {"NODE_ENV": "production"}
        done = subprocess.run(
            ["node", "prerender.mjs", file.name],
            cwd=WEB,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise SiteNotDrawnError(done.stderr or done.stdout)


def _prune(sites: Path) -> None:
    """Forget all but the drawings used last, and assets that no build of the last weeks had."""
    drawn = [each for each in sites.iterdir() if each.is_dir() and each.name != "assets"]
    for old in sorted(drawn, key=lambda each: each.stat().st_mtime)[:-_DRAWINGS_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
        _list_of(sites, old.name).unlink(missing_ok=True)
    current = {each.name for each in (BUNDLE / "assets").iterdir()}
    for asset in (sites / "assets").iterdir():
        is_current = asset.name.removesuffix(".br").removesuffix(".gz") in current
        if not is_current and time.time() - asset.stat().st_mtime > _ASSETS_KEPT_SECONDS:
            asset.unlink(missing_ok=True)


def _share_assets(drawn: Path, kept: Path) -> None:
    """Move the hashed files beside those of earlier builds: an old tab may still ask for its own."""
    kept.mkdir(exist_ok=True)
    for file in drawn.iterdir():
        served = kept / file.name
        if not served.exists() or served.read_bytes() != file.read_bytes():  # phones check the content
            write_twins(file)
            for each in (*drawn.glob(f"{file.name}.*"), file):
                each.replace(kept / each.name)
    shutil.rmtree(drawn)


def _compress(site: Path) -> None:
    """Write the twins: as small as can be of the pages that every phone keeps, and faster of the others."""
    files = [each for each in site.rglob("*") if each.is_file()]
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda file: write_twins(file, quality=11 if file.parent == site else 9), files))


def _list_of(sites: Path, name: str) -> Path:
    return sites / f"{name}.files.json"


def _list_files(sites: Path, name: str, drawn: Path) -> None:
    """Keep the digest of each file of a drawing, and of the assets it needs, by its path in `sites`."""
    own = {
        f"{name}/{each.relative_to(drawn).as_posix()}": each for each in drawn.rglob("*") if each.is_file()
    }
    names = [each.name for each in (BUNDLE / "assets").iterdir()]
    needed = [sites / "assets" / f"{each}{twin}" for each in names for twin in ("", ".br", ".gz")]
    shared = {each.relative_to(sites).as_posix(): each for each in needed if each.is_file()}
    digests = {path: digest_of(file.read_bytes()) for path, file in (own | shared).items()}
    _list_of(sites, name).write_text(json.dumps(digests))


def _is_whole(sites: Path, name: str) -> bool:
    """Whether every file of a drawing is as it was written; one of an earlier version has no list."""
    try:
        digests: dict[str, str] = json.loads(_list_of(sites, name).read_text())
        return all(digest_of((sites / path).read_bytes()) == digest for path, digest in digests.items())
    except (OSError, ValueError):
        return False


def _put_away(damaged: Path) -> None:
    """Take a damaged drawing out of the way; another worker may have done so."""
    logger.warning("The drawn site %s is damaged and is drawn again.", damaged.name)
    aside = Path(tempfile.mkdtemp(prefix=".damaged-", dir=damaged.parent))
    with suppress(OSError):
        damaged.rename(aside / damaged.name)
    shutil.rmtree(aside, ignore_errors=True)


def open_site(edition: Edition, sites: Path) -> Shelf:
    """Draw the site of an edition if need be and take it into memory."""
    return Shelf(draw_site(edition, sites), sites / "assets")


def draw_site(edition: Edition, sites: Path) -> Path:
    """Draw the site of an edition into `sites`; no-op if it is there. It appears whole or not at all."""
    sites = sites.resolve()
    ready = sites / edition.name
    if ready.is_dir():
        if _is_whole(sites, edition.name):
            with suppress(OSError):  # another user may have drawn it
                os.utime(ready)
            return ready
        _put_away(ready)
    sites.mkdir(parents=True, exist_ok=True)
    into = Path(tempfile.mkdtemp(prefix=".drawing-", dir=sites))
    try:
        programme = json.loads(edition.document)
        shutil.copytree(
            BUNDLE,
            into,
            dirs_exist_ok=True,
            ignore=shutil.ignore_patterns("*.html", "external", "app.css", "pictures"),
        )
        _bring_pictures(programme, into / "pictures")
        installable = manifest(programme, into / "pictures")
        (into / "manifest.webmanifest").write_text(json.dumps(installable, ensure_ascii=False))
        if _is_large(programme):
            (into / WHOLE).write_bytes(edition.document)
        if edition.venue:
            (into / VENUE).write_text(edition.venue, encoding="utf-8")
        if edition.changes:
            (into / CHANGES).write_text(edition.changes, encoding="utf-8")
        _draw(_job(edition, programme, into))
        (into / "sw.js").write_text(_worker(into), encoding="utf-8")
        _share_assets(into / "assets", sites / "assets")
        _compress(into)
        _list_files(sites, edition.name, into)
        into.chmod(0o755)
        into.rename(ready)
        _prune(sites)
    except OSError:
        if not ready.is_dir():  # another worker may have been first
            raise
    finally:
        shutil.rmtree(into, ignore_errors=True)
    return ready


def _pictures(programme: dict[str, Any]) -> Path:
    """Name the folder of a conference's own pictures (`make pictures`); another one's are never shown."""
    return BUNDLE / "pictures" / str(programme["conference"]["slug"])


def _bring_pictures(programme: dict[str, Any], into: Path) -> None:
    into.mkdir()
    for name in (PREVIEW, *SCREENSHOTS.values()):
        if (_pictures(programme) / name).exists():
            shutil.copy(_pictures(programme) / name, into / name)


def _worker(site: Path) -> str:
    """Write the worker of a drawn site: it keeps these files, and no other answer at their addresses."""
    files = {
        address_of(site, file): digest_of(file.read_bytes())
        for pattern in _KEPT
        for file in sorted(site.glob(pattern))
        if not _OF_STAFF.search(file.name) and file.stat().st_size <= _MOST_KEPT_BYTES
    }
    given = f"const BUILD = {json.dumps(build_id())};\nconst FILES = {json.dumps(files, indent=1)};\n"
    return given + _WORKER.read_text(encoding="utf-8")
