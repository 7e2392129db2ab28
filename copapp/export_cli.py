"""`copapp export`: the latest release, or the requests, as a file. Used by `cli.py`."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from copapp.clock import clock
from copapp.database import reading, writing
from copapp.interop.paper import PAPERS, NoAddressError
from copapp.interop.programme_exports import WRITERS
from copapp.interop.table_file import TableKind, table_file
from copapp.services.erasure import erased_on
from copapp.services.queries import latest_plan, latest_release
from copapp.services.requests_table import take_requests
from copapp.services.slots import NoConferenceError, the_conference
from copapp.settings import settings
from copapp.terminal import complaints, fail, open_database, say

File = Literal[
    "programme.pdf",
    "posters.pdf",
    "programme.ics",
    "schedule.xml",
    "schedule.json",
    "programme.csv",
    "programme.xlsx",
    "requests.csv",
    "requests.xlsx",
]
Language = Literal["en", "fr", "es", "ru"]
Values = dict[str, Any]
# Tables hold no link, and posters without one are refused.
_WITHOUT_LINKS = {"programme.csv", "programme.xlsx", "posters.pdf"}
_REQUESTS: dict[str, TableKind] = {"requests.csv": "csv", "requests.xlsx": "xlsx"}


def export(
    file: Annotated[File, typer.Argument(help="What to write.")],
    language: Annotated[Language, typer.Option(help="In which language: PDF and requests.")] = "en",
    output: Annotated[
        Path | None, typer.Option(help="Where to; by default the file's name, here. - is standard output.")
    ] = None,
) -> None:
    """Write the latest release as a file; or every request, which are personal data.

    Exit 1 if nothing is released or the file cannot be written, 2 if a poster has nowhere to lead to.
    """
    path = output or Path(file)
    if file in _REQUESTS:
        _take_requests(_REQUESTS[file], language, path)
    else:
        _write(_programme(file, language), path)


def _programme(file: File, language: Language) -> bytes:
    programme, plan = _released()
    public_url = settings().public_url
    if not public_url and file not in _WITHOUT_LINKS:
        complaints.print("COPAPP_PUBLIC_URL is not set: no link or QR code in it leads to the app.")
    if file in WRITERS:
        return WRITERS[file](programme, public_url)
    try:
        return PAPERS[file.removesuffix(".pdf")](programme, plan, language, public_url)
    except NoAddressError as error:
        raise fail("Posters lead to the app: set COPAPP_PUBLIC_URL to its address.", 2) from error


def _take_requests(kind: TableKind, language: Language, path: Path) -> None:
    open_database()
    try:
        with writing() as db:
            last = erased_on(the_conference(db))
            table = take_requests(db, None, kind, language, clock().now())
            _write(table_file(kind, *table), path, is_secret=True)  # the log says so only if it was
    except NoConferenceError as error:
        raise fail("There is no conference yet: run `copapp seed`.") from error
    words = f"This file holds personal data: delete it before {last:%-d %B %Y}. The app cannot erase it."
    complaints.print(words, highlight=False, soft_wrap=True)


def _released() -> tuple[Values, Values | None]:
    open_database()
    with reading() as db:
        release, plan = latest_release(db), latest_plan(db)
        if release is None:
            raise fail("Nothing is released yet: run `copapp seed`.")
        return json.loads(release.document), json.loads(plan.document) if plan else None


def _write(written: bytes, path: Path, *, is_secret: bool = False) -> None:
    """Write it, - being standard output.

    What is secret is its owner's only, whatever the umask or whoever wrote it before.
    """
    if path == Path("-"):
        sys.stdout.buffer.write(written)
        return
    try:
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if is_secret else 0o666), "wb"
        ) as file:
            if is_secret and path.is_file():
                os.fchmod(file.fileno(), 0o600)
            file.write(written)
    except OSError as error:
        raise fail(f"{path} cannot be written: {error.strerror}.") from error
    say(f"{path}: {len(written) / 1000:.0f} kB")
