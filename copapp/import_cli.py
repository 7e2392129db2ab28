"""`copapp import`: a programme's file into the draft, or what it would change there. Used by `cli.py`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from sqlmodel import Session

from copapp.clock import clock
from copapp.database import reading, writing
from copapp.domain.difference import Difference, Pair
from copapp.domain.imported import ProgrammeFileError
from copapp.interop.readers import limits
from copapp.presenters.imported import plain_place, plain_value, plain_when
from copapp.services.given_files import fetch_file
from copapp.services.importing import Look, apply_import, look
from copapp.services.slots import NoConferenceError, the_conference
from copapp.sources.addresses import FetchError
from copapp.terminal import fail, open_database, say


def import_programme(
    file: Annotated[
        str,
        typer.Argument(
            help="A programme in any format that is read, or its address on the web; - is standard input."
        ),
    ],
    remove: Annotated[
        list[str] | None, typer.Option(help="Take this event out, if the file lacks it; may be repeated.")
    ] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would change.")] = False,
) -> None:
    """Take a programme's file into the draft: all of it, or nothing; what it lacks stays unless it is named.

    Delegates see nothing of it before a release. Exit 1 if the file is refused, 2 if it cannot be opened or
    fetched, or an event to take out is not one that it lacks.
    """
    content = _content(file)
    open_database()
    try:
        with reading() if dry_run else writing() as db:
            found = _take(db, content, {*(remove or [])}, is_dry=dry_run)
    except ProgrammeFileError as error:
        raise fail(f"Nothing was imported: {error.words}") from error
    except NoConferenceError as error:
        raise fail("There is no conference yet: run `copapp seed`.") from error
    say(_outcome(found.difference, {*(remove or [])}, is_dry=dry_run))


def _take(db: Session, content: bytes, remove: set[str], *, is_dry: bool) -> Look:
    found = look(db, content)
    unknown = remove - {each.slug for each in found.difference.removed}
    if unknown:
        raise fail(f"The file does not lack these events: {', '.join(sorted(unknown))}.", 2)
    for line in _lines(found, remove, ZoneInfo(the_conference(db).timezone)):
        say(line)
    changes_any = found.difference.added or found.difference.changed or remove
    if not is_dry and changes_any:
        apply_import(db, None, content, found.seen, remove, clock().now())
    return found


def _lines(found: Look, remove: set[str], zone: ZoneInfo) -> list[str]:
    """Say what would change, a line for each event and field."""
    differing = found.difference
    counts: dict[str, Sequence[object]] = {
        "new": differing.added,
        "changed": differing.changed,
        "unchanged": differing.same,
        "not in the file": differing.removed,
    }
    lines = [f"{found.format}: {', '.join(f'{len(each)} {name}' for name, each in counts.items())}."]
    for new in differing.added:
        parts = (new.title, plain_when(new.starts, new.ends, zone), plain_place(new.room, new.site))
        lines.append(f"+ {', '.join(filter(None, parts))}")
    for pair in differing.changed:
        lines += _changed(pair, zone)
    for old in differing.removed:
        fate = "is taken out" if old.slug in remove else "stays"
        lines.append(f"- {old.title} ({old.slug}) is not in the file and {fate}")
    lines += [f"New room: {plain_place(*each)}" for each in found.new_rooms]
    return lines + [f"Left out: {each.where}: {each.words}" for each in found.skipped]


def _changed(pair: Pair, zone: ZoneInfo) -> list[str]:
    fields = [
        f"    {each.field}: {plain_value(each.old, zone)} -> {plain_value(each.new, zone)}"
        for each in pair.changes
    ]
    return [f"~ {pair.known.title} ({pair.known.slug})", *fields]


def _outcome(differing: Difference, remove: set[str], *, is_dry: bool) -> str:
    if not (differing.added or differing.changed or remove):
        return "The draft says this already."
    if is_dry:
        return "Nothing was written."
    return "Taken into the draft. Delegates see it after the next release."


def _content(file: str) -> bytes:
    """Read no more of a file than shows that it is too large."""
    try:
        if file == "-":
            return sys.stdin.buffer.read(limits.BYTES + 1)
        if file.startswith(("https://", "http://")):
            return fetch_file(file)
        with Path(file).open("rb") as opened:
            return opened.read(limits.BYTES + 1)
    except FetchError as error:
        raise fail(f"{file} cannot be fetched: {error.words}", 2) from error
    except OSError as error:
        raise fail(f"{file} cannot be read: {error.strerror}.", 2) from error
