"""Takes the whole database as a file, and puts it back: all or nothing, into either kind of database."""

from base64 import b64decode, b64encode
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Column, Table, delete, insert, select, text
from sqlalchemy.exc import DataError, IntegrityError
from sqlmodel import Session, SQLModel
from sqlmodel import select as select_model

from copapp.interop.backup_file import Rows, read_backup, write_backup
from copapp.models import Tombstone
from copapp.services.erasure import erase_due
from copapp.services.queries import conference, latest_release_number

# Who is signed in, links that work once, what was counted, who reads the mailbox: none of it may come back.
# What is given to an import is looked at for a while, and can be given again.
_LEFT_OUT = ("staffsession", "stafflink", "attempt", "mailboxmark", "givenfile", "clockmark")
_OF_THE_MACHINE = {"clockmark"}
_STAMPS = ("at", "created_at", "updated_at", "released_at", "kept_at", "sent_at")


class RestoreRefusedError(ValueError):
    """The backup does not belong into this database; the message says why."""


class NewerDataError(RestoreRefusedError):
    """The database holds what the backup does not, and would lose it."""


def take_backup(db: Session, revision: str, now: datetime, *, before_erasing: bool = False) -> bytes:
    """Pack everything that the session sees. Raises RestoreRefusedError where there is nothing to keep.

    One taken before the date erased everything brings that back, whatever the date is.
    """
    about = conference(db)
    if about is None:
        raise RestoreRefusedError("there is no conference to back up")
    tables = {each.name: _rows(db, each) for each in _kept_tables()}
    known = {"revision": revision, "conference": about.slug, "release": latest_release_number(db)}
    known |= {"taken_at": now.isoformat(), "before_erasing": before_erasing}
    return write_backup(known, tables)


def restore_backup(db: Session, content: bytes, revision: str, now: datetime, *, replaces: bool) -> int:
    """Put a backup in the place of everything, but for what was erased since; says how many rows.

    Raises BackupFileError, NewerDataError (unless it replaces) or RestoreRefusedError.
    """
    manifest, tables = read_whole(content, revision)
    _hold(db)
    about = conference(db)
    if about and about.slug != manifest["conference"]:
        raise RestoreRefusedError(f"it is of the conference {manifest['conference']}, not {about.slug}")
    if not replaces:
        _refuse_newer(db, tables, datetime.fromisoformat(manifest["taken_at"]))
    undoes = bool(manifest.get("before_erasing"))
    if not undoes:
        _forget_erased(tables, set(db.exec(select_model(Tombstone.token_hash)).all()))
    for name in ("personalcalendar", "staffcalendar"):
        _keep_ended(tables, name, _rows(db, SQLModel.metadata.tables[name]))
    try:
        _put(db, tables)
    except (IntegrityError, DataError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise RestoreRefusedError("its rows do not fit together") from error
    if (restored := conference(db)) and not undoes:
        erase_due(db, restored, now)
    return sum(map(len, tables.values()))


def read_whole(content: bytes, revision: str) -> tuple[dict[str, Any], dict[str, Rows]]:
    """Give a backup's manifest and tables. Raises BackupFileError, RestoreRefusedError."""
    manifest, tables = read_backup(content)
    if manifest["revision"] != revision:
        raise RestoreRefusedError(
            f"it is of another version of the app, whose tables are at {manifest['revision']} (this version: "
            f"{revision}): restore it with that version, then upgrade"
        )
    if list(tables) != [each.name for each in _kept_tables()]:
        raise RestoreRefusedError("its tables are not this app's")
    return manifest, tables


def _kept_tables() -> list[Table]:
    return [each for each in SQLModel.metadata.sorted_tables if each.name not in _LEFT_OUT]


def _rows(db: Session, table: Table) -> Rows:
    found = db.connection().execute(select(table).order_by(*table.primary_key.columns)).mappings()
    return [{name: _plain(value) for name, value in each.items()} for each in found]


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    return value.isoformat() if isinstance(value, date) else value


def _value(column: Column[Any], value: Any) -> Any:
    kind = getattr(column.type, "impl_instance", column.type).python_type  # SQLModel wraps instants
    if value is None or not issubclass(kind, date | Enum | bytes):
        return value
    if issubclass(kind, bytes):
        return b64decode(value)
    return kind(value) if issubclass(kind, Enum) else kind.fromisoformat(value)


def _hold(db: Session) -> None:
    """Keep every other writer out until the end; SQLite's write lock does that already."""
    if db.get_bind().dialect.name == "postgresql":
        names = ", ".join(f'"{each.name}"' for each in SQLModel.metadata.sorted_tables)
        db.connection().execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))


def _refuse_newer(db: Session, tables: dict[str, Rows], taken_at: datetime) -> None:
    for table in _kept_tables():
        stamps = [name for name in _STAMPS if name in table.columns]
        keys = [each.name for each in table.primary_key.columns]
        kept = {tuple(each[key] for key in keys): each for each in tables[table.name]}
        for row in _rows(db, table) if stamps else []:
            was = kept.get(tuple(row[key] for key in keys))
            moved = [row[name] for name in stamps if row[name]]
            is_newer = row != was and any(datetime.fromisoformat(each) > taken_at for each in moved)
            if was is None or is_newer:
                raise NewerDataError(f"the database holds newer data than the backup (table {table.name})")


def _forget_erased(tables: dict[str, Rows], erased: set[str]) -> None:
    """Drop what was erased after the backup was taken, and remember that it was."""
    requests = tables["meetingrequest"]
    gone = {each["id"] for each in requests if each["token_hash"] in erased}
    tables["meetingrequest"] = [each for each in requests if each["id"] not in gone]
    for name in ("hold", "meetingmove", "meetingnote", "meetingreply", "outboxmessage"):
        tables[name] = [each for each in tables[name] if each["request_id"] not in gone]
    known = {each["token_hash"] for each in tables["tombstone"]}
    tables["tombstone"] += [{"token_hash": each} for each in sorted(erased - known)]


def _keep_ended(tables: dict[str, Rows], table: str, now_kept: Rows) -> None:
    """Keep calendars ended that were stopped or replaced since: a leaked link stays dead."""
    ended = {each["token_hash"]: each["ended_at"] for each in now_kept if each["ended_at"]}
    gone = [each for each in tables[table] if each["token_hash"] in ended]
    for each in gone:
        each["ended_at"] = ended[each["token_hash"]]
    numbers = {each["id"] for each in gone} if table == "personalcalendar" else set()
    for name in ("calendarbookmark", "calendarmeeting"):
        tables[name] = [each for each in tables[name] if each["calendar_id"] not in numbers]


def _put(db: Session, tables: dict[str, Rows]) -> None:
    db.expunge_all()
    connection = db.connection()
    for table in reversed(SQLModel.metadata.sorted_tables):
        if table.name not in _OF_THE_MACHINE:
            connection.execute(delete(table))
    for table in _kept_tables():
        columns = table.columns
        rows = [
            {name: _value(columns[name], value) for name, value in each.items()}
            for each in tables[table.name]
        ]
        if rows:
            connection.execute(insert(table), rows)
        if "id" in columns and db.get_bind().dialect.name == "postgresql":
            sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
            after = f"SELECT setval({sequence}, coalesce(max(id), 0) + 1, false)"
            connection.execute(text(f'{after} FROM "{table.name}"'))
