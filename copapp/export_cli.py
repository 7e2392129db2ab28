"""`copapp export`: the latest release as a file. Used by `cli.py`."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from copapp.database import migrate, reading
from copapp.interop.paper import PAPERS, NoAddressError
from copapp.services.queries import latest_plan, latest_release
from copapp.settings import settings

console = Console()
complaints = Console(stderr=True)

File = Literal["programme.pdf", "posters.pdf"]
Language = Literal["en", "fr", "es", "ru"]
Values = dict[str, Any]
# What writes each file: from the release, the venue's plan if it has one, a language, the app's address.
WRITERS: dict[File, Callable[[Values, Values | None, str, str], bytes]] = {
    "programme.pdf": PAPERS["programme"],
    "posters.pdf": PAPERS["posters"],
}


def export(
    file: Annotated[File, typer.Argument(help="What to write.")],
    language: Annotated[Language, typer.Option(help="In which language.")] = "en",
    output: Annotated[
        Path | None, typer.Option(help="Where to; by default the file's name, here. - is standard output.")
    ] = None,
) -> None:
    """Write the latest release as a file. Exit 1 if nothing is released or the file cannot be written."""
    programme, plan = _released()
    try:
        written = WRITERS[file](programme, plan, language, settings().public_url)
    except NoAddressError as error:
        raise _fail("Posters lead to the app: set COPAPP_PUBLIC_URL to its address.", 2) from error
    if output == Path("-"):
        sys.stdout.buffer.write(written)
    else:
        _keep(written, output or Path(file))
    if not settings().public_url:
        complaints.print("COPAPP_PUBLIC_URL is not set: no QR code leads to the app.")


def _released() -> tuple[Values, Values | None]:
    migrate()
    with reading() as db:
        release, plan = latest_release(db), latest_plan(db)
        if release is None:
            raise _fail("Nothing is released yet: run `copapp seed`.")
        return json.loads(release.document), json.loads(plan.document) if plan else None


def _keep(written: bytes, path: Path) -> None:
    try:
        path.write_bytes(written)
    except OSError as error:
        raise _fail(f"{path} cannot be written: {error.strerror}.") from error
    console.print(f"{path}: {len(written) / 1000:.0f} kB", markup=False, highlight=False, soft_wrap=True)


def _fail(words: str, code: int = 1) -> typer.Exit:
    complaints.print(words, markup=False, highlight=False, soft_wrap=True)
    return typer.Exit(code)
