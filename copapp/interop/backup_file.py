"""A backup as a file: a zip of a manifest and a JSON-lines file a table, never unpacked to disk."""

import hashlib
import json
import os
import tempfile
import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

Rows = list[dict[str, Any]]
FORMAT = 1
_MANIFEST = "manifest.json"
_LARGEST = 1_000_000_000  # bytes once unpacked


class BackupFileError(ValueError):
    """The file is no whole backup; the message says why."""


def write_backup(about: dict[str, Any], tables: dict[str, Rows]) -> bytes:
    """Pack tables of JSON values; the manifest says what they must be when read."""
    packed = {name: _lines(rows) for name, rows in tables.items()}
    listed = {
        name: {"rows": len(tables[name]), "sha256": hashlib.sha256(each).hexdigest()}
        for name, each in packed.items()
    }
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_MANIFEST, json.dumps({**about, "format": FORMAT, "tables": listed}, indent=1))
        for name, each in packed.items():
            archive.writestr(f"{name}.jsonl", each)
    return target.getvalue()


def keep_backup(content: bytes, path: Path) -> None:
    """Write it beside and rename it when it is whole; only its owner may read it. Raises OSError."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def read_backup(content: bytes) -> tuple[dict[str, Any], dict[str, Rows]]:
    """Give the manifest and the tables. Raises BackupFileError where a byte is not as it was written."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _read(archive)
    except BackupFileError:
        raise
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError, AttributeError, OSError, EOFError) as error:
        raise BackupFileError("it is broken, or no backup at all") from error
    except (RuntimeError, NotImplementedError, zlib.error, RecursionError) as error:
        raise BackupFileError("it is broken, or no backup at all") from error


def _read(archive: zipfile.ZipFile) -> tuple[dict[str, Any], dict[str, Rows]]:
    if sum(each.file_size for each in archive.infolist()) > _LARGEST:
        raise BackupFileError("it is larger than any backup of ours")
    manifest = json.loads(archive.read(_MANIFEST))
    if manifest["format"] != FORMAT:
        raise BackupFileError("it is of a newer app")
    if not all(isinstance(manifest[each], str) for each in ("revision", "conference", "taken_at")):
        raise BackupFileError("it does not say what it is of")
    names = [_MANIFEST, *(f"{name}.jsonl" for name in manifest["tables"])]
    if sorted(archive.namelist()) != sorted(names):
        raise BackupFileError("its files are not those that it lists")
    return manifest, {name: _table(archive, name, said) for name, said in manifest["tables"].items()}


def _table(archive: zipfile.ZipFile, name: str, said: dict[str, Any]) -> Rows:
    content = archive.read(f"{name}.jsonl")
    if hashlib.sha256(content).hexdigest() != said["sha256"]:
        raise BackupFileError(f"the table {name} is not as it was written")
    return [json.loads(each) for each in content.splitlines()]


def _lines(rows: Rows) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in rows)
