"""`copapp backup` and `copapp restore`: the whole database as a file, and back. Used by `cli.py`."""

from pathlib import Path
from typing import Annotated

import typer

from copapp.clock import clock
from copapp.database import newest_revision, scrub, snapshot, writing
from copapp.interop.backup_file import BackupFileError, keep_backup
from copapp.served import is_served
from copapp.services.backup import (
    NewerDataError,
    RestoreRefusedError,
    read_whole,
    restore_backup,
    take_backup,
)
from copapp.services.queries import conference
from copapp.terminal import fail, open_database, say


def backup(
    file: Annotated[Path | None, typer.Argument(help="Where to; by default named by the date, here.")] = None,
    *,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there already.")] = False,
) -> None:
    """Copy the whole database into a file, also while the app serves. It is as secret as the database.

    Who is signed in and one-time links are not in it. Exit 1 if it cannot be taken or written.
    """
    if file and file.exists() and not force:
        raise fail(f"{file} is there already: name another, or overwrite it with --force.")
    open_database()
    now = clock().now()
    try:
        with snapshot() as db:
            content = take_backup(db, newest_revision(), now)
            about = conference(db)
            path = file or Path(f"{about.slug if about else 'copapp'}-{now:%Y%m%dT%H%M%SZ}.backup")
        keep_backup(content, path)
    except RestoreRefusedError as error:
        raise fail(f"No backup was taken: {error}.") from error
    except OSError as error:
        raise fail(f"The backup cannot be written: {error.strerror}.") from error
    say(f"{path}: {len(content) / 1000:.0f} kB")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `copapp backup` wrote.")],
    *,
    replace: Annotated[bool, typer.Option("--replace", help="Lose what is newer than the backup.")] = False,
) -> None:
    """Put a backup in the place of the database: all of it, or nothing. Stop the server first.

    Requests that were erased since stay erased. Exit 1 if the file is refused.
    """
    try:
        content = file.read_bytes()
        read_whole(content, newest_revision())
        open_database(may_make=True)
        if replace and is_served():
            raise fail("Nothing was restored: the app serves this database. Stop it first.")
        with writing() as db:
            rows = restore_backup(db, content, newest_revision(), clock().now(), replaces=replace)
    except OSError as error:
        raise fail(f"{file} cannot be read: {error.strerror}.") from error
    except NewerDataError as error:
        raise fail(f"Nothing was restored: {error}. --replace loses it.") from error
    except (BackupFileError, RestoreRefusedError) as error:
        raise fail(f"Nothing was restored from {file}: {error}.") from error
    scrub()
    say(f"Restored: {rows} rows.")
