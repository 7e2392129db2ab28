"""The command line: build, seed, serve, export, import, staff, backup, restore, clock, erase."""

import errno
import os
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from pydantic import ValidationError
from sqlmodel import Session

from copapp.backup_cli import backup, restore
from copapp.clock import clock
from copapp.clock_cli import clock as show_clock
from copapp.database import hang_up, place_of_database, scrub, writing
from copapp.domain.address import last_slug
from copapp.domain.mail_address import addresses_in
from copapp.editions import NothingReleasedError, current_edition
from copapp.export_cli import export
from copapp.import_cli import import_programme
from copapp.interop.conference_folder import DataFolderError, read_folder
from copapp.logs import LOG_CONFIG
from copapp.offline.build import BuildError, build_bundle, is_built
from copapp.offline.site import SiteNotDrawnError, draw_site
from copapp.served import note_serving
from copapp.services import audit
from copapp.services.calendar_room import erase_some
from copapp.services.erasure import erase as erase_request
from copapp.services.erasure import erase_address, erase_all
from copapp.services.held_back import STATES, erase_asked
from copapp.services.moves import UnknownRequestError
from copapp.services.seed import seed as seed_database
from copapp.services.slots import the_conference
from copapp.services.staff import is_set_up
from copapp.settings import settings
from copapp.staff_cli import app as staff_app
from copapp.staff_cli import set_up_link
from copapp.terminal import console, fail, open_database, say

_CONNECTIONS, _OTHER_FILES = 8192, 512
_HEADERS_WITHIN_MS = 10_000
_INSTANTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The conference companion.")
app.add_typer(staff_app, name="staff")
app.command()(export)
app.command("import")(import_programme)
app.command()(backup)
app.command()(restore)
app.command("clock")(show_clock)


@app.callback()
def _app() -> None:
    """Refuse a wrong environment before any command; exit 2."""
    try:
        settings()
    except ValidationError as error:
        listed = "\n".join(
            f"  COPAPP_{str(each['loc'][0]).upper()}: {each['msg']}" for each in error.errors()
        )
        raise fail(f"The environment cannot be used:\n{listed}", 2) from error


@app.command()
def build() -> None:
    """Build the front end; no work if its sources have not changed. Exit 1 if the build fails."""
    started = time.monotonic()
    try:
        with console.status("Building the front end"):
            has_built = build_bundle()
    except BuildError as error:
        raise fail(f"{error}\nThe front end could not be built.") from error
    took = f"built in {time.monotonic() - started:.0f} s" if has_built else "is up to date"
    console.print(f"The front end {took}.")


@app.command()
def seed() -> None:
    """Load the conference's programme into an empty database. Exit 2 if its data folder is ill-formed."""
    try:
        source = read_folder(settings().conference_folder)
    except DataFolderError as error:
        listed = "\n".join(f"  {each}" for each in error.problems)
        raise fail(f"The data folder {settings().conference_folder} cannot be used:\n{listed}", 2) from error
    open_database(may_make=True)
    with writing() as db:
        release = seed_database(db, source, clock().now())
        words = (
            f"Release {release.number}: {len(source.events)} events."
            if release
            else "A release exists already."
        )
    say(words)


@app.command()
def serve(
    host: Annotated[str, typer.Option(envvar="HOST")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT")] = 3000,
    workers: Annotated[int, typer.Option(envvar="WORKERS", min=1)] = 1,
) -> None:
    """Serve the app on one port. Exit 1 if it is not built or nothing is released."""
    if workers > 1 and not settings().redis_url:
        raise fail("Several workers need COPAPP_REDIS_URL: through it staff see what each other does.", 2)
    if not is_built():
        raise fail("The front end is not built, or not from these sources: run `copapp build`.")
    if not _is_free(host, port):
        raise fail(f"Port {port} of {host} is taken: stop what uses it, or set PORT to another.")
    here = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    os.environ.setdefault("COPAPP_CLOCK_STARTED", str(time.time()))
    if not settings().public_url:
        os.environ |= {"COPAPP_PUBLIC_URL": here, "COPAPP_PUBLIC_URL_ASSUMED": "1"}
    settings.cache_clear()
    open_database(else_do="Make one with `copapp seed`, or set COPAPP_DATABASE_URL to where it is.")
    try:
        draw_site(current_edition(), settings().sites)
    except NothingReleasedError as error:
        words = f"There is no release to serve in the database at {place_of_database()}: run `copapp seed`."
        raise fail(words) from error
    except SiteNotDrawnError as error:
        raise fail(f"{error}\nThe pages could not be drawn.") from error
    except OSError as error:
        if error.errno not in {errno.EACCES, errno.EPERM, errno.EROFS}:
            raise
        raise fail(
            f"The pages cannot be kept in {settings().sites.absolute()}: {error.strerror}. "
            "Set COPAPP_SITES to a folder that may be written to."
        ) from error
    say(f"Open {here}" + (f" (preview, {clock().now():%c} UTC)" if clock().is_preview else ""))
    say(f"X-Forwarded-For is believed from: {settings().trusted_proxies}.")
    if settings().public_url_assumed:
        say(
            "Without COPAPP_PUBLIC_URL mail and posters carry no link, and cookies are made for HTTP: "
            "set it to the address that people see."
        )
    _welcome_first()
    note_serving()
    hang_up()
    _run(host, port, workers)


def _welcome_first() -> None:
    """Print the link that sets up the first of staff. No-op if there is anyone."""
    with writing() as db:
        if not is_set_up(db):
            console.print(
                "Nobody has an account yet. The first of staff sets one up here, once, within 24 hours:"
            )
            say(set_up_link(db, None))


@app.command()
def erase(
    email: Annotated[str, typer.Option(help="Erase every request of this address.")] = "",
    link: Annotated[str, typer.Option(help="Erase the request of this link or token.")] = "",
    since: Annotated[
        datetime | None,
        typer.Option(formats=_INSTANTS, help="Asked from then on, by the venue's clock."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=_INSTANTS, help="Asked before then, by the venue's clock."),
    ] = None,
    state: Annotated[
        list[str] | None, typer.Option(help=f"Those in this state, or in several: {', '.join(STATES)}.")
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Erase every request.")] = False,
    calendars: Annotated[
        bool, typer.Option("--calendars", help="Erase no requests, but the personal calendars made then.")
    ] = False,
) -> None:
    """Erase meeting requests for good: rows, history, notes, messages, log. Exit 1 if none is found.

    --since, --until and --state go together: what meets all that are given is erased. With --calendars no
    requests are: the personal calendars that were made then are, and their addresses lead nowhere.
    """
    if calendars:
        if email or link or state or everything or not (since or until):
            raise fail("Say when those calendars were made, and nothing else: --since, --until or both.", 2)
        _erase_calendars(since, until)
        return
    by_state = bool(since or until or state)
    if sum(map(bool, (email, link, everything, by_state))) != 1:
        raise fail("Say which: --email ADDRESS, --link LINK, --all, or any of --since, --until, --state.", 2)
    if unknown := [each for each in state or () if each not in STATES]:
        raise fail(f"No such state: {', '.join(unknown)}. There are: {', '.join(STATES)}.", 2)
    addresses = addresses_in(email)
    if email and len(addresses) != 1:
        raise fail("Say one address: --email ann@example.org.", 2)
    open_database()
    now = clock().now()
    with _scrubbing(), writing() as db:
        if by_state:
            erased = erase_asked(db, *_at_the_venue(db, since, until), state or STATES, now)
        elif link:
            erased = _erase_by_link(db, last_slug(link), now)
        else:
            erased = erase_all(db) if everything else erase_address(db, addresses[0], now)
        if erased and not by_state:
            audit.note(db, None, "erase", "", now, requests=(None, erased))
    _end_erasing(erased, "request")


def _erase_by_link(db: Session, token: str, now: datetime) -> int:
    try:
        erase_request(db, token, now)
    except UnknownRequestError:
        return 0
    return 1


def _erase_calendars(since: datetime | None, until: datetime | None) -> None:
    """Erase some at a time, and let others write in between."""
    open_database()
    erased, is_left = 0, True
    with _scrubbing():
        while is_left:
            with writing() as db:
                some = erase_some(db, *_at_the_venue(db, since, until), clock().now())
            erased, is_left = erased + some, some > 0
    _end_erasing(erased, "calendar")


@contextmanager
def _scrubbing() -> Iterator[None]:
    """Take what is erased out of the file, also where it ends half way."""
    try:
        yield
    finally:
        scrub()


def _end_erasing(erased: int, kind: str) -> None:
    if not erased:
        raise fail(f"No such {kind} is kept in the database at {place_of_database()}.")
    say(f"Erased: {erased}.")


def _at_the_venue(
    db: Session, since: datetime | None, until: datetime | None
) -> tuple[datetime | None, datetime | None]:
    zone = ZoneInfo(the_conference(db).timezone)
    return since and since.replace(tzinfo=zone), until and until.replace(tzinfo=zone)


def _is_free(host: str, port: int) -> bool:
    """Whether nobody listens there; granian itself would share the port without a word."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _room_for_connections() -> int:
    """Let each worker hold thousands of connections: at Granian's 1,024 one laptop keeps everybody out."""
    held, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _CONNECTIONS + _OTHER_FILES
    room = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
    if held != resource.RLIM_INFINITY and held < room:
        resource.setrlimit(resource.RLIMIT_NOFILE, (room, most))
    return room - _OTHER_FILES


def _run(host: str, port: int, workers: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings

    Granian(
        "copapp.asgi:create",
        address=host,
        port=port,
        workers=workers,
        interface=Interfaces.ASGI,
        factory=True,
        log_access=False,
        log_dictconfig=LOG_CONFIG,
        websockets=True,
        backlog=_CONNECTIONS,
        backpressure=_room_for_connections(),
        http1_settings=HTTP1Settings(header_read_timeout=_HEADERS_WITHIN_MS),
        respawn_failed_workers=True,
    ).serve()


if __name__ == "__main__":
    app()
